/**
 * Puts the drift of an office into the texts of its files, so that the files say what is live. The result is read again
 * before it is shown to anybody: it must be the live office where it was written, and what the files said everywhere else.
 */
import { basename, join } from "node:path";
import type { FieldRef } from "../../../policy/change/drift.js";
import { nameOf } from "../../../policy/change/drift-names.js";
import { WHOLE_ENTITY } from "../../../policy/change/fields.js";
import { idsOf, type Rename, withRenames } from "../../../policy/change/renaming.js";
import { ENTITY_KINDS, entitiesOf, SETTINGS_KEY } from "../../../policy/office/entities.js";
import type { Office } from "../../../policy/office/office.js";
import { same } from "../../../policy/office/same.js";
import { type OfficeProblem, readOfficeFrom } from "../files/read.js";
import type { ChangedFile } from "../files/replace.js";
import type { OfficeText } from "../files/texts.js";
import { writeOfficeFile } from "../files/write.js";
import { type Changes, changesOf, type Left, newContent, OfficeSource, type Wanted } from "./entities.js";
import { textsWithNewIds, withNewIds } from "./renamed.js";

/** The file for new entries of kinds that stand in no file yet. */
const NEW_FILE = "from-commands.yaml";

export type WrittenBack =
  | { readonly ok: true; readonly files: readonly ChangedFile[]; readonly left: readonly Left[] }
  /** What can be written without the rest would be no valid office, or other entries would change. */
  | { readonly ok: false; readonly left: readonly Left[]; readonly problems: readonly OfficeProblem[] };

/** How often what cannot be written is found by reading the result: once for what depends on what was left. */
const ROUNDS_MAX = 5;

/**
 * @param texts the files, without failures
 * @param files the office of the files
 * @param target what the files are to say: the office of the files with the drift
 * @param refs the fields that drift
 * @param folder where a new file may be made; undefined: the files were named one by one
 * @param renamedByCommand what has another id in the target than in the files
 */
export function writeBack(
  texts: readonly OfficeText[],
  files: Office,
  target: Office,
  refs: readonly FieldRef[],
  folder: string | undefined,
  renamedByCommand: readonly Rename[] = [],
): WrittenBack {
  const all = writeAll(texts, files, target, refs, folder, renamedByCommand);
  if (all.ok || files.country === target.country) return all;
  // Numbers that the files write as in their country would be others in another one.
  const withCountry = { ...target, country: files.country };
  const written = writeAll(texts, files, withCountry, refs, folder, renamedByCommand);
  return written.ok ? { ...written, left: [...written.left, COUNTRY_LEFT] } : all;
}

const COUNTRY_LEFT: Left = {
  ref: { kind: "settings", key: SETTINGS_KEY, field: "country" },
  why: "numbers in the files are written as in the country before; write them with + and the country code first",
};

function writeAll(
  texts: readonly OfficeText[],
  files: Office,
  target: Office,
  refs: readonly FieldRef[],
  folder: string | undefined,
  renamedByCommand: readonly Rename[],
): WrittenBack {
  if (renamedByCommand.length === 0) return writeChanges(texts, files, target, refs, folder);
  const renames = renamedByCommand.filter((rename) => idsOf(target, rename)?.includes(rename.to) === true);
  const written = writeRenamed(texts, files, target, folder, renames);
  if (written.ok && written.left.length === 0) return written;
  // Where an id cannot be changed, the entry goes, and one with the new id is added.
  return writeChanges(texts, files, target, differing(files, target), folder);
}

/** First the new ids, then all else that differs. */
function writeRenamed(
  texts: readonly OfficeText[],
  files: Office,
  target: Office,
  folder: string | undefined,
  renames: readonly Rename[],
): WrittenBack {
  const known = withNewIds(files, renames);
  const renamed = textsWithNewIds(texts, renames);
  const refs = differing(known, target);
  const written = writeChanges(renamed, known, target, refs, folder, withRenames(files, renames));
  if (!written.ok) return written;
  const after = new Map(written.files.map((file) => [file.name, file.after]));
  const changed = texts.flatMap(({ name, text }, place): ChangedFile[] => {
    const now = after.get(name) ?? renamed[place]?.text ?? text;
    return now === text ? [] : [{ name, before: text, after: now }];
  });
  return { ...written, files: [...changed, ...written.files.filter(({ before }) => before === null)] };
}

