/** `ringline edit`: makes several edits of the live office as one revision, from a file or standard input. */
import type { Refused } from "../../office/changes/change.js";
import { type EditsRefused, editOfficeBy } from "../../office/changes/edits.js";
import { type EditsFile, readEditsFile } from "../../office/files/edits-file.js";
import type { OfficeProblem } from "../../office/files/read.js";
import { renderProblems } from "../../office/files/render.js";
import { EXIT_FAILED, type RegisterCommand } from "../shared/command.js";
import { failed } from "../shared/database.js";
import { readInput } from "../shared/input.js";
import type { Terminal } from "../shared/terminal.js";
import { type ChangeOptions, changing, onOffice, sayChanged } from "./change.js";

const HELP = `
A list of edits, in YAML or JSON, in the words of the office's files:

  - add: user:dana.reed              # the fields of a file; extension: auto
    name: Dana Reed
    extension: auto
  - set: user:bob.stone              # only what is named changes; null takes away
    email: null
  - add: member:sales/dana.reed
    delay: 5
  - set: number:+12125550100
    flow: main
  - rename: group:sales
    to: support
  - remove: flow:night

Edits are of office, user, group, member (GROUP/NAME), device (NAME/ID), number,
flow, schedule and carrier. All are made, as one revision, or none; a fault
names the edit and its line.

Examples:
  ringline edit edits.yaml --db r.db
  ringline edit edits.yaml --dry-run --db r.db
  ringline edit --message "the new branch" --expect 41 --db r.db < edits.yaml`;

export const registerEdit: RegisterCommand = (program, terminal) => {
  changing(
    program
      .command("edit")
      .summary("make several changes at once, from a file")
      .description("Makes a list of edits of the live office, as one new revision.")
      .argument("[file]", "the edits; - or left out: standard input", "-"),
  )
    .addHelpText("after", HELP)
    .action(async (path: string, options: ChangeOptions) => {
      const json = options.json ?? false;
      const input = await readInput(terminal, path);
      if (!input.ok) {
        failed(terminal, input.why, json);
        return;
      }
      const file = readEditsFile(input.name, input.text);
      if (file.problems.length > 0) {
        sayProblems(terminal, "the edits cannot be read", file.problems, json);
        return;
      }
      const ended = await onOffice(terminal, options, (deps, request) =>
        editOfficeBy(deps, request, file.edits),
      );
      if (ended?.outcome === "refused")
        sayProblems(terminal, ended.reason, problemsOf(ended, input.name, file), json);
      else if (ended !== undefined) sayChanged(terminal, ended, json);
    });
};

/** A problem, and the edit that it is about, from 1. */
interface EditProblem extends Omit<OfficeProblem, "code"> {
  readonly code: OfficeProblem["code"] | Refused["cause"];
  readonly edit?: number;
}

/** At the line of the edit that causes each fault, which need not be the entry in which the fault is. */
function problemsOf(refused: EditsRefused, name: string, file: EditsFile): EditProblem[] {
  const { cause, reason, faults } = refused;
  const all =
    faults.length > 0 ? faults : [{ edit: refused.edit, code: cause, where: "", message: reason } as const];
  return all.map(({ where, ...fault }) => ({
    severity: "error",
    file: name,
    ...file.positionOf(fault.edit),
    ...fault,
    edit: fault.edit + 1,
    message: `edit ${fault.edit + 1}: ${where === "" ? "" : `${where}: `}${fault.message}`,
  }));
}

function sayProblems(
  terminal: Terminal,
  reason: string,
  problems: readonly EditProblem[],
  json: boolean,
): void {
  if (json) terminal.out(`${JSON.stringify({ ok: false, message: reason, errors: problems })}\n`);
  else terminal.err(`${renderProblems(problems, terminal.paint)}nothing was changed\n`);
  terminal.exit(EXIT_FAILED);
}
