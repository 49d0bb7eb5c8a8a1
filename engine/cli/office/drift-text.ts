/** Writes drift for people: what commands changed and the files do not have. */
import type { DriftCause, FieldRef } from "../../../policy/change/drift.js";
import { nameOf } from "../../../policy/change/drift-names.js";
import type { Fault } from "../../../policy/change/edit.js";
import { printable } from "../../../policy/text.js";
import type { DriftDifference, FieldDrift } from "../../office/changes/reconcile.js";
import { EXIT_FAILED } from "../shared/command.js";
import { faultLines, faultsJson } from "../shared/faults.js";
import type { Terminal } from "../shared/terminal.js";
import { zonedTime } from "../shared/until.js";
import { PLANNED, renderDiff } from "./diff-text.js";

/** The drift in a plan, each field with its change; empty when there is none. @param zone the office's time zone */
export function driftText(drift: readonly DriftDifference[], zone: string): string {
  if (drift.length === 0) return "";
  let section = "";
  const lines = drift.flatMap((entity) => {
    const [title = "", ...own] = entityLines(entity, zone);
    const isNext = title !== section;
    section = title;
    return isNext ? [title, ...own] : own;
  });
  return `drift: changed by command and not in the files; apply keeps it, --overwrite does not\n${lines.join("\n")}\n`;
}

/** The section of an entity, the entity, and its fields with a line for each change behind what it changed. */
function entityLines(entity: DriftDifference, zone: string): string[] {
  return changesOf(entity).flatMap((fields, place) => {
    const [first] = fields;
    const lines = renderDiff({ changes: [{ ...entity, fields }], reach: [] }, PLANNED)
      .trimEnd()
      .split("\n");
    return [...(place === 0 ? lines : lines.slice(2)), `        ${causeText(first ?? entity, zone)}`];
  });
}

/** The fields of an entity by the change that made them drift, the oldest change first. */
function changesOf({ fields }: DriftDifference): readonly (readonly FieldDrift[])[] {
  const changes = new Map<string, FieldDrift[]>();
  for (const field of [...fields].sort((a, b) => a.appliedMs - b.appliedMs)) {
    const change = `${field.revision} ${field.appliedMs}`;
    changes.set(change, [...(changes.get(change) ?? []), field]);
  }
  return changes.size === 0 ? [[]] : [...changes.values()];
}

/** For example `revision 42, Mon 2026-11-30 12:30 (America/Chicago), ann: on leave`. */
function causeText({ revision, author, message, appliedMs }: DriftCause, zone: string): string {
  const change = revision === null ? "kept" : `revision ${revision}`;
  const why = message === "" ? "" : `: ${printable(message)}`;
  return `${change}, ${zonedTime(appliedMs, zone)} (${zone}), ${printable(author)}${why}`;
}

/** Names shown at most in one line. */
const NAMES_MAX = 10;

/** One line for what applying kept. */
export function keptText(kept: readonly FieldRef[]): string {
  const names = kept.slice(0, NAMES_MAX).map(nameOf);
  const more = kept.length > NAMES_MAX ? ` and ${kept.length - NAMES_MAX} more` : "";
  return `kept as changed by command, not as the files say: ${names.join(", ")}${more} (\`ringline plan\` shows it, --overwrite takes the files' word)\n`;
}

const DO_NOT_FIT =
  "the files do not fit what was changed by command; change them, or take their word with --overwrite";

/** Reports that the files and what commands changed are no valid office together, and sets exit code 1. */
export function sayFaults(terminal: Terminal, faults: readonly Fault[], json: boolean): void {
  if (json)
    terminal.out(
      `${JSON.stringify({ ok: false, message: DO_NOT_FIT, errors: faultsJson(faults), warnings: [] })}\n`,
    );
  else {
    const error = terminal.paint.error("error");
    terminal.err(`${error}: ${DO_NOT_FIT}\n${faultLines(faults)}nothing was changed\n`);
  }
  terminal.exit(EXIT_FAILED);
}
