/**
 * Writes what differs between the office of the files and the live one into the texts of the files: entry by entry, each
 * where it stands; new entries where their kind stands.
 */
import { isAlias, isMap, isSeq, type Pair, type YAMLMap, type YAMLSeq } from "yaml";
import type { FieldRef } from "../../../policy/change/drift.js";
import { entityFile, NAME_KEYS, WHOLE_ENTITY } from "../../../policy/change/fields.js";
import { builtInGroup } from "../../../policy/office/built-in.js";
import { type EntityKind, entitiesOf, shownAs } from "../../../policy/office/entities.js";
import type { Office } from "../../../policy/office/office.js";
import { ENTRY_SECTIONS } from "../../../policy/office-file/sections.js";
import { parseNumberKey } from "../../../policy/routing/block-text.js";
import { withoutDefaults } from "../../../policy/steps/voicemail/file.js";
import { assemble, type Context, changeMap, type Mapping, valueRegion, wordsOf } from "./change.js";
import type { Item, Outcome } from "./items.js";
import { entryLines, oneLine, oneLinePair, pairLines } from "./render.js";
import { keyOf, Source } from "./source.js";

/** A field or entity that stays as the files have it, since it cannot be written where it stands. */
export interface Left {
  readonly ref: FieldRef;
  readonly why: string;
}

/** An entity as the files and the live office have it, written as the file writes it. */
interface Change {
  readonly ref: FieldRef;
  readonly from: Mapping | undefined;
  readonly to: Mapping | undefined;
  /** The flow of an entry that says none. */
  readonly unsaidFlow?: unknown;
}

/** Changes by section and by the name of the entry in it. */
export type Changes = ReadonlyMap<string, ReadonlyMap<string, Change>>;

/** What is to be written, and where the order of the carriers is known from. */
export interface Wanted {
  readonly changes: Changes;
  readonly office: Office;
}

/**
 * The entities that differ. The order of carriers is in `office`.
 * @param unsaid the office of the files with the flows of entries that say none
 */
export function changesOf(files: Office, live: Office, refs: Iterable<FieldRef>, unsaid: Office): Changes {
  const [wanted, there, spoken] = [entitiesOf(files), entitiesOf(live), entitiesOf(unsaid)];
  const maps = new Map<EntityKind, readonly ReadonlyMap<string, unknown>[]>();
  const changes = new Map<string, Map<string, Change>>();
  for (const { kind, key } of refs) {
    const sides = maps.get(kind) ?? [
      new Map<string, unknown>(wanted[kind]),
      new Map<string, unknown>(there[kind]),
      new Map<string, unknown>(spoken[kind]),
    ];
    maps.set(kind, sides);
    const [from, live, said] = sides.map((side) => fileOf(kind, key, side.get(key)));
    const to = from?.["voicemail"] === undefined ? withNewMailbox(live) : live;
    const { section, id } = shownAs(kind, key);
    const ref = { kind, key, field: WHOLE_ENTITY };
    changes.set(
      section,
      (changes.get(section) ?? new Map<string, Change>()).set(id, {
        ref,
        from,
        to,
        unsaidFlow: said?.["no_answer"],
      }),
    );
  }
  return changes;
}

/** A section that is new says only what a command has said: the other defaults stay what they are. */
function withNewMailbox(entry: Mapping | undefined): Mapping | undefined {
  const voicemail = entry?.["voicemail"];
  if (typeof voicemail !== "object" || voicemail === null) return entry;
  return { ...entry, voicemail: withoutDefaults(voicemail) };
}

function fileOf(kind: EntityKind, key: string, entity: unknown): Mapping | undefined {
  if (entity === undefined) return undefined;
  const { carriers: _order, ...file } = entityFile(kind, key, entity);
  return kind === "settings" ? file : entityFile(kind, key, entity);
}

/** The file of an office, and what it has of each section. */
export class OfficeSource {
  readonly source: Source;
  readonly #root: YAMLMap | undefined;
  /** Made once for each section: every entry has to be read for it. */
  readonly #names = new Map<string, readonly string[] | undefined>();

  constructor(
    readonly name: string,
    readonly text: string,
    private readonly country: string,
  ) {
    this.source = new Source(text);
    const { contents } = this.source.document;
    this.#root = isMap(contents) ? (contents as unknown as YAMLMap) : undefined;
  }

