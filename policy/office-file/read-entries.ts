/**
 * Turns parsed YAML into entries of a valid shape, and reports every fault of shape.
 * Reading goes on after a fault: the wrong field is dropped, and the rest of its entry is kept and marked as not
 * `whole`. So one run shows every fault, and no problem is reported that only follows from another.
 */

import type { z } from "zod";
import { given } from "../office/optional.js";
import { kindNamed, STEP_KEYS, STEP_SECTIONS, type StepFile } from "../steps/registry.js";
import { type MailboxFile, mailboxSchema } from "../steps/voicemail/file.js";
import { aOrAn, type Place, type Problem, show, under, valueAt } from "./problem.js";
import {
  type CarrierFile,
  carrierSchema,
  type DeviceFile,
  deviceSchema,
  type GroupShell,
  groupSchema,
  groupShell,
  type MemberFile,
  memberSchema,
  type NumberShell,
  notAvailable,
  numberSchema,
  numberShell,
  type OfficeFile,
  officeSchema,
  renamedFlowSchema,
  SECTIONS,
  type UserShell,
  userSchema,
  userShell,
  whyNever,
} from "./schema.js";
import { suggest } from "./suggest.js";

/** A value and where it stands. */
export interface Located<T> {
  readonly value: T;
  readonly at: Place;
}

/** A list without its wrong elements; `whole`: none was left out. */
export interface LocatedList<T> {
  readonly items: readonly Located<T>[];
  readonly whole: boolean;
  readonly at: Place;
}
export type Steps = LocatedList<StepFile>;

/** One entry of a section. `id` is set whenever the file gives one, so that references to the entry hold. */
export interface Entry<S> {
  readonly id: string | undefined;
  readonly fields: Partial<S>;
  /** No field was dropped. */
  readonly whole: boolean;
  readonly at: Place;
}
export interface UserEntry extends Entry<UserShell> {
  readonly devices: LocatedList<DeviceFile>;
  readonly voicemail: Located<MailboxFile> | undefined;
  readonly steps: Steps | undefined;
}
export interface GroupEntry extends Entry<GroupShell> {
  readonly members: LocatedList<MemberFile>;
  readonly voicemail: Located<MailboxFile> | undefined;
  readonly steps: Steps | undefined;
}
export interface FlowEntry {
  readonly id: string;
  readonly steps: Steps;
  /** What the flow was called before; its place, where it says so. */
  readonly renamedFrom: Located<string | readonly string[]> | undefined;
  readonly at: Place;
}
export interface NumberEntryFile extends Entry<NumberShell> {
  readonly steps: Steps | undefined;
}
/** An entry of a section that belongs to a kind of step. */
export interface SectionEntry extends Entry<Readonly<Record<string, unknown>>> {
  readonly section: string;
}

/** All entries of all files of one office, in the order of the files. */
export interface Entries {
  readonly office: Entry<OfficeFile>[];
  readonly carriers: Entry<CarrierFile>[];
  readonly users: UserEntry[];
  readonly groups: GroupEntry[];
  readonly flows: FlowEntry[];
  readonly numbers: NumberEntryFile[];
  readonly sections: SectionEntry[];
  readonly problems: Problem[];
}

/**
 * Reads the entries of an office's files.
 * @param files the parsed content of each file, in order; places carry the index into this list
 */
export function readEntries(files: readonly unknown[]): Entries {
  const reader = new Reader();
  for (const [file, content] of files.entries()) reader.readFile(file, content);
  return reader.entries;
}

type Mapping = Record<string, unknown>;
type ShellSchema<S> = z.ZodObject & z.ZodType<S>;

/** What was read of a value; not `whole`: a part of it was wrong and is missing. */
interface Read<T> {
  readonly value: T;
  readonly whole: boolean;
}

class Reader {
  readonly entries: Entries = {
    office: [],
    carriers: [],
    users: [],
    groups: [],
    flows: [],
    numbers: [],
    sections: [],
    problems: [],
  };

