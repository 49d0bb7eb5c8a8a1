/**
 * Collects every name an office gives: usernames, ids, extensions, SIP names, numbers. References are checked against
 * them, and a name given twice is reported with both places.
 */

import { BUILT_IN_GROUPS } from "../office/built-in.js";
import type { E164 } from "../office/office.js";
import { given, mapped } from "../office/optional.js";
import { isZone } from "../office/zone.js";
import { parseNumberKey } from "../routing/block-text.js";
import { ANY_NUMBER, isSingle, NumberBlocks } from "../routing/blocks.js";
import { isCountry } from "../routing/country.js";
import { emergencyNumbersOf, helpNumbersOf } from "../routing/emergency.js";
import { checkBlocks, checkExtensions } from "./checks/numbers.js";
import { emergencyNumber, rightItems } from "./fields.js";
import { isMapping, type Mapping } from "./meant.js";
import type { Place, Problem } from "./problem.js";
import { show, under, valueAt } from "./problem.js";
import type { Entries, Entry } from "./read-entries.js";
import type { UserShell } from "./schema.js";
import { ENTRY_SECTIONS } from "./sections.js";

/** The user or group that an extension reaches. */
export interface Owner {
  readonly kind: "user" | "group";
  readonly id: string;
}

export interface Names {
  /** The country by which numbers are read; undefined when the office does not say (which is reported as a problem). */
  readonly country: string | undefined;
  /** The office's time zone; UTC when it names none that exists. */
  readonly timezone: string;
  /** The office's emergency numbers; none when the country is unknown. */
  readonly emergency: readonly string[];
  readonly users: ReadonlyMap<string, Place>;
  readonly groups: ReadonlyMap<string, Place>;
  readonly flows: ReadonlyMap<string, Place>;
  readonly extensions: ReadonlyMap<string, Owner>;
  /** Ids of the entries of each section such as `schedules`, by the section's key. */
  readonly sections: ReadonlyMap<string, ReadonlyMap<string, Place>>;
  /** The office's own numbers, blocks of them, and `any`, by their keys (`blocks.ts`). */
  readonly numbers: ReadonlyMap<string, Place>;
  /** Whether the office owns a number: by itself, or in a block. */
  readonly owns: (number: E164) => boolean;
  /** Texts of entries under `numbers` that cannot be read. */
  readonly unreadNumbers: readonly string[];
}

/** Collects the names and reports those given twice. */
export function collectNames(entries: Entries, problems: Problem[]): Names {
  const country = officeCountry(entries);
  const users = new Register("the username", problems);
  const groups = new Register("the group id", problems);
  const flows = new Register("the flow id", problems);
  const carriers = new Register("the carrier id", problems);
  const extensions = new Register("the extension", problems);
  const emails = new Register("the e-mail address", problems);
  const sipNames = new Register("the SIP name", problems);
  const numbers = new Register("the number", problems);
  const owners = new Map<string, Owner>();
  const emergency = emergencyOf(entries);

  for (const entry of entries.users) {
    named(users, entry, "username");
    reserveExtension(extensions, owners, entry, "user");
    refuseEmergency(emergency, entry, problems);
    reserveEmail(emails, entry);
    const ids = new Register("the device id", problems);
    for (const device of entry.devices.items) {
      if (device.value.id !== undefined) ids.reserve(device.value.id, under(device.at, "id", "value"));
      if (device.value.sip !== undefined)
        sipNames.reserve(device.value.sip, under(device.at, "sip", "value"));
    }
  }
  for (const entry of entries.groups) {
    named(groups, entry, "id");
    reserveExtension(extensions, owners, entry, "group");
    refuseEmergency(emergency, entry, problems);
    const members = new Register("the member", problems);
    for (const member of entry.members.items)
      members.reserve(member.value.user, under(member.at, "user", "value"));
  }
  // Built-in groups exist in every office, mentioned in its files or not.
  for (const id of BUILT_IN_GROUPS) if (!groups.places.has(id)) groups.places.set(id, valueAt(0, []));
  for (const entry of entries.flows) flows.reserve(entry.id, entry.at);
  for (const entry of entries.carriers) named(carriers, entry, "id");
  const sections = new Map(
    ENTRY_SECTIONS.map(({ key, noun }) => [key, new Register(`the ${noun} id`, problems)]),
  );
  for (const entry of entries.sections) {
    const register = sections.get(entry.section);
    if (register !== undefined) named(register, entry, "id");
  }
  const unreadNumbers = reserveNumbers(entries, country, numbers);
  for (const problem of checkBlocks(numbers.places)) problems.push(problem);
  for (const problem of checkExtensions(extensions.places, country, new Set(emergency.keys())))
    problems.push(problem);
  return {
    country,
    timezone: officeTimezone(entries),
    emergency: [...emergency.keys()],
    users: users.places,
    groups: groups.places,
    flows: flows.places,
    extensions: owners,
    sections: new Map([...sections].map(([key, { places }]) => [key, places])),
    numbers: numbers.places,
    owns: ownedBy(numbers.places),
    unreadNumbers,
  };
}

/** @returns the texts that are no numbers. A number without quotes is owned, whatever else is said about it. */
function reserveNumbers(entries: Entries, country: string | undefined, numbers: Register): readonly string[] {
  return entries.numbers.flatMap(({ raw, at }) => {
    const given = raw["number"];
    const written = typeof given === "number" ? String(given) : given;
    if (typeof written !== "string") {
      entries.unread.add("number");
      return [];
    }
    const number = readNumberKey(written, country);
    if (number === undefined) {
      if (!/\d/.test(written)) entries.unread.add("number");
      return [written];
    }
    numbers.reserve(number, under(at, "number", "value"), written);
    return [];
  });
}

