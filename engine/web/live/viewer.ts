/**
 * One viewer of the board: what they see of the feed, as numbered events. Each stream begins with a snapshot; so does it
 * when the viewer sees other things than before, or takes too long to take the events: then what is there now counts.
 */
import type { Change } from "../../feed/protocol.js";
import type { FeedView } from "../../feed/reading.js";
import { isoTime } from "../api/time.js";
import { callEvent, carrierEvent, figuresEvent, groupEvent, phoneEvent } from "./event-forms.js";
import { isSameSight, type Sight, seesCall, seesFigures, seesGroup, seesPhone } from "./sight.js";

/** One event, as it is sent. */
export interface ViewerEvent {
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
}

/** With more events than this a snapshot is less to read. */
const WAITING_MAX = 500;

export class Viewer {
  readonly #view: FeedView;
  #sight: Sight;
  #seq = 0;
  #waiting: { readonly event: string; readonly data: object }[] = [];
  /** Calls and phones that the viewer has been told of and that are there. */
  readonly #calls = new Set<string>();
  readonly #phones = new Set<string>();
  #needsSnapshot = true;
  #why: string | null = null;
  #isOver = false;
  #wake: (() => void) | undefined;

  /** @param why the feed cannot be read; null: it can */
  constructor(view: FeedView, sight: Sight, why: string | null) {
    this.#view = view;
    this.#sight = sight;
    if (why !== null) this.away(why);
  }

  /** The viewer's events, until {@link end}. */
  async *events(): AsyncGenerator<ViewerEvent> {
    while (!this.#isOver) {
      const next = this.#next();
      if (next !== undefined) {
        this.#seq += 1;
        yield { id: String(this.#seq), event: next.event, data: { seq: this.#seq, ...next.data } };
      } else
        await new Promise<void>((wake) => {
          this.#wake = wake;
        });
    }
  }

  #next() {
    if (this.#why === null && this.#needsSnapshot && this.#view.head !== null) return this.#snapshot();
    return this.#waiting.shift();
  }

  end(): void {
    this.#isOver = true;
    this.#wakeUp();
  }

  /** What the viewer may see now. */
  look(sight: Sight): void {
    if (isSameSight(sight, this.#sight)) return;
    this.#sight = sight;
    this.replaced();
  }

  /** The feed cannot be read; what was told may be old. */
  away(why: string): void {
    if (this.#why !== null) return;
    this.#why = why;
    this.#needsSnapshot = true;
    this.#waiting = [{ event: "away", data: { why } }];
    this.#wakeUp();
  }

  /** A snapshot has come, or is to be made again. */
  replaced(): void {
    this.#why = null;
    this.#needsSnapshot = true;
    this.#waiting = [];
    this.#wakeUp();
  }

  /** One thing has changed; the view has it already. */
  take(change: Change): void {
    if (this.#needsSnapshot) return;
    const told = this.#told(change);
    if (told === undefined) return;
    this.#waiting.push(told);
    if (this.#waiting.length > WAITING_MAX) this.replaced();
    this.#wakeUp();
  }

  #wakeUp(): void {
    this.#wake?.();
    this.#wake = undefined;
  }

  #snapshot() {
    const { head, calls, phones, groups, carriers, figures } = this.#view;
    const sight = this.#sight;
    const seen = [...calls.values()].filter((call) => seesCall(sight, call));
    this.#needsSnapshot = false;
    this.#waiting = [];
    refill(
      this.#calls,
      seen.map(({ id }) => id),
    );
    const seenPhones = [...phones.values()].filter((phone) => seesPhone(sight, phone));
    refill(
      this.#phones,
      seenPhones.map(({ sip }) => sip),
    );
    return {
      event: "snapshot",
      data: {
        at: isoTime(head?.atMs ?? 0),
        engine: { id: head?.engine.id ?? "", started_at: isoTime(head?.engine.startedMs ?? 0) },
        timezone: head?.office.timezone ?? "UTC",
        scope: sight.groups === null ? "all" : "groups",
        calls: seen.map(callEvent),
        phones: seenPhones.map(phoneEvent),
        groups: [...groups.values()].filter((group) => seesGroup(sight, group)).map(groupEvent),
        carriers: sight.carriers ? [...carriers.values()].map(carrierEvent) : null,
        figures: figures !== null && seesFigures(sight) ? figuresEvent(figures) : null,
      },
    };
  }

  /** Undefined: the viewer does not see it. */
  #told(change: Change): { readonly event: string; readonly data: object } | undefined {
    const sight = this.#sight;
    switch (change.kind) {
      case "call_began":
      case "call_changed": {
        const { call } = change;
        if (!seesCall(sight, call)) return this.#forget(call.id, "call_gone");
        this.#calls.add(call.id);
        return { event: "call", data: { call: callEvent(call) } };
      }
      case "call_ended":
        return this.#forget(change.id, "call_ended", { at: isoTime(change.atMs), ending: change.ending });
      case "phone_registered":
      case "phone_changed": {
        const { phone } = change;
        if (!seesPhone(sight, phone)) return this.#phoneGone(phone.sip);
        this.#phones.add(phone.sip);
        return { event: "phone", data: { phone: phoneEvent(phone) } };
      }
      case "phone_gone":
        return this.#phoneGone(change.sip);
      case "group_changed":
        return this.#group(change.group.id);
      case "group_waits":
        return this.#group(change.id);
      case "group_gone":
        return seesGroup(sight, change) ? { event: "group_gone", data: { id: change.id } } : undefined;
      case "carrier_changed":
        return sight.carriers
          ? { event: "carrier", data: { carrier: carrierEvent(change.carrier) } }
          : undefined;
      case "carrier_gone":
        return sight.carriers ? { event: "carrier_gone", data: { id: change.id } } : undefined;
      case "figures":
        return seesFigures(sight)
          ? { event: "figures", data: { figures: figuresEvent(change.figures) } }
          : undefined;
      case "alive":
        return undefined;
    }
  }

  /** `call_gone`: it goes on, and does not concern the viewer any more. */
  #forget(id: string, event: "call_ended" | "call_gone", more: object = {}) {
    return this.#calls.delete(id) ? { event, data: { id, ...more } } : undefined;
  }

  #group(id: string) {
    const group = this.#view.groups.get(id);
    return group !== undefined && seesGroup(this.#sight, group)
      ? { event: "group", data: { group: groupEvent(group) } }
      : undefined;
  }

  /** It has signed out, or is somebody else's now. */
  #phoneGone(sip: string) {
    return this.#phones.delete(sip) ? { event: "phone_gone", data: { sip } } : undefined;
  }
}

function refill(set: Set<string>, all: readonly string[]): void {
  set.clear();
  for (const each of all) set.add(each);
}
