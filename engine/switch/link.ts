/**
 * The link to a real switch: signs in, subscribes, sends commands, passes replies and events on in their order, and
 * reconnects for as long as it is open. Subscriptions are restored after a reconnection. Commands are not repeated:
 * a command in flight ends as `unknown`, because the switch may or may not have carried it out.
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

/** Why there is no link right now. It is logged, and the link tries again. */
export type LinkTrouble =
  /** No TCP connection. */
  | { readonly kind: "unreachable"; readonly text: string }
  | { readonly kind: "password_refused"; readonly text: string }
  /** The switch's access list does not let this address in. */
  | { readonly kind: "address_refused"; readonly text: string }
  /** Connected, but the switch cannot be used: it sent no greeting, or refused a subscription. */
  | { readonly kind: "not_ready"; readonly text: string }
  /** The link was up and broke. */
  | { readonly kind: "lost"; readonly text: string };

export interface LinkOptions {
  readonly host: string;
  readonly port: number;
  readonly password: string;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Logger;
  /** Names of events, for example `CHANNEL_ANSWER`; never `ALL`: the switch formats each event it sends. */
  readonly events: readonly string[];
  /** Subclasses of CUSTOM events, for example `sofia::register`. */
  readonly customEvents: readonly string[];
  /**
   * Header and value. If there are filters, the switch sends only events that match one of them, and does not even
   * format the others (mod_event_socket.c, event_handler).
   */
  readonly filters?: ReadonlyArray<readonly [header: string, value: string]>;
  /** The channel variables that events keep, as `variable_<name>`; left out: all. */
  readonly variables?: readonly string[];
  /** Called with each trouble, also before the link was first up (`down` is not called then). */
  readonly onTrouble?: (trouble: LinkTrouble) => void;
  /** Limit from the start of the TCP connection to `up`. */
  readonly handshakeMs?: number;
  /** A command without a reply is answered `unknown` after this time. */
  readonly replyMs?: number;
  /** After so much silence the switch is sent a command as a probe: more than two heartbeats of 20 s. */
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
  // An attempt costs little, and callers wait from the switch's return to ours.
  retryFirstMs: 200,
  retryMaxMs: 1_000,
  retryRefusedMs: 30_000,
  // Each nudge costs a write and a wake-up on both sides. At 3 ms calls were answered 8 ms sooner, for twice the
  // engine's CPU time a call (npm run bench -- control).
  nudgeEveryMs: 8,
} as const;

/** Limit of commands in flight. The switch answers thousands a second, so this many mean that it hangs. */
export const PENDING_MAX = 20_000;

/** After a link was up this long, the next trouble starts with the shortest wait again. */
export const STABLE_MS = 10_000;

/** How long a closing link may take to write its last commands. */
const CLOSE_MS = 1_000;

/** {@link SwitchLink} over TCP, with what a real switch needs besides. */
export interface TcpLink extends SwitchLink {
  /**
   * While on, an empty line is written every few milliseconds. The switch's thread for this connection sends queued
   * events only when its poll on the socket returns, after 20 ms at the latest (read_packet in mod_event_socket.c);
   * an empty line between two packets wakes it and is skipped. It costs both sides a little, so it is meant for
   * moments when a person waits for an event (a leg is about to answer).
   */
  nudging(on: boolean): void;
  /** The headers of a caller's request, in lower case, whose variables events keep from now on. */
  keepHeaders(names: ReadonlySet<string>): void;
  /** Why the link is not up; null: it is up, or was not tried yet. */
  trouble(): LinkTrouble | null;
}

/** Makes a link; it connects with `open`. Throws for options that can never work. */
export function createLink(options: LinkOptions): TcpLink {
  return new Link(options);
}

/** One TCP session and its state. */
interface Session {
  readonly connection: Connection;
  readonly replies: ReplyQueue;
  stage: "connecting" | "greeting" | "signing_in" | "up";
  heardMs: number;
  upMs: number;
  coreUuid: string;
  /** Why the switch refused the session before it ended. */
  refused: LinkTrouble | null;
  watch: TimerHandle | null;
  nudge: TimerHandle | null;
  /** Something was written since the last nudge was due, which woke the switch as well. */
  wrote: boolean;
  /** Commands are not sent, because too many wait for their reply. */
  isFull: boolean;
}

/** The trouble of a session that ended in a stage without a reason from the switch. */
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
  #headers: ReadonlySet<string> = new Set();
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
   * Without a link the answer is `unknown`, as for commands in flight when a link breaks: the caller must ask the
   * switch for its state after the next `up`. With too many commands in flight the answer is `unknown` too: `refused`
   * is the switch's word, from which calls conclude that a channel is gone. A command that `encode` refuses is answered
   * `refused` and is a mistake of ours. All these answers come before those of commands still in flight.
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
      this.#sayFull(session);
      soon(done, { outcome: "unknown", text: "not sent: too many commands wait for their reply" });
    } else {
      this.#write(session, encoded.packet, encoded.expects, done);
    }
  }

  /** Said once for each time that commands pile up: thousands of commands follow each other then. */
  #sayFull(session: Session): void {
    if (session.isFull) return;
    session.isFull = true;
    this.#settings.log.error({ pending: session.replies.length }, "too many commands wait for their reply");
  }

  keepHeaders(names: ReadonlySet<string>): void {
    this.#headers = names;
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
      isFull: false,
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
    const event = readEventJson(body, this.#settings.variables, this.#headers);
    if (event === undefined)
      this.#settings.log.error({ bytes: body.length }, "an event that is not JSON was dropped");
    else this.#tell("event", (listener) => listener.event(event));
  }

  #reply(session: Session, kind: Expects, text: string): void {
    const match = session.replies.match(kind, text);
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

  /** The last step of signing in: events follow its reply at once and must not arrive before `up`. */
  #subscribe(session: Session): void {
    for (const [header, value] of this.#settings.filters ?? [])
      this.#write(session, `filter ${header} ${value}\n\n`, "command/reply", (reply) => {
        // A filter that may be missing lets no events through, or too many: the session is of no use either way.
        if (reply.outcome !== "ok")
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

  /** Heartbeats end every silence soon. A switch that is silent for longer is probed, and dropped if it stays silent. */
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
    // Data that is not yet flushed will wake the switch as well.
    if (session.connection.flushed && !session.wrote) session.connection.write("\n");
    session.wrote = false;
    session.nudge = this.#settings.clock.after(this.#settings.nudgeEveryMs, () => this.#nudge(session));
  }

  #write(session: Session, packet: string, expects: Expects, done: (reply: Reply) => void): void {
    session.replies.push(expects, (reply) => this.#guard("reply", () => done(reply)));
    session.wrote = true;
    if (session.replies.length < PENDING_MAX / 2) session.isFull = false;
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
    // A lasting trouble is logged once at warn; further attempts would repeat the same line.
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

  /** An exception in one handler must not stop the stream for all other calls. */
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
  // Names after CUSTOM are read as subclasses; ALL makes the switch format every event.
  for (const name of options.events)
    if (!/^[A-Z_]+$/.test(name) || name === "ALL" || name === "CUSTOM")
      throw new Error(`not an event to subscribe to: ${name}`);
  for (const subclass of options.customEvents)
    if (!/^[A-Za-z0-9_.:-]+$/.test(subclass)) throw new Error(`not a subclass of events: ${subclass}`);
}
