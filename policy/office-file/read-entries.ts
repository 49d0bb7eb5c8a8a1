/**
 * Turns parsed YAML into entries of a valid shape, and reports every fault of shape.
 * Reading goes on after a fault: the wrong field is dropped, and the rest of its entry is kept and marked as not
 * `whole`. So one run shows every fault, and no problem is reported that only follows from another.
 */

import type { z } from "zod";
import { parseTarget } from "../office/target.js";
import { kindNamed, STEP_KEYS, STEP_KINDS, type StepFile } from "../steps/registry.js";
import { type MailboxFile, mailboxSchema } from "../steps/voicemail/file.js";
import { problemsOf, unknownKey, withoutWrong } from "./issues.js";
import {
  asMeant,
  fitsShape,
  isMapping,
  type Mapping,
  type Meant,
  Mistyped,
  placeOf,
  REPEATED,
} from "./meant.js";
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
} from "./schema.js";
import { ENTRY_SECTIONS } from "./sections.js";
import { suggest } from "./suggest.js";
import { UnreadNames } from "./unread-names.js";

/** A value and where it stands. */
export interface Located<T> {
  readonly value: T;
  readonly at: Place;
}

/** A list without its wrong elements; `whole`: none was left out; `endsWhole`: the last one was not. */
export interface LocatedList<T> {
  readonly items: readonly Located<T>[];
  readonly whole: boolean;
  readonly endsWhole: boolean;
  readonly at: Place;
}
export type Steps = LocatedList<StepFile>;

/** One entry of a section. `id` is set whenever the file gives one, so that references to the entry hold. */
export interface Entry<S> {
  readonly id: string | undefined;
  readonly fields: Partial<S>;
  /** The keys of the fields that were dropped. */
  readonly wrong: ReadonlySet<string>;
  /** No field was dropped. */
  readonly whole: boolean;
  /** The entry as it was written: of a list that was dropped, the right items can be checked all the same. */
  readonly raw: Mapping;
  readonly at: Place;
}
export interface UserEntry extends Entry<UserShell> {
  readonly devices: LocatedList<Partial<DeviceFile>>;
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
/** An entry of a section such as `schedules`. */
export interface SectionEntry extends Entry<Readonly<Record<string, unknown>>> {
  readonly section: string;
}

/** A name in a step that could not be read as a whole. */
export interface LooseReference {
  readonly at: Place;
  readonly written: string;
  /** The section of whose entries it names one; undefined: it is a target. */
  readonly section?: string;
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
  readonly loose: LooseReference[];
  /** How many names of each kind could not be read: what seems not to exist may be one of them. */
  readonly unread: UnreadNames;
  readonly mistyped: Mistyped;
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
    loose: [],
    unread: new UnreadNames(),
    mistyped: new Mistyped(),
    problems: [],
  };