  readFile(file: number, content: unknown): void {
    // An empty file, or a file of comments only, is valid.
    if (content === null || content === undefined) return;
    const at = valueAt(file, []);
    if (!this.#isMapping(content, at, `a mapping with any of ${SECTIONS.join(", ")}`)) return;
    for (const key of Object.keys(content)) {
      if (!SECTIONS.includes(key)) this.#unknownKey(at, key, SECTIONS, "an office file");
    }
    if (content["office"] !== undefined) this.#office(content["office"], valueAt(file, ["office"]));
    this.#section(content, "carriers", file, (raw, place) => {
      this.entries.carriers.push(this.#shell(carrierSchema, carrierSchema, "id", "a carrier", raw, place));
    });
    this.#section(content, "users", file, (raw, place) => this.#user(raw, place));
    this.#section(content, "groups", file, (raw, place) => this.#group(raw, place));
    this.#flows(content["flows"], valueAt(file, ["flows"]));
    this.#section(content, "numbers", file, (raw, place) => this.#number(raw, place));
    for (const { key, noun, schema } of STEP_SECTIONS) {
      this.#section(content, key, file, (raw, place) => {
        const entry = this.#shell<Readonly<Record<string, unknown>>>(
          schema,
          schema,
          "id",
          aOrAn(noun),
          raw,
          place,
        );
        this.entries.sections.push({ ...entry, section: key });
      });
    }
  }

  #office(raw: unknown, at: Place): void {
    if (!this.#isMapping(raw, at, "a mapping with name, country and timezone")) {
      this.entries.office.push({ id: undefined, fields: {}, whole: false, at });
      return;
    }
    this.entries.office.push(this.#shell(officeSchema, officeSchema, "name", "the office", raw, at));
  }

  #user(raw: Mapping, at: Place): void {
    this.entries.users.push({
      ...this.#shell(userShell, userSchema, "username", "a user", raw, at),
      devices: this.#list(raw, "devices", at, "devices", (item, place) => this.#device(item, place)),
      voicemail: this.#mailbox(raw, at),
      steps: this.#steps(raw, "no_answer", at),
    });
  }

  #group(raw: Mapping, at: Place): void {
    this.entries.groups.push({
      ...this.#shell(groupShell, groupSchema, "id", "a group", raw, at),
      members: this.#list(raw, "members", at, "members", (item, place) =>
        this.#element(memberSchema, "a member", item, place),
      ),
      voicemail: this.#mailbox(raw, at),
      steps: this.#steps(raw, "no_answer", at),
    });
  }

  #mailbox(raw: Mapping, parent: Place): Located<MailboxFile> | undefined {
    if (raw["voicemail"] === undefined) return undefined;
    const at = under(parent, "voicemail", "value");
    const read = this.#element(mailboxSchema, "voicemail", raw["voicemail"], at);
    return read === undefined ? undefined : { value: read.value, at };
  }

  #number(raw: Mapping, at: Place): void {
    const shell = this.#shell(numberShell, numberSchema, "number", "a number", raw, at);
    const steps = this.#steps(raw, "steps", at);
    if (raw["flow"] !== undefined && raw["steps"] !== undefined) {
      this.#error(under(at, "steps", "key"), "wrong_value", "a number has both flow and steps", {
        expected: "one of them",
      });
    }
    this.entries.numbers.push({ ...shell, steps });
  }

  #device(raw: unknown, at: Place): Read<DeviceFile> | undefined {
    const read = this.#element(deviceSchema, "a device", raw, at);
    if (read === undefined) return undefined;
    const device = read.value;
    if (read.whole && (device.sip === undefined) === (device.phone === undefined)) {
      this.#error(at, "wrong_value", "a device is one thing that rings", {
        found: device.sip === undefined ? "neither sip nor phone" : "both sip and phone",
        expected: "either sip: NAME, a phone that registers, or phone: NUMBER, an outside phone",
      });
      return undefined;
    }
    return read;
  }

  #flows(raw: unknown, at: Place): void {
    if (raw === undefined) return;
    if (!this.#isMapping(raw, at, "a mapping of flow ids to lists of steps")) return;
    const idSchema = groupShell.shape.id;
    for (const id of Object.keys(raw)) {
      const place = under(at, id, "key");
      const known = idSchema.safeParse(id);
      if (!known.success) {
        this.#error(place, "wrong_value", "the flow's id cannot be used", {
          found: show(id),
          expected: known.error.issues[0]?.message ?? "an id",
        });
      }
      const flow = this.#flow(raw, id, at);
      if (flow !== undefined) this.entries.flows.push({ id, ...flow, at: place });
    }
  }

  /** A list of steps; or a mapping, which can also say what the flow was called before. */
  #flow(raw: Mapping, id: string, parent: Place): Pick<FlowEntry, "steps" | "renamedFrom"> | undefined {
    const value = raw[id];
    if (!isMapping(value)) {
      const steps = this.#steps(raw, id, parent);
      return steps && { steps, renamedFrom: undefined };
    }
    const at = under(parent, id, "value");
    const keys = Object.keys(renamedFlowSchema.shape);
    for (const key of Object.keys(value)) if (!keys.includes(key)) this.#unknownKey(at, key, keys, "a flow");
    if (value["steps"] === undefined && !isMeant(value, "steps", keys))
      this.#error(at, "missing_key", "a flow needs `steps`", { expected: "a list of steps" });
    const steps = this.#steps(value, "steps", at) ?? { items: [], whole: false, at };
    return { steps, renamedFrom: this.#renamedFrom(value, at) };
  }

  #renamedFrom(raw: Mapping, at: Place): FlowEntry["renamedFrom"] {
    if (raw["renamed_from"] === undefined) return undefined;
    const place = under(at, "renamed_from", "value");
    const read = renamedFlowSchema.shape.renamed_from.safeParse(raw["renamed_from"]);
    if (read.success) return read.data === undefined ? undefined : { value: read.data, at: place };
    this.#error(place, "wrong_value", "`renamed_from` of a flow cannot be this", {
      found: show(raw["renamed_from"]),
      expected: read.error.issues[0]?.message ?? "an id",
    });
    return undefined;
  }

  #steps(raw: Mapping, key: string, parent: Place): Steps | undefined {
    if (raw[key] === undefined) return undefined;
    const list = this.#list(raw, key, parent, "steps", (item, place) => this.#step(item, place));
    if (Array.isArray(raw[key]) && raw[key].length === 0) {
      this.#error(list.at, "wrong_value", "a list of steps is empty", { expected: "at least one step" });
      return { ...list, whole: false };
    }
    return list;
  }

  /** A step's key says its kind, so a wrong step is compared with the schema of its own kind only. */
  #step(raw: unknown, at: Place): Read<StepFile> | undefined {
    const kinds = STEP_KEYS.join(", ");
    if (!this.#isMapping(raw, at, `a step: a mapping with one of ${kinds}`)) return undefined;
    const present = STEP_KEYS.filter((key) => raw[key] !== undefined);
    const [kind] = present;
    if (kind === undefined) {
      const [key] = Object.keys(raw);
      if (key === undefined) {
        this.#error(at, "wrong_value", "a step is empty", { expected: `one of ${kinds}` });
      } else {
        this.#unknownKey(at, key, STEP_KEYS, "a step", "there is no such step");
      }
      return undefined;
    }
    if (present.length > 1) {
      this.#error(at, "wrong_value", `one step is both ${present.join(" and ")}`, {
        expected: "a step of its own for each",
      });
      return undefined;
    }
    const schema = kindNamed(kind).schema as ShellSchema<StepFile>;
    return this.#element<StepFile>(schema, `${aOrAn(kind)} step`, raw, at);
  }

  #section(content: Mapping, name: string, file: number, each: (raw: Mapping, at: Place) => void): void {
    const parent = valueAt(file, []);
    this.#list(content, name, parent, name, (item, at) => {
      if (this.#isMapping(item, at, "a mapping")) each(item, at);
      return undefined;
    });
  }

  #list<T>(
    raw: Mapping,
    key: string,
    parent: Place,
    of: string,
    each: (item: unknown, at: Place) => Read<T> | undefined,
  ): LocatedList<T> {
    const at = under(parent, key, "value");
    const list = raw[key];
    if (list === undefined) return { items: [], whole: !isMeant(raw, key, [key]), at };
    if (!Array.isArray(list)) {
      this.#error(at, "wrong_value", `${key} is not a list`, {
        found: show(list),
        expected: `a list of ${of}`,
      });
      return { items: [], whole: false, at };
    }
    const items: Located<T>[] = [];
    let whole = true;
    for (const [index, item] of list.entries()) {
      const place = under(at, index, "value");
      const read = each(item, place);
      if (read !== undefined) items.push({ value: read.value, at: place });
      if (!read?.whole) whole = false;
    }
    return { items, whole, at };
  }

  /** An element of a list: valid, or reported and, where its wrong fields are optional, kept without them. */
  #element<T>(schema: ShellSchema<T>, what: string, raw: unknown, at: Place): Read<T> | undefined {
    if (!this.#isMapping(raw, at, `${what}: a mapping`)) return undefined;
    const result = schema.safeParse(raw);
    if (result.success) return { value: result.data, whole: true };
    this.#report(result.error.issues, schema, what, raw, at);
    const rest = schema.safeParse(withoutWrong(raw, result.error.issues, schema));
    return rest.success ? { value: rest.data, whole: false } : undefined;
  }

  /** The valid plain fields of an entry, after reporting the others. */
  #shell<S>(
    schema: ShellSchema<S>,
    full: z.ZodObject,
    idKey: string,
    what: string,
    raw: Mapping,
    at: Place,
  ): Entry<S> {
    const lists = Object.keys(full.shape).filter((key) => !(key in schema.shape));
    const plain = Object.fromEntries(Object.entries(raw).filter(([key]) => !lists.includes(key)));
    const given = raw[idKey];
    const id = typeof given === "string" ? given : undefined;
    const result = schema.safeParse(plain);
    if (result.success) return { id, fields: result.data as Partial<S>, whole: true, at };
    this.#report(result.error.issues, full, what, raw, at);
    const kept = withoutWrong(plain, result.error.issues, schema);
    return { id, fields: kept as Partial<S>, whole: false, at };
  }

  #report(
    issues: readonly z.core.$ZodIssue[],
    schema: z.ZodObject,
    what: string,
    raw: Mapping,
    at: Place,
  ): void {
    for (const issue of issues) {
      if (issue.code === "unrecognized_keys" && issue.path.length === 0) {
        for (const key of issue.keys) this.#unknownKey(at, key, Object.keys(schema.shape), what);
        continue;
      }
      const [key] = issue.path;
      if (typeof key !== "string") throw new Error(`no rule for a fault at ${issue.path.join(".")}`);
      const value = raw[key];
      if (value === undefined) {
        // A mistyped key was already reported with the right one.
        if (isMeant(raw, key, Object.keys(schema.shape))) continue;
        this.#error(at, "missing_key", `${what} needs \`${key}\``, { expected: issue.message });
      } else if (Array.isArray(value) && typeof issue.path[1] === "number") {
        this.#reportItem(issue, value, under(at, key, "value"), `\`${key}\` of ${what}`);
      } else {
        this.#error(under(at, key, "value"), "wrong_value", `\`${key}\` of ${what} cannot be this`, {
          found: secretSafe(key, value),
          expected: issue.message,
          ...meantValue(issue, value),
        });
      }
    }
  }

  /** A fault in an item of a list of plain values or small mappings: shown at the field that is wrong. */
  #reportItem(issue: z.core.$ZodIssue, list: readonly unknown[], at: Place, ofWhat: string): void {
    const [index, field] = issue.path.slice(1);
    if (typeof index !== "number") throw new Error(`no rule for a fault at ${issue.path.join(".")}`);
    const item = list[index];
    const place = under(at, index, "value");
    if (typeof field !== "string" || !isMapping(item)) {
      this.#error(place, "wrong_value", `this cannot be one of ${ofWhat}`, {
        found: show(item),
        expected: issue.message,
      });
    } else if (item[field] === undefined) {
      this.#error(place, "missing_key", `one of ${ofWhat} needs \`${field}\``, { expected: issue.message });
    } else {
      this.#error(under(place, field, "value"), "wrong_value", `\`${field}\` in ${ofWhat} cannot be this`, {
        found: show(item[field]),
        expected: issue.message,
      });
    }
  }

  #unknownKey(at: Place, key: string, known: readonly string[], what: string, said?: string): void {
    const never = whyNever(what, key);
    const missing = notAvailable(key);
    const place = under(at, key, "key");
    if (never !== undefined) {
      this.#error(place, "wrong_rename", never, { found: key });
      return;
    }
    if (missing !== undefined) {
      this.#error(place, "not_available", missing, { found: key, expected: `one of ${known.join(", ")}` });
      return;
    }
    const meant = suggest(key, known);
    this.#error(place, "unknown_key", said ?? `${what} has no key \`${key}\``, {
      found: show(key),
      expected: `one of ${known.join(", ")}`,
      ...given({ suggestion: meant }),
    });
  }

  #isMapping(raw: unknown, at: Place, expected: string): raw is Mapping {
    if (isMapping(raw)) return true;
    this.#error(at, "wrong_value", "this is not a mapping", { found: show(raw), expected });
    return false;
  }

  #error(
    at: Place,
    code: Problem["code"],
    message: string,
    more: Pick<Problem, "found" | "expected" | "suggestion">,
  ): void {
    this.entries.problems.push({ severity: "error", code, message, at, ...more });
  }
}

