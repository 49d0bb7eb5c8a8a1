/** Writes drift for people: what commands changed and the files do not have. */
import type { Fault } from "../../../policy/change/edit.js";
import { ENTITY_KINDS } from "../../../policy/office/entities.js";
import type { DriftEntry } from "../../../storage/drift.js";
import type { DriftDifference } from "../../office/changes/reconcile.js";
import { EXIT_FAILED } from "../shared/command.js";
import { faultLines } from "../shared/faults.js";
import type { Terminal } from "../shared/terminal.js";
import { PLANNED, renderDiff } from "./diff-text.js";

/** The drift in a plan; empty when there is none. */
export function driftText(drift: readonly DriftDifference[]): string {
  if (drift.length === 0) return "";
  const changes = renderDiff({ changes: drift, reach: [] }, PLANNED);
  const revisions = new Map(drift.map((entry) => [entry.revision, entry]));
  const why = [...revisions.values()]
    .sort((a, b) => a.revision - b.revision)
    .map(
      ({ revision, author, message }) =>
        `  revision ${revision}, ${author}${message === "" ? "" : `: ${message}`}`,
    );
  return `drift: changed by command and not in the files; apply keeps it, --overwrite does not\n${changes}${why.join("\n")}\n`;
}

/** One line for what applying kept. */
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

/** Reports that the files and what commands changed are no valid office together, and sets exit code 1. */
export function sayFaults(terminal: Terminal, faults: readonly Fault[], json: boolean): void {
  if (json)
    terminal.out(`${JSON.stringify({ ok: false, message: DO_NOT_FIT, errors: faults, warnings: [] })}\n`);
  else {
    const error = terminal.paint.error("error");
    terminal.err(`${error}: ${DO_NOT_FIT}\n${faultLines(faults)}nothing was changed\n`);
  }
  terminal.exit(EXIT_FAILED);
}
