/**
 * One request to a webhook. It goes to no address that the webhook may not reach: names are resolved here, for every
 * connection anew, and the connection is made to an address that was judged, so that a name cannot mean one address when
 * it is looked at and another one when it is used. Redirects are not followed, and an answer's body is not read.
 */
import { Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest, Agent as TlsAgent } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { addressKind } from "../../policy/webhooks/addresses.js";
import type { ResolveHost } from "../carriers/resolver.js";
import type { Clock } from "../clock.js";

/** From the beginning of a request to the head of its answer. */
export const TIMEOUT_MS = 10_000;
/** What of an answer's body is let through so that the connection can be used again; a longer one is cut off. */
const BODY_BYTES_MAX = 16_384;
const BODY_MS = 1_000;

export interface Target {
  readonly url: string;
  /** Addresses of the office's own network are allowed. */
  readonly allowPrivate: boolean;
}

export interface PostDeps {
  readonly clock: Clock;
  readonly resolve: ResolveHost;
  readonly connections: Connections;
}

/** The connections to one webhook, which are used again. */
export class Connections {
  readonly plain: Agent;
  readonly encrypted: TlsAgent;

  /** @param atOnce how many there are at most */
  constructor(atOnce: number) {
    this.plain = new Agent({ keepAlive: true, maxSockets: atOnce });
    this.encrypted = new TlsAgent({ keepAlive: true, maxSockets: atOnce });
  }

  close(): void {
    this.plain.destroy();
    this.encrypted.destroy();
  }
}

export interface Request {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Breaks the request off. */
  readonly signal: AbortSignal;
}

export type Answer =
  | { readonly kind: "answered"; readonly status: number; readonly retryAfterMs: number | null }
  /** There was no answer; the server may have got the request. */
  | { readonly kind: "failed"; readonly why: string };

/** Sends one request. A connection that the server closed while it was idle is replaced once; nothing was lost with it. */
export async function post(target: Target, request: Request, deps: PostDeps): Promise<Answer> {
  const first = await attempt(target, request, deps);
  return first === "stale" ? notStale(await attempt(target, request, deps)) : first;
}

function notStale(answer: Answer | "stale"): Answer {
  return answer === "stale" ? { kind: "failed", why: "the connection was closed" } : answer;
}

function attempt(
  target: Target,
  { headers, body, signal }: Request,
  deps: PostDeps,
): Promise<Answer | "stale"> {
  const url = new URL(target.url);
  const refusal = refusedHost(url, target.allowPrivate);
  if (refusal !== undefined) return Promise.resolve({ kind: "failed", why: refusal });
  return new Promise((resolve) => {
    const isEncrypted = url.protocol === "https:";
    const { plain, encrypted } = deps.connections;
    const send = isEncrypted ? httpsRequest : httpRequest;
    const sent = send(url, {
      method: "POST",
      agent: isEncrypted ? encrypted : plain,
      lookup: judgedLookup(target, isEncrypted, deps.resolve),
      signal,
      headers: { ...headers, "content-length": String(Buffer.byteLength(body)) },
    });
    const timer = deps.clock.after(TIMEOUT_MS, () =>
      sent.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)),
    );
    const end = (answer: Answer | "stale") => {
      deps.clock.cancel(timer);
      resolve(answer);
    };
    sent.on("response", (response) => {
      end(answered(response));
      letThrough(response, deps.clock);
    });
    sent.on("error", (error: NodeJS.ErrnoException) =>
      end(isStale(sent, error) ? "stale" : { kind: "failed", why: inWords(error) }),
    );
    // A server that switches protocols, or closes without a word.
    sent.on("close", () => end({ kind: "failed", why: "the connection was closed without an answer" }));
    sent.end(body);
  });
}

function isStale(sent: ClientRequest, { code }: NodeJS.ErrnoException): boolean {
  return sent.reusedSocket && (code === "ECONNRESET" || code === "EPIPE");
}

function answered({ statusCode = 0, headers }: IncomingMessage): Answer {
  const after = headers["retry-after"] ?? "";
  return {
    kind: "answered",
    status: statusCode,
    retryAfterMs: /^\d{1,6}$/.test(after) ? Number(after) * 1_000 : null,
  };
}

/** Throws the body away, so that the connection can be used again; without end it costs the connection. */
function letThrough(response: IncomingMessage, clock: Clock): void {
  let bytes = 0;
  const timer = clock.after(BODY_MS, () => response.destroy());
  response.on("data", (part: Buffer) => {
    bytes += part.length;
    if (bytes > BODY_BYTES_MAX) response.destroy();
  });
  response.on("error", () => undefined);
  response.on("close", () => clock.cancel(timer));
}

/** Why an address in a URL is not connected to; undefined: it is a name, or may be. */
function refusedHost(url: URL, allowPrivate: boolean): string | undefined {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return isIP(host) === 0 ? undefined : refusedAddress(host, allowPrivate, url.protocol === "https:");
}

function refusedAddress(address: string, allowPrivate: boolean, isEncrypted: boolean): string | undefined {
  const kind = addressKind(address);
  if (kind === "metadata") return `${address} gives machines of a cloud their keys, and is no webhook's`;
  if (kind === "public")
    return isEncrypted ? undefined : `${address} is on the public network, where http:// is not used`;
  return allowPrivate ? undefined : `${address} is not on the public network, and allow_private is not set`;
}

/** Resolves the name for a connection, to those of its addresses that may be connected to. */
function judgedLookup({ allowPrivate }: Target, isEncrypted: boolean, resolve: ResolveHost): LookupFunction {
  return (host, options, done) => {
    void resolve(host, []).then(
      (found) => {
        const refused = (found ?? []).map((address) => refusedAddress(address, allowPrivate, isEncrypted));
        const good = (found ?? []).filter((_, place) => refused[place] === undefined);
        const [first] = good;
        if (first === undefined) {
          const why = refused.find((each) => each !== undefined) ?? `no address is known of ${host}`;
          done(new Error(why), "", 0);
        } else if (options.all === true)
          done(
            null,
            good.map((address) => ({ address, family: isIP(address) })),
          );
        else done(null, first, isIP(first));
      },
      (error: Error) => done(error, "", 0),
    );
  };
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused",
  ECONNRESET: "the connection was closed",
  EPIPE: "the connection was closed",
  ETIMEDOUT: "the connection timed out",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  CERT_HAS_EXPIRED: "its certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is signed by nobody we know",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate is signed by nobody we know",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate is signed by nobody we know",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another name",
  HPE_HEADER_OVERFLOW: "the head of its answer is too long",
};

/** One line without what a server may have written into it. */
function inWords(error: NodeJS.ErrnoException): string {
  // Several addresses were tried, and each failed in its way.
  const [first] = error instanceof AggregateError ? (error.errors as NodeJS.ErrnoException[]) : [];
  const { code, message } = first ?? error;
  if (code === undefined) return message.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " ").slice(0, 200);
  return WORDS[code] ?? (code.startsWith("HPE_") ? "its answer is no HTTP" : code);
}
