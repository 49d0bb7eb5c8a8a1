/**
 * Converts file entries to the office model: seconds to milliseconds, numbers to E.164, targets to what they name.
 * Every reference is checked here.
 */

import type { Box } from "../office/box.js";
import { sectionKey } from "../office/entities.js";
import type {
  CallerIdMode,
  Device,
  E164,
  EmergencyContact,
  MailboxSettings,
  Member,
  SectionEntity,
} from "../office/office.js";
import { given, mapped } from "../office/optional.js";
import { parseTarget, type Target } from "../office/target.js";
import { isSingle } from "../routing/blocks.js";
import { isValidNumber } from "../routing/country.js";
import { parseNumber } from "../routing/number.js";
import { digitsOf } from "../routing/written.js";
import type { PartReader } from "../steps/reader.js";
import { type AnyStepKind, STEP_KINDS, type StepFile } from "../steps/registry.js";
import type { Step } from "../steps/types.js";
import { type MailboxFile, mailboxOfFile } from "../steps/voicemail/file.js";
import { ambiguousNumber } from "./checks/numbers.js";
import { countryFor, extensionText, type Names, readNumberKey } from "./names.js";
import { aOrAn, type Place, type Problem, show, under } from "./problem.js";
import type { Located, LooseReference, SectionEntry, Steps } from "./read-entries.js";
import type { DeviceFile, MemberFile } from "./schema.js";
import { sectionOf } from "./sections.js";
import { suggest } from "./suggest.js";
import type { UnreadNames } from "./unread-names.js";

/** The steps of one flow, each with its place. */
export interface LocatedFlow {
  readonly steps: readonly Located<Step>[];
  /** No step was left out for being wrong. */
  readonly whole: boolean;
  /** The last step was not; or it was, and goes on whatever it was meant to say. */
  readonly endsWhole: boolean;
  /** The last step's place. */
  readonly lastAt: Place | undefined;
  readonly at: Place;
}

/**
 * A suggestion is compared with every name there is, so an office with many faults gets suggestions for this many only.
 */
const SUGGESTIONS_MAX = 200;

/** A name that nothing has, as far as the files could be read. */
interface MissingName {
  readonly kind: string;
  readonly name: string;
  readonly problem: Problem;
}

/** Converts entries with the names of the office; adds problems to the list given. */
export class Converter {
  readonly #names: Names;
  readonly #problems: Problem[];
  readonly #nowMs: number | undefined;
  readonly #errorsOnly: boolean;
  readonly #usedEntries = new Set<string>();
  readonly #missing: MissingName[] = [];
  #suggestions = 0;

  /**
   * @param nowMs the present time, to warn about what is over; undefined: nothing is compared with the time
   * @param errorsOnly true: no warnings that need a number's plan
   */
  constructor(
    names: Names,
    problems: Problem[],
    { nowMs, errorsOnly }: { readonly nowMs: number | undefined; readonly errorsOnly: boolean },
  ) {
    this.#names = names;
    this.#problems = problems;
    this.#nowMs = nowMs;
    this.#errorsOnly = errorsOnly;
  }

  flow(steps: Steps): LocatedFlow {
    const located: Located<Step>[] = [];
    let { endsWhole } = steps;
    for (const [index, { value, at }] of steps.items.entries()) {
      const step = this.#step(value, at);
      if (step !== undefined) located.push({ value: step, at });
      else if (index === steps.items.length - 1) endsWhole = kindOfFile(value).goesOn;
    }
    const whole = steps.whole && located.length === steps.items.length;
    return { steps: located, whole, endsWhole, at: steps.at, lastAt: steps.items.at(-1)?.at };
  }

  device(file: Partial<DeviceFile>, at: Place): Device | undefined {
    const place = this.#deviceAt(file, at);
    if (place === undefined || file.id === undefined) return undefined;
    return {
      id: file.id,
      at: place,
      delayMs: (file.delay ?? 0) * 1000,
      ringMs: file.ring === undefined ? null : file.ring * 1000,
      accept: file.accept ?? "auto",
      ...given({ location: file.location, srtp: file.srtp }),
    };
  }

