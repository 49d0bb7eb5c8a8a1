/**
 * Reads a table of users: each row as a person, with a username that is given, or that the person has in the office already, or
 * that is made of the name. The same table gives the same usernames when it is read again.
 */

import { departmentOf, type KnownGroup } from "../../../policy/change/departments.js";
import type { AdminKind, NamedGroup, People, Person, Taken } from "../../../policy/change/person.js";
import { partsOf, shownName, usernameFor, writtenUsername } from "../../../policy/change/usernames.js";
import { given } from "../../../policy/office/optional.js";
import { PERMISSION_NAMES, type Permission } from "../../../policy/office/permission-names.js";
import { plainLetters } from "../../../policy/office/plain-letters.js";
import * as field from "../../../policy/office-file/fields.js";
import { show } from "../../../policy/office-file/problem.js";
import type { DeviceFile } from "../../../policy/office-file/schema.js";
import { type CellRules, Cells } from "./cells.js";
import { listOf, readAdmin, readFlag, readPermissions, readSuspended } from "./values.js";

export interface KnownUser {
  readonly username: string;
  readonly name: string;
  readonly email?: string | undefined;
}

/** A department that may be a group of the office or a new one: only a person can say. */
export interface DepartmentQuestion {
  readonly department: string;
  readonly group: KnownGroup;
  /** The id that a new group would get. */
  readonly newId: string;
  /** The first row that has it. */
  readonly row: number;
  readonly column: string;
}

export interface PeopleOptions {
  /** The users who are there already; matched by e-mail address or name where the table has no username. */
  readonly users: readonly KnownUser[];
  readonly groups: readonly KnownGroup[];
  /** What was said of departments: title to group id. */
  readonly departments: ReadonlyMap<string, string>;
}

/** A person whose username is not known yet. */
interface Row {
  readonly cells: Cells;
  readonly written: string | undefined;
  /** Undefined: the table has no names. */
  readonly name: string | undefined;
  readonly email: string | undefined;
  readonly rest: Omit<Person, "username" | "name" | "email">;
}

/** What a column such as Telefon says. */
interface OfPhone {
  readonly phone?: string;
  readonly extension?: string;
  readonly outbound?: string;
}

/** What stands below a list: `Total`, `Total: 12 employees`, `Summe 12`. */
const SUM =
  /^(?:grand |sub)?(?:total|sum|count|summe|anzahl|gesamt|gesamtzahl|gesamtsumme|zwischensumme)(?:\s*[:=].*|\s+\d.*)?$/i;

/** Reads the rows of one table of users. */
export class PeopleReader {
  readonly #rules: CellRules;
  readonly #options: PeopleOptions;
  readonly #rows: Row[] = [];
  readonly #hasNames: boolean;
  readonly #groups = new Map<string, NamedGroup>();
  readonly #questions = new Map<string, DepartmentQuestion>();
  /** The row of each value that may occur only once in the table. */
  readonly #seen = new Map<string, number>();
  readonly #fields: ReadonlySet<string>;
  readonly #known: KnownPeople;

  constructor(rules: CellRules, options: PeopleOptions) {
    this.#rules = rules;
    this.#options = options;
    this.#fields = new Set(rules.layout.columns.map((column) => column.field));
    this.#known = new KnownPeople(options.users);
    this.#hasNames = ["name", "first_name", "last_name"].some((name) => this.#fields.has(name));
  }

