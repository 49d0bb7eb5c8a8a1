/**
 * The HTTP server for the switch's look-ups (mod_xml_curl): of phones that sign in, and what to do with calls. Clients
 * must know its secret; bodies and times are bounded. What is not found is answered with 200 as well: any other status
 * makes the switch log the whole look-up.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Logger } from "pino";
import type { Clock } from "./clock.js";
import { type BoundAddress, LocalHttp } from "./local-http.js";
import { NOT_FOUND_XML } from "./look-up-xml.js";
import type { ArrivalAnswer } from "./watch/measures.js";

/** The user name that goes with the secret (RFC 7617); the switch's configuration has the same. */
export const DIRECTORY_USER = "ringline";

/** Where the switch asks about calls; all other look-ups are about phones. */
const CALLS_PATH = "/calls";

/**
 * A look-up has some 2 KiB, one about a call some 5 KiB. Phones and carriers may add X- headers to it. Without an answer
 * the switch uses its own files.
 */
const BODY_BYTES_MAX = 32_768;
/** The switch makes a connection for each look-up; a large switch needs fewer than this at once. */
const CONNECTIONS_MAX = 512;

/** What the switch is told about a call. */
export interface CallAnswer {
  readonly kind: ArrivalAnswer;
  readonly xml: string;
  /** Called when the answer was written: what it tells the switch comes before what is ordered then. */
  readonly written: () => void;
}

/** Answers a question about a call, posted as a form; undefined: the switch's own dialplan handles the call. */
export type AboutCall = (body: string) => CallAnswer | undefined;

export interface ServerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly secret: string;
  readonly log: Logger;
  /** Answers a posted form with XML. */
  readonly answer: (body: string) => string;
  readonly aboutCall: AboutCall;
  /** Called when a question about a call was answered. */
  readonly onAboutCall?: (answer: ArrivalAnswer, tookMs: number) => void;
  readonly clock: Pick<Clock, "nowMs">;
  /** What the engine's own commands may read, as JSON, by path: `ringline phones` and `ringline carriers` do. */
  readonly facts: Readonly<Record<`/${string}`, () => string>>;
}

export class LookUpServer {
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
      name: "server for look-ups",
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
        // What a stranger sends slowly is not waited for.
        Connection: "close",
      });
      return;
    }
    const facts = request.method === "GET" ? this.#factsAt(request.url) : undefined;
    if (facts !== undefined) reply(response, 200, "application/json", facts());
    else if (request.method === "POST") this.#read(request, response);
    else reply(response, 405, "text/plain", "POST a look-up of the switch\n", { Allow: "POST" });
  }

  #factsAt(url: string | undefined): (() => string) | undefined {
    return Object.entries(this.#options.facts).find(([path]) => path === url)?.[1];
  }

  #read(request: IncomingMessage, response: ServerResponse): void {
    const askedMs = this.#options.clock.nowMs();
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
      const body = Buffer.concat(chunks).toString("utf8");
      this.#answer(request.url === CALLS_PATH, body, response, askedMs);
    });
    request.on("error", () => response.destroy());
  }

  /** A mistake of ours costs one look-up, which the switch then answers by its own means, and not the engine's calls. */
  #answer(isAboutCall: boolean, body: string, response: ServerResponse, askedMs: number): void {
    try {
      if (isAboutCall) this.#tellAboutCall(response, body, askedMs);
      else reply(response, 200, "text/xml", this.#options.answer(body));
    } catch (error) {
      this.#options.log.error({ err: error }, "a look-up of the switch could not be answered");
      if (response.headersSent) response.destroy();
      else reply(response, 200, "text/xml", NOT_FOUND_XML);
    }
  }

  #tellAboutCall(response: ServerResponse, body: string, askedMs: number): void {
    const { aboutCall, onAboutCall, clock } = this.#options;
    const answer = aboutCall(body);
    reply(response, 200, "text/xml", answer?.xml ?? NOT_FOUND_XML);
    answer?.written();
    onAboutCall?.(answer?.kind ?? "not_found", clock.nowMs() - askedMs);
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
