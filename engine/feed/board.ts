/**
 * What readers of the live feed have been told: each call, phone, group and carrier as a piece of JSON, so that a snapshot is
 * put together of pieces that are there already, and a change is told only when its piece differs. Filled while somebody
 * reads, empty otherwise.
 */
import type { Group } from "../../policy/office/office.js";
import type { TimesOfCalls } from "./call-times.js";
import { callView, type SeenCall } from "./call-view.js";
import { type GroupMembers, groupMembers, waitingFor } from "./groups-view.js";
import { type BusyPhones, busyPhones, phoneView } from "./phones-view.js";
import type { Change, FeedCall, FeedFigures, Snapshot, Topic } from "./protocol.js";
import type { FeedSource } from "./source.js";

type WithoutSeq<T> = T extends unknown ? Omit<T, "seq"> : never;

/** A change as a text that follows the number: without the opening brace. */
export interface Told {
  readonly topic: Topic;
  readonly text: string;
}

interface ToldGroup {
  readonly members: GroupMembers;
  readonly json: string;
  readonly waits: number;
}

/** How a call ended that is gone by the time when it is told. */
interface Ended {
  readonly atMs: number;
  readonly ending: string;
}

const NOBODY: BusyPhones = new Map();
const NONE_WAIT: ReadonlyMap<string, number> = new Map();

export class Board {
  readonly #calls = new Map<string, { readonly view: FeedCall; readonly json: string }>();
  readonly #phones = new Map<string, string>();
  readonly #groups = new Map<string, ToldGroup>();
  readonly #carriers = new Map<string, string>();
  #figures: FeedFigures | null = null;
  #busy = NOBODY;
  #waits = NONE_WAIT;
  /** Username -> groups with that member. */
  #groupsOf = new Map<string, string[]>();
  readonly #changedCalls = new Set<string>();
  readonly #endedCalls = new Map<string, Ended>();
  readonly #changedPhones = new Set<string>();
  #isOfficeChanged = false;
  /** What the changes in hand are told as. */
  #told: Told[] = [];

  constructor(
    private readonly source: FeedSource,
    private readonly times: TimesOfCalls,
  ) {}

  /** The first reader has come. */
  fill(figures: FeedFigures): void {
    this.clear();
    for (const call of this.source.calls()) this.#changedCalls.add(call.state.id);
    this.#isOfficeChanged = true;
    this.changes();
    this.#lookAtCarriers();
    this.#figures = figures;
    this.#told = [];
  }

