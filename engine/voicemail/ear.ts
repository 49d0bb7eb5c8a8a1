/**
 * Listens for silence in recordings that are being made, in the files that the switch writes without a buffer. The switch
 * has a silence detection of its own, but with one threshold for all lines: on a noisy one it hears no silence, and it
 * cuts callers who speak quietly. The ear knows the noise of the line (`policy/mailbox/silence.ts`).
 *
 * Only what is in the file counts. A file that does not grow, or cannot be read, is no silence: then the switch ends the
 * recording at its limit.
 */
import type { OpenRecording } from "../../policy/call/phase-run.js";
import type { Clock, TimerHandle } from "../clock.js";
import type { GrowingSound, RecordingFolder } from "./recordings.js";

/** How often a recording is listened to that does not exist yet, or of which the end is silence. */
const AGAIN_MS = 1_000;
/** The shortest time between two looks at a file. */
const LOOK_MS = 500;

export interface EarDeps {
  readonly recordings: Pick<RecordingFolder, "growing">;
  readonly clock: Clock;
}

export class Ear {
  readonly #deps: EarDeps;
  readonly #open = new Set<Listening>();

  constructor(deps: EarDeps) {
    this.#deps = deps;
  }

  /**
   * Calls `silent` when a recording ends in as much silence as ends it, and again for as long as it does: the command to
   * end it may be lost.
   * @returns ends the listening
   */
  listen(recording: OpenRecording, silent: () => void): () => void {
    const { id, silenceMs, silenceLevel } = recording;
    if (silenceMs === null || silenceLevel === "off") return () => {};
    const sound = this.#deps.recordings.growing(id, silenceLevel);
    const listening = new Listening(this.#deps.clock, sound, silenceMs, silent);
    this.#open.add(listening);
    return () => {
      listening.stop();
      this.#open.delete(listening);
    };
  }

  close(): void {
    for (const listening of this.#open) listening.stop();
    this.#open.clear();
  }
}

class Listening {
  readonly #clock: Clock;
  readonly #sound: GrowingSound;
  readonly #silenceMs: number;
  readonly #silent: () => void;
  #timer: TimerHandle | undefined;
  #isOver = false;

  constructor(clock: Clock, sound: GrowingSound, silenceMs: number, silent: () => void) {
    this.#clock = clock;
    this.#sound = sound;
    this.#silenceMs = silenceMs;
    this.#silent = silent;
    // It takes that long at least until there can be so much silence.
    this.#lookIn(silenceMs);
  }

  stop(): void {
    this.#isOver = true;
    if (this.#timer !== undefined) this.#clock.cancel(this.#timer);
  }

  #lookIn(ms: number): void {
    this.#timer = this.#clock.after(ms, () => void this.#look());
  }

  async #look(): Promise<void> {
    const quietMs = await this.#sound.quietMs();
    if (this.#isOver) return;
    if (quietMs !== undefined && quietMs >= this.#silenceMs) this.#silent();
    // The call may have ended the listening by what it was told just now.
    if (this.#isOver) return;
    const missing = quietMs === undefined || quietMs >= this.#silenceMs;
    this.#lookIn(missing ? AGAIN_MS : Math.max(LOOK_MS, this.#silenceMs - quietMs));
  }
}