/** @param unsaid what entries say that leave out their flow, where this is not what `files` has */
function writeChanges(
  texts: readonly OfficeText[],
  files: Office,
  target: Office,
  refs: readonly FieldRef[],
  folder: string | undefined,
  unsaid: Office = files,
): WrittenBack {
  const excluded = new Map<string, Left>();
  for (let round = 0; ; round += 1) {
    if (refs.length === 0) return { ok: true, files: [], left: [] };
    const written = refs.filter((ref) => !excluded.has(entityName(ref)));
    const wanted = { changes: changesOf(files, target, written, unsaid), office: target };
    const left: Left[] = [...excluded.values()];
    const changed = writeTexts(texts, files, wanted, folder, left);
    const reading = readOfficeFrom(changed.map(({ name, after }) => ({ name, text: after })));
    if (reading.office === undefined) return { ok: false, left, problems: reading.problems };
    const leftOut = new Set(left.map(({ ref }) => entityName(ref)));
    const wrong = differing(reading.office, target).filter((ref) => !leftOut.has(entityName(ref)));
    if (wrong.length === 0)
      return { ok: true, files: changed.filter(({ before, after }) => before !== after), left };
    const known = new Set(refs.map(entityName));
    if (round === ROUNDS_MAX || wrong.some((ref) => !known.has(entityName(ref)) && ref.kind !== "settings"))
      return { ok: false, left, problems: [] };
    for (const ref of wrong)
      excluded.set(entityName(ref), {
        ref,
        why: "written where it stands, it would not be read as it is live",
      });
  }
}

function entityName({ kind, key }: FieldRef): string {
  return `${kind} ${key}`;
}

function writeTexts(
  texts: readonly OfficeText[],
  files: Office,
  wanted: Wanted,
  folder: string | undefined,
  left: Left[],
): ChangedFile[] {
  const sources = texts.map(({ name, text }) => new OfficeSource(name, text, files.country));
  const added = placesForNew(sources, wanted.changes, folder);
  const changed: ChangedFile[] = sources.map((source) => ({
    name: source.name,
    before: source.text,
    after: source.written(wanted, added.get(source.name) ?? new Map(), (each) => left.push(each)),
  }));
  const name = folder === undefined ? undefined : join(folder, NEW_FILE);
  const fresh = name === undefined ? undefined : added.get(name);
  if (name === undefined || fresh === undefined || sources.some((source) => source.name === name))
    return changed;
  const after = writeOfficeFile(
    newContent(wanted, fresh),
    "Entries that commands made, written by `ringline writeback`",
  );
  return [...changed, { name, before: null, after }];
}

/** Which file gets which new entries: by file and section their names. */
function placesForNew(
  sources: readonly OfficeSource[],
  changes: Changes,
  folder: string | undefined,
): ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> {
  const places = new Map<string, Map<string, readonly string[]>>();
  for (const [section, entries] of changes) {
    const known = sources.map((source) => source.names(section));
    const there = new Set(known.flatMap((names) => names ?? []));
    const fresh = [...entries].flatMap(([name, { to }]) =>
      to === undefined || there.has(name) ? [] : [name],
    );
    if (fresh.length === 0 || section === SETTINGS_KEY) continue;
    const most = Math.max(...known.map((names) => names?.length ?? -1));
    const home = most === -1 ? undefined : sources[known.findIndex((names) => names?.length === most)];
    const file = home?.name ?? homeOfNew(sources, folder);
    places.set(file, (places.get(file) ?? new Map<string, readonly string[]>()).set(section, fresh));
  }
  return places;
}

/** The file for a section that no file has. */
function homeOfNew(sources: readonly OfficeSource[], folder: string | undefined): string {
  const before = sources.find(({ name }) => basename(name) === NEW_FILE);
  if (before !== undefined) return before.name;
  if (folder !== undefined) return join(folder, NEW_FILE);
  return (sources.find((source) => source.names(SETTINGS_KEY) !== undefined) ?? sources[0])?.name ?? NEW_FILE;
}

/** The entities that are not the same in two offices. */
function differing(one: Office, other: Office): FieldRef[] {
  const [left, right] = [entitiesOf(one), entitiesOf(other)];
  return ENTITY_KINDS.flatMap((kind) => {
    const [from, to] = [new Map<string, unknown>(left[kind]), new Map<string, unknown>(right[kind])];
    return [...new Set([...from.keys(), ...to.keys()])]
      .filter((key) => !same(from.get(key), to.get(key)))
      .map((key) => ({ kind, key, field: WHOLE_ENTITY }));
  });
}

/** What was left, in one line each: its name and why. */
export function leftText({ ref, why }: Left): string {
  return `${nameOf(ref)}: ${why}`;
}
