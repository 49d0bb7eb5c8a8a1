/**
 * The socket of the live feed: takes readers in. A reader says one line first; what comes later is dropped. Calls never wait
 * for a reader: what one does not take in is bounded by the feed itself (`feed.ts`).
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { chmodSync, existsSync, lstatSync, renameSync, unlinkSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { dirname } from "node:path";
import type { Logger } from "pino";
import type { Clock } from "../clock.js";
import type { IdSource } from "../ids.js";
import { type FeedReader, type JoinFeed, READERS_MAX } from "./feed.js";
import { type FeedPlace, otherName, type ShortPath, shortPath } from "./place.js";
import {
  FEED_VERSION,
  HELLO_BYTES_MAX,
  type Hello,
  hello,
  type Refusal,
  TOPICS,
  type Topic,
} from "./protocol.js";

/** Who has not said the first line by then is let go. */
const HELLO_MS = 10_000;
/** Connections that have not said it yet; the oldest goes when there are more. All readers may come at one moment. */
const WAITING_MAX = 2 * READERS_MAX;

export interface FeedServerDeps {
  readonly place: FeedPlace;
  /** What readers on a TCP address must say; a socket is guarded by its mode. */
  readonly secret?: string;
  readonly join: JoinFeed;
  readonly clock: Clock;
  readonly ids: Pick<IdSource, "uuid">;
  readonly log: Logger;
}

export type Opened = { readonly ok: true } | { readonly ok: false; readonly why: string };

const REFUSAL_TEXTS: Readonly<Record<Refusal["why"], string>> = {
  not_understood: 'the first line must be a JSON object such as {"v":1}; docs/monitoring.md has its fields',
  version: `this engine speaks version ${FEED_VERSION} of its live feed`,
  secret: "the secret is missing or wrong",
  too_many_readers: "too many others read already",
  too_slow: "what is told was not read in time",
};

export class FeedServer {
  readonly #deps: FeedServerDeps;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Those that have not said the first line, the oldest first. */
  readonly #waiting = new Set<Socket>();
  #short: ShortPath | undefined;
  /** The socket's file as this server has made it. */
  #inode: number | undefined;

  constructor(deps: FeedServerDeps) {
    this.#deps = deps;
    // A reader may say its line and close its side, as `echo | nc` does.
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#connected(socket));
  }

  /** Never rejects: why the place cannot be used is part of the result. */
  async open(): Promise<Opened> {
    const { place } = this.#deps;
    try {
      if (place.kind === "tcp") await this.#listen({ host: place.host, port: place.port });
      else await this.#openSocket(place.path);
      return { ok: true };
    } catch (error) {
      this.#leaveFolder();
      return { ok: false, why: error instanceof Error ? error.message : String(error) };
    }
  }