  readFile(file: number, content: unknown): void {
    // An empty file, or a file of comments only, is valid.
    if (content === null || content === undefined) return;
    const at = valueAt(file, []);
    if (!this.#isMapping(content, at, `a mapping with any of ${SECTIONS.join(", ")}`)) {
      this.entries.unread.everything();
      return;
    }
    const meant = sectionsAsMeant(content, at);
    this.entries.mistyped.add(meant);
    for (const key of meant.unknown) this.#push(unknownSection(key, meant));
    if (meant.raw["office"] !== undefined) this.#office(meant.raw["office"], placeOf(meant, "office"));
    this.#section(meant, "carriers", [], (raw, place) => {
      const entry = this.#meant(raw, carrierSchema, "a carrier", place);
      this.entries.carriers.push(this.#shell(carrierSchema, "id", "a carrier", entry));
    });
    this.#section(meant, "users", ["user", "extension"], (raw, place) => this.#user(raw, place));
    this.#section(meant, "groups", ["group", "extension"], (raw, place) => this.#group(raw, place));
    this.#flows(meant);
    this.#section(meant, "numbers", ["number"], (raw, place) => this.#number(raw, place));
    for (const { key, noun, schema } of ENTRY_SECTIONS)
      this.#section(meant, key, [key], (raw, place) => this.#sectionEntry(key, noun, schema, raw, place));
  }

  #sectionEntry(section: string, noun: string, schema: z.ZodObject, raw: Mapping, at: Place): void {
    const what = aOrAn(noun);
    const meant = this.#meant(raw, schema, what, at);
    const entry = this.#shell<Readonly<Record<string, unknown>>>(schema, "id", what, meant);
    this.#countUnread(section, "id", entry);
    this.entries.sections.push({ ...entry, section });
  }

  #office(raw: unknown, at: Place): void {
    if (!this.#isMapping(raw, at, "a mapping with name, country and timezone")) {
      const wrong = new Set(Object.keys(officeSchema.shape));
      this.entries.office.push({ id: undefined, fields: {}, wrong, whole: false, raw: {}, at });
      return;
    }
    const meant = this.#meant(raw, officeSchema, "the office", at);
    this.entries.office.push(this.#shell(officeSchema, "name", "the office", meant));
  }

  #user(raw: Mapping, at: Place): void {
    const meant = this.#meant(raw, userSchema, "a user", at);
    const entry = this.#shell(userShell, "username", "a user", meant);
    this.#countUnread("user", "username", entry);
    this.entries.users.push({
      ...entry,
      devices: this.#list(meant, "devices", "devices", (item, place) => this.#device(item, place)),
      voicemail: this.#mailbox(meant),
      steps: this.#steps(meant, "no_answer"),
    });
  }

  #group(raw: Mapping, at: Place): void {
    const meant = this.#meant(raw, groupSchema, "a group", at);
    const entry = this.#shell(groupShell, "id", "a group", meant);
    this.#countUnread("group", "id", entry);
    this.entries.groups.push({
      ...entry,
      members: this.#list(meant, "members", "members", (item, place) =>
        this.#element(memberSchema, "a member", item, place),
      ),
      voicemail: this.#mailbox(meant),
      steps: this.#steps(meant, "no_answer"),
    });
  }

  /** A name that cannot be used is given otherwise where somebody names it. */
  #countUnread(kind: string, idKey: string, { id, wrong, raw }: Entry<unknown>): void {
    if (id === undefined || wrong.has(idKey))
      this.entries.unread.add(kind, [raw[idKey], raw["name"], raw["email"], raw["label"]]);
    if (wrong.has("extension")) this.entries.unread.add("extension", [raw["extension"]]);
  }

  #mailbox(parent: Meant): Located<MailboxFile> | undefined {
    const raw = parent.raw["voicemail"];
    if (raw === undefined) return undefined;
    const at = placeOf(parent, "voicemail");
    const read = this.#element(mailboxSchema, "voicemail", raw, at);
    return read === undefined ? undefined : { value: read.value, at };
  }

  #number(raw: Mapping, at: Place): void {
    const meant = this.#meant(raw, numberSchema, "a number", at);
    const shell = this.#shell(numberShell, "number", "a number", meant);
    const steps = this.#steps(meant, "steps");
    if (meant.raw["flow"] !== undefined && meant.raw["steps"] !== undefined) {
      this.#error(
        under(at, meant.written.get("steps") ?? "steps", "key"),
        "wrong_value",
        "a number has both flow and steps",
        {
          expected: "one of them",
        },
      );
    }
    this.entries.numbers.push({ ...shell, steps });
  }

  /** A device without its wrong fields: that its id is wrong says nothing about its number. */
  #device(item: unknown, at: Place): Read<Partial<DeviceFile>> | undefined {
    if (!this.#isMapping(item, at, "a device: a mapping")) return undefined;
    const meant = this.#meant(item, deviceSchema, "a device", at);
    const { fields, whole } = this.#shell(deviceSchema, "id", "a device", meant);
    const [hasSip, hasPhone] = [isGiven(meant, "sip"), isGiven(meant, "phone")];
    if (hasPhone && isGiven(meant, "srtp"))
      this.#error(placeOf(meant, "srtp"), "wrong_value", "only a SIP phone has srtp", {
        found: "srtp of an outside phone",
        expected: "srtp of the carriers, by which outside phones are called",
      });
    if (hasPhone && isGiven(meant, "location"))
      this.#error(placeOf(meant, "location"), "wrong_value", "only a SIP phone has a location", {
        found: "location of an outside phone",
        expected: "location of a SIP phone or of the user: an outside phone calls for help by itself",
      });
    if (hasSip !== hasPhone) return { value: fields, whole };
    this.#error(at, "wrong_value", "a device is one thing that rings", {
      found: hasSip ? "both sip and phone" : "neither sip nor phone",
      expected: "either sip: NAME, a phone that registers, or phone: NUMBER, an outside phone",
    });
    return { value: fields, whole: false };
  }

  #flows(parent: Meant): void {
    const raw = parent.raw["flows"];
    if (raw === undefined) return;
    const at = placeOf(parent, "flows");
    if (!this.#isMapping(raw, at, "a mapping of flow ids to lists of steps")) {
      this.entries.unread.all("flow");
      return;
    }
    const idSchema = groupShell.shape.id;
    for (const key of Object.keys(raw)) {
      const place = under(at, key, "key");
      const [id = ""] = key.split(REPEATED);
      const known = idSchema.safeParse(id);
      if (!known.success) {
        this.entries.unread.add("flow", [id]);
        this.#error(place, "wrong_value", "the flow's id cannot be used", {
          found: show(id),
          expected: known.error.issues[0]?.message ?? "an id",
        });
      }
      const flow = this.#flow({ raw, at, written: new Map(), unknown: [] }, key);
      if (flow !== undefined) this.entries.flows.push({ id, ...flow, at: place });
    }
  }

  /** A list of steps; or a mapping, which can also say what the flow was called before. */
  #flow(parent: Meant, key: string): Pick<FlowEntry, "steps" | "renamedFrom"> | undefined {
    const value = parent.raw[key];
    if (!isMapping(value)) {
      const steps = this.#steps(parent, key);
      return steps && { steps, renamedFrom: undefined };
    }
    const at = placeOf(parent, key);
    const meant = this.#meant(value, renamedFlowSchema, "a flow", at);
    if (!isGiven(meant, "steps"))
      this.#error(at, "missing_key", "a flow needs `steps`", { expected: "a list of steps" });
    const steps = this.#steps(meant, "steps") ?? { items: [], whole: false, endsWhole: false, at };
    return { steps, renamedFrom: this.#renamedFrom(meant) };
  }

  #renamedFrom(meant: Meant): FlowEntry["renamedFrom"] {
    const written = meant.raw["renamed_from"];
    const at = placeOf(meant, "renamed_from");
    const read = renamedFlowSchema.shape.renamed_from.safeParse(written);
    if (read.success) return read.data === undefined ? undefined : { value: read.data, at };
    this.#error(at, "wrong_value", "`renamed_from` of a flow cannot be this", {
      found: show(written),
      expected: read.error.issues[0]?.message ?? "an id",
    });
    return undefined;
  }

  #steps(parent: Meant, key: string): Steps | undefined {
    const raw = parent.raw[key];
    if (raw === undefined) return undefined;
    const list = this.#list(parent, key, "steps", (item, place) => this.#step(item, place));
    if (Array.isArray(raw) && raw.length === 0) {
      this.#error(list.at, "wrong_value", "a list of steps is empty", { expected: "at least one step" });
      return { ...list, whole: false, endsWhole: false };
    }
    return list;
  }

  /** A step's key says its kind, so a wrong step is compared with the schema of its own kind only. */
  #step(raw: unknown, at: Place): Read<StepFile> | undefined {
    const kinds = STEP_KEYS.join(", ");
    if (!this.#isMapping(raw, at, `a step: a mapping with one of ${kinds}`)) return undefined;
    const present = STEP_KEYS.filter((key) => raw[key] !== undefined);
    const [kind] = present;
    if (kind === undefined) return this.#stepOfNoKind(raw, at);
    if (present.length === 1) return this.#stepOf(kind, raw, at);
    this.#error(at, "wrong_value", `one step is both ${present.join(" and ")}`, {
      expected: "a step of its own for each",
    });
    for (const each of present) this.#checkPart(each, { raw, at, written: new Map(), unknown: [] });
    return undefined;
  }

  /** What is wrong with the values of one kind in a step of several kinds. What the kind lacks is not the mistake. */
  #checkPart(kind: string, meant: Meant): void {
    const { schema } = kindNamed(kind);
    const own = Object.fromEntries(Object.entries(meant.raw).filter(([key]) => key in schema.shape));
    const issues = schema.safeParse(own).error?.issues ?? [];
    const given = issues.filter(({ path }) => own[String(path[0])] !== undefined);
    for (const problem of problemsOf(given, schema, `${aOrAn(kind)} step`, meant)) this.#push(problem);
    this.#keepReferences(kind, meant);
  }

  #stepOf(
    kind: string,
    raw: Mapping,
    at: Place,
    written: Meant["written"] = new Map(),
  ): Read<StepFile> | undefined {
    const schema = kindNamed(kind).schema as ShellSchema<StepFile>;
    const meant = this.#meant(raw, schema, `${aOrAn(kind)} step`, at);
    const located = { ...meant, written: new Map([...meant.written, ...written]) };
    this.entries.mistyped.add(located);
    const read = this.#checked<StepFile>(schema, `${aOrAn(kind)} step`, located);
    if (read === undefined) this.#keepReferences(kind, located);
    return read;
  }

  /** Where the kind was mistyped, the rest of the step is checked as that kind's. */
  #stepOfNoKind(raw: Mapping, at: Place): Read<StepFile> | undefined {
    const kinds = STEP_KEYS.join(", ");
    const keys = Object.keys(raw);
    const isOption = (key: string) => STEP_KINDS.some(({ schema }) => key in schema.shape);
    const mistyped = keys.find((key) => !isOption(key) && suggest(key, STEP_KEYS) !== undefined);
    const key =
      mistyped ?? keys.find((each) => notAvailable(each)) ?? keys.find((each) => !isOption(each)) ?? keys[0];
    if (key === undefined) {
      this.#error(at, "wrong_value", "a step is empty", { expected: `one of ${kinds}` });
      return undefined;
    }
    this.#push(unknownKey(at, key, STEP_KEYS, "a step", "there is no such step"));
    const kind = suggest(key, STEP_KEYS);
    if (kind === undefined || notAvailable(key) !== undefined) return undefined;
    const { [key]: value, ...rest } = raw;
    const field = kindNamed(kind).schema.shape[kind] as z.ZodType;
    // A value that does not fit is the mistyped key's only fault that is shown.
    if (!field.safeParse(value).success) return undefined;
    const written = new Map([[kind, key]]);
    this.entries.mistyped.add({ at, written });
    const read = this.#stepOf(kind, { ...rest, [kind]: value }, at, written);
    return read && { ...read, whole: false };
  }

  /** What a step names exists, or not, also if something else about the step is wrong. */
  #keepReferences(kind: string, meant: Meant): void {
    const { schema, section } = kindNamed(kind);
    for (const [key, field] of Object.entries(schema.shape)) {
      const written = (field as z.ZodType).safeParse(meant.raw[key]).data;
      if (typeof written !== "string") continue;
      const at = placeOf(meant, key);
      if (section !== undefined && key === kind)
        this.entries.loose.push({ at, written, section: section.key });
      else if (parseTarget(written) !== undefined) this.entries.loose.push({ at, written });
    }
  }

  #section(
    content: Meant,
    name: string,
    kinds: readonly string[],
    each: (raw: Mapping, at: Place) => void,
  ): void {
    const list = content.raw[name];
    if (list !== undefined && !Array.isArray(list)) for (const kind of kinds) this.entries.unread.all(kind);
    this.#list(content, name, name, (item, at) => {
      if (this.#isMapping(item, at, "a mapping")) each(item, at);
      else for (const kind of kinds) this.entries.unread.add(kind);
      return undefined;
    });
  }

  #list<T>(
    parent: Meant,
    key: string,
    of: string,
    each: (item: unknown, at: Place) => Read<T> | undefined,
  ): LocatedList<T> {
    const at = placeOf(parent, key);
    const list = parent.raw[key];
    const isWhole = !parent.written.has(key);
    if (list === undefined) return { items: [], whole: isWhole, endsWhole: isWhole, at };
    if (!Array.isArray(list)) {
      this.#error(at, "wrong_value", `${key} is not a list`, {
        found: show(list),
        expected: `a list of ${of}`,
      });
      return { items: [], whole: false, endsWhole: false, at };
    }
    const items: Located<T>[] = [];
    let whole = true;
    let endsWhole = true;
    for (const [index, item] of list.entries()) {
      const place = under(at, index, "value");
      const read = each(item, place);
      if (read !== undefined) items.push({ value: read.value, at: place });
      if (!read?.whole) whole = false;
      endsWhole = read !== undefined;
    }
    return { items, whole, endsWhole, at };
  }

  /** A mapping with the keys that were meant; the others are reported. */
  #meant(raw: Mapping, schema: z.ZodObject, what: string, at: Place): Meant {
    const known = Object.keys(schema.shape);
    const meant = asMeant(raw, known, at, fitsShape(schema.shape));
    this.entries.mistyped.add(meant);
    for (const key of meant.unknown) this.#push(unknownKey(at, key, known, what));
    return meant;
  }

  /** An element of a list: valid, or reported and, where its wrong fields are optional, kept without them. */
  #element<T>(schema: ShellSchema<T>, what: string, raw: unknown, at: Place): Read<T> | undefined {
    if (!this.#isMapping(raw, at, `${what}: a mapping`)) return undefined;
    return this.#checked(schema, what, this.#meant(raw, schema, what, at));
  }

  #checked<T>(schema: ShellSchema<T>, what: string, meant: Meant): Read<T> | undefined {
    const isWhole = meant.unknown.length === 0;
    const result = schema.safeParse(meant.raw);
    if (result.success) return { value: result.data, whole: isWhole };
    const { issues } = result.error;
    for (const problem of problemsOf(issues, schema, what, meant)) this.#push(problem);
    const rest = schema.safeParse(withoutWrong(meant.raw, issues, "whole"));
    return rest.success ? { value: rest.data, whole: false } : undefined;
  }

  /** The valid plain fields of an entry, after reporting the others. */
  #shell<S>(schema: ShellSchema<S>, idKey: string, what: string, meant: Meant): Entry<S> {
    const plain = Object.fromEntries(Object.entries(meant.raw).filter(([key]) => key in schema.shape));
    const given = meant.raw[idKey];
    const id = typeof given === "string" ? given : undefined;
    const { at } = meant;
    const result = schema.safeParse(plain);
    const isWhole = meant.unknown.length === 0;
    const raw = meant.raw;
    if (result.success)
      return { id, fields: result.data as Partial<S>, wrong: new Set(), whole: isWhole, raw, at };
    const { issues } = result.error;
    for (const problem of problemsOf(issues, schema, what, meant)) this.#push(problem);
    const wrong = new Set(issues.map(({ path }) => String(path[0])));
    return { id, fields: this.#rest(schema, plain, issues) as Partial<S>, wrong, whole: false, raw, at };
  }

  /** Of a mapping with a wrong part, the other parts are kept where they make sense without it. */
  #rest(schema: z.ZodObject, plain: Mapping, issues: readonly z.core.$ZodIssue[]): Mapping {
    const inside = withoutWrong(plain, issues, "inside");
    const kept = schema.partial().safeParse(inside);
    return kept.success ? kept.data : withoutWrong(plain, issues, "whole");
  }

  #isMapping(raw: unknown, at: Place, expected: string): raw is Mapping {
    if (isMapping(raw)) return true;
    this.#error(at, "wrong_value", "this is not a mapping", { found: show(raw), expected });
    return false;
  }

  #push(problem: Problem): void {
    this.entries.problems.push(problem);
  }

  #error(
    at: Place,
    code: Problem["code"],
    message: string,
    more: Pick<Problem, "found" | "expected" | "suggestion">,
  ): void {
    this.#push({ severity: "error", code, message, at, ...more });
  }
}

