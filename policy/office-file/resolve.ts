/**
 * Turns the parsed files of an office into the office: shape, names, references, and the checks that need all of them
 * together. All faults are found in one run; there is no office when any of them is an error.
 */

import { builtInGroup, isUnchanged } from "../office/built-in.js";
import { defaultGroupFlow, defaultUserFlow } from "../office/default-flow.js";
import { sectionKey, sectionsOf, settingsOf } from "../office/entities.js";
import type {
  Device,
  EmergencySettings,
  Group,
  MailboxSettings,
  Member,
  NumberEntry,
  Office,
  SectionEntity,
  User,
} from "../office/office.js";
import { given, mapped } from "../office/optional.js";
import { PERMISSION_NAMES } from "../office/permission-names.js";
import { targetsIn } from "../office/targets.js";
import { isZone } from "../office/zone.js";
import { ANY_NUMBER } from "../routing/blocks.js";
import { isCountry } from "../routing/country.js";
import type { Step } from "../steps/types.js";
import { PLANS } from "../usage/plan.js";
import { carrierOf } from "./carrier-file.js";
import { checkCarriers } from "./checks/carriers.js";
import { checkEmergency, checkEmergencyMail, checkTestNumbers } from "./checks/emergency.js";
import { checkEnding } from "./checks/endings.js";
import { checkLoops } from "./checks/loops.js";
import { checkMail } from "./checks/mail.js";
import { checkOutsideDevices, checkOutsideSteps, checkPlaces } from "./checks/outside.js";
import { checkRenames } from "./checks/renames.js";
import { checkGroups, checkOwnRing, checkRings, type Ringable } from "./checks/ringing.js";
import { type NamedSound, soundsNamed } from "./checks/sounds.js";
import { checkTurns, checkUnasked } from "./checks/turns.js";
import { checkShown, checkUnassigned } from "./checks/unassigned.js";
import { emergencyOf } from "./emergency-file.js";
import { Converter, type LocatedFlow } from "./make-office.js";
import { isMapping, type Mistyped } from "./meant.js";
import { collectNames, extensionText, type Names } from "./names.js";
import { outsideCallsOf, userOutsideCallsOf } from "./outside-file.js";
import { type Problem, show, under, valueAt } from "./problem.js";
import {
  type Entries,
  type Entry,
  type FlowEntry,
  type GroupEntry,
  type LocatedList,
  type NumberEntryFile,
  readEntries,
  type SectionEntry,
  type UserEntry,
} from "./read-entries.js";
import { keepingOf } from "./records-file.js";
import type { RenameClaim } from "./rename-claim.js";
import type { OfficeFile, UserShell } from "./schema.js";
import { sectionOf } from "./sections.js";
import { signInOf } from "./sign-in-file.js";
import { suggest } from "./suggest.js";

/** An office, or undefined when any of the problems is an error. */
export interface Resolved {
  readonly office: Office | undefined;
  readonly problems: readonly Problem[];
  /** The sound files that the office names, for `checkSounds`. */
  readonly sounds: readonly NamedSound[];
  /** What the files say of earlier ids. */
  readonly renames: readonly RenameClaim[];
}

export interface Options {
  /** The present time, to warn about what is over; left out: nothing is compared with the time. */
  readonly nowMs?: number | undefined;
  readonly texts?: Texts;
  /** True: also warnings about what callers would notice, which cost a plan of each ring step. */
  readonly notices?: boolean;
  /** True: no checks that only warn, where that takes most of the time of a large office. */
  readonly errorsOnly?: boolean;
}

/**
 * Makes one office of its files.
 * @param files the parsed content of each, `null` for an empty one; places refer to this order
 */
export function resolveOffice(
  files: readonly unknown[],
  { nowMs, texts = "good", notices = false, errorsOnly = false }: Options = {},
): Resolved {
  const entries = readEntries(files);
  if (texts === "cut") entries.unread.everything();
  const resolver = new Resolver(entries, { nowMs, texts, errorsOnly });
  const renamed = checkRenames(entries);
  entries.problems.push(...renamed.problems);
  const office = resolver.resolve();
  if (office !== undefined && notices) resolver.notice(office);
  const { problems } = entries;
  const told = texts === "cut" ? problems.filter(({ severity }) => severity === "error") : problems;
  return {
    office,
    problems: told.map((problem) => inFile(problem, entries.mistyped)),
    sounds: soundsNamed(entries),
    renames: renamed.renames,
  };
}

