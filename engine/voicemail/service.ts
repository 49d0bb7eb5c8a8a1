/**
 * Voicemail as one part of the engine: the desk that calls take messages to, and what has to be done again and
 * again: recordings nobody tends any more, message lamps.
 */
import type { Logger } from "pino";
import type { Box } from "../../policy/mailbox.js";
import type { RoutingTable } from "../../policy/table.js";
import type { VoicemailStore } from "../../storage/voicemail.js";
import type { Clock, TimerHandle } from "../clock.js";
import type { IdSource } from "../ids.js";
import * as commands from "../switch/commands.js";
import type { SwitchLink } from "../switch/wire.js";
import type { MessageDesk } from "./desk.js";
import { Mailroom } from "./mailroom.js";
import type { Recordings } from "./recordings.js";

export interface VoicemailDeps {
  readonly link: SwitchLink;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Logger;
  readonly store: VoicemailStore;
  readonly recordings: Recordings;
  readonly table: () => RoutingTable;
  /** Whether the engine has this call. */
  readonly tended: (call: string) => boolean;
}

/** How often recordings that nobody tends are looked for. */
const SWEEP_MS = 30_000;
/** The first look after connecting: calls that live on are being taken over until then. */
const SWEEP_FIRST_MS = 1_000;

export class VoicemailService {
  readonly #deps: VoicemailDeps;
  readonly #mailroom: Mailroom;
  #sweep: TimerHandle | undefined;
  #up = false;

  constructor(deps: VoicemailDeps) {
    this.#deps = deps;
    const { store, recordings, clock, ids, log, table } = deps;
    this.#mailroom = new Mailroom({
      store,
      recordings,
      clock,
      ids,
      log,
      table,
      changed: (box) => this.#changed(box),
    });
  }

  get desk(): MessageDesk {
    return this.#mailroom;
  }

  linkUp(): void {
    this.#up = true;
    this.#sweepIn(SWEEP_FIRST_MS);
  }

  linkDown(): void {
    this.#up = false;
    this.#stopSweep();
  }

  async close(): Promise<void> {
    this.linkDown();
    await this.#mailroom.close();
  }

  #changed(_box: Box): void {}

  #sweepIn(ms: number): void {
    this.#stopSweep();
    this.#sweep = this.#deps.clock.after(ms, () => void this.#sweepNow());
  }

  #stopSweep(): void {
    if (this.#sweep !== undefined) this.#deps.clock.cancel(this.#sweep);
    this.#sweep = undefined;
  }

  async #sweepNow(): Promise<void> {
    try {
      await this.#mailroom.recover((call) => this.#lives(call));
    } catch (error) {
      this.#deps.log.error({ err: error }, "recordings that were left behind cannot be looked for");
    }
    if (this.#up) this.#sweepIn(SWEEP_MS);
  }

  /** Only a switch that says "no" ends a recording: without a connection nobody knows. */
  #lives(call: string): Promise<boolean> {
    if (this.#deps.tended(call)) return Promise.resolve(true);
    return new Promise((resolve) => {
      this.#deps.link.send(commands.exists(call), (reply) =>
        resolve(!(reply.outcome === "ok" && reply.text === "false") || this.#deps.tended(call)),
      );
    });
  }
}
