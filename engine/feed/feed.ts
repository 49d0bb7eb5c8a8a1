/**
 * The engine's live feed: tells its readers of calls, phones, groups, carriers and load as they change. It follows calls by
 * the hook that they have for it, and puts together what is told a few times a second and not at each input. Readers who
 * asked for the same topics are told the same bytes. Nothing but times and counts is kept while nobody reads.
 */
import type { Note } from "../../policy/call/command.js";
import type { Clock, TimerHandle } from "../clock.js";
import type { SwitchLink } from "../switch/wire.js";
import { endingWord } from "../watch/story.js";
import { Board, type Told } from "./board.js";
import { TimesOfCalls } from "./call-times.js";
import type { SeenCall } from "./call-view.js";
import { Meter, type ProcessUse, RateOfCalls } from "./feed-figures.js";
import { FEED_VERSION, type FeedFigures, type Refusal, TOPICS, type Topic } from "./protocol.js";
import type { FeedSource } from "./source.js";

/** Changes are told together after so long: a person sees no difference, and a call has a dozen inputs. */
export const FLUSH_MS = 100;
const TICK_MS = 1_000;
/** A reader who was told nothing for so long is told that the engine is there. */
export const ALIVE_MS = 5_000;
/** All phones are looked at so often, for contacts that ended without an event. */
const PHONES_TICKS = 30;

/** A reader who has not taken in so much is told no changes until it has, and then gets a snapshot. */
export const BEHIND_BYTES = 1024 * 1024;
/** A reader who takes longer than this to take in what waits for it is let go. */
export const TOO_SLOW_MS = 30_000;
/** More readers than this are refused. */
export const READERS_MAX = 32;
/** A call that is first seen so long after its arrival was taken over: since when it is as it is, nobody knows. */
const TAKEN_OVER_MS = 2_000;

/** Where a reader's lines go. */
export interface FeedReader {
  write(lines: Uint8Array): void;
  /** What was written and not taken in yet. */
  readonly queuedBytes: number;
  /** The reader is let go. */
  end(why: Refusal["why"]): void;
}

interface Seat {
  readonly reader: FeedReader;
  readonly audience: Audience;
  /** `new` and `behind`: gets a snapshot next. */
  state: "new" | "told" | "behind";
  /** Since when the reader is behind. */
  sinceMs: number;
  /** The size of its last snapshot, which it may have in its queue besides. */
  snapshotBytes: number;
}

/** Readers of the same topics. Their lines have the same numbers. */
interface Audience {
  readonly topics: ReadonlySet<Topic>;
  readonly seats: Set<Seat>;
  seq: number;
  toldMs: number;
}

export interface FeedDeps {
  readonly source: FeedSource;
  readonly link: Pick<SwitchLink, "send">;
  readonly clock: Clock;
  readonly use: ProcessUse;
  readonly engineId: string;
}

/** Joins the feed; the function returned leaves it. */
export type JoinFeed = (reader: FeedReader, topics: readonly Topic[]) => (() => void) | "too_many_readers";

export class LiveFeed {
  readonly #deps: FeedDeps;
  readonly #times = new TimesOfCalls();
  readonly #rate: RateOfCalls;
  readonly #meter: Meter;
  readonly #board: Board;
  readonly #audiences = new Map<string, Audience>();
  readonly #startedMs: number;
  #readers = 0;
  #flushTimer: TimerHandle | undefined;
  #tickTimer: TimerHandle | undefined;
  #ticks = 0;
  #isConnected = false;
  #turnedMs: number | null = null;

  constructor(deps: FeedDeps) {
    this.#deps = deps;
    this.#rate = new RateOfCalls(deps.clock);
    this.#meter = new Meter(deps);
    this.#board = new Board(deps.source, this.#times);
    this.#startedMs = deps.clock.nowMs();
  }

  // ---- What the engine tells the feed ----------------------------------------------------------------

