/**
 * Options by which `user set` and `group set` change what both have: what happens when nobody answers, and the mailbox.
 * They become fields of an edit, in the words of the office file; null takes a field away, so that its default counts.
 */
import { type Command, InvalidArgumentError } from "commander";
import { type NoAnswer, noAnswerFields } from "../../../policy/change/edits/no-answer.js";
import type { Edit, EditFields } from "../../../policy/change/edits/types.js";
import type { Office } from "../../../policy/office/office.js";
import { given } from "../../../policy/office/optional.js";
import type { EditsOf } from "../../office/changes/part.js";
import { parseYamlSource } from "../../office/files/yaml-source.js";
import { wholeNumber } from "../shared/arguments.js";

/** The options of {@link sharedOptions}. */
export interface SharedSetOptions {
  readonly extension?: string;
  readonly anonymousCallers?: string;
  readonly ring?: number | "none";
  readonly accept?: string;
  readonly then?: string;
  readonly steps?: { readonly value: unknown };
  readonly voicemail: EditFields;
  readonly notify?: boolean | string;
  readonly missedCalls?: boolean;
}

/** Adds the options that users and groups have in common. */
export function sharedOptions(command: Command): Command {
  return command
    .option("--extension <digits>", "2 to 6 digits; auto: the next free ones; none")
    .option("--anonymous-callers <rule>", "whether withheld numbers get through: accept or refuse")
    .option("--ring <seconds>", "how long the phones ring before what comes then; or none", secondsOrNone)
    .option("--accept <rule>", "whether who answers has to press 1: always, never, auto")
    .option("--then <what>", "what comes if nobody answers: voicemail, hangup, or user:NAME, flow:ID, …")
    .option(
      "--steps <yaml>",
      "instead of these: all steps, as the office file has them; or default",
      yamlSteps,
    )
    .option("--voicemail <setting=value>", "a setting of the mailbox (repeat for more)", setting, {})
    .option("--notify <rule>", "mail about messages: on, off, or attached", onOffOr)
    .option("--missed-calls <on|off>", "mail about calls without a message", onOrOff);
}

/** The fields that these options name. */
export function sharedFields(options: SharedSetOptions): EditFields {
  const { extension, anonymousCallers, steps, voicemail, notify, missedCalls } = options;
  const mailbox = { ...voicemail, ...given({ email: notify, missed_calls: missedCalls }) };
  return {
    ...given({ extension: orNull(extension), anonymous_callers: anonymousCallers, no_answer: steps?.value }),
    ...(Object.keys(mailbox).length === 0 ? {} : { voicemail: mailbox }),
  };
}

/** What options ask for, of each of some users or groups. */
interface Wanted extends NoAnswer {
  readonly fields: EditFields;
  /** Edits of their parts, such as devices. */
  readonly parts: readonly Edit[];
}

/** The edits; what is to happen when nobody answers depends on what happens now. Undefined: nothing was asked for. */
export function setEdits(
  kind: "user" | "group",
  ids: readonly string[],
  { fields, parts, ring, accept, then }: Wanted,
): readonly Edit[] | EditsOf | undefined {
  const isAbout = (ring ?? accept ?? then) !== undefined;
  const set = (id: string, all: EditFields): Edit => ({ verb: "set", kind, id, fields: all });
  if (!isAbout) {
    const edits = Object.keys(fields).length === 0 ? [] : ids.map((id) => set(id, fields));
    return edits.length + parts.length === 0 ? undefined : [...edits, ...parts];
  }
  const editsOf = (live: Office) => {
    const edits: Edit[] = [];
    for (const id of ids) {
      const changed = noAnswerFields(live, kind, id, { ring, accept, then });
      if (!changed.ok) return changed;
      edits.push(set(id, { ...fields, ...changed.fields }));
    }
    return [...edits, ...parts];
  };
  return Object.assign(editsOf, { about: [...ids.map((id) => set(id, { ...fields, then })), ...parts] });
}

/** `none` takes the field away. */
export function orNull(text: string | undefined): string | null | undefined {
  return text === "none" ? null : text;
}

/** A time in seconds, or `none`. */
export function secondsOrNone(text: string): number | "none" {
  return text === "none" ? text : wholeNumber(text);
}

export function onOrOff(text: string): boolean {
  if (text !== "on" && text !== "off") throw new InvalidArgumentError("Not on or off.");
  return text === "on";
}

/** `on` and `off` as a file writes them; other words stay, and the office file's rules judge them. */
function onOffOr(text: string): boolean | string {
  return text === "on" || text === "off" ? text === "on" : text;
}

/** Reads `limit=120` and adds it to the settings before it; `default` takes a setting away. */
function setting(text: string, before: EditFields): EditFields {
  const [name, value] = nameAndValue(text);
  return { ...before, [name]: value };
}

/** `FIELD=VALUE`, with the value as a file would write it. */
export function nameAndValue(text: string): readonly [name: string, value: unknown] {
  const equals = text.indexOf("=");
  if (equals < 1) throw new InvalidArgumentError("Not of the form NAME=VALUE.");
  return [text.slice(0, equals), fileValue(text.slice(equals + 1))];
}

function fileValue(text: string): unknown {
  if (text === "default") return null;
  if (text === "true" || text === "on") return true;
  if (text === "false" || text === "off") return false;
  return /^\d{1,9}$/.test(text) ? Number(text) : text;
}

/** In an object of its own: commander takes null for an option without a value. */
function yamlSteps(text: string): { readonly value: unknown } {
  if (text === "default") return { value: null };
  const { content, problems } = parseYamlSource(text);
  const [problem] = problems;
  if (problem !== undefined) throw new InvalidArgumentError(`Not YAML: ${problem.message}.`);
  return { value: content ?? [] };
}
