/** The reader's side of the live feed: a snapshot, kept up with the changes that follow it. */
import { given } from "../../policy/office/optional.js";
import {
  type Change,
  FEED_VERSION,
  type FeedCall,
  type FeedCarrier,
  type FeedFigures,
  type FeedGroup,
  type FeedLine,
  type FeedPhone,
  type Snapshot,
} from "./protocol.js";

/** What the engine is like, as far as it was told. */
export class FeedView {
  readonly calls = new Map<string, FeedCall>();
  readonly phones = new Map<string, FeedPhone>();
  readonly groups = new Map<string, FeedGroup>();
  readonly carriers = new Map<string, FeedCarrier>();
  figures: FeedFigures | null = null;
  /** Null: no snapshot has come. */
  head: Pick<Snapshot, "atMs" | "engine" | "office"> | null = null;
  #seq = 0;

  /** All that is known, as a snapshot would say it; undefined: none has come. */
  asSnapshot(): Snapshot | undefined {
    if (this.head === null) return undefined;
    const { calls, phones, groups, carriers, figures } = this;
    return {
      ...{ v: FEED_VERSION, kind: "snapshot", seq: this.#seq, ...this.head },
      ...{ calls: [...calls.values()], phones: [...phones.values()], groups: [...groups.values()] },
      carriers: [...carriers.values()],
      ...given({ figures: figures ?? undefined }),
    };
  }

  /** False: a line is missing, so that what is here may be wrong; a new connection begins with a snapshot. */
  take(line: Exclude<FeedLine, { readonly is: "refused" }>): boolean {
    if (line.is === "snapshot") {
      this.#replace(line.snapshot);
      return true;
    }
    const seq = line.is === "change" ? line.change.seq : line.seq;
    if (this.head === null || seq !== this.#seq + 1) return false;
    this.#seq = seq;
    if (line.is === "change") this.#apply(line.change);
    return true;
  }

  #replace(snapshot: Snapshot): void {
    const { seq, atMs, engine, office, calls = [], phones = [], groups = [], carriers = [] } = snapshot;
    this.#seq = seq;
    this.head = { atMs, engine, office };
    refill(this.calls, calls, ({ id }) => id);
    refill(this.phones, phones, ({ sip }) => sip);
    refill(this.groups, groups, ({ id }) => id);
    refill(this.carriers, carriers, ({ id }) => id);
    this.figures = snapshot.figures ?? null;
  }

  #apply(change: Change): void {
    switch (change.kind) {
      case "call_began":
      case "call_changed":
        this.calls.set(change.call.id, change.call);
        return;
      case "call_ended":
        this.calls.delete(change.id);
        return;
      case "phone_registered":
      case "phone_changed":
        this.phones.set(change.phone.sip, change.phone);
        return;
      case "phone_gone":
        this.phones.delete(change.sip);
        return;
      case "group_changed":
        this.groups.set(change.group.id, change.group);
        return;
      case "group_waits": {
        const group = this.groups.get(change.id);
        if (group !== undefined) this.groups.set(change.id, { ...group, waits: change.waits });
        return;
      }
      case "group_gone":
        this.groups.delete(change.id);
        return;
      case "carrier_changed":
        this.carriers.set(change.carrier.id, change.carrier);
        return;
      case "carrier_gone":
        this.carriers.delete(change.id);
        return;
      case "figures":
        this.figures = change.figures;
        return;
      case "alive":
        return;
    }
  }
}

function refill<T>(map: Map<string, T>, all: readonly T[], keyOf: (one: T) => string): void {
  map.clear();
  for (const one of all) map.set(keyOf(one), one);
}