  /** Whom the office tells of a call for help; a problem at its place for a user whom the office does not have. */
  emergencyContact(written: string, at: Place): EmergencyContact | undefined {
    if (written.includes("@")) return { kind: "address", address: written };
    const { users } = this.#names;
    return this.#exists("user", written, users.keys(), users.has(written), written, at)
      ? { kind: "user", username: written }
      : undefined;
  }

  member(file: MemberFile, at: Place): Member | undefined {
    const place = under(at, "user", "value");
    if (
      !this.#exists(
        "user",
        file.user,
        this.#names.users.keys(),
        this.#names.users.has(file.user),
        file.user,
        place,
      )
    )
      return undefined;
    return {
      username: file.user,
      delayMs: (file.delay ?? 0) * 1000,
      ringMs: file.ring === undefined ? null : file.ring * 1000,
      calls: file.calls ?? true,
      voicemail: file.voicemail ?? true,
    };
  }

  /** A number in E.164, or a problem at its place. A number of the office is read as such where the text may mean it. */
  number(written: string, at: Place): E164 | undefined {
    const { country, owns } = this.#names;
    const number = mapped(countryFor(written, country), (by) => parseNumber(written, by, { owns }));
    if (number === undefined) this.#noNumber(written, at);
    else if (!owns(number)) this.#warnAmbiguous(written, number, at);
    return number;
  }

  /** The key of an entry under `numbers`: a number, a block or `any`; or a problem at its place. */
  numberKey(written: string, at: Place): string | undefined {
    const key = readNumberKey(written, this.#names.country);
    if (key === undefined) this.#noNumber(written, at);
    else if (isSingle(key)) this.#warnAmbiguous(written, key, at);
    return key;
  }

  #noNumber(written: string, at: Place): void {
    const { country } = this.#names;
    const isBlock = written.includes("..");
    // Without the office's country, digits may be a number of it.
    const isRead = countryFor(written, country) !== undefined;
    if (!isRead && digitsOf(written.replace(/\.{2,}/, "")) !== undefined) return;
    const ofCountry = country === undefined ? "a number" : `a number of ${country}, or one`;
    this.#problems.push({
      severity: "error",
      code: "wrong_value",
      message: isBlock ? "this is not a block of phone numbers" : "this is not a phone number",
      at,
      found: show(written),
      expected: isBlock
        ? "the first number, two dots and the last digits of the last number, such as +12125550100..99"
        : `${ofCountry} with its country code, such as +12125550100`,
    });
  }

  #warnAmbiguous(written: string, read: E164, at: Place): void {
    if (this.#errorsOnly) return;
    const { country } = this.#names;
    const problem = country === undefined ? undefined : ambiguousNumber(written, read, country, at);
    if (problem !== undefined) this.#problems.push(problem);
  }

  /** A number that is dialled. One that its country's plan does not have is dialled all the same, for plans grow. */
  #dialledNumber(written: string, at: Place): E164 | undefined {
    const number = this.number(written, at);
    if (number !== undefined && !this.#errorsOnly && !isValidNumber(number))
      this.#problems.push({
        severity: "warning",
        code: "no_such_number",
        message: `no numbering plan has the number ${number}`,
        at,
        found: show(written),
        expected: "a number that can be called",
      });
    return number;
  }

  /** A number that callers may be shown, which must be one of the office's own; else a problem at its place. */
  ownedNumber(written: string, at: Place): E164 | undefined {
    const number = this.number(written, at);
    if (number === undefined || this.#names.owns(number)) return number;
    // An entry that cannot be read is probably the number that is like it.
    if (suggest(number, this.#names.unreadNumbers) !== undefined) return undefined;
    const meant = this.#suggest(number, [...this.#names.numbers.keys()].filter(isSingle));
    this.#missing.push({
      kind: "number",
      name: number,
      problem: {
        severity: "error",
        code: "not_owned",
        message: `the office does not own the number ${number}`,
        at,
        found: show(written),
        expected: "one of the numbers under numbers",
        ...given({ suggestion: meant }),
      },
    });
    return undefined;
  }

  callerId(written: string | undefined, at: Place): CallerIdMode | undefined {
    if (written === undefined || written === "caller") return { kind: "caller" };
    if (written === "called") return { kind: "called" };
    const number = this.ownedNumber(written, at);
    return number === undefined ? undefined : { kind: "fixed", number };
  }

  /** Whether a flow of this id exists; adds a problem at its place when it does not. */
  knownFlow(id: string, at: Place): boolean {
    return this.#exists("flow", id, this.#names.flows.keys(), this.#names.flows.has(id), id, at);
  }

  #deviceAt(file: Partial<DeviceFile>, at: Place): Device["at"] | undefined {
    const number = mapped(file.phone, (written) => this.#devicePhone(written, under(at, "phone", "value")));
    if (file.sip !== undefined) return { kind: "sip", name: file.sip };
    return mapped(number, (found) => ({ kind: "phone", number: found }));
  }

  #devicePhone(written: string, at: Place): E164 | undefined {
    const number = this.#dialledNumber(written, at);
    if (number !== undefined && this.#names.owns(number))
      this.#ownNumber(number, at, "ringing it would call the office itself");
    return number;
  }

  /** The kind of the step reads it; the reader of entries has already checked that it is a step of one kind. */
  #step(file: StepFile, at: Place): Step | undefined {
    return kindOfFile(file).read(file, this.#reader(at));
  }

  /**
   * An entry of a section such as `schedules`; undefined: it is incomplete or wrong, and that was reported.
   */
  sectionEntry({ section, fields, whole, raw, at }: SectionEntry): SectionEntity | undefined {
    const definition = sectionOf(section);
    if (whole) return definition?.read(fields, this.#reader(at));
    definition?.checkRest?.(raw, this.#reader(at));
    return undefined;
  }

  /** Whether what a step names is there, of which nothing more could be read. */
  loose({ at, written, section }: LooseReference): void {
    if (section === undefined) this.#target(written, at);
    else this.knownEntry(section, written, at);
  }

  /**
   * Reports the names that nothing has. As many as could not be read may be there all the same: of those, only the fault by
   * which they could not be read is shown.
   */
  reportMissing(unread: UnreadNames): void {
    for (const kind of new Set(this.#missing.map((each) => each.kind))) {
      const ofKind = this.#missing.filter((each) => each.kind === kind);
      const missing = unread.missing(kind, new Set(ofKind.map(({ name }) => name)));
      for (const { name, problem } of ofKind) if (missing.has(name)) this.#problems.push(problem);
    }
    this.#missing.length = 0;
  }

  #reader(at: Place): PartReader {
    return {
      at,
      nowMs: this.#nowMs,
      timezone: this.#names.timezone,
      target: (key, written) => this.#target(written, under(at, key, "value")),
      box: (key, written) => this.#box(written, under(at, key, "value")),
      isGroup: (target) => this.#isGroup(target),
      isOutside: (target) => target.kind === "number" && !this.#names.owns(target.number),
      hasEntry: (section, key, id) => this.knownEntry(section, id, under(at, key, "value")),
      suggest: (word, known) => this.#suggest(word, known),
      report: (problem) => this.#problems.push(problem),
    };
  }

  /** Whether a section has an entry of this id; adds a problem at its place when it does not. */
  knownEntry(section: string, id: string, at: Place): boolean {
    const known = this.#names.sections.get(section) ?? new Map<string, Place>();
    this.#usedEntries.add(sectionKey(section, id));
    const noun = sectionOf(section)?.noun ?? section;
    return this.#exists(noun, id, known.keys(), known.has(id), id, at, section);
  }

  /** Whether a step or another entry names this entry of a section. Known only when all steps were read. */
  isUsed(section: string, id: string): boolean {
    return this.#usedEntries.has(sectionKey(section, id));
  }

  #isGroup(target: Target): boolean {
    if (target.kind === "extension") return this.#names.extensions.get(target.extension)?.kind === "group";
    return target.kind === "group";
  }

  /** The mailbox settings that a user or group gives. */
  mailbox({ value, at }: Located<MailboxFile>): MailboxSettings {
    const { operator } = value;
    const target =
      operator === undefined ? undefined : this.#target(operator, under(at, "operator", "value"));
    return mailboxOfFile(value, target);
  }

  /** An extension is resolved here once: the mailbox stays its owner's when the owner's extension changes. */
  #box(written: string, at: Place): Box | undefined {
    const target = this.#target(written, at);
    if (target?.kind === "user" || target?.kind === "group") return target;
    const owner = target?.kind === "extension" ? this.#names.extensions.get(target.extension) : undefined;
    if (owner === undefined) return undefined;
    return owner.kind === "user" ? { kind: "user", username: owner.id } : { kind: "group", id: owner.id };
  }

  #target(written: string, at: Place): Target | undefined {
    const text = parseTarget(written);
    // The schema accepts no other form.
    if (text === undefined) throw new Error(`not a target: ${written}`);
    const { kind, name } = text;
    const names = this.#names;
    switch (kind) {
      case "user":
        return this.#exists(kind, name, names.users.keys(), names.users.has(name), written, at)
          ? { kind, username: name }
          : undefined;
      case "group":
        return this.#exists(kind, name, names.groups.keys(), names.groups.has(name), written, at)
          ? { kind, id: name }
          : undefined;
      case "flow":
        return this.#exists(kind, name, names.flows.keys(), names.flows.has(name), written, at)
          ? { kind, id: name }
          : undefined;
      case "extension": {
        const extension = extensionText(name);
        const known = names.extensions.has(extension);
        return this.#exists(kind, extension, names.extensions.keys(), known, written, at)
          ? { kind, extension }
          : undefined;
      }
      case "number": {
        const number = this.#dialledNumber(name, at);
        if (number === undefined) return undefined;
        if (names.owns(number)) this.#ownNumber(number, at, "the call would leave the office and come back");
        return { kind, number };
      }
    }
  }

  #exists(
    kind: string,
    name: string,
    known: Iterable<string>,
    exists: boolean,
    written: string,
    at: Place,
    countedAs: string = kind,
  ): boolean {
    if (exists) return true;
    const meant = this.#suggest(name, known);
    const prefix = written.length > name.length ? written.slice(0, written.length - name.length) : "";
    this.#missing.push({
      kind: countedAs,
      name,
      problem: {
        severity: "error",
        code: "dangling",
        message: `there is no ${kind} \`${name}\``,
        at,
        found: show(written),
        expected: `${aOrAn(kind)} of this office`,
        ...given({ suggestion: mapped(meant, (text) => prefix + text) }),
      },
    });
    return false;
  }

  #suggest(word: string, known: Iterable<string>): string | undefined {
    this.#suggestions += 1;
    return this.#suggestions > SUGGESTIONS_MAX ? undefined : suggest(word, known);
  }

  #ownNumber(number: E164, at: Place, why: string): void {
    this.#problems.push({
      severity: "warning",
      code: "own_number",
      message: `${number} is the office's own number: ${why}`,
      at,
      expected: "an outside number, or the user, group or flow that is meant",
    });
  }
}

/** @throws Error for a step of no kind, of which there is none behind the reader of entries */
function kindOfFile(file: StepFile): AnyStepKind {
  const kind = STEP_KINDS.find(({ name }) => Object.hasOwn(file, name));
  if (kind === undefined) throw new Error(`a step of no kind: ${Object.keys(file).join(", ")}`);
  return kind;
}