function ownedBy(numbers: ReadonlyMap<string, Place>): Names["owns"] {
  const entries = [...numbers.keys()].filter((key) => !isSingle(key));
  const blocks = new NumberBlocks(new Map(entries.map((key) => [key, { number: key, leadsTo: null }])));
  return (number) => numbers.has(number) || blocks.find(number) !== undefined;
}

/**
 * What the number of an entry under `numbers` says: a number in E.164, a block or `any`; undefined when it cannot be read.
 */
export function readNumberKey(written: string, country: string | undefined): string | undefined {
  return mapped(countryFor(written, country), (by) => parseNumberKey(written, by));
}

/**
 * The country by which a text is read; undefined: the office names none, and the text needs one. A number with its plus
 * sign is the same by every country's rules.
 */
export function countryFor(written: string, country: string | undefined): string | undefined {
  if (country !== undefined) return country;
  return written.trim().startsWith("+") || written === ANY_NUMBER ? ANY_COUNTRY : undefined;
}

const ANY_COUNTRY = "US";

/** An extension in its one form, digits as text. */
export function extensionText(written: string | number): string {
  return String(written);
}

function officeCountry(entries: Entries): string | undefined {
  const country = entries.office[0]?.fields.country;
  return country !== undefined && isCountry(country) ? country : undefined;
}

function officeTimezone(entries: Entries): string {
  const timezone = entries.office[0]?.fields.timezone;
  return timezone !== undefined && isZone(timezone) ? timezone : "UTC";
}

/** The emergency and test numbers, each with the place that names it; undefined: the country's list names it. */
function emergencyOf(entries: Entries): ReadonlyMap<string, Place | undefined> {
  const [office] = entries.office;
  const country = officeCountry(entries);
  const tests =
    office &&
    placesIn(
      isMapping(office.raw["emergency"]) ? office.raw["emergency"] : {},
      "test_numbers",
      under(office.at, "emergency", "value"),
    );
  const own = office && placesIn(office.raw, "emergency_numbers", office.at);
  const ofCountry =
    country === undefined ? [] : (tests === undefined ? emergencyNumbersOf : helpNumbersOf)(country);
  return new Map([...(own ?? ofCountry.map((number) => [number, undefined] as const)), ...(tests ?? [])]);
}

/** The right numbers of a list, each with its place; undefined: there is no list. */
function placesIn(
  raw: Mapping,
  key: string,
  at: Place,
): (readonly [number: string, at: Place])[] | undefined {
  const list = under(at, key, "value");
  return rightItems(raw[key], emergencyNumber)?.map(([index, number]) => [
    String(number),
    under(list, index, "value"),
  ]);
}

/** A call for help must not reach a colleague, so no extension may be an emergency number. */
function refuseEmergency(
  emergency: ReadonlyMap<string, Place | undefined>,
  { fields, at }: Entry<{ extension?: string | number | undefined }>,
  problems: Problem[],
): void {
  if (fields.extension === undefined) return;
  const extension = extensionText(fields.extension);
  if (!emergency.has(extension)) return;
  const named = emergency.get(extension);
  problems.push({
    severity: "error",
    code: "emergency_number",
    message: `${extension} is an emergency number, and can be nobody's extension`,
    at: under(at, "extension", "value"),
    found: show(fields.extension),
    expected:
      named === undefined
        ? `another extension; or, if ${extension} is not dialled for help here, emergency_numbers of the office`
        : "another extension",
    ...given({ others: mapped(named, (place) => [{ at: place, note: "named here" }]) }),
  });
}

function named<S>(register: Register, entry: Entry<S>, key: string): void {
  if (entry.id !== undefined) register.reserve(entry.id, under(entry.at, key, "value"));
}

/** Addresses are compared without regard to case: no mail system in use distinguishes it. */
function reserveEmail(register: Register, { fields: { email }, at }: Entry<UserShell>): void {
  if (email !== undefined) register.reserve(email.toLowerCase(), under(at, "email", "value"), email);
}

function reserveExtension(
  register: Register,
  owners: Map<string, Owner>,
  entry: Entry<{ extension?: string | number | undefined }>,
  kind: Owner["kind"],
): void {
  const written = entry.fields.extension;
  if (written === undefined) return;
  const extension = extensionText(written);
  const isFirst = register.reserve(extension, under(entry.at, "extension", "value"));
  if (isFirst && entry.id !== undefined) owners.set(extension, { kind, id: entry.id });
}

/** Reserves names: the first entry keeps a name, and the next that gives it is a problem. */
class Register {
  readonly places = new Map<string, Place>();
  readonly #what: string;
  readonly #problems: Problem[];

  constructor(what: string, problems: Problem[]) {
    this.#what = what;
    this.#problems = problems;
  }

  /** @returns whether the name was free */
  reserve(name: string, at: Place, written: string = name): boolean {
    const first = this.places.get(name);
    if (first === undefined) {
      this.places.set(name, at);
      return true;
    }
    this.#problems.push({
      severity: "error",
      code: "duplicate",
      message: `${this.#what} \`${name}\` is given twice`,
      at,
      ...(written === name ? {} : { found: show(written) }),
      others: [{ at: first, note: "first given here" }],
    });
    return false;
  }
}
