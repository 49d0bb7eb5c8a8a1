/**
 * What others have changed of the entries that somebody is about to edit. A person edits what a page showed them; another
 * revision since then matters only if it changed the same entries.
 */
import { diffOffices, type EntityDifference } from "../../../policy/change/diff.js";
import { partsOf } from "../../../policy/change/edits/subjects.js";
import type { EditSubject } from "../../../policy/change/edits/types.js";
import {
  carriersInOrder,
  type EntityKind,
  SETTINGS_KEY,
  sectionKey,
  sectionsOf,
  settingsOf,
} from "../../../policy/office/entities.js";
import type { Office } from "../../../policy/office/office.js";
import { ENTRY_SECTIONS } from "../../../policy/office-file/sections.js";
import { parseNumberKey } from "../../../policy/routing/block-text.js";
import type { Deps } from "../../use-case.js";

type Keys = Readonly<Record<EntityKind, ReadonlySet<string>>>;
type MeanwhileStore = Pick<Deps["store"], "entities" | "hasRevision" | "loadOffice" | "renamesBetween">;

/**
 * What was changed between two revisions of the entries that edits are about; empty: nothing.
 * @param about undefined: of the whole office
 * @returns undefined: there is no such revision, or no office in it
 */
export async function changedMeanwhile(
  store: MeanwhileStore,
  { from, to }: { readonly from: number; readonly to: number },
  about: readonly EditSubject[] | undefined,
): Promise<readonly EntityDifference[] | undefined> {
  if (from === to) return [];
  if (from > to || !(await store.hasRevision(from))) return undefined;
  const renames = await store.renamesBetween(from, to);
  const [before, after] = [await readPart(store, from, about), await readPart(store, to, about)];
  // An entry that has another id now is not there for the edits, whatever else is the same.
  return before && after && diffOffices(before, after, about === undefined ? renames : []);
}

async function readPart(
  store: MeanwhileStore,
  revision: number,
  about: readonly EditSubject[] | undefined,
): Promise<Office | undefined> {
  if (about === undefined) return store.loadOffice(revision);
  const settings = (await store.entities("settings", revision, [SETTINGS_KEY])).get(SETTINGS_KEY);
  if (settings === undefined) return undefined;
  const keys = keysOf(about, settings.country);
  const read = <K extends EntityKind>(kind: K) => store.entities(kind, revision, [...keys[kind]]);
  const ofOffice = keys.settings.size > 0 ? settings : { ...NO_SETTINGS, country: settings.country };
  return {
    ...settingsOf(ofOffice),
    carriers: carriersInOrder([...(await read("carriers")).values()], ofOffice),
    users: [...(await read("users")).values()],
    groups: [...(await read("groups")).values()],
    flows: Object.fromEntries(await read("flows")),
    numbers: [...(await read("numbers")).values()],
    ...sectionsOf(await read("sections")),
  };
}

/** Settings that are the same on both sides, where the edits are not about them. */
const NO_SETTINGS = { name: "", timezone: "UTC", outsideCallerId: { kind: "called" } } as const;

function keysOf(about: readonly EditSubject[], country: string): Keys {
  const keys = {
    settings: new Set<string>(),
    carriers: new Set<string>(),
    users: new Set<string>(),
    groups: new Set<string>(),
    flows: new Set<string>(),
    numbers: new Set<string>(),
    sections: new Set<string>(),
  };
  for (const subject of about) {
    const [kind, key] = entityOf(subject, country);
    keys[kind].add(key);
    // The order of the carriers is a setting of the office.
    if (kind === "carriers") keys.settings.add(SETTINGS_KEY);
  }
  return keys;
}

/** The entity that an edit is about: a member is a part of its group, a device of its user. */
export function entityOf(
  { kind, id }: EditSubject,
  country: string,
): readonly [kind: EntityKind, key: string] {
  switch (kind) {
    case "office":
      return ["settings", SETTINGS_KEY];
    case "user":
      return ["users", id];
    case "device":
      return ["users", partsOf(id)?.[0] ?? id];
    case "group":
      return ["groups", id];
    case "member":
      return ["groups", partsOf(id)?.[0] ?? id];
    case "flow":
      return ["flows", id];
    case "number":
      return ["numbers", parseNumberKey(id, country) ?? id];
    case "carrier":
      return ["carriers", id];
    default: {
      const section = ENTRY_SECTIONS.find(({ noun }) => noun === kind);
      return ["sections", sectionKey(section?.key ?? kind, id)];
    }
  }
}
