/**
 * Sends events as they come (server-sent events, WHATWG HTML section 9.2). A comment now and then keeps proxies from
 * closing the connection. A reader who does not keep up is cut off instead of being remembered: a browser connects again
 * by itself, and says which event it had last.
 */
import type { ServerResponse } from "node:http";
import type { Clock } from "../../clock.js";
import type { ServerEvent } from "./route.js";

const HEARTBEAT_MS = 15_000;
/** A reader has as long to take what was written. */
const SLOW_MS = 10_000;
/** After how long a browser connects again. */
const RETRY_MS = 1_000;

export interface EventSending {
  readonly events: AsyncIterable<ServerEvent>;
  /** Aborted when the client is gone, or with the reason when it has no right any more. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/** Returns when the stream has ended. @throws what the source throws */
export async function sendEvents(
  response: ServerResponse,
  { events, signal, clock }: EventSending,
): Promise<void> {
  const source = events[Symbol.asyncIterator]();
  const heart = new Heartbeat(clock, () => {
    if (!response.writableNeedDrain) response.write(":\n\n");
  });
  try {
    response.write(`retry: ${RETRY_MS}\n\n`);
    for (;;) {
      const next = source.next();
      const got = await orAborted(next, signal);
      if (got === "aborted") {
        // What it throws when it is told of the abort concerns nobody.
        next.catch(() => undefined);
        break;
      }
      if (got.done === true) break;
      together(response);
      if (!response.write(eventText(got.value)) && !(await isTaken(response, signal, clock))) {
        response.destroy();
        return;
      }
      heart.restart();
    }
    if (signal.reason !== undefined && !response.destroyed && isReason(signal.reason))
      response.write(eventText({ event: "ended", data: signal.reason.because }));
    response.end();
  } finally {
    heart.stop();
    // Not waited for: a source that waits for its next event ends when that comes.
    source.return?.()?.catch(() => undefined);
  }
}

/** Events that come at once are sent at once: for the system one piece of work instead of one each. */
function together(response: ServerResponse): void {
  if (response.writableCorked > 0) return;
  response.cork();
  process.nextTick(() => response.uncork());
}

/** The reason of an abort by us, in contrast to a client that is gone. */
export class EndedByUs extends Error {
  readonly because: object;

  constructor(because: object) {
    super("the answer was ended");
    this.because = because;
  }
}

function isReason(reason: unknown): reason is EndedByUs {
  return reason instanceof EndedByUs;
}

/** As lines; `data` is one line, since JSON has no line breaks. */
function eventText(told: ServerEvent): string {
  const { id, event, json = JSON.stringify(told.data) } = told;
  const idLine = id === undefined ? "" : `id: ${id.replace(/[\r\n\0]/g, "")}\n`;
  return `${idLine}event: ${event.replace(/[\r\n]/g, "")}\ndata: ${json}\n\n`;
}

/** Listeners are taken away again: a stream may go on for weeks. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | "aborted"> {
  return new Promise((resolve, reject) => {
    const onAbort = () => resolve("aborted");
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

/** Waits until the reader has taken what was written. @returns false: not in time */
async function isTaken(response: ServerResponse, signal: AbortSignal, clock: Clock): Promise<boolean> {
  const taken = new Promise<boolean>((resolve) => {
    const finish = (inTime: boolean) => {
      clock.cancel(timer);
      response.off("drain", onDrain);
      signal.removeEventListener("abort", onDrain);
      resolve(inTime);
    };
    const onDrain = () => finish(true);
    const timer = clock.after(SLOW_MS, () => finish(false));
    response.once("drain", onDrain);
    signal.addEventListener("abort", onDrain, { once: true });
  });
  return taken;
}

class Heartbeat {
  readonly #clock: Clock;
  readonly #beat: () => void;
  #timer: ReturnType<Clock["after"]>;

  constructor(clock: Clock, beat: () => void) {
    this.#clock = clock;
    this.#beat = beat;
    this.#timer = this.#armed();
  }

  restart(): void {
    this.stop();
    this.#timer = this.#armed();
  }

  stop(): void {
    this.#clock.cancel(this.#timer);
  }

  #armed(): ReturnType<Clock["after"]> {
    return this.#clock.after(HEARTBEAT_MS, () => {
      this.#beat();
      this.#timer = this.#armed();
    });
  }
}
