/**
 * The small HTTP server that monitoring asks: `/metrics`, and `/health`, which says 200 while the engine is connected
 * to the switch and 503 while it is not. It tells no secret and no caller's data, takes no input, and is opened only
 * when the operator names an address.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Logger } from "pino";
import type { Listening } from "../directory/server.js";

const REQUEST_MS = 5_000;
const CONNECTIONS_MAX = 32;

export interface MetricsServerOptions {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly log: Logger;
  readonly metrics: () => Promise<{ readonly type: string; readonly body: string }>;
  readonly isHealthy: () => boolean;
}

export class MetricsServer {
  readonly #options: MetricsServerOptions;
  readonly #server: Server;

  constructor(options: MetricsServerOptions) {
    this.#options = options;
    this.#server = createServer(
      {
        requestTimeout: REQUEST_MS,
        headersTimeout: REQUEST_MS,
        keepAliveTimeout: REQUEST_MS,
        maxHeaderSize: 8_192,
      },
      (request, response) => void this.#handle(request, response),
    );
    this.#server.maxConnections = CONNECTIONS_MAX;
    this.#server.on("clientError", (_error, socket) => socket.destroy());
  }

  listen(): Promise<Listening> {
    const { host, port, log } = this.#options;
    return new Promise((resolve) => {
      this.#server.once("error", (error) => resolve({ ok: false, why: error.message }));
      this.#server.listen(port, host, () => {
        this.#server.on("error", (error) => log.error({ err: error }, "metrics server"));
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

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // What a client sends along is read and thrown away.
    request.resume();
    const path = (request.url ?? "").split("?")[0];
    if (request.method !== "GET" && request.method !== "HEAD") reply(response, 405, "only GET\n");
    else if (path === "/metrics") {
      const { type, body } = await this.#options.metrics();
      reply(response, 200, body, type);
    } else if (path === "/health") {
      const isHealthy = this.#options.isHealthy();
      reply(response, isHealthy ? 200 : 503, isHealthy ? "connected\n" : "not connected to the switch\n");
    } else reply(response, 404, "there are /metrics and /health\n");
  }
}

function reply(
  response: ServerResponse,
  status: number,
  body: string,
  type = "text/plain; charset=utf-8",
): void {
  response.writeHead(status, { "Content-Type": type, "Content-Length": Buffer.byteLength(body) });
  response.end(body);
}
