/**
 * The routing table, in memory: finds what a number, an extension or a SIP name means in the office.
 * A table never changes for its holder, so a call keeps the office it began with. Yet a new revision costs time in
 * proportion to what it changes, not to the size of the office: all revisions share one set of dictionaries, which
 * holds the newest. Making a newer table changes them in place and keeps the replaced entries with the older table
 * (Baker's rerooting, in one direction only). The newest table reads the dictionaries alone; an older table first asks
 * its own kept entries, then those of the next newer table, and so on. Older tables refer to newer ones and never the
 * other way, so when the last call of a revision ends, its memory is freed. A table of an earlier revision that was never
 * the newest here, for a call that is taken over, is made the same way: from a newer table and the entries that differ.
 */

import { ALL_USERS, builtInGroup, withEveryone } from "../office/built-in.js";
import type { NumberForm } from "../office/carrier-settings.js";
import {
  carriersInOrder,
  ENTITY_KINDS,
  entitiesOf,
  NO_CHANGES,
  type OfficeChanges,
  type OfficeSettings,
  sectionKey,
} from "../office/entities.js";
import type {
  Carrier,
  Device,
  E164,
  Group,
  NumberEntry,
  Office,
  SectionEntity,
  User,
} from "../office/office.js";
import type { Step, StepSections } from "../steps/types.js";
import { isSingle, NumberBlocks } from "./blocks.js";
import { parseNumber } from "./number.js";
import { NumberMap } from "./number-map.js";
import { ShardedMap } from "./sharded-map.js";

/** The user or group that an extension reaches. */
export type ExtensionOwner =
  | { readonly kind: "user"; readonly user: User }
  | { readonly kind: "group"; readonly group: Group };

/** A SIP phone and its user. */
export interface OwnedDevice {
  readonly user: User;
  readonly device: Device;
}

/** The settings before anything is applied: there is no entity, and every number is unassigned. */
const EMPTY_SETTINGS: OfficeSettings = {
  name: "",
  country: "US",
  timezone: "UTC",
  outsideCallerId: { kind: "caller" },
};

/** Sorts after every number. */
const LAST = "~";

/** A number of the office and the entry that says where it leads: its own, or that of a block. */
interface OwnNumber {
  readonly number: E164;
  readonly entry: NumberEntry;
}

/** What is small enough to be copied for a revision that changes it. */
interface Small {
  readonly settings: OfficeSettings;
  readonly carriers: readonly Carrier[];
  readonly blocks: NumberBlocks;
}

interface Dictionaries {
  readonly numbers: NumberMap<NumberEntry>;
  readonly users: ShardedMap<User>;
  readonly groups: ShardedMap<Group>;
  readonly flows: ShardedMap<readonly Step[]>;
  /** Entries of sections, by `sectionKey`. */
  readonly sections: ShardedMap<SectionEntity>;
  /** By extension: `user:NAME` or `group:ID`. */
  readonly extensions: ShardedMap<string>;
  /** By SIP name: username. */
  readonly sipOwners: ShardedMap<string>;
}
type DictionaryName = keyof Dictionaries;

/** The entries that a newer revision replaced in the dictionaries; undefined: there was no entry. */
type Before = { readonly [D in DictionaryName]: Map<string, unknown> };

/** One revision's routing table. Immutable for its users. */
export class RoutingTable {
  /** The office revision it was made from; 0 for the empty table. */
  readonly revision: number;
  readonly settings: OfficeSettings;
  readonly carriers: readonly Carrier[];
  readonly #blocks: NumberBlocks;
  readonly #dictionaries: Dictionaries;
  /** All Users with its members, made when first asked for. */
  #allUsers: Group | undefined;
  /** The lowest number, found when first asked for; {@link LAST}: there is none. */
  #lowest: string | undefined;
  /** Set once, when a newer table is made from this one, or this one from a newer table. */
  #newer: { readonly table: RoutingTable; readonly before: Before } | undefined;

  private constructor(revision: number, { settings, carriers, blocks }: Small, dictionaries: Dictionaries) {
    this.revision = revision;
    this.settings = settings;
    this.carriers = carriers;
    this.#blocks = blocks;
    this.#dictionaries = dictionaries;
  }