/** A mapping without the fields that the issues name, and without keys unknown to the schema. */
function withoutWrong(raw: Mapping, issues: readonly z.core.$ZodIssue[], schema: z.ZodObject): Mapping {
  const wrong = new Set(issues.map((issue) => String(issue.path[0])));
  return Object.fromEntries(Object.entries(raw).filter(([key]) => key in schema.shape && !wrong.has(key)));
}

/** Whether a missing key is there after all, but mistyped. */
function isMeant(raw: Mapping, key: string, known: readonly string[]): boolean {
  return Object.keys(raw).some((given) => !known.includes(given) && suggest(given, known) === key);
}

/** The value that was probably meant by a wrong one: a number in quotes, or the nearest of a few words. */
function meantValue(issue: z.core.$ZodIssue, value: unknown): Pick<Problem, "suggestion"> {
  if (issue.code === "invalid_type" && issue.expected === "string" && typeof value === "number") {
    return { suggestion: JSON.stringify(String(value)) };
  }
  if (issue.code !== "invalid_value" || typeof value !== "string") return {};
  const meant = suggest(value, issue.values.map(String));
  return given({ suggestion: meant });
}

/** A secret written where it must not stand is not repeated in the message. */
function secretSafe(key: string, value: unknown): string {
  return key === "password" && typeof value !== "object" ? "a secret, written out" : show(value);
}

function isMapping(raw: unknown): raw is Mapping {
  return typeof raw === "object" && raw !== null && !Array.isArray(raw);
}
