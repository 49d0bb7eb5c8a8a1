/** Connects to an engine's live feed, and again when the engine was restarted. */
import { connect, type Socket } from "node:net";
import { given } from "../../policy/office/optional.js";
import type { Clock, TimerHandle } from "../clock.js";
import { type FeedPlace, shortPath } from "./place.js";
import { FEED_VERSION, type FeedLine, type Hello, type Refusal, readLine, type Topic } from "./protocol.js";

/** How soon the next attempt follows one that failed. */
const AGAIN_MS = 500;
/** An engine says something every five seconds; one that says nothing for so long hangs, or its machine sleeps. */
const SILENT_MS = 20_000;

export interface FeedClientDeps {
  readonly place: FeedPlace;
  readonly secret?: string;
  readonly topics?: readonly Topic[];
  readonly clock: Clock;
  /** @param text the line as it came. Returns whether to go on; false: connect anew, for a snapshot */
  readonly onLine: (line: FeedLine, text: string) => boolean;
  /** There is no connection, or no more; the next attempt follows by itself, unless it would end the same way. */
  readonly onAway: (why: string, isForGood: boolean) => void;
}

interface Begun {
  readonly socket: Socket;
  /** The socket is closed. */
  readonly done: () => void;
}

export class FeedClient {
  readonly #deps: FeedClientDeps;
  #socket: Socket | undefined;
  #again: TimerHandle | undefined;
  #silence: TimerHandle | undefined;
  #isClosed = false;

  constructor(deps: FeedClientDeps) {
    this.#deps = deps;
  }

  open(): void {
    const begun = this.#connect();
    if (typeof begun === "string") this.#away(begun);
    else this.#use(begun);
  }

  /** Begins to connect; a text: why it cannot. */
  #connect(): Begun | string {
    const { place } = this.#deps;
    if (place.kind === "tcp")
      return { socket: connect({ host: place.host, port: place.port }), done: () => undefined };
    try {
      const short = shortPath(place.path);
      if (short === undefined) return "its path is too long for a socket";
      return { socket: connect({ path: short.path }), done: () => short.close() };
    } catch (error) {
      return whyOf(error);
    }
  }

  #use({ socket, done }: Begun): void {
    const { topics, secret } = this.#deps;
    const greeting: Hello = { v: FEED_VERSION, ...given({ topics: topics && [...topics], secret }) };
    let why = "the engine has closed the connection";
    this.#socket = socket;
    socket.once("connect", () => {
      socket.write(`${JSON.stringify(greeting)}\n`);
      this.#heard();
    });
    this.#read(socket);
    socket.on("error", (error) => {
      why = whyOf(error);
    });
    socket.on("close", () => {
      done();
      if (this.#socket === socket) this.#away(why);
    });
  }

  close(): void {
    this.#isClosed = true;
    if (this.#again !== undefined) this.#deps.clock.cancel(this.#again);
    this.#drop();
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    if (this.#silence !== undefined) this.#deps.clock.cancel(this.#silence);
    socket?.destroy();
  }

  #away(why: string, isForGood = false): void {
    if (this.#isClosed) return;
    this.#drop();
    this.#deps.onAway(why, isForGood);
    if (this.#isClosed || isForGood) return;
    this.#again = this.#deps.clock.after(AGAIN_MS, () => this.open());
  }

  #heard(): void {
    const { clock } = this.#deps;
    if (this.#silence !== undefined) clock.cancel(this.#silence);
    this.#silence = clock.after(SILENT_MS, () => this.#away("the engine says nothing any more"));
  }

  #read(socket: Socket): void {
    let pieces: string[] = [];
    socket.setEncoding("utf8");
    socket.on("data", (piece: string) => {
      this.#heard();
      const lines = piece.split("\n");
      const last = lines.pop() ?? "";
      for (const line of lines) {
        if (this.#socket !== socket) return;
        this.#line([...pieces, line].join(""));
        pieces = [];
      }
      pieces.push(last);
    });
  }

  #line(text: string): void {
    const line = readLine(text);
    if (line === undefined) this.#away("it says something that this program does not understand", true);
    else if (line.is === "refused") this.#away(line.refused.text, !PASSES.has(line.refused.why));
    else if (!this.#deps.onLine(line, text)) this.#away("a line is missing");
  }
}

/** Refusals after which another attempt makes sense. */
const PASSES: ReadonlySet<Refusal["why"]> = new Set(["too_many_readers", "too_slow"]);

function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ECONNREFUSED") return "no engine runs there";
  if (code === "EACCES" || code === "EPERM") return "only the user of the engine may read it";
  return error.message;
}