function inFile(problem: Problem, mistyped: Mistyped): Problem {
  const { at, others } = problem;
  return {
    ...problem,
    at: mistyped.inFile(at),
    ...given({ others: others?.map((other) => ({ ...other, at: mistyped.inFile(other.at) })) }),
  };
}

/**
 * How the files could be read. `faulty`: values were wrong in the text itself, and are told otherwise. `cut`: parts are
 * missing, so that only what is wrong whatever they say is reported. Neither makes an office.
 */
export type Texts = "good" | "faulty" | "cut";

class Resolver {
  readonly #entries: Entries;
  readonly #texts: Texts;
  readonly #errorsOnly: boolean;
  readonly #problems: Problem[];
  readonly #names: Names;
  readonly #convert: Converter;
  /** Every flow in the files, under the key of its owner. */
  readonly #flows = new Map<string, LocatedFlow>();
  readonly #devices = new Map<string, Ringable<Device>>();
  readonly #members = new Map<string, Ringable<Member>>();
  readonly #usedFlows = new Set<string>();

  constructor(
    entries: Entries,
    {
      nowMs,
      texts,
      errorsOnly,
    }: Pick<Options, "nowMs"> & { readonly texts: Texts; readonly errorsOnly: boolean },
  ) {
    this.#entries = entries;
    this.#texts = texts;
    this.#errorsOnly = errorsOnly;
    this.#problems = entries.problems;
    this.#names = collectNames(entries, this.#problems);
    this.#convert = new Converter(this.#names, this.#problems, { nowMs, errorsOnly });
  }

