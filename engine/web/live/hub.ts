/**
 * Reads the engine's live feed once for all viewers of the web server, while there is any: an engine has few places for
 * readers, and each viewer sees a part of it.
 */
import type { Clock, TimerHandle } from "../../clock.js";
import type { FeedClientDeps } from "../../feed/client.js";
import type { FeedPhone } from "../../feed/protocol.js";
import { FeedView } from "../../feed/reading.js";
import { Snapshots } from "./encoded.js";
import type { Sight } from "./sight.js";
import { Viewer, type ViewerEvent } from "./viewer.js";

/** Whoever asks once waits no longer for the feed's first snapshot. */
const ASK_MS = 1_000;
/** The feed is read on for a while when the last viewer has left: a page that is loaded again finds it. */
const LINGER_MS = 10_000;
/** After a refusal that would come again, an operator has to mend something. */
const REFUSED_MS = 10_000;
/** How soon viewers are told of another office, and see what they may see in it. */
const LOOK_MS = 1_000;
const VIEWERS_MAX = 1_000;

export interface HubDeps {
  readonly clock: Clock;
  /** Begins to read the feed; the function returned ends it. */
  readonly open: (handlers: Pick<FeedClientDeps, "onLine" | "onAway">) => () => void;
  /** The newest revision of the office; rejects when nobody can tell. */
  readonly revision: () => Promise<number>;
}

/** What a viewer sees now; undefined: nothing any more. Rejects when nobody can tell. */
export type LookUp = () => Promise<Sight | undefined>;

interface Seat {
  readonly viewer: Viewer;
  readonly lookUp: LookUp;
}

export class LiveHub {
  readonly #deps: HubDeps;
  readonly #view = new FeedView();
  readonly #snapshots = new Snapshots(this.#view);
  readonly #seats = new Set<Seat>();
  /** Those who have asked once, and wait for the first snapshot. */
  readonly #asking = new Set<() => void>();
  #close: (() => void) | undefined;
  #isRead = false;
  #why: string | null = null;
  #revision = 0;
  #timer: TimerHandle | undefined;
  #closing: TimerHandle | undefined;

  constructor(deps: HubDeps) {
    this.#deps = deps;
  }

  get viewers(): number {
    return this.#seats.size;
  }

  /** The events of a viewer until the signal aborts; undefined: there are too many viewers. */
  watch(sight: Sight, lookUp: LookUp, signal: AbortSignal): AsyncIterable<ViewerEvent> | undefined {
    if (this.#seats.size >= VIEWERS_MAX) return undefined;
    const seat: Seat = { viewer: new Viewer(this.#view, this.#snapshots, sight, this.#why), lookUp };
    this.#seats.add(seat);
    this.#begin();
    // Whoever asked may be gone before the first event is taken.
    signal.addEventListener("abort", () => this.#leave(seat), { once: true });
    if (signal.aborted) this.#leave(seat);
    return this.#events(seat);
  }

  /**
   * The phones that are signed in, by SIP name; null: nobody can tell at this moment.
   * @param waitMs how long a feed that has said nothing yet is waited for
   */
  async phones(waitMs = ASK_MS): Promise<ReadonlyMap<string, FeedPhone> | null> {
    this.#begin();
    if (this.#view.head === null && this.#why === null) await this.#said(waitMs);
    this.#closeLater();
    return this.#view.head === null || this.#why !== null ? null : this.#view.phones;
  }

  /** The feed has said how things are, or that it cannot be read; it may also be slow. */
  #said(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#deps.clock.cancel(timer);
        this.#asking.delete(done);
        resolve();
      };
      const timer = this.#deps.clock.after(waitMs, done);
      this.#asking.add(done);
    });
  }

  #answer(): void {
    for (const done of [...this.#asking]) done();
  }

  async *#events(seat: Seat): AsyncGenerator<ViewerEvent> {
    try {
      yield* seat.viewer.events();
    } finally {
      this.#leave(seat);
    }
  }

  /** The server closes. */
  close(): void {
    for (const { viewer } of this.#seats) viewer.end();
    this.#seats.clear();
    this.#answer();
    this.#stop();
  }

  #begin(): void {
    if (this.#closing !== undefined) this.#deps.clock.cancel(this.#closing);
    this.#closing = undefined;
    if (this.#isRead) return;
    this.#isRead = true;
    this.#open();
    this.#lookLater();
  }

  #open(): void {
    this.#close = this.#deps.open({
      onLine: (line) => {
        if (line.is === "refused") return true;
        if (!this.#view.take(line)) return false;
        this.#snapshots.changed();
        for (const { viewer } of this.#seats) {
          if (line.is === "snapshot") viewer.replaced();
          else if (line.is === "change") viewer.take(line.change);
        }
        if (line.is === "snapshot") {
          this.#why = null;
          this.#answer();
        }
        return true;
      },
      onAway: (why, isForGood) => {
        this.#why = why;
        for (const { viewer } of this.#seats) viewer.away(why);
        this.#answer();
        if (isForGood) this.#openLater();
      },
    });
  }

  #openLater(): void {
    this.#close?.();
    const timer = this.#deps.clock.after(REFUSED_MS, () => this.#open());
    this.#close = () => this.#deps.clock.cancel(timer);
  }

  #leave(seat: Seat): void {
    seat.viewer.end();
    if (this.#seats.delete(seat)) this.#closeLater();
  }

  #closeLater(): void {
    if (this.#seats.size > 0 || this.#asking.size > 0 || !this.#isRead || this.#closing !== undefined) return;
    this.#closing = this.#deps.clock.after(LINGER_MS, () => this.#stop());
  }

  #stop(): void {
    const { clock } = this.#deps;
    this.#close?.();
    this.#close = undefined;
    this.#isRead = false;
    // What was read is old when it is read again.
    this.#view.head = null;
    this.#why = null;
    for (const timer of [this.#timer, this.#closing]) if (timer !== undefined) clock.cancel(timer);
    this.#timer = undefined;
    this.#closing = undefined;
  }

  #lookLater(): void {
    this.#timer = this.#deps.clock.after(LOOK_MS, () => {
      void this.#look().then(() => {
        if (this.#isRead) this.#lookLater();
      });
    });
  }

  /** Another office may have other members and permissions. */
  async #look(): Promise<void> {
    try {
      const revision = await this.#deps.revision();
      if (revision === this.#revision) return;
      for (const { viewer, lookUp } of [...this.#seats]) {
        const sight = await lookUp();
        if (sight === undefined) viewer.end();
        else viewer.look(sight);
      }
      this.#revision = revision;
    } catch {
      // Nobody can tell what has changed; the next look is soon.
    }
  }
}