  /** The last reader has gone. */
  clear(): void {
    for (const told of [this.#calls, this.#phones, this.#groups, this.#carriers, this.#groupsOf])
      told.clear();
    for (const changed of [this.#changedCalls, this.#endedCalls, this.#changedPhones]) changed.clear();
    [this.#figures, this.#busy, this.#waits, this.#told] = [null, NOBODY, NONE_WAIT, []];
    this.#isOfficeChanged = false;
  }

  callChanged(id: string): void {
    this.#changedCalls.add(id);
  }

  /** A call has ended. One that began a moment ago is told all the same, so that readers count as many calls as there were. */
  callEnded(call: SeenCall, ended: Ended): void {
    const { id } = call.state;
    if (!this.#calls.has(id)) this.#tellCall(call);
    this.#changedCalls.delete(id);
    this.#endedCalls.set(id, ended);
  }

  phoneChanged(sipName: string): void {
    this.#changedPhones.add(sipName);
  }

  /** A contact may end without an event: all that are known are looked at. */
  lookAtAllPhones(): void {
    for (const sipName of this.#phones.keys()) this.#changedPhones.add(sipName);
    for (const [sipName] of this.source.registered()) this.#changedPhones.add(sipName);
  }

  officeChanged(): void {
    this.#isOfficeChanged = true;
  }

  /** All that has changed since it was asked last, in the order in which it is to be told. */
  changes(): readonly Told[] {
    const haveCallsChanged = this.#changedCalls.size > 0 || this.#endedCalls.size > 0;
    this.#tellCalls();
    if (haveCallsChanged) this.#findBusyPhones();
    const moved = this.#tellPhones();
    if (this.#isOfficeChanged) this.#findGroups();
    else this.#tellMembersOf(moved);
    if (haveCallsChanged) this.#tellWaits();
    this.#isOfficeChanged = false;
    const told = this.#told;
    this.#told = [];
    return told;
  }

  /** Once a second: what no event tells. */
  tick(figures: FeedFigures): readonly Told[] {
    this.#lookAtCarriers();
    this.#figures = figures;
    this.#tell("figures", { kind: "figures", figures });
    const told = this.#told;
    this.#told = [];
    return told;
  }

  /** The topics of a snapshot as a text, to stand behind its other fields. */
  snapshotText(topics: ReadonlySet<Topic>): string {
    const list = (pieces: Iterable<string>) => `[${[...pieces].join(",")}]`;
    const of: Readonly<Record<Topic, () => string>> = {
      calls: () => list([...this.#calls.values()].map(({ json }) => json)),
      phones: () => list(this.#phones.values()),
      groups: () => list([...this.#groups.values()].map((group) => groupJson(group))),
      carriers: () => list(this.#carriers.values()),
      figures: () => JSON.stringify(this.#figures),
    };
    return [...topics].map((topic) => `,"${topic satisfies keyof Snapshot}":${of[topic]()}`).join("");
  }

  /** The calls in progress as they were told last. */
  views(): IterableIterator<FeedCall> {
    return viewsOf(this.#calls.values());
  }

  #tell(topic: Topic, change: WithoutSeq<Change>): void {
    this.#told.push({ topic, text: JSON.stringify(change).slice(1) });
  }

  #tellCalls(): void {
    for (const id of this.#changedCalls) {
      const call = this.source.call(id);
      if (call !== undefined) this.#tellCall(call);
    }
    this.#changedCalls.clear();
    for (const [id, { atMs, ending }] of this.#endedCalls) {
      if (this.#calls.delete(id)) this.#tell("calls", { kind: "call_ended", id, atMs, ending });
    }
    this.#endedCalls.clear();
  }

  #tellCall(call: SeenCall): void {
    const { id } = call.state;
    const times = this.times.of(id);
    if (times === undefined) return;
    const view = callView(call, times);
    const json = JSON.stringify(view);
    const before = this.#calls.get(id);
    if (before?.json === json) return;
    this.#calls.set(id, { view, json });
    const kind = before === undefined ? "call_began" : "call_changed";
    this.#told.push({ topic: "calls", text: `"kind":"${kind}","call":${json}}` });
  }

  /** Marks the phones that do something else than before. */
  #findBusyPhones(): void {
    const before = this.#busy;
    this.#busy = busyPhones(this.views());
    for (const [key, doing] of this.#busy) if (before.get(key) !== doing) this.#markPhone(key);
    for (const key of before.keys()) if (!this.#busy.has(key)) this.#markPhone(key);
  }

  #markPhone(key: string): void {
    const slash = key.indexOf("/");
    const user = this.source.table().user(key.slice(0, slash));
    const device = user?.devices.find(({ id }) => id === key.slice(slash + 1));
    if (device?.at.kind === "sip") this.#changedPhones.add(device.at.name);
  }

  /** Returns the phones that have come or gone. */
  #tellPhones(): string[] {
    if (this.#isOfficeChanged) this.lookAtAllPhones();
    const moved = [...this.#changedPhones].filter((sip) => this.#tellPhone(sip));
    this.#changedPhones.clear();
    return moved;
  }

  /** Returns whether the phone has come or gone. */
  #tellPhone(sip: string): boolean {
    const contacts = this.source.contactsOf(sip);
    const before = this.#phones.get(sip);
    if (contacts.length === 0) {
      if (before === undefined) return false;
      this.#phones.delete(sip);
      this.#tell("phones", { kind: "phone_gone", sip });
      return true;
    }
    const json = JSON.stringify(phoneView(sip, contacts, this.source.table(), this.#busy));
    if (before === json) return false;
    this.#phones.set(sip, json);
    const kind = before === undefined ? "phone_registered" : "phone_changed";
    this.#told.push({ topic: "phones", text: `"kind":"${kind}","phone":${json}}` });
    return before === undefined;
  }

  /** The office has changed: its groups are found anew. */
  #findGroups(): void {
    const table = this.source.table();
    const ids = table.groupIds();
    const isThere = new Set(ids);
    this.#groupsOf = new Map();
    for (const id of [...this.#groups.keys()])
      if (!isThere.has(id)) {
        this.#groups.delete(id);
        this.#tell("groups", { kind: "group_gone", id });
      }
    for (const id of ids) {
      const group = table.group(id);
      if (group === undefined) continue;
      for (const { username } of group.members) {
        const known = this.#groupsOf.get(username);
        if (known === undefined) this.#groupsOf.set(username, [id]);
        else known.push(id);
      }
      this.#tellGroup(group);
    }
  }

  /** Phones have come or gone: their users may be reachable now, or not any more. */
  #tellMembersOf(sipNames: readonly string[]): void {
    if (sipNames.length === 0) return;
    const table = this.source.table();
    const ids = new Set<string>();
    for (const sipName of sipNames) {
      const owner = table.deviceBySip(sipName)?.user.username;
      for (const id of (owner === undefined ? undefined : this.#groupsOf.get(owner)) ?? []) ids.add(id);
    }
    for (const id of ids) {
      const group = table.group(id);
      if (group !== undefined) this.#tellGroup(group);
    }
  }

  #tellGroup(group: Group): void {
    const members = groupMembers(group, this.source.table(), this.source.contactsOf);
    const json = JSON.stringify(members);
    const before = this.#groups.get(group.id);
    if (before?.json === json) return;
    const now = { members, json, waits: this.#waits.get(group.id) ?? 0 };
    this.#groups.set(group.id, now);
    this.#told.push({ topic: "groups", text: `"kind":"group_changed","group":${groupJson(now)}}` });
  }

  #tellWaits(): void {
    this.#waits = waitingFor(this.views());
    for (const [id, group] of this.#groups) {
      const waits = this.#waits.get(id) ?? 0;
      if (waits === group.waits) continue;
      this.#groups.set(id, { ...group, waits });
      this.#tell("groups", { kind: "group_waits", id, waits });
    }
  }

  #lookAtCarriers(): void {
    const now = this.source.carriers();
    const ids = new Set(now.map(({ id }) => id));
    for (const id of [...this.#carriers.keys()])
      if (!ids.has(id)) {
        this.#carriers.delete(id);
        this.#tell("carriers", { kind: "carrier_gone", id });
      }
    for (const carrier of now) {
      const json = JSON.stringify(carrier);
      if (this.#carriers.get(carrier.id) === json) continue;
      this.#carriers.set(carrier.id, json);
      this.#told.push({ topic: "carriers", text: `"kind":"carrier_changed","carrier":${json}}` });
    }
  }
}

function groupJson({ json, waits }: ToldGroup): string {
  return `${json.slice(0, -1)},"waits":${waits}}`;
}

function* viewsOf(calls: Iterable<{ readonly view: FeedCall }>): IterableIterator<FeedCall> {
  for (const { view } of calls) yield view;
}
