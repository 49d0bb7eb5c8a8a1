/**
 * The link to a real switch: signs in, subscribes, sends commands and hands out replies and events in their
 * order, and connects again for as long as it is open. Subscriptions are restored after a reconnection; commands
 * are not: each that was in flight ends as `unknown`, because the switch may or may not have done it.
 *
 * States: closed -> connecting -> signing in -> up -> (down) waiting -> connecting ... -> closed.
 */
import type { Logger } from "pino";
import type { Clock, TimerHandle } from "../clock.js";
import type { IdSource } from "../ids.js";
import { backoffMs } from "./backoff.js";
import { Connection } from "./connection.js";
import { type Expects, encode } from "./encode.js";
import { readEventJson } from "./event-json.js";
import type { Frame } from "./framing.js";
import { ReplyQueue } from "./reply-queue.js";
import type { LinkListener, Reply, SwitchLink, WireCommand } from "./wire.js";

/** Why there is no link right now. Each is logged, and tried again. */
export type LinkTrouble =
  /** No TCP connection. */
  | { readonly kind: "unreachable"; readonly text: string }
  | { readonly kind: "password_refused"; readonly text: string }
  /** The switch's access list does not let this address in. */
  | { readonly kind: "address_refused"; readonly text: string }
  /** Connected, but what came was not a switch that lets us work: no greeting, a refused subscription. */
  | { readonly kind: "not_ready"; readonly text: string }
  /** It was up, and broke. */
  | { readonly kind: "lost"; readonly text: string };

export interface LinkOptions {
  readonly host: string;
  readonly port: number;
  readonly password: string;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Logger;
  /** Names of events, for example `CHANNEL_ANSWER`; never `ALL`, as the switch formats each one for us. */
  readonly events: readonly string[];
  /** Subclasses of CUSTOM events, for example `sofia::register`. */
  readonly customEvents: readonly string[];
  /**
   * Header and value; with any, only events that match one of them come (mod_event_socket.c, event_handler). The
   * switch then does not even format the others.
   */
  readonly filters?: ReadonlyArray<readonly [header: string, value: string]>;
  /** The variables of channels, as `variable_<name>`, that events are read for; without, they have all of them. */
  readonly variables?: readonly string[];
  /** Told of each trouble, also before the link was up for the first time (then `down` is not called). */
  readonly onTrouble?: (trouble: LinkTrouble) => void;
  /** From the TCP connection's start to `up`. */
  readonly handshakeMs?: number;
  /** Until a command without a reply is answered `unknown`. */
  readonly replyMs?: number;
  /** Silence after which the switch is asked for a sign of life: more than two heartbeats of 20 s. */
  readonly silenceMs?: number;
  readonly retryFirstMs?: number;
  readonly retryMaxMs?: number;
  /** The shortest wait after a refused password or address: only a person can change that. */
  readonly retryRefusedMs?: number;
  readonly nudgeEveryMs?: number;
}

const DEFAULTS = {
  handshakeMs: 10_000,
  replyMs: 5_000,
  silenceMs: 45_000,
  // A try costs next to nothing, and callers wait while the switch is back and we are not.
  retryFirstMs: 200,
  retryMaxMs: 1_000,
  retryRefusedMs: 30_000,
  // Each costs a write and a wake-up on both sides. At 3 ms calls were answered 8 ms sooner, at twice the engine's CPU a call
  // (npm run bench -- control).
  nudgeEveryMs: 8,
} as const;

/** Commands in flight. The switch answers thousands a second: so many waiting means that it does not. */
const PENDING_MAX = 20_000;

/** A link that was up this long has proved itself: the next trouble starts with the shortest wait again. */
export const STABLE_MS = 10_000;

/** How long a closing link may take to write its last commands. */
const CLOSE_MS = 1_000;

/** {@link SwitchLink} over TCP, with what only a real switch needs. */
export interface TcpLink extends SwitchLink {
  /**
   * While on, an empty line is written every few milliseconds. The switch's thread for this connection looks at
   * its queue of events only when its poll on the socket returns, after 20 ms at the latest (read_packet in
   * mod_event_socket.c); an empty line between two packets wakes it and is skipped. Meant for the moments when
   * somebody waits for an event (a leg is about to answer), as it costs both sides a little.
   */
  nudging(on: boolean): void;
  /** Why the link is not up; null when it is, or when nothing has been tried yet. */
  trouble(): LinkTrouble | null;
}

