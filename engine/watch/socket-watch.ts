/**
 * Watches the event socket: how long the switch takes to answer, how late its events are handled, and which commands fail,
 * each with what it was for. It changes nothing, and nobody waits for it.
 */
import type { Logger } from "pino";
import { given } from "../../policy/office/optional.js";
import type { Clock } from "../clock.js";
import { purposeOf } from "../switch/purpose.js";
import type { Reply, SwitchEvent, WireCommand } from "../switch/wire.js";
import type { Measures } from "./measures.js";

export interface SocketFigures {
  /** The longest of the last seconds; null: there was none. */
  readonly replyMs: number | null;
  readonly eventLagMs: number | null;
}

export interface SocketWatchDeps {
  readonly clock: Pick<Clock, "nowMs">;
  readonly log: Logger;
  /** The call of a channel; undefined: of none that is in progress. */
  readonly callOf: (channel: string) => string | undefined;
  readonly measures?: Pick<Measures, "replied" | "eventCame">;
}

/** Figures are of the last one to two of these. */
const SPAN_MS = 5_000;

/** What of a reply is logged: the switch's words, and never the arguments that some replies repeat. */
const REPLY_CHARACTERS_MAX = 100;

/**
 * Refusals that belong to ordinary calls: the channel has just ended, another engine has the claim, nothing was planned or
 * kept there any more.
 */
const ORDINARY =
  /No such channel|key already exists|no reply|invalid session id|^-ERR Not found|does not match|key does not exist/i;

export class SocketWatch {
  readonly #replies = new Worst();
  readonly #events = new Worst();

  constructor(private readonly deps: SocketWatchDeps) {}

  get figures(): SocketFigures {
    const nowMs = this.deps.clock.nowMs();
    return { replyMs: this.#replies.at(nowMs), eventLagMs: this.#events.at(nowMs) };
  }

  replied(command: WireCommand, tookMs: number, reply: Reply): void {
    this.deps.measures?.replied(reply.outcome, tookMs);
    if (reply.outcome !== "unknown") this.#replies.add(tookMs, this.deps.clock.nowMs());
    if (reply.outcome !== "ok") this.#failed(command, reply);
  }

  event(event: SwitchEvent): void {
    const madeMs = Number(event["Event-Date-Timestamp"]) / 1000;
    if (!Number.isFinite(madeMs)) return;
    const nowMs = this.deps.clock.nowMs();
    const lagMs = Math.max(0, nowMs - madeMs);
    this.deps.measures?.eventCame(lagMs);
    this.#events.add(lagMs, nowMs);
  }

  #failed(command: WireCommand, { outcome, text }: Reply): void {
    const { what, channel } = purposeOf(command);
    const call = channel === undefined ? undefined : (this.deps.callOf(channel) ?? channel);
    const line = {
      ...given({ call, channel: channel === call ? undefined : channel }),
      for: what,
      reply: text.slice(0, REPLY_CHARACTERS_MAX),
    };
    // A connection that is gone was logged, with the number of calls; each of them looks at the switch again.
    const isLost = outcome === "unknown" && !text.startsWith("no reply");
    if (isLost || (outcome === "refused" && ORDINARY.test(text)))
      this.deps.log.debug(
        line,
        outcome === "refused" ? "the switch refuses a command" : "a command was lost",
      );
    else if (outcome === "refused") this.deps.log.warn(line, "the switch refuses a command");
    else this.deps.log.warn(line, "the switch does not answer a command");
  }
}

/** The largest value of the last seconds. */
class Worst {
  #sinceMs = Number.NEGATIVE_INFINITY;
  #now: number | null = null;
  #before: number | null = null;

  add(value: number, nowMs: number): void {
    this.#turn(nowMs);
    this.#now = Math.max(this.#now ?? value, value);
  }

  at(nowMs: number): number | null {
    this.#turn(nowMs);
    if (this.#now === null || this.#before === null) return this.#now ?? this.#before;
    return Math.max(this.#now, this.#before);
  }

  #turn(nowMs: number): void {
    const spans = Math.floor((nowMs - this.#sinceMs) / SPAN_MS);
    if (spans === 0) return;
    this.#before = spans === 1 ? this.#now : null;
    this.#now = null;
    this.#sinceMs = spans === 1 ? this.#sinceMs + SPAN_MS : nowMs;
  }
}
