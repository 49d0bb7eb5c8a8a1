/**
 * Makes edits of a large office without reading it as a whole: of the part that the edits name, all that this part leads
 * to, and what leads to it. Only edits that are good there count; whatever is wrong, or cannot be told from a part, is left
 * to the whole office and its checks.
 *
 * Why a part is enough: such edits change entries that are there and stay there. Then an error can come about only where
 * an entry is changed, in what it leads to, by a name that something else has already, or by an extension that something
 * names and nobody has any more. `engine/office/changes/part.property.test.ts` compares both ways.
 */

import type { Refusal } from "../../../policy/change/edit.js";
import { makeEdits } from "../../../policy/change/edits/make-edits.js";
import { partsOf } from "../../../policy/change/edits/subjects.js";
import type { Edit, EditsMade } from "../../../policy/change/edits/types.js";
import { differingFields, entityFile, splitEntity } from "../../../policy/change/fields.js";
import { ALL_USERS, BILLING_ADMINS, SYSTEM_ADMINS } from "../../../policy/office/built-in.js";
import {
  carriersInOrder,
  ENTITY_KINDS,
  type EntityKind,
  type EntityTypes,
  entitiesOf,
  type OfficeSettings,
  SETTINGS_KEY,
  sectionsOf,
  settingsOf,
} from "../../../policy/office/entities.js";
import type {
  Carrier,
  Group,
  NumberEntry,
  Office,
  SectionEntity,
  User,
} from "../../../policy/office/office.js";
import { same } from "../../../policy/office/same.js";
import { parseTarget, type Target } from "../../../policy/office/target.js";
import { targetsIn } from "../../../policy/office/targets.js";
import { parseNumberKey } from "../../../policy/routing/block-text.js";
import { isSingle } from "../../../policy/routing/blocks.js";
import type { Deps } from "../../use-case.js";

/** Kinds of which a large office has many. */
const MANY = ["users", "groups", "flows", "numbers"] as const;
type Many = (typeof MANY)[number];
const NO_KEYS: Keys = { users: [], groups: [], flows: [], numbers: [] };
type Keys = { readonly [K in Many]: readonly string[] } & { readonly extensions?: readonly string[] };

/** More entities than this are no part. */
const ENTITIES_MAX = 3_000;
/** More texts than this to look for take as long as the whole office. */
const TEXTS_MAX = 16;

/** Edits that were made of a part, and that part before. */
export interface PartEdited {
  readonly before: Office;
  readonly edits: readonly Edit[];
  readonly made: Extract<EditsMade, { ok: true }>;
}

type PartStore = Pick<Deps["store"], "entities" | "allEntities" | "keysWith" | "keysLike" | "canChangePart">;

/** Edits that depend on the live office; or why there are none. */
export interface EditsOf {
  (live: Office): readonly Edit[] | Refusal;
  /** Edits that name all that is looked at; left out: that may be anything. */
  readonly about?: readonly Edit[];
}

/**
 * @param changer the user who edits, so that the part says what they may do
 * @returns undefined: the whole office has to be looked at
 */
export async function editPart(
  store: PartStore,
  revision: number,
  wanted: readonly Edit[] | EditsOf,
  changer?: string,
): Promise<PartEdited | undefined> {
  const about = typeof wanted === "function" ? wanted.about : wanted;
  if (about?.every(canBeMadeOfPart) !== true || !(await store.canChangePart(revision))) return undefined;
  const part = await Part.begun(store, revision);
  if (part === undefined || !(await part.add(named(about, part.settings.country)))) return undefined;
  if (changer !== undefined && !(await part.add({ ...NO_KEYS, users: [changer] }))) return undefined;
  const edits = typeof wanted === "function" ? await editsOfPart(part, wanted) : wanted;
  if (edits === undefined) return undefined;
  const first = makeEdits(part.office(), edits);
  const changes = first.ok ? changesIn(part.office(), first.office) : undefined;
  if (changes === undefined || (await part.hasConflict(changes))) return undefined;
  const felt = changes.filter((change) => !isUnfelt(change));
  if (felt.length > 0 && !(await part.addLeadingTo(felt))) return undefined;
  const before = part.office();
  const made = felt.length === 0 ? first : makeEdits(before, edits);
  return made.ok && changesIn(before, made.office) !== undefined ? { before, made, edits } : undefined;
}

/** Edits that depend on the office: what leads to the flows of the part is there then, since flows are shared with care. */
async function editsOfPart(part: Part, wanted: EditsOf): Promise<readonly Edit[] | undefined> {
  if (wanted.about?.some(({ kind }) => kind === "number") === true && !(await part.addLeadingToFlows()))
    return undefined;
  const edits = wanted(part.office());
  if ("ok" in edits || !edits.every(canBeMadeOfPart)) return undefined;
  return (await part.add(named(edits, part.settings.country))) ? edits : undefined;
}