  read(row: number, texts: readonly string[]): void {
    const cells = new Cells(this.#rules, row, texts);
    if (cells.isEmpty) return;
    const written = this.#username(cells);
    const name = this.#hasNames ? this.#name(cells) : undefined;
    if (name !== undefined && SUM.test(name) && written === undefined && cells.text("email") === undefined) {
      cells.fault("name", "this is a sum, and no person", {
        found: show(name),
        expected: "a table without sums; or a username or an e-mail address beside the name",
      });
      return;
    }
    const email = cells.checked("email", field.email);
    const extension = cells.checked("extension", field.extension);
    const outbound = cells.phoneNumber("outbound_number");
    const { phone, extension: dialled, outbound: own } = this.#phone(cells, extension, outbound);
    const devices = this.#devices(cells, phone);
    const groups = this.#groupsOf(cells);
    const number = extension ?? dialled;
    const facts = {
      ...given({ extension: number, outboundNumber: outbound ?? own }),
      ...given({ suspended: this.#suspended(cells), permissions: this.#permissions(cells) }),
      ...given({ groups, admin: this.#admin(cells) }),
    };
    if (written !== undefined) this.#once(cells, "username", written);
    if (number !== undefined) this.#once(cells, "extension", number);
    if (email !== undefined) this.#once(cells, "email", email.toLowerCase());
    for (const { sip } of devices) if (sip !== undefined) this.#once(cells, "sip", sip);
    if (name === undefined && this.#hasNames) return;
    this.#rows.push({
      cells,
      written,
      name,
      email,
      rest: { ...facts, devices, without: this.#without(cells) },
    });
  }

  /** Everybody, each with a username. */
  finish(): { readonly people: People; readonly questions: readonly DepartmentQuestion[] } {
    const people = this.#withUsernames();
    return {
      people: { people, groups: [...this.#groups.values()] },
      questions: [...this.#questions.values()],
    };
  }

  #username(cells: Cells): string | undefined {
    const text = cells.text("username");
    return text === undefined ? undefined : cells.checked("username", field.username, writtenUsername(text));
  }

  /** `Name` beside `Vorname` is the family name, unless the first name is in it. */
  #name(cells: Cells): string | undefined {
    if (cells.isSpoilt("name", "first_name", "last_name")) return undefined;
    const oneLine = (text: string | undefined) => text?.replaceAll(/\s+/g, " ");
    const whole = oneLine(cells.text("name"));
    const first = oneLine(cells.text("first_name"));
    const last = oneLine(cells.text("last_name"));
    const isFamilyName =
      whole !== undefined &&
      first !== undefined &&
      last === undefined &&
      !plainLetters(whole).includes(plainLetters(first));
    if (whole !== undefined && !isFamilyName)
      return cells.checked("name", field.displayName, shownName(whole));
    const parts = [first, last ?? whole].filter((part) => part !== undefined);
    return cells.checked("name", field.displayName, parts.join(" "));
  }

  /** A column such as Telefon has a number outside, an extension, or the person's own number of the office. */
  #phone(cells: Cells, extension: string | undefined, outbound: string | undefined): OfPhone {
    const text = cells.text("phone");
    if (text === undefined) return {};
    const isExtension = /^\d{2,6}$/.test(text) && (text === extension || !this.#fields.has("extension"));
    if (isExtension) return given({ extension: cells.checked("phone", field.extension) });
    const number = cells.phoneNumber("phone");
    if (number === undefined || !this.#rules.owns(number)) return given({ phone: number });
    return outbound === undefined ? { outbound: number } : {};
  }

  #devices(cells: Cells, phone: string | undefined): DeviceFile[] {
    const sip = cells.checked("sip", field.sipName);
    const cell = cells.phoneNumber("mobile");
    const devices = new DeviceList();
    if (sip !== undefined) devices.add("desk", { sip });
    if (cell !== undefined) devices.add("cell", { phone: cell });
    if (phone !== undefined && phone !== cell) {
      devices.add(this.#fields.has("mobile") ? "phone" : "cell", { phone });
    }
    for (const item of cells.texts("devices").flatMap(listOf)) this.#listed(cells, item, devices);
    return devices.all();
  }

  /** `dana-desk`, `+1 917 555 0100`, or either after the device's id: `home=dana-home`. */
  #listed(cells: Cells, item: string, devices: DeviceList): void {
    const [, id, what = item] =
      /^([a-z0-9][a-z0-9._-]*)\s*[=:]\s*(?:(?:sip|phone)\s*:\s*)?(.+)$/.exec(item) ?? [];
    const isNumber = /^[+(]?\d[\d\s()./-]{5,}$/.test(what);
    const phone = isNumber ? cells.phoneNumber("devices", what) : undefined;
    const sip = isNumber ? undefined : cells.checked("devices", field.sipName, what);
    if (phone !== undefined) devices.add(id ?? "cell", { phone });
    if (sip !== undefined) devices.add(id ?? "desk", { sip });
  }

  #groupsOf(cells: Cells): readonly string[] | undefined {
    const titles = cells.texts("groups").flatMap(listOf);
    const ids = titles.flatMap((title) => {
      const id = this.#group(cells, title);
      return id === undefined ? [] : [id];
    });
    return titles.length === 0 ? undefined : [...new Set(ids)];
  }

  #group(cells: Cells, title: string): string | undefined {
    const department = departmentOf(title, this.#options.groups, this.#options.departments);
    if (department.kind === "none") return undefined;
    if (department.kind === "near") {
      this.#ask(cells, title, department.group, department.id);
      return undefined;
    }
    const { id } = department;
    if (cells.checked("groups", field.id, id) === undefined) return undefined;
    const name = this.#options.groups.find((group) => group.id === id)?.name ?? title;
    if (!this.#groups.has(id)) this.#groups.set(id, { id, name });
    return id;
  }

  #ask(cells: Cells, department: string, group: KnownGroup, newId: string): void {
    if (this.#questions.has(department)) return;
    this.#questions.set(department, {
      department,
      group,
      newId,
      row: cells.row,
      column: cells.heading("groups"),
    });
  }

  #admin(cells: Cells): readonly AdminKind[] | undefined {
    return cells.read("admin", readAdmin, "system, billing, both, yes (system) or no");
  }

  #suspended(cells: Cells): boolean | undefined {
    const words = "yes or no, active or suspended";
    const suspended = cells.read("suspended", (text) => readSuspended(text, false), words);
    return suspended ?? cells.read("active", (text) => readSuspended(text, true), words);
  }

  #permissions(cells: Cells): Person["permissions"] {
    const expected = `any of ${PERMISSION_NAMES.join(", ")}; with no before it to deny it`;
    const all: Partial<Record<Permission, boolean>> = {};
    for (const text of cells.texts("permissions")) {
      const read = readPermissions(text);
      if (read === undefined)
        cells.fault("permissions", "this cannot be permissions", { found: show(text), expected });
      else Object.assign(all, read);
    }
    for (const name of PERMISSION_NAMES) {
      if (!this.#fields.has(name)) continue;
      const flag = cells.read(name, readFlag, "yes or no");
      if (flag !== undefined) all[name] = flag;
    }
    return Object.keys(all).length === 0 ? undefined : all;
  }

  #without(cells: Cells): ReadonlySet<Taken> {
    const columns: readonly [field: string, taken: Taken][] = [
      ["email", "email"],
      ["extension", "extension"],
      ["outbound_number", "outbound_number"],
      ["sip", "desk"],
      ["mobile", "cell"],
      ["phone", this.#fields.has("mobile") ? "phone" : "cell"],
      ["groups", "groups"],
      ["admin", "admin"],
    ];
    return new Set(columns.filter(([name]) => cells.isNone(name)).map(([, taken]) => taken));
  }

  #once(cells: Cells, name: string, value: string): void {
    const key = `${name} ${value}`;
    const first = this.#seen.get(key);
    if (first === undefined) this.#seen.set(key, cells.row);
    else
      cells.fault(name, `${name} is given twice`, {
        found: `${show(value)}, as in row ${first}`,
        expected: "another in each row",
      });
  }

  #withUsernames(): Person[] {
    const usernames = this.#knownUsernames();
    const taken = new Set(this.#options.users.map(({ username }) => username));
    for (const [index, username] of usernames.entries()) {
      if (username === undefined) continue;
      taken.add(username);
      const { cells, name } = this.#rows[index] ?? {};
      if (cells !== undefined && name === undefined) this.#mustKnow(cells, username);
    }
    return this.#rows.flatMap((row, index) => {
      const username = usernames[index] ?? this.#newUsername(row, taken);
      const name = row.name ?? (username === undefined ? undefined : this.#known.nameOf(username));
      if (username === undefined || name === undefined) return [];
      taken.add(username);
      return [{ username, name, ...given({ email: row.email }), ...row.rest }];
    });
  }

  /**
   * The usernames that are given or known. A name finds a user whose address no other row has: the address has changed, or
   * there was none.
   */
  #knownUsernames(): (string | undefined)[] {
    const certain = this.#rows.map(({ written, email }) => written ?? this.#known.withEmail(email));
    const claimed = new Set(certain);
    return certain.map((username, index) => {
      if (username !== undefined) return username;
      const named = this.#known.withName(this.#rows[index]?.name);
      if (named === undefined || claimed.has(named)) return undefined;
      claimed.add(named);
      const row = this.#rows[index];
      // What is the same name is written as the office has it.
      if (row !== undefined) this.#rows[index] = { ...row, name: this.#known.nameOf(named) };
      return named;
    });
  }

