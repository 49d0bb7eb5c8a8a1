/**
 * Brings files together with what commands have changed since: what `apply` makes live and what `plan` says of it.
 */
import { diffOffices, type EntityDifference } from "../../../policy/change/diff.js";
import { keepDrift } from "../../../policy/change/drift.js";
import { type Fault, faultsOf } from "../../../policy/change/edit.js";
import { ENTITY_KINDS } from "../../../policy/office/entities.js";
import type { Office } from "../../../policy/office/office.js";
import type { DriftEntry } from "../../../storage/drift.js";
import type { Store } from "../../../storage/store.js";
import { renderDiff } from "../../office/render-diff.js";
import { EXIT_FAILED } from "../shared/command.js";
import { faultLines } from "../shared/faults.js";
import type { Terminal } from "../shared/terminal.js";

/** What an apply of these files makes live. */
export interface Reconciliation {
  /** The revision it was worked out against. */
  readonly revision: number;
  readonly office: Office;
  /** What stays as a command left it, and not as the files say. */
  readonly kept: readonly DriftEntry[];
  /** Why the files and what is kept cannot stand together; empty when they can. */
  readonly faults: readonly Fault[];
}

/** Something kept, with what differs: `from` is the files' word, `to` what is live. */
export type ShownDrift = EntityDifference & Pick<DriftEntry, "revision" | "author" | "message" | "appliedMs">;

/** @param overwrite whether the files' word goes, whatever commands have changed */
export async function reconcile(store: Store, files: Office, overwrite: boolean): Promise<Reconciliation> {
  const revision = await store.currentRevision();
  const drift = overwrite ? [] : await store.drift();
  const live = drift.length === 0 ? undefined : await store.loadOffice(revision);
  if (live === undefined) return { revision, office: files, kept: [], faults: [] };
  const { office, kept } = keepDrift(files, live, drift);
  const isKept = new Set(kept.map(({ kind, key }) => `${kind} ${key}`));
  return {
    revision,
    office,
    kept: drift.filter(({ kind, key }) => isKept.has(`${kind} ${key}`)),
    faults: kept.length === 0 ? [] : faultsOf(office),
  };
}

/** What is kept, field by field: the files' word and what is so. */
export function shownDrift(files: Office, { office, kept }: Reconciliation): ShownDrift[] {
  if (kept.length === 0) return [];
  const entries = new Map(kept.map((entry) => [`${entry.kind} ${entry.key}`, entry]));
  return diffOffices(files, office).flatMap((difference) => {
    const entry = entries.get(`${difference.kind} ${difference.key}`);
    if (entry === undefined) return [];
    const { revision, author, message, appliedMs } = entry;
    return [{ ...difference, revision, author, message, appliedMs }];
  });
}

/** Drift as people read it in a plan; empty when there is none. */
export function driftText(drift: readonly ShownDrift[]): string {
  if (drift.length === 0) return "";
  const changes = renderDiff({ changes: drift, reach: [] });
  const revisions = new Map(drift.map((one) => [one.revision, one]));
  const why = [...revisions.values()]
    .sort((a, b) => a.revision - b.revision)
    .map(
      ({ revision, author, message }) =>
        `  revision ${revision}, ${author}${message === "" ? "" : `: ${message}`}`,
    );
  return `drift: changed by command and not in the files; apply keeps it, --overwrite does not\n${changes}${why.join("\n")}\n`;
}

/** One line for what an apply kept. */
export function keptText(kept: readonly DriftEntry[]): string {
  const kinds = ENTITY_KINDS.flatMap((kind) => {
    const keys = kept.filter((entry) => entry.kind === kind).map(({ key }) => key);
    return keys.length === 0
      ? []
      : [`${kind} ${keys.slice(0, 10).join(", ")}${keys.length > 10 ? ", …" : ""}`];
  });
  return `kept as changed by command, not as the files say: ${kinds.join("; ")} (\`ringline plan\` shows it, --overwrite takes the files' word)\n`;
}

const DO_NOT_FIT =
  "the files do not fit what was changed by command; change them, or take their word with --overwrite";

/** Says that files do not fit what commands have changed, and leaves exit code 1. */
export function sayFaults(terminal: Terminal, faults: readonly Fault[], json: boolean): void {
  if (json)
    terminal.out(`${JSON.stringify({ ok: false, message: DO_NOT_FIT, errors: faults, warnings: [] })}\n`);
  else {
    const error = terminal.paint.error("error");
    terminal.err(`${error}: ${DO_NOT_FIT}\n${faultLines(faults)}nothing was changed\n`);
  }
  terminal.exit(EXIT_FAILED);
}
