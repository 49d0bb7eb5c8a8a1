/**
 * What the engine's small HTTP servers share: bounds on time, headers and connections; an address that cannot be
 * bound is returned as a value; closing does not wait for clients.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Logger } from "pino";

/** The switch gives up a look-up after 3 s (xml_curl.conf), so no honest request lasts longer than this. */
const REQUEST_MS = 5_000;
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
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
}

export class LocalHttp {
  readonly #options: LocalHttpOptions;
  readonly #server: Server;

  constructor(options: LocalHttpOptions) {
    this.#options = options;
    this.#server = createServer(
      {
        requestTimeout: REQUEST_MS,
        headersTimeout: REQUEST_MS,
        keepAliveTimeout: REQUEST_MS,
        maxHeaderSize: HEADER_BYTES_MAX,
      },
      options.handle,
    );
    this.#server.maxConnections = options.connectionsMax;
    this.#server.on("clientError", (_error, socket) => socket.destroy());
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