  /** The names of the entries of a section, in the order of the file; undefined: the file has no such section. */
  names(section: string): readonly string[] | undefined {
    if (!this.#names.has(section)) this.#names.set(section, this.#readNames(section));
    return this.#names.get(section);
  }

  #readNames(section: string): readonly string[] | undefined {
    const pair = this.#pair(section);
    if (pair === undefined) return undefined;
    if (isMap(pair.value)) return pair.value.items.map((each) => keyOf(each as Pair));
    return isSeq(pair.value) ? pair.value.items.map((item) => this.#nameIn(section, item)) : [];
  }

  #pair(section: string): Pair | undefined {
    return (this.#root?.items as Pair[] | undefined)?.find((pair) => keyOf(pair) === section);
  }

  #nameIn(section: string, item: unknown): string {
    const node: unknown = isAlias(item) ? item.resolve(this.source.document) : item;
    const key = NAME_KEYS[section as EntityKind] ?? "id";
    const written = isMap(node) ? this.source.value(node.get(key, true)) : undefined;
    if (section !== "numbers") return String(written);
    return parseNumberKey(String(written), this.country) ?? String(written);
  }

  /**
   * The text with the changes of its own entries, and with new entries of these sections.
   * @param added by section: the names of entries that this file gets
   */
  written(
    wanted: Wanted,
    added: ReadonlyMap<string, readonly string[]>,
    leave: (left: Left) => void,
  ): string {
    const { source } = this;
    const root = this.#root;
    const fresh = [...added].filter(([section]) => this.#pair(section) === undefined);
    if (root === undefined) return this.#appended(freshItems(wanted, fresh));
    const context: Context = { source, section: "", start: 0, end: this.text.length };
    const items: Item[] = [];
    for (const [place, pair] of (root.items as Pair[]).entries()) {
      const section = keyOf(pair);
      const region = valueRegion(context, root, place, pair.value);
      // The order of the carriers may change without any of them.
      const isTouched = wanted.changes.has(section) || section === "carriers";
      if (!isTouched || region === undefined) items.push({ old: place });
      else {
        const inner = { source, section, ...region };
        items.push(this.#section(inner, pair.value, place, wanted, added.get(section) ?? [], leave));
      }
    }
    items.push(...freshItems(wanted, fresh));
    const outcome = assemble(context, root, items, () => []);
    if (outcome.is !== "written") return this.text;
    return source.with(0, this.text.length, outcome.splice);
  }

  #appended(items: readonly Item[]): string {
    const { eol } = this.source;
    const lines = items.flatMap((item) => ("lines" in item ? item.lines : []));
    const before = this.text === "" || this.text.endsWith("\n") ? this.text : `${this.text}${eol}`;
    return lines.length === 0 ? this.text : `${before}${lines.join(eol)}${eol}`;
  }

  #section(
    context: Context,
    node: unknown,
    place: number,
    wanted: Wanted,
    added: readonly string[],
    leave: (left: Left) => void,
  ): Item {
    const changes = wanted.changes.get(context.section) ?? new Map<string, Change>();
    const names = this.names(context.section) ?? [];
    const isEmpty = names.length === 0;
    const whole = (why: string) => {
      for (const name of names) leaveWhole(changes.get(name), why, leave);
      return { old: place };
    };
    if (isAlias(node)) return whole(`the section is an alias of &${node.source}`);
    if (this.source.isAliased(node)) return whole("an alias refers to the section");
    if (isEmpty && added.length > 0)
      return { old: place, anew: sectionValue(context.section, wanted, added) };
    let outcome: Outcome = { is: "same" };
    if (context.section === "office" && isMap(node)) outcome = this.#settings(context, node, changes, leave);
    else if (isMap(node)) outcome = this.#flows(context, node, changes, added, leave);
    else if (isSeq(node)) outcome = this.#entries(context, node, wanted, added, leave);
    if (outcome.is === "written") return { old: place, splice: outcome.splice };
    if (outcome.is === "anew") return { old: place, anew: isMap(node) ? {} : [] };
    return outcome.is === "left" ? whole(outcome.why) : { old: place };
  }

