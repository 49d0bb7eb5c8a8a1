/**
 * One TCP session with a switch: bytes in as frames, packets out as one write each, and one end. It is the only
 * file that knows modesl; a session is never used twice. No protocol beyond framing: that is link.ts.
 */
import esl from "modesl";
import { type Frame, takeOver } from "./framing.js";

export interface ConnectionHandlers {
  /** The TCP connection stands; the switch speaks first. */
  connected(): void;
  frame(frame: Frame): void;
  /** Bytes arrived, whatever they say. */
  heard(): void;
  /** Called exactly once, for whatever reason the session is over; not after {@link Connection.finish}. */
  gone(reason: string): void;
}

/** TCP probes a silent connection after this long: the event socket itself never does. */
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
    // modesl sends the password by itself only through listeners that the facade leaves idle: link.ts does it.
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
   * Writes a packet; those of one moment go out together, as each write is a system call here and may wake a
   * thread there. They are never mixed: nothing can come to stand inside a packet.
   */
  write(packet: string): void {
    if (this.#over) return;
    if (this.#unwritten === "") queueMicrotask(() => this.#flush());
    this.#unwritten += packet;
  }

  /** Whether everything written so far has been handed to the operating system. */
  get flushed(): boolean {
    return this.#unwritten === "" && this.#socket.writableLength === 0;
  }

  #flush(): void {
    const packets = this.#unwritten;
    this.#unwritten = "";
    if (packets !== "" && !this.#socket.destroyed) this.#socket.write(packets);
  }

  /** Ends the session at once, and says so through `gone`. */
  drop(reason: string): void {
    this.#end(reason);
  }

  /** Sends what is still to be written, ends, and resolves when the socket is closed; `gone` is not called. */
  finish(): Promise<void> {
    this.#flush();
    this.#over = true;
    this.#socket.end();
    return this.#closed;
  }

  /** Closes the socket now, whatever is still to be written. */
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