/** Whether a key is there, right or wrong. */
function isGiven({ raw, written }: Meant, key: string): boolean {
  return raw[key] !== undefined || written.has(key);
}

/** A section of another name, such as `people`, is read as the one whose entries look like its own. */
function sectionsAsMeant(content: Mapping, at: Place): Meant {
  const meant = asMeant(content, SECTIONS, at, (key, value) =>
    key === "flows" || key === "office" ? isMapping(value) : Array.isArray(value),
  );
  const raw = { ...meant.raw };
  const written = new Map(meant.written);
  for (const key of meant.unknown) {
    if ([...meant.written.values()].includes(key)) continue;
    const section = sectionLike(content[key]);
    if (section === undefined || content[section] !== undefined || written.has(section)) continue;
    written.set(section, key);
    raw[section] = content[key];
  }
  return { ...meant, raw, written };
}

/** More keys in common than with any other section, and one of them says who or what an entry is. */
function sectionLike(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value.find(isMapping) : undefined;
  if (!isMapping(first)) return undefined;
  const keys = Object.keys(first);
  const common = LIST_SECTIONS.map(([name, schema]) => ({
    name,
    count: keys.filter((key) => key in schema.shape).length,
  })).sort((a, b) => b.count - a.count);
  const [best, second] = common;
  return best === undefined || best.count < 2 || best.count === second?.count ? undefined : best.name;
}

const LIST_SECTIONS: ReadonlyArray<readonly [name: string, schema: z.ZodObject]> = [
  ["carriers", carrierSchema],
  ["users", userSchema],
  ["groups", groupSchema],
  ["numbers", numberSchema],
  ...ENTRY_SECTIONS.map(({ key, schema }) => [key, schema] as const),
];

function unknownSection(key: string, { at, written }: Meant): Problem {
  const problem = unknownKey(at, key, SECTIONS, "an office file");
  const meant = [...written].find(([, as]) => as === key)?.[0];
  return problem.code === "unknown_key" && problem.suggestion === undefined && meant !== undefined
    ? { ...problem, suggestion: meant }
    : problem;
}