/** Makes a link; nothing happens before `open`. Throws for options that can never work. */
export function createLink(options: LinkOptions): TcpLink {
  return new Link(options);
}

/** One TCP session and what belongs to it alone. */
interface Session {
  readonly connection: Connection;
  readonly replies: ReplyQueue;
  stage: "connecting" | "greeting" | "signing_in" | "up";
  heardMs: number;
  upMs: number;
  coreUuid: string;
  /** What the switch said against it before it ended the session. */
  refused: LinkTrouble | null;
  watch: TimerHandle | null;
  nudge: TimerHandle | null;
  /** Something was written since the last nudge was due: that has woken the switch too. */
  wrote: boolean;
}

/** What it means when a session ends in a stage without the switch having said why. */
const TROUBLE_AT = {
  connecting: "unreachable",
  greeting: "not_ready",
  signing_in: "not_ready",
  up: "lost",
} as const satisfies Record<Session["stage"], LinkTrouble["kind"]>;

type Settings = LinkOptions & Required<Pick<LinkOptions, keyof typeof DEFAULTS>>;

class Link implements TcpLink {
  readonly #settings: Settings;
  #listener: LinkListener | null = null;
  #session: Session | null = null;
  #retry: TimerHandle | null = null;
  #attempt = 0;
  #trouble: LinkTrouble | null = null;
  #nudging = false;
  #closed = false;

  constructor(options: LinkOptions) {
    checkOptions(options);
    this.#settings = { ...DEFAULTS, ...options };
  }

  open(listener: LinkListener): void {
    if (this.#listener !== null || this.#closed) throw new Error("a link is opened once");
    this.#listener = listener;
    this.#connect();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel(this.#retry);
    const session = this.#session;
    this.#session = null;
    if (session === null) return;
    this.#rest(session);
    const closed = session.connection.finish();
    const late = this.#settings.clock.after(CLOSE_MS, () => session.connection.destroy());
    session.replies.failAll("the link was closed");
    await closed;
    this.#cancel(late);
  }

  /**
   * Without a link the answer is `unknown`, as it is for the commands that a broken link took along: whoever
   * asks must look at the switch anew after the next `up`. A command that the writer refuses is answered
   * `refused`, and is a mistake of ours. Both answers come before those of commands still in flight.
   */
  send(command: WireCommand, done: (reply: Reply) => void): void {
    const session = this.#session;
    const encoded = encode(command);
    if (!encoded.ok) {
      this.#settings.log.error({ verb: command.verb, why: encoded.why }, "command refused by the writer");
      soon(done, { outcome: "refused", text: `-ERR not sent: it holds ${encoded.why}` });
    } else if (session === null || session.stage !== "up") {
      soon(done, { outcome: "unknown", text: "not sent: no connection to the switch" });
    } else if (session.replies.length >= PENDING_MAX) {
      this.#settings.log.error({ pending: session.replies.length }, "too many commands wait for their reply");
      soon(done, { outcome: "refused", text: "-ERR not sent: too many commands wait for their reply" });
    } else {
      this.#write(session, encoded.packet, encoded.expects, done);
    }
  }

  nudging(on: boolean): void {
    this.#nudging = on;
    const session = this.#session;
    if (on && session?.stage === "up" && session.nudge === null) this.#beginNudging(session);
  }

  trouble(): LinkTrouble | null {
    return this.#trouble;
  }

  #connect(): void {
    const { clock, host, port, replyMs, handshakeMs } = this.#settings;
    this.#retry = null;
    const session: Session = {
      connection: new Connection(host, port, {
        connected: () => {
          session.stage = "greeting";
        },
        frame: (frame) => this.#frame(session, frame),
        heard: () => {
          session.heardMs = clock.nowMs();
        },
        gone: (reason) => this.#gone(session, reason),
      }),
      replies: new ReplyQueue({
        clock,
        deadlineMs: replyMs,
        stuck: () => session.connection.drop("the switch stopped answering commands"),
      }),
      stage: "connecting",
      heardMs: clock.nowMs(),
      upMs: 0,
      coreUuid: "",
      refused: null,
      watch: null,
      nudge: null,
      wrote: false,
    };
    session.watch = clock.after(handshakeMs, () =>
      session.connection.drop(`not ready within ${handshakeMs} ms`),
    );
    this.#session = session;
  }