  onNote(note: Note): void {
    if (note.kind === "arrived") this.#rate.count();
  }

  /** A call has handled an input. @param isOver it is the last time */
  onState(call: SeenCall, isOver: boolean, isAnothers: boolean): void {
    const { state } = call;
    const nowMs = this.#deps.clock.nowMs();
    this.#times.look(state, nowMs, nowMs - state.arrivedMs < TAKEN_OVER_MS);
    if (this.#readers > 0) {
      if (!isOver) this.#board.callChanged(state.id);
      else this.#board.callEnded(call, { atMs: nowMs, ending: endingOf(call, isAnothers) });
      this.#flushLater();
    }
    if (isOver) this.#times.forget(state.id);
  }

  phoneChanged(sipName: string): void {
    if (this.#readers === 0) return;
    this.#board.phoneChanged(sipName);
    this.#flushLater();
  }

  officeChanged(): void {
    if (this.#readers === 0) return;
    this.#board.officeChanged();
    this.#flushLater();
  }

  linkUp(): void {
    this.#isConnected = true;
    this.#turnedMs = this.#deps.clock.nowMs();
  }

  linkDown(): void {
    this.#isConnected = false;
    this.#turnedMs = this.#deps.clock.nowMs();
    this.#meter.linkDown();
  }

  // ---- Readers ---------------------------------------------------------------------------------------

  readonly join: JoinFeed = (reader, topics) => {
    if (this.#readers >= READERS_MAX) return "too_many_readers";
    this.#readers += 1;
    if (this.#readers === 1) this.#begin();
    const audience = this.#audienceOf(topics);
    const seat: Seat = { reader, audience, state: "new", sinceMs: 0, snapshotBytes: 0 };
    audience.seats.add(seat);
    // The snapshot comes with the next changes, so that many who come at once get one and the same.
    this.#flushLater();
    return () => this.#leave(seat);
  };

  /** Lets all readers go. */
  close(): void {
    for (const { seats } of this.#audiences.values()) for (const seat of [...seats]) this.#leave(seat);
  }

  #audienceOf(topics: readonly Topic[]): Audience {
    const asked = new Set(TOPICS.filter((topic) => topics.includes(topic)));
    const key = [...asked].join(",");
    const known = this.#audiences.get(key);
    if (known !== undefined) return known;
    const made: Audience = { topics: asked, seats: new Set(), seq: 0, toldMs: 0 };
    this.#audiences.set(key, made);
    return made;
  }

  #leave(seat: Seat): void {
    if (!seat.audience.seats.delete(seat)) return;
    this.#readers -= 1;
    if (this.#readers === 0) this.#end();
  }

  #begin(): void {
    this.#meter.begin();
    this.#board.fill(this.#figures());
    this.#tickLater();
  }

  #end(): void {
    const { clock } = this.#deps;
    if (this.#flushTimer !== undefined) clock.cancel(this.#flushTimer);
    if (this.#tickTimer !== undefined) clock.cancel(this.#tickTimer);
    this.#flushTimer = undefined;
    this.#tickTimer = undefined;
    this.#audiences.clear();
    this.#meter.end();
    this.#board.clear();
  }

  #flushLater(): void {
    this.#flushTimer ??= this.#deps.clock.after(FLUSH_MS, () => {
      this.#flushTimer = undefined;
      this.#tell(this.#board.changes(), "new");
    });
  }

  #tickLater(): void {
    this.#tickTimer = this.#deps.clock.after(TICK_MS, () => {
      this.#tickLater();
      this.#ticks += 1;
      if (this.#ticks % PHONES_TICKS === 0) {
        this.#board.lookAtAllPhones();
        this.#flushLater();
      }
      // Changes first: those behind get a snapshot that has them, and are not to be told them again.
      this.#tell(this.#board.changes(), "new");
      this.#tell(this.#board.tick(this.#figures()), "behind");
    });
  }

  #figures(): FeedFigures {
    const { source, clock } = this.#deps;
    const { isFull, refused } = source.overload();
    const calls = { all: 0, ringing: 0, talking: 0 };
    let contacts = 0;
    for (const { state } of source.calls()) {
      calls.all += 1;
      if (state.phase.kind === "ringing") calls.ringing += 1;
      if (state.phase.kind === "connected") calls.talking += 1;
    }
    for (const [, those] of source.registered()) contacts += those.length;
    return {
      atMs: clock.nowMs(),
      callsPerSecond: this.#rate.perSecond,
      calls,
      contacts,
      ...this.#meter.take(this.#isConnected),
      memoryBytes: this.#deps.use.memoryBytes(),
      switch: {
        isConnected: this.#isConnected,
        isReady: source.isReady(),
        sinceMs: this.#turnedMs,
        isOverloaded: isFull,
        refused,
      },
      revision: source.table().revision,
      readers: this.#readers,
    };
  }

  /** @param catchingUp which readers may get a snapshot now: those who are behind wait for the tick, so that they cost little */
  #tell(told: readonly Told[], catchingUp: "new" | "behind"): void {
    for (const audience of this.#audiences.values()) {
      if (audience.seats.size === 0) continue;
      const lines = this.#linesFor(audience, told);
      let snapshot: Uint8Array | undefined;
      for (const seat of [...audience.seats]) {
        if (seat.state === "told") this.#tellSeat(seat, lines);
        else if (seat.state === "new" || this.#mayCatchUp(seat, catchingUp)) {
          snapshot ??= this.#snapshotFor(audience);
          seat.snapshotBytes = snapshot.length;
          seat.state = "told";
          seat.reader.write(snapshot);
        }
      }
    }
  }

  /** The changes as lines; empty: none of them is of these topics. */
  #linesFor(audience: Audience, told: readonly Told[]): Uint8Array {
    const nowMs = this.#deps.clock.nowMs();
    const mine = told.filter(({ topic }) => audience.topics.has(topic));
    const texts = mine.map(({ text }) => text);
    if (texts.length === 0 && nowMs - audience.toldMs >= ALIVE_MS) texts.push('"kind":"alive"}');
    if (texts.length > 0) audience.toldMs = nowMs;
    return Buffer.from(texts.map((text) => `{"seq":${++audience.seq},${text}\n`).join(""));
  }

  #tellSeat(seat: Seat, lines: Uint8Array): void {
    if (lines.length === 0) return;
    if (seat.reader.queuedBytes <= BEHIND_BYTES + seat.snapshotBytes) {
      seat.reader.write(lines);
      return;
    }
    seat.state = "behind";
    seat.sinceMs = this.#deps.clock.nowMs();
  }

  #mayCatchUp(seat: Seat, catchingUp: "new" | "behind"): boolean {
    if (catchingUp !== "behind") return false;
    if (seat.reader.queuedBytes === 0) return true;
    if (this.#deps.clock.nowMs() - seat.sinceMs >= TOO_SLOW_MS) {
      this.#leave(seat);
      seat.reader.end("too_slow");
    }
    return false;
  }

  #snapshotFor({ topics, seq }: Audience): Uint8Array {
    const { engineId, clock, source } = this.#deps;
    const { name, timezone } = source.table().settings;
    const head = {
      v: FEED_VERSION,
      kind: "snapshot",
      seq,
      atMs: clock.nowMs(),
      engine: { id: engineId, startedMs: this.#startedMs },
      office: { name, timezone },
    };
    return Buffer.from(`${JSON.stringify(head).slice(0, -1)}${this.#board.snapshotText(topics)}}\n`);
  }
}

function endingOf({ state }: SeenCall, isAnothers: boolean): string {
  if (state.ending !== null) return endingWord(state.ending);
  return isAnothers ? "not_ours" : "failed";
}