  /**
   * The socket is made under another name and gets its own when it is private and listens: no moment in which others can
   * connect, and none in which there is no socket though an engine runs.
   */
  async #openSocket(path: string): Promise<void> {
    // Node.js calls a folder that is missing a lack of permission, as on Windows.
    if (!existsSync(dirname(path))) throw new Error(`there is no folder ${dirname(path)}`);
    const short = shortPath(path);
    if (short === undefined) throw new Error("its path is too long for a socket; --live names another place");
    this.#short = short;
    await mustBeFree(path, short.path);
    const made = short.of(otherName(path, this.#deps.ids.uuid()));
    await this.#listen({ path: made });
    chmodSync(made, 0o600);
    renameSync(made, short.path);
    this.#inode = lstatSync(short.path).ino;
  }

  #listen(
    where: { readonly path: string } | { readonly host: string; readonly port: number },
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(where, () => {
        this.#server.removeListener("error", reject);
        this.#server.on("error", (error) => this.#deps.log.warn({ err: error }, "the live feed has failed"));
        resolve();
      });
    });
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    this.#removeFile();
    await closed;
    this.#leaveFolder();
  }

  #leaveFolder(): void {
    this.#short?.close();
    this.#short = undefined;
  }

  /** Another engine may have its own socket there by now. */
  #removeFile(): void {
    if (this.#short === undefined || this.#inode === undefined) return;
    try {
      if (lstatSync(this.#short.path).ino === this.#inode) unlinkSync(this.#short.path);
    } catch {
      // It is gone already.
    }
  }

  #connected(socket: Socket): void {
    this.#sockets.add(socket);
    this.#waiting.add(socket);
    const late = this.#deps.clock.after(HELLO_MS, () => socket.destroy());
    let said = "";
    const settled = (): void => {
      this.#deps.clock.cancel(late);
      this.#waiting.delete(socket);
      socket.removeListener("data", read);
      // What else it says is read, so that its end is seen, and dropped.
      socket.resume();
    };
    const read = (piece: string): void => {
      said += piece;
      const end = said.indexOf("\n");
      if (end < 0 && said.length <= HELLO_BYTES_MAX) return;
      settled();
      this.#greeted(socket, end < 0 ? "" : said.slice(0, end));
    };
    socket.setEncoding("utf8");
    socket.on("data", read);
    socket.on("error", () => {});
    socket.on("end", () => {
      if (this.#waiting.has(socket)) socket.destroy();
    });
    socket.on("close", () => {
      settled();
      this.#sockets.delete(socket);
    });
    const [oldest] = this.#waiting;
    if (this.#waiting.size > WAITING_MAX) oldest?.destroy();
  }

  #greeted(socket: Socket, line: string): void {
    const read = hello.safeParse(parsed(line)).data;
    const why = this.#whyNot(read);
    if (read === undefined || why !== undefined) refuse(socket, why ?? "not_understood");
    else this.#seat(socket, read.topics ?? TOPICS);
  }

  #whyNot(said: Hello | undefined): Refusal["why"] | undefined {
    if (said === undefined) return "not_understood";
    if ((said.v ?? FEED_VERSION) !== FEED_VERSION) return "version";
    const { secret } = this.#deps;
    return secret === undefined || isSame(said.secret ?? "", secret) ? undefined : "secret";
  }

  #seat(socket: Socket, topics: readonly Topic[]): void {
    const reader: FeedReader = {
      write: (lines) => void socket.write(lines),
      get queuedBytes() {
        return socket.writableLength;
      },
      end: (why) => {
        this.#deps.log.warn({ why }, "a reader of the live feed was let go");
        socket.destroy();
      },
    };
    const leave = this.#deps.join(reader, topics);
    if (leave === "too_many_readers") refuse(socket, leave);
    else socket.on("close", leave);
  }
}

function refuse(socket: Socket, why: Refusal["why"]): void {
  const line: Refusal = { v: FEED_VERSION, kind: "refused", why, text: REFUSAL_TEXTS[why] };
  socket.end(`${JSON.stringify(line)}\n`, () => socket.destroy());
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Takes the same time whatever is wrong with it. */
function isSame(said: string, secret: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(said), digest(secret));
}

/**
 * A socket that an engine has left behind is replaced; nothing else is: neither the socket of a program that runs, nor a
 * file.
 * @throws Error with the reason in words
 */
async function mustBeFree(path: string, short: string): Promise<void> {
  const there = lstatOf(short);
  if (there === undefined) return;
  if (!there.isSocket()) throw new Error("there is a file, and no socket");
  if (await answers(short)) throw new Error(`another program listens at ${path}`);
}

function lstatOf(path: string) {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}

const NOBODY_LISTENS: ReadonlySet<string> = new Set(["ECONNREFUSED", "ENOENT"]);

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    // Any other error, such as a full queue of connections or another user's socket, says nothing about its program.
    socket.once("error", ({ code = "" }: NodeJS.ErrnoException) => resolve(!NOBODY_LISTENS.has(code)));
  });
}
