/**
 * What the engine's small HTTP servers share: bounds on time, headers and connections; an address that cannot be
 * bound is returned as a value; closing does not wait for clients. Clients that are idle or slow cannot keep others out:
 * when there are too many connections, the oldest one whose request has not arrived is closed in favour of the new one.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Logger } from "pino";

/** The switch gives up a look-up after 3 s (xml_curl.conf), so no honest request lasts longer than this. */
const REQUEST_MS = 5_000;
/** The switch sends its headers in one piece, as soon as it is connected. */
const HEADERS_MS = 2_000;
/** How often Node.js looks for connections that are over these times; its default is every 30 s. */
const LOOK_MS = 500;
const HEADER_BYTES_MAX = 8_192;

export type BoundAddress =
  | { readonly ok: true; readonly host: string; readonly port: number }
  | { readonly ok: false; readonly why: string };

export interface LocalHttpOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly log: Logger;
  /** The server's name in the log. */
  readonly name: string;
  readonly connectionsMax: number;
  /** A client that it does not know must be refused with `Connection: close`: a request that is being handled is kept. */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
}

export class LocalHttp {
  readonly #options: LocalHttpOptions;
  readonly #server: Server;
  /** The open connections whose requests have not arrived, from the oldest to the newest. */
  readonly #waiting = new Set<Socket>();
  #open = 0;

  constructor(options: LocalHttpOptions) {
    this.#options = options;
    this.#server = createServer(
      {
        requestTimeout: REQUEST_MS,
        headersTimeout: HEADERS_MS,
        keepAliveTimeout: HEADERS_MS,
        connectionsCheckingInterval: LOOK_MS,
        maxHeaderSize: HEADER_BYTES_MAX,
      },
      (request, response) => this.#handle(request, response),
    );
    this.#server.on("connection", (socket) => this.#admit(socket));
    this.#server.on("clientError", (_error, socket) => socket.destroy());
  }

  #admit(socket: Socket): void {
    this.#open += 1;
    socket.once("close", () => {
      this.#open -= 1;
      this.#waiting.delete(socket);
    });
    this.#waiting.add(socket);
    if (this.#open <= this.#options.connectionsMax) return;
    const [oldest = socket] = this.#waiting;
    this.#waiting.delete(oldest);
    oldest.destroy();
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    this.#waiting.delete(socket);
    // The client may send another request on this connection.
    response.once("close", () => {
      if (!socket.destroyed) this.#waiting.add(socket);
    });
    this.#options.handle(request, response);
  }

  /** Never rejects: why the address cannot be bound is part of the result. */
  listen(): Promise<BoundAddress> {
    const { host, port, log, name } = this.#options;
    return new Promise((resolve) => {
      this.#server.once("error", (error) => resolve({ ok: false, why: error.message }));
      this.#server.listen(port, host, () => {
        this.#server.on("error", (error) => log.error({ err: error }, name));
        const { address, port: bound } = this.#server.address() as AddressInfo;
        resolve({ ok: true, host: address, port: bound });
      });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}
