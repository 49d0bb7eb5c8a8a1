/**
 * One viewer of the board: what they see of the feed, as numbered events. Each stream begins with a snapshot; so does it
 * when the viewer sees other things than before, or takes too long to take the events: then what is there now counts.
 */
import type { Change } from "../../feed/protocol.js";
import type { FeedView } from "../../feed/reading.js";
import { isoTime } from "../api/time.js";
import { type Encoded, encoded, once, type Snapshots } from "./encoded.js";
import { isSameSight, type Sight, seesCall, seesFigures, seesGroup, seesPhone } from "./sight.js";

/** One event, as it is sent. */
export class ViewerEvent {
  readonly id: string;
  readonly event: string;
  /** The data as text. */
  readonly json: string;

  constructor(seq: number, { event, json }: Encoded) {
    this.id = String(seq);
    this.event = event;
    this.json = `{"seq":${seq},${json.slice(1)}`;
  }

  get data(): unknown {
    return JSON.parse(this.json);
  }
}

/** With more events than this, or more to read, a snapshot is less. */
const WAITING_MAX = 500;
const WAITING_CHARS_MAX = 262_144;

export class Viewer {
  readonly #view: FeedView;
  readonly #snapshots: Snapshots;
  #sight: Sight;
  #seq = 0;
  /** The texts are shared by all viewers. */
  #waiting: Encoded[] = [];
  #waitingChars = 0;
  /** Calls and phones that the viewer has been told of and that are there. */
  readonly #calls = new Set<string>();
  readonly #phones = new Set<string>();
  #needsSnapshot = true;
  #why: string | null = null;
  #isOver = false;
  #wake: (() => void) | undefined;

  /** @param why the feed cannot be read; null: it can */
  constructor(view: FeedView, snapshots: Snapshots, sight: Sight, why: string | null) {
    this.#view = view;
    this.#snapshots = snapshots;
    this.#sight = sight;
    if (why !== null) this.away(why);
  }

  /** The viewer's events, until {@link end}. */
  async *events(): AsyncGenerator<ViewerEvent> {
    while (!this.#isOver) {
      const next = this.#next();
      if (next !== undefined) {
        this.#seq += 1;
        yield new ViewerEvent(this.#seq, next);
      } else
        await new Promise<void>((wake) => {
          this.#wake = wake;
        });
    }
  }

  #next(): Encoded | undefined {
    if (this.#why === null && this.#needsSnapshot && this.#view.head !== null) return this.#snapshot();
    const next = this.#waiting.shift();
    this.#waitingChars -= next?.json.length ?? 0;
    return next;
  }

  #wait(events: Encoded[]): void {
    this.#waiting = events;
    this.#waitingChars = events.reduce((sum, { json }) => sum + json.length, 0);
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
    this.#wait([{ event: "away", json: JSON.stringify({ why }) }]);
    this.#wakeUp();
  }

  /** A snapshot has come, or is to be made again. */
  replaced(): void {
    this.#why = null;
    this.#needsSnapshot = true;
    this.#wait([]);
    this.#wakeUp();
  }

  /** One thing has changed; the view has it already. */
  take(change: Change): void {
    if (this.#needsSnapshot) return;
    const told = this.#told(change);
    if (told === undefined) return;
    this.#waiting.push(told);
    this.#waitingChars += told.json.length;
    if (this.#waiting.length > WAITING_MAX || this.#waitingChars > WAITING_CHARS_MAX) this.replaced();
    this.#wakeUp();
  }

  #wakeUp(): void {
    this.#wake?.();
    this.#wake = undefined;
  }

  #snapshot(): Encoded {
    const snapshot = this.#snapshots.of(this.#sight);
    this.#needsSnapshot = false;
    this.#wait([]);
    refill(this.#calls, snapshot.calls);
    refill(this.#phones, snapshot.phones);
    return snapshot;
  }

  /** Undefined: the viewer does not see it. */
  #told(change: Change): Encoded | undefined {
    const sight = this.#sight;
    switch (change.kind) {
      case "call_began":
      case "call_changed": {
        const { call } = change;
        if (!seesCall(sight, call)) return this.#callGone(call.id);
        this.#calls.add(call.id);
        return encoded("call", call);
      }
      case "call_ended":
        if (!this.#calls.delete(change.id)) return undefined;
        return once(change, () => {
          const { id, atMs, ending } = change;
          return { event: "call_ended", json: JSON.stringify({ id, at: isoTime(atMs), ending }) };
        });
      case "phone_registered":
      case "phone_changed": {
        const { phone } = change;
        if (!seesPhone(sight, phone)) return this.#phoneGone(phone.sip);
        this.#phones.add(phone.sip);
        return encoded("phone", phone);
      }
      case "phone_gone":
        return this.#phoneGone(change.sip);
      case "group_changed":
        return this.#group(change.group.id);
      case "group_waits":
        return this.#group(change.id);
      case "group_gone":
        return seesGroup(sight, change) ? gone("group_gone", change.id) : undefined;
      case "carrier_changed":
        return sight.carriers ? encoded("carrier", change.carrier) : undefined;
      case "carrier_gone":
        return sight.carriers ? gone("carrier_gone", change.id) : undefined;
      case "figures":
        return seesFigures(sight) ? encoded("figures", change.figures) : undefined;
      case "alive":
        return undefined;
    }
  }

  /** It goes on, and does not concern the viewer any more. */
  #callGone(id: string): Encoded | undefined {
    return this.#calls.delete(id) ? gone("call_gone", id) : undefined;
  }

  #group(id: string): Encoded | undefined {
    const group = this.#view.groups.get(id);
    return group !== undefined && seesGroup(this.#sight, group) ? encoded("group", group) : undefined;
  }

  /** It has signed out, or is somebody else's now. */
  #phoneGone(sip: string): Encoded | undefined {
    return this.#phones.delete(sip) ? { event: "phone_gone", json: JSON.stringify({ sip }) } : undefined;
  }
}

function gone(event: string, id: string): Encoded {
  return { event, json: JSON.stringify({ id }) };
}

function refill(set: Set<string>, all: readonly string[]): void {
  set.clear();
  for (const each of all) set.add(each);
}