  #frame(session: Session, frame: Frame): void {
    switch (frame.type) {
      case "text/event-json":
        this.#event(frame.body);
        break;
      case "command/reply":
        this.#reply(session, frame.type, String(frame.headers["Reply-Text"] ?? ""));
        break;
      case "api/response":
        this.#reply(session, frame.type, frame.body);
        break;
      case "auth/request":
        this.#signIn(session);
        break;
      case "text/rude-rejection":
        this.#refuse(session, { kind: "address_refused", text: frame.body.trim() });
        break;
      case "text/disconnect-notice":
        session.connection.drop("the switch announced the end of the connection");
        break;
      default:
        this.#settings.log.warn({ type: frame.type }, "message of an unknown type");
    }
  }

  #event(body: string): void {
    const event = readEventJson(body, this.#settings.variables);
    if (event === undefined)
      this.#settings.log.error({ bytes: body.length }, "an event that is not JSON was dropped");
    else this.#tell("event", (listener) => listener.event(event));
  }

  #reply(session: Session, kind: Expects, text: string): void {
    const match = session.replies.take(kind, text);
    if (match === "late")
      this.#settings.log.warn({ text: text.slice(0, 200) }, "a reply came after its deadline");
    if (match === "unmatched") session.connection.drop(`a reply that no command asked for (${kind})`);
  }

  #signIn(session: Session): void {
    if (session.stage !== "greeting") {
      session.connection.drop("the switch asked for the password twice");
      return;
    }
    session.stage = "signing_in";
    // The words of the reply, "+OK accepted" and "-ERR invalid", are mod_event_socket's.
    this.#write(session, `auth ${this.#settings.password}\n\n`, "command/reply", (reply) => {
      if (reply.outcome === "ok") this.#learnCore(session);
      if (reply.outcome === "refused") this.#refuse(session, { kind: "password_refused", text: reply.text });
    });
  }

  #learnCore(session: Session): void {
    this.#write(session, "api global_getvar core_uuid\n\n", "api/response", (reply) => {
      if (reply.outcome === "unknown") return;
      session.coreUuid = reply.outcome === "ok" ? reply.text : "";
      if (session.coreUuid === "")
        this.#refuse(session, { kind: "not_ready", text: `no core_uuid: ${reply.text}` });
      else this.#subscribe(session);
    });
  }

  /** Last of all: events follow its reply at once, and must not come before `up`. */
  #subscribe(session: Session): void {
    for (const [header, value] of this.#settings.filters ?? [])
      this.#write(session, `filter ${header} ${value}\n\n`, "command/reply", (reply) => {
        if (reply.outcome === "refused")
          this.#refuse(session, { kind: "not_ready", text: `filter refused: ${reply.text}` });
      });
    const packet = `event json ${subscription(this.#settings)}\n\n`;
    this.#write(session, packet, "command/reply", (reply) => {
      if (reply.outcome === "refused")
        this.#refuse(session, { kind: "not_ready", text: `subscription refused: ${reply.text}` });
      if (reply.outcome === "ok") this.#up(session);
    });
  }

  #up(session: Session): void {
    const { clock, host, port, log, silenceMs } = this.#settings;
    session.stage = "up";
    session.upMs = clock.nowMs();
    this.#trouble = null;
    this.#cancel(session.watch);
    session.watch = clock.after(silenceMs, () => this.#watch(session));
    log.info({ host, port, coreUuid: session.coreUuid }, "connected to the switch");
    this.#tell("up", (listener) => listener.up(session.coreUuid));
    if (this.#nudging && this.#session === session && session.nudge === null) this.#beginNudging(session);
  }

  /** A switch with heartbeats is never silent for long; one that is gets asked, and dropped if it stays silent. */
  #watch(session: Session): void {
    const { clock, silenceMs, replyMs } = this.#settings;
    const leftMs = session.heardMs + silenceMs - clock.nowMs();
    if (leftMs > 0) {
      session.watch = clock.after(leftMs, () => this.#watch(session));
      return;
    }
    session.watch = clock.after(replyMs, () => {
      if (session.heardMs + silenceMs <= clock.nowMs())
        session.connection.drop(`silent for more than ${silenceMs} ms`);
      else this.#watch(session);
    });
    this.#write(session, "api global_getvar core_uuid\n\n", "api/response", () => {});
  }

  #beginNudging(session: Session): void {
    session.wrote = false;
    this.#nudge(session);
  }

  #nudge(session: Session): void {
    session.nudge = null;
    if (!this.#nudging || this.#session !== session) return;
    // A backed-up socket has something to wake the switch with already.
    if (session.connection.flushed && !session.wrote) session.connection.write("\n");
    session.wrote = false;
    session.nudge = this.#settings.clock.after(this.#settings.nudgeEveryMs, () => this.#nudge(session));
  }

  #write(session: Session, packet: string, expects: Expects, done: (reply: Reply) => void): void {
    session.replies.push(expects, (reply) => this.#guard("reply", () => done(reply)));
    session.wrote = true;
    session.connection.write(packet);
  }

  #refuse(session: Session, trouble: LinkTrouble): void {
    session.refused = trouble;
    session.connection.drop(trouble.text);
  }

  #gone(session: Session, reason: string): void {
    if (this.#session !== session) return;
    this.#session = null;
    this.#rest(session);
    const before = this.#trouble;
    const trouble = session.refused ?? { kind: TROUBLE_AT[session.stage], text: reason };
    this.#trouble = trouble;
    session.replies.failAll(reason);
    if (session.stage === "up") this.#tell("down", (listener) => listener.down(reason));
    this.#retryLater(session, trouble, before);
  }

  #retryLater(session: Session, trouble: LinkTrouble, before: LinkTrouble | null): void {
    const { clock, log, onTrouble, host, port } = this.#settings;
    if (session.stage === "up" && clock.nowMs() - session.upMs >= STABLE_MS) this.#attempt = 0;
    const inMs = this.#waitMs(trouble);
    this.#attempt += 1;
    const said = { host, port, trouble: trouble.kind, text: trouble.text, inMs };
    // A switch that stays away is said once: the tries that follow are the same line again.
    if (before?.kind === trouble.kind) log.debug(said, "still no link to the switch");
    else log.warn(said, "no link to the switch");
    this.#guard("trouble", () => onTrouble?.(trouble));
    if (!this.#closed) this.#retry = clock.after(inMs, () => this.#connect());
  }

  #waitMs(trouble: LinkTrouble): number {
    const { ids, retryFirstMs, retryMaxMs, retryRefusedMs } = this.#settings;
    if (trouble.kind === "password_refused" || trouble.kind === "address_refused")
      return backoffMs(0, { firstMs: 2 * retryRefusedMs, maxMs: 2 * retryRefusedMs, ids });
    return backoffMs(this.#attempt, { firstMs: retryFirstMs, maxMs: retryMaxMs, ids });
  }

  /** Cancels the timers of a session that is over. */
  #rest(session: Session): void {
    this.#cancel(session.watch);
    this.#cancel(session.nudge);
    session.watch = null;
    session.nudge = null;
  }

  #cancel(timer: TimerHandle | null): void {
    if (timer !== null) this.#settings.clock.cancel(timer);
  }

  #tell(what: string, call: (listener: LinkListener) => void): void {
    const listener = this.#listener;
    if (listener !== null && !this.#closed) this.#guard(what, () => call(listener));
  }

  /** One handler's mistake must not stop the stream for all other calls. */
  #guard(what: string, call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#settings.log.error({ err: error, what }, "a handler of the link threw");
    }
  }
}

function soon(done: (reply: Reply) => void, reply: Reply): void {
  queueMicrotask(() => done(reply));
}

function subscription(options: LinkOptions): string {
  const custom = options.customEvents.length === 0 ? [] : ["CUSTOM", ...options.customEvents];
  return [...options.events, ...custom].join(" ");
}

function checkOptions(options: LinkOptions): void {
  if (/[\r\n\0]/.test(options.password)) throw new Error("the switch's password holds a line break");
  if (options.events.length + options.customEvents.length === 0) throw new Error("a link needs events");
  // CUSTOM swallows every name after it; ALL makes the switch format every event for us.
  for (const name of options.events)
    if (!/^[A-Z_]+$/.test(name) || name === "ALL" || name === "CUSTOM")
      throw new Error(`not an event to subscribe to: ${name}`);
  for (const subclass of options.customEvents)
    if (!/^[A-Za-z0-9_.:-]+$/.test(subclass)) throw new Error(`not a subclass of events: ${subclass}`);
}
