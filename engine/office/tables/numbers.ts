/** Reads a table of numbers: each row as a number of the office, and where it leads. */

import { given } from "../../../policy/office/optional.js";
import type { NumberFile } from "../../../policy/office-file/export.js";
import * as field from "../../../policy/office-file/fields.js";
import { show } from "../../../policy/office-file/problem.js";
import { parseNumberKey } from "../../../policy/routing/block-text.js";
import { type CellRules, Cells } from "./cells.js";
import { saysNone, saysNothing } from "./values.js";

/** The user or group that a person means by a name: `user:dana.reed`; undefined: nobody, or more than one. */
export type FindTarget = (written: string) => string | undefined;

export class NumbersReader {
  readonly #rules: CellRules;
  readonly #find: FindTarget;
  readonly #numbers: NumberFile[] = [];
  readonly #seen = new Map<string, number>();

  constructor(rules: CellRules, find: FindTarget) {
    this.#rules = rules;
    this.#find = find;
  }

  read(row: number, texts: readonly string[]): void {
    const cells = new Cells(this.#rules, row, texts);
    if (cells.isEmpty) return;
    const number = cells.phoneNumber("number", undefined, (cell) =>
      parseNumberKey(cell, this.#rules.country),
    );
    const written = texts[this.#column] ?? "";
    if (saysNothing(written) || saysNone(written)) {
      cells.fault("number", "a row needs number", { found: "an empty cell", expected: "a phone number" });
    }
    const label = cells.checked("label", field.displayName);
    const prefix = cells.checked("caller_id_prefix", field.prefix);
    const plan = cells.checked("plan", field.id);
    const leadsTo = this.#leadsTo(cells);
    if (number === undefined) return;
    this.#once(cells, number);
    this.#numbers.push({ number, ...given({ label, caller_id_prefix: prefix, plan }), ...leadsTo });
  }

  finish(): readonly NumberFile[] {
    return this.#numbers;
  }

  get #column(): number {
    return this.#rules.layout.columns.find((column) => column.field === "number")?.index ?? 0;
  }

  #once(cells: Cells, number: string): void {
    const first = this.#seen.get(number);
    if (first === undefined) this.#seen.set(number, cells.row);
    else
      cells.fault("number", "number is given twice", {
        found: `${show(number)}, as in row ${first}`,
        expected: "another in each row",
      });
  }

  /** The flow that a row names by its id, or steps that ring its target; neither: the number leads nowhere yet. */
  #leadsTo(cells: Cells): Pick<NumberFile, "flow" | "steps"> {
    const target = cells.text("target");
    const flow = cells.checked("flow", field.id);
    const timeout = cells.read("timeout", readTimeout, "whole seconds from 5 to 600, or none");
    if (flow !== undefined && target !== undefined) {
      cells.fault("target", "a number leads to a flow or rings somebody, not both", {
        found: `flow ${flow} and target ${target}`,
        expected: "one of the two",
      });
    }
    if (flow !== undefined) return { flow };
    if (target === undefined) return {};
    const meant = /^(?:user|group|extension|flow):\S+$/.test(target) ? target : this.#named(target);
    if (meant === undefined) {
      cells.fault("target", "this is no target", {
        found: show(target),
        expected:
          "user:NAME, group:ID, extension:101 or flow:ID; or the name of a user or group of these tables",
      });
      return {};
    }
    if (meant.startsWith("flow:")) return { flow: meant.slice("flow:".length) };
    return { steps: ringsAndTakesMessages(meant, timeout) };
  }

  #named(target: string): string | undefined {
    return /^\d{2,6}$/.test(target) ? `extension:${target}` : this.#find(target);
  }
}

/** A caller whom nobody answers leaves a message, as callers of the same user or group do who dial the extension. */
function ringsAndTakesMessages(target: string, timeout: number | "none" | undefined): NumberFile["steps"] {
  return [{ ring: target, ...given({ timeout }) }, { voicemail: target }];
}

function readTimeout(cell: string): number | "none" | undefined {
  if (cell.toLowerCase() === "none") return "none";
  const seconds = /^(\d+)(?:\s*s(?:ec(?:onds)?|ek(?:unden)?)?\.?)?$/i.exec(cell)?.[1];
  const known = field.ringTime.safeParse(seconds === undefined ? Number.NaN : Number(seconds));
  return known.success ? known.data : undefined;
}