  /** A table of an empty office; {@link RoutingTable.next} fills it. */
  static empty(): RoutingTable {
    return new RoutingTable(
      0,
      { settings: EMPTY_SETTINGS, carriers: [], blocks: new NumberBlocks() },
      {
        numbers: new NumberMap(),
        users: new ShardedMap(),
        groups: new ShardedMap(),
        flows: new ShardedMap(),
        sections: new ShardedMap(),
        extensions: new ShardedMap(),
        sipOwners: new ShardedMap(),
      },
    );
  }

  /** The table of a whole office. */
  static of(office: Office, revision: number): RoutingTable {
    const builder = new RoutingTableBuilder();
    const entities = entitiesOf(office);
    const all = (kind: keyof OfficeChanges) =>
      builder.add({
        [kind]: entities[kind].map(([key, value]) => ({ key, value })),
      } as Partial<OfficeChanges>);
    for (const kind of ENTITY_KINDS) all(kind);
    return builder.finish(revision);
  }

  /** Whether no newer table was made from this one: only the newest table can have a next one. */
  get isNewest(): boolean {
    return this.#newer === undefined;
  }

  /**
   * Makes the table of a newer revision; this table keeps answering as before. Costs time in proportion to the changes.
   * @throws Error when a newer table was already made from this one
   */
  next(changes: OfficeChanges, revision: number): RoutingTable {
    if (this.#newer !== undefined)
      throw new Error("only the newest routing table can be followed by another");
    const table = new RoutingTable(revision, this.#smallWith(changes), this.#dictionaries);
    this.#newer = { table, before: applyChanges(this.#dictionaries, changes) };
    return table;
  }

  /**
   * Makes the table of an earlier revision from this one, which stays as it is. The earlier table holds only the entries
   * that differ, so a hundred of them cost little more memory than one.
   * @param changes every entity that differs, as it was in the earlier revision
   */
  earlier(changes: OfficeChanges, revision: number): RoutingTable {
    const table = new RoutingTable(revision, this.#smallWith(changes), this.#dictionaries);
    const before = noEntries();
    table.#newer = { table: this, before };
    change(
      {
        get: (name, key) => this.#get(name, key),
        set: (name, key, value) => before[name].set(key, value),
      },
      changes,
    );
    return table;
  }

  /** Changes a table that is not in use yet, without keeping the replaced entries. For the builder. */
  static extend(table: RoutingTable, changes: OfficeChanges, revision: number): RoutingTable {
    learnAll(new Writer(entriesOf(table.#dictionaries)), changes);
    return new RoutingTable(revision, table.#smallWith(changes), table.#dictionaries);
  }

  #smallWith(changes: OfficeChanges): Small {
    const settings = changes.settings.at(-1)?.value ?? this.settings;
    return {
      settings,
      carriers: changedCarriers(this, changes, settings),
      blocks: this.#blocks.with(changes.numbers),
    };
  }

  /**
   * Finds a number of the office in any form in which it may be dialled; an E.164 form costs one look-up.
   * @param form how the carrier writes numbers; left out: not known
   */
  ownNumber(dialled: string, form?: NumberForm): OwnNumber | undefined {
    const known = this.number(dialled);
    if (known !== undefined) return { number: dialled, entry: known };
    const owns = (number: E164) => this.number(number) !== undefined;
    const number = parseNumber(dialled, this.settings.country, { owns, form });
    const entry = number === undefined || number === dialled ? undefined : this.number(number);
    return number === undefined || entry === undefined ? undefined : { number, entry };
  }

  /** The entry of a number of the office, in any form in which it may be dialled. */
  lookupNumber(dialled: string): NumberEntry | undefined {
    return this.ownNumber(dialled)?.entry;
  }

  /** The entry of a number in E.164 that the office owns; the number's own entry beats that of a block. */
  number(number: E164): NumberEntry | undefined {
    // Looking up in the newest table is the hot path, so it goes straight to the dictionary.
    const own =
      this.#newer === undefined ? this.#dictionaries.numbers.get(number) : this.#get("numbers", number);
    return own ?? this.#blocks.find(number);
  }

  /** The entry with this key: a number, a block, or the catch-all. */
  numberEntry(key: string): NumberEntry | undefined {
    return isSingle(key) ? this.#get("numbers", key) : this.#blocks.entry(key);
  }

  /** The entry for numbers that have no other; undefined: there is none. */
  get anyNumber(): NumberEntry | undefined {
    return this.#blocks.any;
  }

  /**
   * The lowest of the office's numbers that leads somewhere, else the lowest number; undefined: there is none. Goes
   * through all numbers once.
   */
  lowestNumber(): E164 | undefined {
    if (this.#lowest === undefined) {
      let [leading, any] = [LAST, LAST];
      for (const number of this.#numbers()) {
        if (number >= leading) continue;
        const entry = this.number(number);
        if (entry === undefined) continue;
        if (number < any) any = number;
        if (entry.leadsTo !== null && number < leading) leading = number;
      }
      if (any === LAST) any = this.#blocks.lowest() ?? LAST;
      this.#lowest = leading === LAST ? any : leading;
    }
    return this.#lowest === LAST ? undefined : this.#lowest;
  }

  /** The numbers of all revisions in memory; this revision may not have some of them. */
  *#numbers(): Iterable<E164> {
    for (const { number } of this.#dictionaries.numbers.values()) yield number;
    for (let newer = this.#newer; newer !== undefined; newer = newer.table.#newer)
      yield* newer.before.numbers.keys();
  }

  user(username: string): User | undefined {
    return this.#get("users", username);
  }

  /** Any group. Built-in groups always exist, and All Users has every user as a member. */
  group(id: string): Group | undefined {
    const group = this.#get("groups", id) ?? builtInGroup(id);
    if (id !== ALL_USERS || group === undefined) return group;
    this.#allUsers ??= withEveryone(group, this.#usernames());
    return this.#allUsers;
  }

  /** The groups that the office has itself; a built-in one is here only when something about it was changed. */
  groupIds(): string[] {
    const ids = new Set(this.#dictionaries.groups.keys());
    for (let newer = this.#newer; newer !== undefined; newer = newer.table.#newer) {
      for (const id of newer.before.groups.keys()) ids.add(id);
    }
    return [...ids].filter((id) => this.#get("groups", id) !== undefined).sort();
  }

  flow(id: string): readonly Step[] | undefined {
    return this.#get("flows", id);
  }

  /** An entry of a section such as `schedules`. */
  section<K extends keyof StepSections>(section: K, id: string): StepSections[K] | undefined {
    // The kind of step that declares the type also read the entry from the files.
    return this.#get("sections", sectionKey(section, id)) as StepSections[K] | undefined;
  }

  /** The user or group with this extension. */
  lookupExtension(extension: string): ExtensionOwner | undefined {
    const owner = this.#get("extensions", extension);
    if (owner === undefined) return undefined;
    if (owner.startsWith("user:")) {
      const user = this.user(owner.slice("user:".length));
      return user === undefined ? undefined : { kind: "user", user };
    }
    const group = this.group(owner.slice("group:".length));
    return group === undefined ? undefined : { kind: "group", group };
  }

  /** The phone that signs in with this name, and its user. */
  deviceBySip(name: string): OwnedDevice | undefined {
    const owner = this.#get("sipOwners", name);
    const user = owner === undefined ? undefined : this.user(owner);
    const device = user?.devices.find(({ at }) => at.kind === "sip" && at.name === name);
    return user === undefined || device === undefined ? undefined : { user, device };
  }

  /** Every username of this revision, sorted. Costs time in proportion to the office. */
  #usernames(): string[] {
    const names = new Set(this.#dictionaries.users.keys());
    for (let newer = this.#newer; newer !== undefined; newer = newer.table.#newer) {
      for (const name of newer.before.users.keys()) names.add(name);
    }
    return [...names].filter((name) => this.user(name) !== undefined).sort();
  }

  #get<D extends DictionaryName>(name: D, key: string): EntryOf<D> {
    let newer = this.#newer;
    while (newer !== undefined) {
      const before = newer.before[name];
      if (before.has(key)) return before.get(key) as EntryOf<D>;
      newer = newer.table.#newer;
    }
    return this.#dictionaries[name].get(key) as EntryOf<D>;
  }
}

/** Fills a table piece by piece before it is used, so that loading a large office never blocks for long. */
export class RoutingTableBuilder {
  #table = RoutingTable.empty();

  add(entities: Partial<OfficeChanges>): void {
    this.#table = RoutingTable.extend(this.#table, { ...NO_CHANGES, ...entities }, 0);
  }

  /** The finished table; the builder cannot be used any more. */
  finish(revision: number): RoutingTable {
    return RoutingTable.extend(this.#table, NO_CHANGES, revision);
  }
}

/** The carriers after changes. Their order is a setting, so that it is the same however a table was made. */
function changedCarriers(
  { carriers, settings: before }: RoutingTable,
  changes: OfficeChanges,
  settings: OfficeSettings,
): readonly Carrier[] {
  if (changes.carriers.length === 0 && settings === before) return carriers;
  const byId = new Map(carriers.map((carrier) => [carrier.id, carrier]));
  for (const { key, value } of changes.carriers) {
    if (value === undefined) byId.delete(key);
    else byId.set(key, value);
  }
  return carriersInOrder(byId.values(), settings);
}

/** Changes the dictionaries in place and returns the replaced entries. */
function applyChanges(dictionaries: Dictionaries, changes: OfficeChanges): Before {
  const before = noEntries();
  const entries = entriesOf(dictionaries);
  change(
    {
      get: entries.get,
      set: (name, key, value) => {
        if (!before[name].has(key)) before[name].set(key, entries.get(name, key));
        entries.set(name, key, value);
      },
    },
    changes,
  );
  return before;
}

function noEntries(): Before {
  return {
    numbers: new Map(),
    users: new Map(),
    groups: new Map(),
    flows: new Map(),
    sections: new Map(),
    extensions: new Map(),
    sipOwners: new Map(),
  };
}

function change(entries: Entries, changes: OfficeChanges): void {
  const writer = new Writer(entries);
  // Extensions of the old users and groups are removed first: an extension may have moved between them.
  for (const { key } of changes.users) writer.forgetUser(key);
  for (const { key } of changes.groups) writer.forgetGroup(key);
  learnAll(writer, changes);
}

function learnAll(writer: Writer, changes: OfficeChanges): void {
  for (const { key, value } of changes.users) writer.learnUser(key, value);
  for (const { key, value } of changes.groups) writer.learnGroup(key, value);
  for (const { key, value } of changes.flows) writer.set("flows", key, value);
  for (const { key, value } of changes.numbers) if (isSingle(key)) writer.set("numbers", key, value);
  for (const { key, value } of changes.sections) writer.set("sections", key, value);
}

type EntryOf<D extends DictionaryName> = ReturnType<Dictionaries[D]["get"]>;

/** The entries that a {@link Writer} reads and changes. */
interface Entries {
  get<D extends DictionaryName>(name: D, key: string): EntryOf<D>;
  /** Undefined removes the entry. */
  set<D extends DictionaryName>(name: D, key: string, value: EntryOf<D>): void;
}

/** The dictionaries themselves: nothing that is replaced is kept. */
function entriesOf(dictionaries: Dictionaries): Entries {
  return {
    get: <D extends DictionaryName>(name: D, key: string) => dictionaries[name].get(key) as EntryOf<D>,
    set: (name, key, value) => {
      const dictionary: Pick<ShardedMap<unknown>, "set" | "delete"> = dictionaries[name];
      if (value === undefined) dictionary.delete(key);
      else dictionary.set(key, value);
    },
  };
}

/** Changes users and groups together with the extensions and SIP names that belong to them. */
class Writer {
  readonly #entries: Entries;

  constructor(entries: Entries) {
    this.#entries = entries;
  }

  set<D extends DictionaryName>(name: D, key: string, value: EntryOf<D>): void {
    this.#entries.set(name, key, value);
  }

  forgetUser(username: string): void {
    const user = this.#entries.get("users", username);
    if (user === undefined) return;
    this.#forgetExtension(user.extension);
    for (const { at } of user.devices) if (at.kind === "sip") this.set("sipOwners", at.name, undefined);
  }

  forgetGroup(id: string): void {
    this.#forgetExtension(this.#entries.get("groups", id)?.extension);
  }

  learnUser(username: string, user: User | undefined): void {
    this.set("users", username, user);
    if (user?.extension !== undefined) this.set("extensions", user.extension, `user:${username}`);
    for (const { at } of user?.devices ?? []) if (at.kind === "sip") this.set("sipOwners", at.name, username);
  }

  learnGroup(id: string, group: Group | undefined): void {
    this.set("groups", id, group);
    if (group?.extension !== undefined) this.set("extensions", group.extension, `group:${id}`);
  }

  #forgetExtension(extension: string | undefined): void {
    if (extension !== undefined) this.set("extensions", extension, undefined);
  }
}