  #mustKnow(cells: Cells, username: string): void {
    if (this.#known.nameOf(username) !== undefined) return;
    cells.fault("username", "nobody in the office has this, and the table has no names", {
      found: show(username),
      expected: "a column name, or first and last name",
    });
  }

  #newUsername({ cells, name, email }: Row, taken: ReadonlySet<string>): string | undefined {
    if (name === undefined) {
      cells.fault("email", "nobody in the office has this, and the table has no names", {
        found: show(email ?? ""),
        expected: "a column name, or first and last name",
      });
      return undefined;
    }
    const username = usernameFor(this.#partsOf(cells, name), email, (each) => taken.has(each));
    if (username !== undefined) return username;
    cells.fault(this.#fields.has("name") ? "name" : "last_name", "no username can be made of this name", {
      found: show(name),
      expected: "a name with letters that can be written in a to z, or a column username",
    });
    return undefined;
  }

  #partsOf(cells: Cells, name: string) {
    const last = cells.text("last_name");
    const first = cells.text("first_name");
    if (first !== undefined && last !== undefined) return { first, last };
    const whole = cells.text("name");
    if (first !== undefined && whole !== undefined && !plainLetters(whole).includes(plainLetters(first))) {
      return { first, last: whole };
    }
    return partsOf(whole ?? name);
  }
}

