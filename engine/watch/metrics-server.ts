/**
 * The HTTP server for monitoring: `/metrics`; `/health`, which answers 200 while the engine is connected to the
 * switch and 503 while it is not; and `/ready`, which answers 200 while all that calls need is there, and says what is
 * not. It shows no secrets and no callers' data, takes no input, and is opened only when
 * the operator names an address.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Logger } from "pino";
import { type BoundAddress, LocalHttp } from "../local-http.js";
import { type Readiness, readyText } from "./readiness.js";

const CONNECTIONS_MAX = 32;

export interface MetricsServerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly log: Logger;
  readonly metrics: () => Promise<{ readonly type: string; readonly body: string }>;
  readonly isHealthy: () => boolean;
  readonly readiness: () => Promise<Readiness>;
}

export class MetricsServer {
  readonly #options: MetricsServerOptions;
  readonly #server: LocalHttp;

  constructor(options: MetricsServerOptions) {
    this.#options = options;
    this.#server = new LocalHttp({
      ...options,
      name: "metrics server",
      connectionsMax: CONNECTIONS_MAX,
      handle: (request, response) => void this.#handle(request, response),
    });
  }

  listen(): Promise<BoundAddress> {
    return this.#server.listen();
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A body is read and dropped.
    request.resume();
    const path = (request.url ?? "").split("?")[0];
    if (request.method !== "GET" && request.method !== "HEAD") reply(response, 405, "only GET\n");
    else if (path === "/metrics") {
      const { type, body } = await this.#options.metrics();
      reply(response, 200, body, type);
    } else if (path === "/health") {
      const isHealthy = this.#options.isHealthy();
      reply(response, isHealthy ? 200 : 503, isHealthy ? "connected\n" : "not connected to the switch\n");
    } else if (path === "/ready") {
      const { isReady, text } = readyText(await this.#options.readiness());
      reply(response, isReady ? 200 : 503, text);
    } else reply(response, 404, "there are /metrics, /health and /ready\n");
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