/** A part of the live office with everything about a number; undefined: the whole office has to be looked at. */
export async function partAboutNumber(
  store: PartStore,
  revision: number,
  written: string,
): Promise<Office | undefined> {
  const part = await Part.begun(store, revision);
  const key = part && parseNumberKey(written, part.settings.country);
  if (part === undefined || key === undefined || !isSingle(key)) return undefined;
  const shown = { texts: [`"outboundNumber":${JSON.stringify(key)}`], limit: ENTITIES_MAX };
  const users = await store.keysWith("users", shown);
  if (!(await part.add({ users, groups: [], flows: [], numbers: [key] }))) return undefined;
  if (!part.has("numbers", key) || !(await part.addLeadingToFlows())) return undefined;
  return part.office();
}

/** Entries that come or go, or get another id, may concern any other. */
function canBeMadeOfPart({ verb, kind, ...edit }: Edit): boolean {
  if (kind === "member" || kind === "device") return verb !== "rename";
  if (!["user", "group", "number", "flow"].includes(kind) || verb !== "set") return false;
  return !("fields" in edit && edit.fields["extension"] === "auto");
}

/** What edits are about, and what they lead to. */
function named(edits: readonly Edit[], country: string): Keys {
  const keys = {
    users: [] as string[],
    groups: [] as string[],
    flows: [] as string[],
    numbers: [] as string[],
    extensions: [] as string[],
  };
  const number = (text: string) => keys.numbers.push(...[parseNumberKey(text, country) ?? []].flat());
  for (const edit of edits) {
    const [owner = "", name = ""] = partsOf(edit.id) ?? [];
    if (edit.kind === "user") keys.users.push(edit.id);
    if (edit.kind === "group") keys.groups.push(edit.id);
    if (edit.kind === "flow") keys.flows.push(edit.id);
    if (edit.kind === "number") number(edit.id);
    if (edit.kind === "device") keys.users.push(owner);
    if (edit.kind === "member") {
      keys.groups.push(owner);
      keys.users.push(name);
    }
    if (!("fields" in edit)) continue;
    for (const text of textsIn(edit.fields)) {
      const target = parseTarget(text);
      // Whether an outside number is the office's own decides what may be done with it.
      number(target?.kind === "number" ? target.name : text);
      if (target?.kind === "user") keys.users.push(target.name);
      if (target?.kind === "group") keys.groups.push(target.name);
      if (target?.kind === "flow") keys.flows.push(target.name);
      if (target?.kind === "extension") keys.extensions.push(target.name);
    }
    const { flow, outbound_number: shown } = edit.fields;
    if (typeof flow === "string") keys.flows.push(flow);
    if (typeof shown === "string") number(shown);
  }
  return keys;
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

interface Change {
  readonly kind: Many;
  readonly key: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What changes; undefined: something comes, goes, or is of the office as a whole. */
function changesIn(before: Office, after: Office): readonly Change[] | undefined {
  const [was, is] = [entitiesOf(before), entitiesOf(after)];
  const changes: Change[] = [];
  for (const kind of ENTITY_KINDS) {
    const there = new Map<string, unknown>(was[kind]);
    if (there.size !== is[kind].length) return undefined;
    for (const [key, entity] of is[kind]) {
      if (same(there.get(key), entity)) continue;
      if (!there.has(key) || !isMany(kind)) return undefined;
      changes.push({ kind, key, before: there.get(key), after: entity });
    }
  }
  return changes;
}

function isMany(kind: EntityKind): kind is Many {
  return MANY.some((each) => each === kind);
}

/** Fields by which no call takes another way, and no phone rings at another time. */
const UNFELT: ReadonlySet<string> = new Set(["name", "email", "hide_number", "label", "location"]);

function isUnfelt({ kind, key, before, after }: Change): boolean {
  const [from, to] = [before, after].map((each) => splitEntity(kind, entityFile(kind, key, each)));
  return (
    from !== undefined &&
    to !== undefined &&
    differingFields(kind, from, to).every((field) => UNFELT.has(field))
  );
}

/** A part of a revision: with everything that it leads to, so that the same checks can be made of it. */
class Part {
  readonly #store: PartStore;
  readonly #revision: number;
  readonly settings: OfficeSettings;
  readonly #carriers: readonly Carrier[];
  readonly #sections: ReadonlyMap<string, SectionEntity>;
  readonly #found: { readonly [K in Many]: Map<string, EntityTypes[K]> } = {
    users: new Map(),
    groups: new Map(),
    flows: new Map(),
    numbers: new Map(),
  };
  /** `users alice.wong`: looked for, found or not. */
  readonly #asked = new Set<string>();

  private constructor(
    store: PartStore,
    revision: number,
    settings: OfficeSettings,
    carriers: readonly Carrier[],
    sections: ReadonlyMap<string, SectionEntity>,
  ) {
    this.#store = store;
    this.#revision = revision;
    this.settings = settings;
    this.#carriers = carriers;
    this.#sections = sections;
  }

  /** What every change concerns: the settings, the carriers, opening hours, the administrators, the blocks of numbers. */
  static async begun(store: PartStore, revision: number): Promise<Part | undefined> {
    const settings = (await store.allEntities("settings", revision)).get(SETTINGS_KEY);
    if (settings === undefined) return undefined;
    const carriers = carriersInOrder((await store.allEntities("carriers", revision)).values(), settings);
    const sections = await store.allEntities("sections", revision);
    const part = new Part(store, revision, settings, carriers, sections);
    const blocks = await store.keysLike("numbers", "*.*", ENTITIES_MAX);
    const wanted = neededBy([...sections.values(), settings.outsideCallerId]);
    const numbers = [...wanted.numbers, ...blocks, "any"];
    const isWhole = await part.add({
      ...wanted,
      groups: [...wanted.groups, SYSTEM_ADMINS, BILLING_ADMINS, ALL_USERS],
      numbers,
    });
    return isWhole ? part : undefined;
  }

  office(): Office {
    const { users, groups, flows, numbers } = this.#found;
    const ordered = <T>(all: ReadonlyMap<string, T>) =>
      [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entity]) => entity);
    return {
      ...settingsOf(this.settings),
      carriers: this.#carriers,
      users: ordered(users),
      groups: ordered(groups),
      flows: Object.fromEntries([...flows].sort(([a], [b]) => (a < b ? -1 : 1))),
      numbers: ordered(numbers),
      ...sectionsOf(this.#sections),
    };
  }

  /** Adds entities, and all that they lead to. @returns false: that is too much */
  async add(wanted: Keys): Promise<boolean> {
    const first = await this.#ownersOf(wanted.extensions ?? []);
    if (first === undefined) return false;
    for (let open = this.#open(together(wanted, first)); open !== undefined; ) {
      if (this.#asked.size > ENTITIES_MAX) return false;
      const found: unknown[] = [];
      for (const kind of MANY) found.push(...(await this.#load(kind, open[kind])));
      const needed = neededBy(found);
      const owners = await this.#ownersOf(needed.extensions);
      if (owners === undefined) return false;
      open = this.#open(together(needed, owners));
    }
    return true;
  }

  #open(wanted: Keys): Keys | undefined {
    const fresh = (kind: Many) =>
      [...new Set(wanted[kind])].filter((key) => {
        const isFresh = !this.#asked.has(`${kind} ${key}`);
        this.#asked.add(`${kind} ${key}`);
        return isFresh;
      });
    const open = {
      users: fresh("users"),
      groups: fresh("groups"),
      flows: fresh("flows"),
      numbers: fresh("numbers"),
    };
    return MANY.every((kind) => open[kind].length === 0) ? undefined : open;
  }

  async #load<K extends Many>(kind: K, keys: readonly string[]): Promise<readonly unknown[]> {
    if (keys.length === 0) return [];
    const found = await this.#store.entities(kind, this.#revision, keys);
    const all: Map<string, EntityTypes[K]> = this.#found[kind];
    for (const [key, entity] of found) all.set(key, entity);
    return [...found.values()];
  }

  /** Who may have these extensions. */
  async #ownersOf(extensions: readonly string[]): Promise<Pick<Keys, "users" | "groups"> | undefined> {
    const texts = [...new Set(extensions)]
      .filter((extension) => !this.#asked.has(`extension ${extension}`))
      .map(extensionText);
    for (const extension of extensions) this.#asked.add(`extension ${extension}`);
    if (texts.length === 0) return { users: [], groups: [] };
    if (texts.length > TEXTS_MAX) return undefined;
    return {
      users: await this.#store.keysWith("users", { texts, limit: ENTITIES_MAX }),
      groups: await this.#store.keysWith("groups", { texts, limit: ENTITIES_MAX }),
    };
  }

  /** Whether something else may have a name that an entry gets, or name one that it loses. */
  async hasConflict(changes: readonly Change[]): Promise<boolean> {
    const changed = new Set(changes.map(({ kind, key }) => `${kind} ${key}`));
    const isElsewhere = async (kind: Many, texts: readonly string[], anyCase = false) => {
      if (texts.length === 0) return false;
      const keys = await this.#store.keysWith(kind, { texts, limit: changes.length + 1, anyCase });
      return keys.some((key) => !changed.has(`${kind} ${key}`));
    };
    const names = changes.map(({ before, after }) => namesInTheWay(before as Named, after as Named));
    const [extensions, emails, sipNames] = (["extensions", "emails", "sipNames"] as const).map((of) => [
      ...new Set(names.flatMap((each) => each[of])),
    ]) as [string[], string[], string[]];
    if (extensions.length + emails.length + sipNames.length > TEXTS_MAX) return true;
    for (const kind of MANY) if (await isElsewhere(kind, extensions)) return true;
    if ((await isElsewhere("users", emails, true)) || (await isElsewhere("users", sipNames))) return true;
    if (extensions.length === 0) return false;
    return targetsIn([...this.#sections.values()]).some(({ kind }) => kind === "extension");
  }

  has(kind: Many, key: string): boolean {
    return this.#found[kind].has(key);
  }

  /** Adds all that leads to the flows of the part. */
  addLeadingToFlows(): Promise<boolean> {
    const flows = [...this.#found.flows.keys()];
    return this.addLeadingTo(flows.map((key) => ({ kind: "flows", key, before: {}, after: {} })));
  }

  /** Adds all that leads to what changes, so that the numbers that ring other phones are found. */
  async addLeadingTo(changes: readonly Change[]): Promise<boolean> {
    const known = new Set(changes.map(({ kind, key }) => `${kind} ${key}`));
    // Nothing names an extension that changes: see `hasConflict`.
    let texts = changes.flatMap(({ kind, key, before, after }) =>
      textsOf(kind, key, (before as Named).extension === (after as Named).extension ? after : undefined),
    );
    // Everybody is in All Users.
    const everybody = changes.some(({ kind }) => kind === "users")
      ? textsOf("groups", ALL_USERS, this.#found.groups.get(ALL_USERS))
      : [];
    texts.push(...everybody);
    while (texts.length > 0) {
      const found = await this.#with(texts, known);
      if (found === undefined || !(await this.add(found))) return false;
      texts = MANY.flatMap((kind) =>
        found[kind].flatMap((key) => textsOf(kind, key, this.#found[kind].get(key))),
      );
      if (texts.length > 0) continue;
      const callers = await this.#callersOfNumbers(known);
      if (callers === undefined || !(await this.add(callers))) return false;
      texts = MANY.flatMap((kind) =>
        callers[kind].flatMap((key) => textsOf(kind, key, this.#found[kind].get(key))),
      );
    }
    return everybody.length === 0 || !this.#ringsEverybody();
  }

  /** Entities that have one of these texts and are not known yet; they are then. */
  async #with(texts: readonly string[], known: Set<string>): Promise<Keys | undefined> {
    const wanted = [...new Set(texts)];
    if (wanted.length > TEXTS_MAX) return undefined;
    const found: { [K in Many]: string[] } = { users: [], groups: [], flows: [], numbers: [] };
    for (const kind of MANY) {
      const keys = await this.#store.keysWith(kind, {
        texts: wanted,
        limit: ENTITIES_MAX + 1,
        leading: true,
      });
      if (keys.length > ENTITIES_MAX) return undefined;
      found[kind] = keys.filter((key) => !known.has(`${kind} ${key}`));
      for (const key of found[kind]) known.add(`${kind} ${key}`);
    }
    return found;
  }

  /** What sends calls to one of the numbers that are known, as if they came from outside. Few steps do that at all. */
  async #callersOfNumbers(known: Set<string>): Promise<Keys | undefined> {
    const numbers = [...known].filter((each) => each.startsWith("numbers "));
    const found: { [K in Many]: string[] } = { users: [], groups: [], flows: [], numbers: [] };
    if (numbers.length === 0) return found;
    const hasBlock = numbers.some((each) => !isSingle(each.slice("numbers ".length)));
    for (const kind of MANY) {
      const keys = await this.#store.keysWith(kind, {
        texts: ['"kind":"number","number":"'],
        limit: ENTITIES_MAX + 1,
        leading: true,
      });
      if (keys.length > ENTITIES_MAX) return undefined;
      for (const [key, entity] of await this.#store.entities(kind, this.#revision, keys)) {
        const isCaller = targetsIn(entity).some(
          (target) => target.kind === "number" && (hasBlock || known.has(`numbers ${target.number}`)),
        );
        if (!isCaller || known.has(`${kind} ${key}`)) continue;
        known.add(`${kind} ${key}`);
        found[kind].push(key);
      }
    }
    return found;
  }

  /** A step that rings All Users leads to the whole office. */
  #ringsEverybody(): boolean {
    const { extension } = this.#found.groups.get(ALL_USERS) ?? {};
    const all = MANY.flatMap((kind) =>
      [...this.#found[kind]].flatMap(([key, entity]): unknown[] => (key === ALL_USERS ? [] : [entity])),
    );
    return targetsIn([...all, ...this.#sections.values()]).some(
      (target) =>
        (target.kind === "group" && target.id === ALL_USERS) ||
        (target.kind === "extension" && target.extension === extension),
    );
  }
}

function together(keys: Keys, owners: Pick<Keys, "users" | "groups">): Keys {
  return { ...keys, users: [...keys.users, ...owners.users], groups: [...keys.groups, ...owners.groups] };
}

/** What entities lead to. */
function neededBy(entities: readonly unknown[]): Keys & { readonly extensions: readonly string[] } {
  const targets = targetsIn(entities);
  const of = (pick: (target: Target) => string | undefined) =>
    targets.flatMap((target) => pick(target) ?? []);
  const members = entities.flatMap((entity) => (entity as Partial<Group>).members ?? []);
  const flows = entities.flatMap((entity) => {
    const { leadsTo } = (entity ?? {}) as Partial<NumberEntry>;
    return leadsTo?.kind === "flow" ? [leadsTo.flow] : [];
  });
  return {
    users: [
      ...of((target) => (target.kind === "user" ? target.username : undefined)),
      ...members.map(({ username }) => username),
    ],
    groups: of((target) => (target.kind === "group" ? target.id : undefined)),
    flows: [...of((target) => (target.kind === "flow" ? target.id : undefined)), ...flows],
    numbers: [
      ...of((target) => (target.kind === "number" ? target.number : undefined)),
      ...entities.flatMap((entity) => {
        const { outboundNumber, number } = (entity ?? {}) as Partial<User> & { readonly number?: string };
        return [outboundNumber, number].filter((each) => each !== undefined);
      }),
    ],
    extensions: of((target) => (target.kind === "extension" ? target.extension : undefined)),
  };
}

/** A target as it is stored: with its keys in order. */
function targetText(target: Exclude<Target, { readonly kind: "extension" | "number" }>): string {
  switch (target.kind) {
    case "user":
      // A member of a group has more keys.
      return `"username":${JSON.stringify(target.username)}`;
    case "group":
    case "flow":
      return `"id":${JSON.stringify(target.id)},"kind":"${target.kind}"`;
  }
}

/** As it is stored, with its owner and in a step alike. */
function extensionText(extension: string): string {
  return `"extension":${JSON.stringify(extension)}`;
}

/** How what leads to an entity names it, as it is stored. */
function textsOf(kind: Many, key: string, entity: unknown): readonly string[] {
  const { extension } = (entity ?? {}) as Named;
  const byExtension = extension === undefined ? [] : [extensionText(extension)];
  switch (kind) {
    case "users":
      return [targetText({ kind: "user", username: key }), ...byExtension];
    case "groups":
      return [targetText({ kind: "group", id: key }), ...byExtension];
    case "flows":
      return [targetText({ kind: "flow", id: key }), `"flow":${JSON.stringify(key)}`];
    case "numbers":
      // Many numbers may lead to one flow; see `callersOfNumbers`.
      return [];
  }
}

type Named = Partial<Pick<User, "extension" | "email" | "devices">>;

/** Names that an entity gets or loses, as they are stored where something else has them. */
function namesInTheWay(before: Named, after: Named) {
  const [extensions, emails]: [string[], string[]] = [[], []];
  if (before.extension !== after.extension) {
    if (before.extension !== undefined) extensions.push(extensionText(before.extension));
    const { extension = "" } = after;
    // Also those that begin with it, and those with which it begins.
    if (extension !== "") extensions.push(extensionText(extension).slice(0, -1));
    for (let length = 1; length < extension.length; length += 1)
      extensions.push(extensionText(extension.slice(0, length)));
  }
  if (before.email !== after.email && after.email !== undefined)
    emails.push(`"email":${JSON.stringify(after.email)}`);
  const sipNames = ({ devices = [] }: Named) =>
    devices.flatMap(({ at }) => (at.kind === "sip" ? [at.name] : []));
  const had = new Set(sipNames(before));
  const fresh = sipNames(after).filter((name) => !had.has(name));
  return { extensions, emails, sipNames: fresh.map((name) => `"kind":"sip","name":${JSON.stringify(name)}`) };
}
