/**
 * The HTTP server for the switch's look-ups of phones (mod_xml_curl). Clients must know its secret; bodies and times
 * are bounded. An unknown phone is answered with 200 as well: any other status makes the switch log the whole
 * look-up and read its own files.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Logger } from "pino";
import { type BoundAddress, LocalHttp } from "../local-http.js";

/** The user name that goes with the secret (RFC 7617); the switch's configuration has the same. */
export const DIRECTORY_USER = "ringline";

/** A look-up has some 2 KiB; phones may add X- headers to it. */
const BODY_BYTES_MAX = 32_768;
/** The switch uses one connection a thread; a large switch needs fewer than this at once. */
const CONNECTIONS_MAX = 512;

export interface ServerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly secret: string;
  readonly log: Logger;
  /** Answers a posted form with XML. */
  readonly answer: (body: string) => string;
  /** The registered phones as JSON, for `ringline phones`. */
  readonly phones: () => string;
}

export class DirectoryServer {
  readonly #options: ServerOptions;
  readonly #server: LocalHttp;
  readonly #expected: Buffer;
  #unauthorised = 0;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#expected = digest(
      `Basic ${Buffer.from(`${DIRECTORY_USER}:${options.secret}`, "utf8").toString("base64")}`,
    );
    this.#server = new LocalHttp({
      ...options,
      name: "directory server",
      connectionsMax: CONNECTIONS_MAX,
      handle: (request, response) => this.#handle(request, response),
    });
  }

  /** Requests without the secret, so far. */
  get unauthorised(): number {
    return this.#unauthorised;
  }

  listen(): Promise<BoundAddress> {
    return this.#server.listen();
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    if (!this.#isAuthorised(request)) {
      this.#unauthorised += 1;
      if (isPowerOfTwo(this.#unauthorised))
        this.#options.log.warn(
          { address: request.socket.remoteAddress, times: this.#unauthorised },
          "somebody asked the directory without its secret",
        );
      reply(response, 401, "text/plain", "the directory wants its secret\n", {
        "WWW-Authenticate": 'Basic realm="ringline directory"',
      });
      return;
    }
    if (request.method === "GET" && request.url === "/phones")
      reply(response, 200, "application/json", this.#options.phones());
    else if (request.method === "POST") this.#read(request, response);
    else reply(response, 405, "text/plain", "POST a look-up of the switch\n", { Allow: "POST" });
  }

  #read(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > BODY_BYTES_MAX) {
        if (!response.headersSent) reply(response, 413, "text/plain", "too long\n", { Connection: "close" });
        request.destroy();
      } else chunks.push(chunk);
    });
    request.on("end", () => {
      if (bytes > BODY_BYTES_MAX) return;
      reply(response, 200, "text/xml", this.#options.answer(Buffer.concat(chunks).toString("utf8")));
    });
    request.on("error", () => response.destroy());
  }

  /** Compares digests, so that the time it takes reveals neither the content nor the length of the secret. */
  #isAuthorised(request: IncomingMessage): boolean {
    return timingSafeEqual(digest(request.headers.authorization ?? ""), this.#expected);
  }
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function reply(
  response: ServerResponse,
  status: number,
  type: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    "Content-Type": `${type}; charset=utf-8`,
    "Content-Length": Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}

/** True the 1st, 2nd, 4th, 8th … time: the first is logged at once, and the log is never flooded. */
function isPowerOfTwo(count: number): boolean {
  return (count & (count - 1)) === 0;
}