/** The users of the office, found by what a table says of them. */
class KnownPeople {
  readonly #byEmail = new Map<string, string>();
  /** Null: two users have the name. */
  readonly #byName = new Map<string, string | null>();
  readonly #names = new Map<string, string>();

  constructor(users: readonly KnownUser[]) {
    for (const { username, name, email } of users) {
      this.#names.set(username, name);
      if (email !== undefined) this.#byEmail.set(email.toLowerCase(), username);
      const key = nameKey(name);
      this.#byName.set(key, this.#byName.has(key) ? null : username);
    }
  }

  withEmail(email: string | undefined): string | undefined {
    return email === undefined ? undefined : this.#byEmail.get(email.toLowerCase());
  }

  /** Undefined also where two users have the name. */
  withName(name: string | undefined): string | undefined {
    return name === undefined ? undefined : (this.#byName.get(nameKey(name)) ?? undefined);
  }

  nameOf(username: string): string | undefined {
    return this.#names.get(username);
  }
}

function nameKey(name: string): string {
  return plainLetters(name).replaceAll(/\s+/g, " ").trim();
}

/** Devices with an id each: a second desk phone is `desk2`. */
class DeviceList {
  readonly #devices: DeviceFile[] = [];

  add(id: string, at: { readonly sip: string } | { readonly phone: string }): void {
    const isTaken = (candidate: string) => this.#devices.some((device) => device.id === candidate);
    let free = id;
    for (let n = 2; isTaken(free); n += 1) free = `${id}${n}`;
    this.#devices.push({ id: free, ...at });
  }

  all(): DeviceFile[] {
    return this.#devices;
  }
}