  resolve(): Office | undefined {
    const settings = this.#settings();
    const carriers = this.#entries.carriers.map(({ fields }) => carrierOf(fields));
    const users = this.#entries.users.map((entry) => this.#user(entry));
    const groups = this.#entries.groups.map((entry) => this.#group(entry));
    const flows = this.#entries.flows.map((entry) => this.#flow(entry));
    const numbers = this.#entries.numbers.map((entry) => this.#number(entry));
    const sections = this.#entries.sections.map((entry) => this.#section(entry));
    for (const reference of this.#entries.loose) this.#convert.loose(reference);
    this.#convert.reportMissing(this.#entries.unread);
    this.#checkTogether();
    if (this.#texts !== "good" || this.#problems.some(({ severity }) => severity === "error"))
      return undefined;
    // Something missing is reported only for an office that is whole; another office has its errors to be mended first.
    this.#add(checkEmergency(this.#entries, this.#names));
    if (!this.#errorsOnly) this.#checkOutside();
    return {
      ...present(settings),
      carriers: carriers.map(present),
      users: sorted(users.map(present), ({ username }) => username),
      groups: sorted(
        groups.map(present).filter((group) => !isUnchanged(group)),
        ({ id }) => id,
      ),
      flows: Object.fromEntries(sorted(flows, ([id]) => id)),
      numbers: sorted(numbers.map(present), ({ number }) => number),
      ...sectionsOf(sections.map(present)),
    };
  }

  /** Warns of what the callers of a good office would notice. */
  notice(office: Office): void {
    this.#add(checkUnassigned(this.#entries));
    this.#add(checkShown(this.#entries));
    this.#add(checkMail(this.#entries));
    this.#add(checkEmergencyMail(this.#entries));
    this.#add(checkUnasked(this.#entries));
    this.#add(checkTurns(this.#flows.values(), this.#entries, office));
  }

  #settings() {
    const [first, ...more] = this.#entries.office;
    if (first === undefined) {
      // A file that is no mapping was reported, and it may contain what seems to be missing.
      if (
        this.#texts === "cut" ||
        this.#problems.some(({ at }) => at.path.length === 0 && at.part === "value")
      )
        return undefined;
      this.#problems.push({
        severity: "error",
        code: "no_office",
        message: "no file says what the office is",
        at: valueAt(0, []),
        expected: "office: { name: …, country: …, timezone: … }",
      });
      return undefined;
    }
    for (const other of more) {
      this.#problems.push({
        severity: "error",
        code: "duplicate",
        message: "the office is described twice",
        at: other.at,
        others: [{ at: first.at, note: "first described here" }],
      });
    }
    const { name, country, timezone } = first.fields;
    if (country !== undefined && !isCountry(country)) {
      this.#wrong(first.at, "country", country, "a country's two letters (ISO 3166), such as US");
    }
    if (timezone !== undefined && !isZone(timezone)) {
      const meant = suggest(timezone, Intl.supportedValuesOf("timeZone"));
      this.#wrong(first.at, "timezone", timezone, "a time zone's name, such as America/New_York", meant);
    }
    const written = first.fields.outside_caller_id;
    const outsideCallerId = this.#convert.callerId(written, under(first.at, "outside_caller_id", "value"));
    if (
      name === undefined ||
      country === undefined ||
      timezone === undefined ||
      outsideCallerId === undefined
    ) {
      return undefined;
    }
    const emergency = first.fields.emergency_numbers;
    return settingsOf({
      name,
      country,
      timezone,
      outsideCallerId,
      ...given({
        emergencyNumbers: mapped(emergency, (numbers) => [...new Set(numbers.map(String))]),
        emergency: this.#emergency(first),
        outsideCalls: mapped(first.fields.outside_calls, outsideCallsOf),
        records: mapped(first.fields.records, keepingOf),
        phonesNeedAccount: first.fields.phones_need_account === true ? (true as const) : undefined,
        signIn: mapped(first.fields.sign_in, signInOf),
      }),
    });
  }

  #emergency({ raw: { emergency: raw }, at }: Entry<OfficeFile>): EmergencySettings | undefined {
    if (!isMapping(raw)) return undefined;
    const place = under(at, "emergency", "value");
    const list = under(place, "notify", "value");
    return emergencyOf(
      raw,
      (written, index) => this.#convert.emergencyContact(written, under(list, index, "value")),
      (written) => this.#convert.ownedNumber(written, under(place, "call_back", "value")),
    );
  }

  #wrong(at: Problem["at"], key: string, value: string, expected: string, meant?: string): void {
    this.#problems.push({
      severity: "error",
      code: "wrong_value",
      message: `\`${key}\` of the office cannot be this`,
      at: under(at, key, "value"),
      found: show(value),
      expected,
      ...given({ suggestion: meant }),
    });
  }

  #user(entry: UserEntry): User | undefined {
    const { fields, id } = entry;
    const voicemail = this.#mailbox(entry);
    const devices = this.#parts(entry.devices, (file, at) => this.#convert.device(file, at));
    const outboundNumber =
      fields.outbound_number === undefined
        ? undefined
        : this.#convert.ownedNumber(fields.outbound_number, under(entry.at, "outbound_number", "value"));
    const flow = entry.steps && this.#convert.flow(entry.steps);
    if (flow !== undefined) this.#keepFlow("user", id, flow);
    if (id === undefined) return undefined;
    this.#devices.set(id, { id, at: entry.at, ...devices });
    if (fields.name === undefined) return undefined;
    return {
      username: id,
      name: fields.name,
      ...given({ email: fields.email, extension: mapped(fields.extension, extensionText), outboundNumber }),
      ...given({ location: fields.location }),
      ...(fields.suspended === true ? { suspended: true } : {}),
      ...permissions(fields.permissions),
      ...given({ outsideCalls: mapped(fields.outside_calls, userOutsideCallsOf) }),
      ...(fields.hide_number === true ? { hidesNumber: true } : {}),
      ...refusesAnonymous(fields.anonymous_callers),
      devices: devices.parts,
      ...given({ voicemail }),
      flow: flow === undefined ? defaultUserFlow(id) : values(flow),
    };
  }

  #group(entry: GroupEntry): Group | undefined {
    const { fields, id } = entry;
    const voicemail = this.#mailbox(entry);
    const members = this.#parts(entry.members, (file, at) => this.#convert.member(file, at));
    const flow = entry.steps && this.#convert.flow(entry.steps);
    if (flow !== undefined) this.#keepFlow("group", id, flow);
    if (id === undefined) return undefined;
    this.#members.set(id, { id, at: entry.at, ...members });
    return {
      id,
      name: fields.name ?? builtInGroup(id)?.name ?? id,
      ...given({ extension: mapped(fields.extension, extensionText) }),
      strategy: fields.strategy ?? "simultaneous",
      members: members.parts,
      ...given({ voicemail, callerIdPrefix: fields.caller_id_prefix }),
      ...refusesAnonymous(fields.anonymous_callers),
      flow: flow === undefined ? defaultGroupFlow(id) : values(flow),
    };
  }

  #mailbox({ voicemail }: UserEntry | GroupEntry): MailboxSettings | undefined {
    const settings = voicemail && this.#convert.mailbox(voicemail);
    this.#useFlows(settings);
    return settings;
  }

  #section(entry: SectionEntry): readonly [key: string, entity: SectionEntity] | undefined {
    const entity = this.#convert.sectionEntry(entry);
    this.#useFlows(entity);
    return entity === undefined ? undefined : [sectionKey(entry.section, entity.id), entity];
  }

  /** Marks the named flows that a part of the office leads to as used. */
  #useFlows(part: unknown): void {
    for (const target of targetsIn(part)) if (target.kind === "flow") this.#usedFlows.add(target.id);
  }

  #flow(entry: FlowEntry): [string, Step[]] {
    const flow = this.#convert.flow(entry.steps);
    this.#keepFlow("flow", entry.id, flow);
    return [entry.id, values(flow)];
  }

  #number(entry: NumberEntryFile): NumberEntry | undefined {
    const { fields } = entry;
    const number =
      fields.number === undefined
        ? undefined
        : this.#convert.numberKey(fields.number, under(entry.at, "number", "value"));
    if (fields.flow !== undefined) {
      this.#usedFlows.add(fields.flow);
      this.#convert.knownFlow(fields.flow, under(entry.at, "flow", "value"));
    }
    if (fields.plan !== undefined)
      this.#convert.knownEntry(PLANS, fields.plan, under(entry.at, "plan", "value"));
    const flow = entry.steps && this.#convert.flow(entry.steps);
    if (flow !== undefined) this.#keepFlow("number", number, flow);
    if (number === undefined) return undefined;
    return {
      number,
      ...given({ label: fields.label, callerIdPrefix: fields.caller_id_prefix, plan: fields.plan }),
      ...refusesAnonymous(fields.anonymous_callers),
      leadsTo: leadsTo(fields.flow, flow),
    };
  }

  /** A flow whose owner has no name, or the name of another, is checked all the same: its place is its key. */
  #keepFlow(kind: string, name: string | undefined, flow: LocatedFlow): void {
    const key = `${kind}:${name ?? ""}`;
    const isFree = name !== undefined && !this.#flows.has(key);
    this.#flows.set(isFree ? key : `${key}${BY_PLACE}${flow.at.file}.${flow.at.path.join(".")}`, flow);
  }

  #parts<F, M>(
    list: LocatedList<F>,
    convert: (file: F, at: Problem["at"]) => M | undefined,
  ): { parts: M[]; whole: boolean } {
    const parts = list.items.flatMap(({ value, at }) => {
      const part = convert(value, at);
      return part === undefined ? [] : [part];
    });
    return { parts, whole: list.whole && parts.length === list.items.length };
  }

  /** Pushed one by one: spreading a hundred thousand problems into one call overflows the stack. */
  #add(problems: Iterable<Problem>): void {
    for (const problem of problems) this.#problems.push(problem);
  }

  #checkTogether(): void {
    const ringables = { users: this.#devices, groups: this.#members };
    for (const [key, flow] of this.#flows) {
      this.#add(checkEnding(title(key), flow));
      this.#add(checkRings(flow, this.#names, ringables));
      if (key.startsWith("user:") && !key.includes(BY_PLACE)) {
        this.#add(checkOwnRing(key.slice("user:".length), flow, this.#names));
      }
      this.#useFlows(values(flow));
    }
    this.#add(checkCarriers(this.#entries));
    this.#add(checkPlaces(this.#entries, this.#names));
    this.#add(checkTestNumbers(this.#entries, this.#names));
    this.#add(checkLoops(this.#flows, this.#names));
    this.#add(checkGroups(ringables));
    this.#checkUnused();
  }

  /** Warns only. */
  #checkOutside(): void {
    this.#add(checkOutsideDevices(this.#entries, this.#names));
    const users = new Map(this.#entries.users.map(({ id, fields }) => [`user:${id}`, fields]));
    for (const [key, flow] of this.#flows)
      this.#add(
        checkOutsideSteps(
          flow.steps,
          this.#entries,
          this.#names,
          mapped(users.get(key)?.outside_calls, userOutsideCallsOf),
        ),
      );
  }

  /** What was dropped for being wrong may lead anywhere, so nothing is called unused then. */
  #checkUnused(): void {
    if (this.#texts !== "good") return;
    if (this.#problems.some(({ severity, code }) => severity === "error" && !SAYS_ALL.has(code))) return;
    for (const { section, id, at } of this.#entries.sections) {
      const definition = sectionOf(section);
      if (definition?.namedBy === undefined) continue;
      if (id === undefined || this.#convert.isUsed(section, id)) continue;
      this.#problems.push({
        severity: "warning",
        code: "unused",
        message: `nothing names the ${definition.noun} \`${id}\``,
        at,
        expected: definition.namedBy,
      });
    }
    for (const { id, at } of this.#entries.flows) {
      if (this.#usedFlows.has(id)) continue;
      this.#problems.push({
        severity: "warning",
        code: "unused",
        message: `nothing leads to the flow \`${id}\``,
        at,
        expected: "a number or a step that leads to it",
      });
    }
  }
}

