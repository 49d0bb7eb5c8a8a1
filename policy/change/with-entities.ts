/** Puts entities, given by their fields, into the content of an office file in the place of what it says of them. */
import { type EntityKind, shownAs } from "../office/entities.js";
import type { Office } from "../office/office.js";
import { exportOffice, type OfficeFileContent } from "../office-file/export.js";
import { SECTIONS } from "../office-file/schema.js";
import { type EntityFile, type Fields, joinEntity, NAME_KEYS } from "./fields.js";

/** An entity as it is to be; without fields it is not to be there. */
export interface MergedEntity {
  readonly kind: EntityKind;
  readonly key: string;
  readonly fields: Fields | undefined;
}

/** An office as the content of one file, with these entities as they are to be. Nothing is checked. */
export function withEntities(office: Office, entities: readonly MergedEntity[]): OfficeFileContent {
  const content: Content = { ...exportOffice(office) };
  let order: readonly string[] = office.carriers.map(({ id }) => id);
  for (const entity of entities) {
    const { section } = shownAs(entity.kind, entity.key);
    // An entry of a section that this version does not know is in no file.
    if (!SECTIONS.includes(section)) continue;
    if (entity.kind === "settings") {
      const { carriers, ...settings } = joinEntity(entity.kind, entity.key, entity.fields ?? new Map());
      content["office"] = settings;
      order = (carriers as readonly string[] | undefined) ?? order;
    } else if (entity.kind === "flows") setFlow(content, entity);
  }
  for (const [section, changed] of listed(entities)) setEntries(content, section, changed);
  sortCarriers(content, order);
  return content as OfficeFileContent;
}

type Content = Record<string, unknown>;

function setFlow(content: Content, { kind, key, fields }: MergedEntity): void {
  const flows = { ...(content["flows"] as Content | undefined) };
  if (fields === undefined) delete flows[key];
  else flows[key] = joinEntity(kind, key, fields)["steps"];
  if (Object.keys(flows).length === 0) delete content["flows"];
  else content["flows"] = flows;
}

/** The entities of sections that are lists, by section and by the name in it. */
function listed(entities: readonly MergedEntity[]): ReadonlyMap<string, ReadonlyMap<string, MergedEntity>> {
  const sections = new Map<string, Map<string, MergedEntity>>();
  for (const entity of entities) {
    if (entity.kind === "settings" || entity.kind === "flows") continue;
    const { section, id } = shownAs(entity.kind, entity.key);
    if (!SECTIONS.includes(section)) continue;
    sections.set(section, (sections.get(section) ?? new Map<string, MergedEntity>()).set(id, entity));
  }
  return sections;
}

function setEntries(content: Content, section: string, changed: ReadonlyMap<string, MergedEntity>): void {
  const entries = new Map<string, EntityFile>();
  for (const entry of (content[section] ?? []) as readonly EntityFile[])
    entries.set(nameIn(section, entry), entry);
  for (const [name, { kind, key, fields }] of changed)
    if (fields === undefined) entries.delete(name);
    else entries.set(name, joinEntity(kind, key, fields));
  if (entries.size === 0) delete content[section];
  else content[section] = [...entries.values()];
}

function nameIn(section: string, entry: EntityFile): string {
  return String(entry[NAME_KEYS[section as EntityKind] ?? NAME_KEYS.sections ?? ""]);
}

/** Calls outside try the carriers in the order of the file. */
function sortCarriers(content: Content, order: readonly string[]): void {
  const carriers = (content["carriers"] ?? []) as readonly { readonly id: string }[];
  if (carriers.length < 2) return;
  const places = new Map(order.map((id, place) => [id, place]));
  const placeOf = ({ id }: { readonly id: string }) => places.get(id) ?? places.size;
  content["carriers"] = [...carriers].sort((a, b) => placeOf(a) - placeOf(b));
}
