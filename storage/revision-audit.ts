/**
 * The audit's entry of a revision, written with it: who made it, from where, how, and of what. The office's settings stand
 * in it as they were and as they are; of all else `ringline diff` and the API's revisions show every field.
 */
import { editSubject } from "../policy/change/edits/between.js";
import { subjectText } from "../policy/change/edits/subjects.js";
import { differingFields, entityFile, splitEntity } from "../policy/change/fields.js";
import { ENTITY_KINDS, SETTINGS_KEY } from "../policy/office/entities.js";
import { given } from "../policy/office/optional.js";
import { AuditTable, type NewAuditEntry } from "./audit.js";
import { type Compared, NOTHING } from "./compare.js";
import type { Database } from "./database.js";
import { readByKeys } from "./read.js";

/** Who asked for a change by the API. */
export type ChangeOrigin = Pick<NewAuditEntry, "actor" | "key" | "address">;

/** An import of thousands is no list to read; the revision has them all. */
const ENTRIES_MAX = 20;

/** The revision, and how it is applied. */
export interface AuditedRevision {
  readonly revision: number;
  readonly author: string;
  readonly message: string;
  /** Empty: no files. */
  readonly sourceHash: string;
  readonly rollsBackTo?: number;
  readonly undoes?: number;
  /** Left out: a command on the machine, or files. */
  readonly origin?: ChangeOrigin;
  readonly nowMs: number;
  /** How many entries of each kind differ. */
  readonly summary: object;
}

/** Inside the transaction of the revision. */
export async function auditRevision(
  database: Database,
  compared: Compared,
  { revision, author, message, sourceHash, rollsBackTo, undoes, origin, nowMs, summary }: AuditedRevision,
): Promise<void> {
  const entries = entriesOf(compared);
  const settings = await changedSettings(database, compared);
  const way = origin === undefined ? (sourceHash === "" ? "command" : "files") : "api";
  await new AuditTable(database).add({
    atMs: nowMs,
    actor: origin?.actor ?? null,
    key: origin?.key ?? null,
    address: origin?.address ?? null,
    action: "office_changed",
    subject: entries.length === 1 ? (entries[0] ?? null) : `revision:${revision}`,
    detail: {
      revision,
      by: author,
      way,
      ...given({ rolls_back_to: rollsBackTo, undoes }),
      message,
      summary,
      entries: entries.slice(0, ENTRIES_MAX),
      // How many there are, where not all are named.
      ...given({ count: entries.length > ENTRIES_MAX ? entries.length : undefined }),
      ...settings,
    },
  });
}

/** What differs, as `user:bob.stone`. */
function entriesOf({ differences }: Compared): string[] {
  return ENTITY_KINDS.flatMap((kind) => {
    const { added, changed, removed } = differences.get(kind) ?? NOTHING;
    return [...added.keys(), ...changed.keys(), ...removed].map((key) => subjectText(editSubject(kind, key)));
  });
}

/** The fields of the office's settings that differ, before and after. */
async function changedSettings(
  database: Database,
  { differences, revision }: Compared,
): Promise<{ readonly before?: object; readonly after?: object }> {
  const after = (differences.get("settings") ?? NOTHING).changed.get(SETTINGS_KEY);
  if (after === undefined) return {};
  const before = (await readByKeys(database, "settings", revision, [SETTINGS_KEY])).get(SETTINGS_KEY);
  if (before === undefined) return {};
  const [was, is] = [before, after].map((each) =>
    splitEntity("settings", entityFile("settings", SETTINGS_KEY, each)),
  );
  if (was === undefined || is === undefined) return {};
  const fields = differingFields("settings", was, is);
  const only = (of: ReadonlyMap<string, unknown>) =>
    Object.fromEntries(fields.map((field) => [field, of.get(field) ?? null]));
  return { before: only(was), after: only(is) };
}