/** Left out where it is the default, so that equal entries are equal texts. */
function refusesAnonymous(written: "accept" | "refuse" | undefined): { readonly refusesAnonymous?: true } {
  return written === "refuse" ? { refusesAnonymous: true } : {};
}

/** In a fixed order, and left out when there are none, so that equal permissions are equal texts. */
function permissions(written: UserShell["permissions"]): Pick<User, "permissions"> {
  const given = PERMISSION_NAMES.flatMap((name) => {
    const flag = written?.[name];
    return flag === undefined ? [] : [[name, flag] as const];
  });
  return given.length === 0 ? {} : { permissions: Object.fromEntries(given) };
}

function leadsTo(flow: string | undefined, steps: LocatedFlow | undefined): NumberEntry["leadsTo"] {
  if (flow !== undefined) return { kind: "flow", flow };
  return steps === undefined ? null : { kind: "steps", steps: values(steps) };
}

function values(flow: LocatedFlow): Step[] {
  return flow.steps.map(({ value }) => value);
}

/** Between the name of a flow's owner and its place, where the name alone is no key. No name has it. */
const BY_PLACE = "\n";

/** Errors for which nothing of the files was dropped. */
const SAYS_ALL: ReadonlySet<string> = new Set([
  "no_ending",
  "unreachable",
  "loop",
  "nobody_rings",
  "overlap",
]);

/** `user:alice.wong` as it is written in a sentence. */
function title(key: string): string {
  const colon = key.indexOf(":");
  const kind = key.slice(0, colon);
  const [name = ""] = key.slice(colon + 1).split(BY_PLACE);
  if (kind === "flow") return `the flow \`${name}\``;
  if (kind === "number")
    return name.startsWith("+") || name === ANY_NUMBER ? `the flow of ${name}` : "the flow of this number";
  return name === "" ? `no_answer of this ${kind}` : `no_answer of the ${kind} \`${name}\``;
}

/** Asserts that an entry is there: no reported error means no dropped entry. */
function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("an entry was left out without a problem that says why");
  return value;
}

/** By code unit, so that the order is the same on every machine and does not depend on the order of the files. */
function sorted<T>(list: readonly T[], key: (item: T) => string): T[] {
  return [...list].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}