  #settings(
    context: Context,
    node: YAMLMap,
    changes: ReadonlyMap<string, Change>,
    leave: (left: Left) => void,
  ): Outcome {
    const [change] = changes.values();
    if (change?.from === undefined || change.to === undefined) return { is: "same" };
    const { ref, from, to } = change;
    return changeMap(
      { ...context, leave: (field, why) => leave({ ref: { ...ref, field }, why }) },
      node,
      from,
      to,
    );
  }

  #flows(
    context: Context,
    node: YAMLMap,
    changes: ReadonlyMap<string, Change>,
    added: readonly string[],
    leave: (left: Left) => void,
  ): Outcome {
    const here = (this.names("flows") ?? []).filter((id) => changes.get(id)?.from !== undefined);
    const steps = (side: "from" | "to", ids: readonly string[]) =>
      Object.fromEntries(ids.map((id) => [id, changes.get(id)?.[side]?.["steps"]]));
    const note = (id: string, why: string) => leaveWhole(changes.get(id), why, leave);
    return changeMap(
      { ...context, leave: note },
      node,
      steps("from", here),
      steps("to", [...here, ...added]),
    );
  }

  #entries(
    context: Context,
    node: YAMLSeq,
    wanted: Wanted,
    added: readonly string[],
    leave: (left: Left) => void,
  ): Outcome {
    const { section } = context;
    const changes = wanted.changes.get(section) ?? new Map<string, Change>();
    const names = this.names(section) ?? [];
    const items: (Item & { readonly name: string })[] = [];
    for (const [place, name] of names.entries()) {
      const item = this.#entry(context, node, place, changes.get(name), leave);
      if (item !== null) items.push({ ...item, name });
    }
    const last: unknown = node.items.at(-1);
    const isOneLine = isMap(last) && last.flow === true;
    for (const name of added) items.push({ ...newEntry(section, changes.get(name)?.to, isOneLine), name });
    const order = section === "carriers" ? wanted.office.carriers.map(({ id }) => id) : [];
    if (order.length > 0) items.sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
    return assemble(context, node, items, (place) => wordsOf(this.source.value(node.items[place])));
  }

  /** @returns null: the entry goes */
  #entry(
    context: Context,
    node: YAMLSeq,
    place: number,
    change: Change | undefined,
    leave: (left: Left) => void,
  ): Item | null {
    if (change === undefined) return { old: place };
    const item: unknown = node.items[place];
    const keep = (why: string): Item => {
      leaveWhole(change, why, leave);
      return { old: place };
    };
    const { ref } = change;
    const plain = plainGroup(ref);
    const saysFlow = !isMap(item) || item.has("no_answer") || change.from?.["no_answer"] === undefined;
    const said = saysFlow ? change.from : { ...change.from, no_answer: change.unsaidFlow };
    const [from, to] = [said ?? plain, change.to ?? plain];
    if (isAlias(item)) return to === undefined ? null : keep(`it is an alias of &${item.source}`);
    if (to === undefined) return this.source.isShared(item) ? keep("an alias refers to it") : null;
    const region = valueRegion(context, node, place, item);
    if (from === undefined || !isMap(item) || region === undefined)
      return keep("its lines cannot be told apart");
    if (this.source.isAliased(item)) return keep("an alias refers to it");
    const inner: Context = {
      source: this.source,
      section: context.section,
      ...region,
      leave: (field, why) => leave({ ref: { ...ref, field }, why }),
    };
    const outcome = changeMap(inner, item, from, to);
    if (outcome.is === "written") return { old: place, splice: outcome.splice };
    return outcome.is === "left" ? keep(outcome.why) : { old: place };
  }
}

function leaveWhole(change: Change | undefined, why: string, leave: (left: Left) => void): void {
  if (change !== undefined) leave({ ref: change.ref, why });
}

/** A built-in group that an office does not mention is there all the same, and a file may mention it. */
function plainGroup({ kind, key }: FieldRef): Mapping | undefined {
  const group = kind === "groups" ? builtInGroup(key) : undefined;
  return group === undefined ? undefined : entityFile(kind, key, group);
}

function newEntry(section: string, entry: Mapping | undefined, isOneLine: boolean): Item {
  const line = oneLine(entry);
  return { lines: isOneLine ? [`- ${line}`] : entryLines(section, entry), oneLine: line };
}

/** New entries of a section as the value of its key. */
function sectionValue(section: string, { changes }: Wanted, added: readonly string[]): unknown {
  const entries = added.map((name) => [name, changes.get(section)?.get(name)?.to] as const);
  if (section === "flows") return Object.fromEntries(entries.map(([id, entry]) => [id, entry?.["steps"]]));
  return entries.map(([, entry]) => entry);
}

function freshItems(wanted: Wanted, fresh: readonly (readonly [string, readonly string[]])[]): Item[] {
  return fresh.map(([section, added]) => {
    const value = sectionValue(section, wanted, added);
    return { lines: pairLines("", section, value), oneLine: oneLinePair(section, value) };
  });
}

/** The content of a new file with these entries. */
export function newContent(
  wanted: Wanted,
  added: ReadonlyMap<string, readonly string[]>,
): Record<string, unknown> {
  const sections = [
    "carriers",
    "users",
    "groups",
    "flows",
    "numbers",
    ...ENTRY_SECTIONS.map(({ key }) => key),
  ];
  return Object.fromEntries(
    sections.flatMap((section) => {
      const names = added.get(section);
      return names === undefined ? [] : [[section, sectionValue(section, wanted, names)] as const];
    }),
  );
}
