/**
 * One TCP session with a switch: it turns bytes into frames, writes packets, and ends once; it is never reused. No
 * other file knows modesl. The protocol beyond framing is in link.ts.
 */
import esl from "modesl";
import { type Frame, takeOver } from "./framing.js";

export interface ConnectionHandlers {
  /** TCP is connected; the switch speaks first. */
  connected(): void;
  frame(frame: Frame): void;
  /** Bytes arrived: the connection is alive. */
  heard(): void;
  /** The session is over. Called exactly once, but not after {@link Connection.finish}. */
  gone(reason: string): void;
}

/** TCP probes a silent connection after this time; the event socket has no probe of its own. */
const KEEPALIVE_MS = 15_000;

export class Connection {
  readonly #connection: esl.Connection;
  readonly #handlers: ConnectionHandlers;
  readonly #socket: NonNullable<esl.Connection["socket"]>;
  readonly #closed: Promise<void>;
  #over = false;
  #unwritten = "";

  constructor(host: string, port: number, handlers: ConnectionHandlers) {
    this.#handlers = handlers;
    // No password: modesl sends it through listeners that never fire here. link.ts signs in.
    this.#connection = new esl.Connection(host, port, "");
    const socket = this.#connection.socket;
    if (socket === null) throw new Error("modesl made a connection without a socket");
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEPALIVE_MS);
    this.#connection.on("esl::connect", () => this.#takeOver());
    this.#connection.on("error", (error) => this.#end(error.message));
    socket.on("end", () => this.#end("the switch ended the connection"));
    this.#closed = new Promise((resolve) => {
      socket.on("close", () => {
        this.#end("the connection was closed");
        resolve();
      });
    });
  }

  /**
   * Writes a packet. Packets of one synchronous run go out in one write, because each write is a system call here
   * and may wake a thread on the switch. Packets stay whole and in order.
   */
  write(packet: string): void {
    if (this.#over) return;
    if (this.#unwritten === "") queueMicrotask(() => this.#flush());
    this.#unwritten += packet;
  }

  /** Whether everything written so far was handed to the operating system. */
  get flushed(): boolean {
    return this.#unwritten === "" && this.#socket.writableLength === 0;
  }

  #flush(): void {
    const packets = this.#unwritten;
    this.#unwritten = "";
    if (packets !== "" && !this.#socket.destroyed) this.#socket.write(packets);
  }

  /** Ends the session at once and calls `gone`. */
  drop(reason: string): void {
    this.#end(reason);
  }

  /** Writes what is left, ends, and resolves when the socket is closed; `gone` is not called. */
  finish(): Promise<void> {
    this.#flush();
    this.#over = true;
    this.#socket.end();
    return this.#closed;
  }

  /** Closes the socket now, even if something is left to write. */
  destroy(): void {
    this.#over = true;
    this.#socket.destroy();
  }

  #takeOver(): void {
    const feed = takeOver(this.#connection.parser, {
      frame: (frame) => {
        if (!this.#over) this.#handlers.frame(frame);
      },
      broken: (reason) => this.#end(reason),
    });
    this.#socket.removeAllListeners("data");
    this.#socket.on("data", (chunk: Buffer) => {
      if (this.#over) return;
      this.#handlers.heard();
      feed(chunk);
    });
    if (!this.#over) this.#handlers.connected();
  }

  #end(reason: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#socket.destroy();
    this.#handlers.gone(reason);
  }
}
