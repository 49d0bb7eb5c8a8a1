/**
 * Reads where calls shall go, as people type it: a target as in a file, an extension by its digits, or a number outside.
 */

import { EXTENSION_PATTERN } from "../../office/extension.js";
import type { E164, Office } from "../../office/office.js";
import { parseTarget, type Target, type TargetKind } from "../../office/target.js";
import { parseNumber } from "../../routing/number.js";
import { digitsOf } from "../../routing/written.js";
import { type Refusal, refused } from "../edit.js";

export const DESTINATIONS =
  "user:NAME, group:ID, flow:ID, extension:101, or a number outside such as +12125550100";

/** A target in the words of a file. What it names may not exist. */
export interface Destination {
  readonly kind: TargetKind;
  /** For example `group:sales`. */
  readonly target: string;
}

/** A refusal names the target that was probably meant by a bare name. */
export function readDestination(typed: string, office: Office): Destination | Refusal {
  const text = typed.trim();
  const target = parseTarget(text);
  if (target?.kind === "number") return outside(target.name, office);
  if (target !== undefined) return { kind: target.kind, target: text };
  if (EXTENSION_PATTERN.test(text)) return { kind: "extension", target: `extension:${text}` };
  if (digitsOf(text) !== undefined) return outside(text, office);
  const [meant] = targetsNamed(text, office);
  return refused(
    `\`${text}\` is no destination; ${meant === undefined ? `expected ${DESTINATIONS}` : `did you mean ${meant}?`}`,
  );
}

/**
 * In its one form, so that the same number is the same target. What cannot be read is left to the checks. A number of the
 * office itself would be called by way of a carrier, which nobody means.
 */
function outside(text: string, { country, numbers }: Office): Destination | Refusal {
  const owns = (number: E164) => numbers.some((entry) => entry.number === number);
  const number = parseNumber(text, country, { owns });
  return number !== undefined && owns(number)
    ? refused(`${number} is the office's own number; name the user, group or flow to which its calls go`)
    : { kind: "number", target: `number:${number ?? text}` };
}

/** A target of a step, which has been read before. */
export function parsedTarget(text: string): Target {
  const target = parseTarget(text);
  switch (target?.kind) {
    case "user":
      return { kind: "user", username: target.name };
    case "group":
    case "flow":
      return { kind: target.kind, id: target.name };
    case "extension":
      return { kind: "extension", extension: target.name };
    default:
      return { kind: "number", number: target?.name ?? text };
  }
}

export function isRefusal(read: object): read is Refusal {
  return "ok" in read && read.ok === false;
}

function targetsNamed(name: string, office: Office): string[] {
  return [
    ...(office.users.some(({ username }) => username === name) ? [`user:${name}`] : []),
    ...(office.groups.some(({ id }) => id === name) ? [`group:${name}`] : []),
    ...(Object.hasOwn(office.flows, name) ? [`flow:${name}`] : []),
  ];
}
