/**
 * A route of the API as a value: its method and path, what it needs, the schemas of what comes in and goes out, and its
 * handler. The server, the OpenAPI document, the typed client and the matrix of permissions are all made of these values.
 */
import type { z } from "zod";
import type { Reach, RouteAccess } from "../../../policy/access/access.js";
import type { Actor } from "./actor.js";
import type { Problem } from "./problem.js";
import type { Services } from "./services.js";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** What a handler is given. Everything in it has been checked. */
export interface ApiRequest<Params, Query, Body, Who> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** Null on routes that need nothing, when nobody has signed in. */
  readonly actor: Who;
  /** How far the actor sees: the handler limits its query to it. */
  readonly reach: Reach;
  /** Of the client; of the proxy's client where the proxy is believed. */
  readonly address: string;
  readonly userAgent: string;
  /** `https://phones.example.com`: where the client has reached us. */
  readonly origin: string;
  /** The revision of `If-Match`; undefined: there was none. */
  readonly ifMatch: number | undefined;
  readonly cookies: Readonly<Record<string, string | undefined>>;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Aborted when the client is gone, or has no right to the answer any more. */
  readonly signal: AbortSignal;
  readonly services: Services;
}

/** A cookie to set; null: to take away. */
export interface CookieChange {
  readonly name: string;
  readonly value: string | null;
  /** Left out: it ends with the browser. */
  readonly maxAgeMs?: number;
}

export interface Ok<T> {
  readonly kind: "ok";
  readonly value: T;
  /** Left out: the route's. */
  readonly status?: 200 | 201 | 202 | 204;
  /** The value has been written by the route's schema already. */
  readonly isEncoded?: true;
  /** The text of the answer, where it has been made already; then the value is not looked at. */
  readonly json?: string;
  /** The revision that the answer shows or has made: goes into `ETag`. */
  readonly revision?: number;
  /** Of what was created. */
  readonly location?: string;
  readonly cookies?: readonly CookieChange[];
}

/** A sound on the disk; the server answers ranges of it (RFC 9110, section 14). */
export interface SoundFile {
  readonly kind: "sound";
  readonly path: string;
  /** The name under which it is saved; left out: it is played in the page. */
  readonly fileName?: string;
}

/** Lines that are sent as they come, such as CSV. */
export interface Download {
  readonly kind: "download";
  readonly contentType: string;
  /** Left out: shown in the page. */
  readonly fileName?: string;
  readonly body: string | Uint8Array | AsyncIterable<string>;
}

/** Server-sent events, until the request's signal aborts or `events` ends. */
export interface EventStream {
  readonly kind: "events";
  readonly events: AsyncIterable<ServerEvent>;
}

export interface ServerEvent {
  readonly id?: string;
  readonly event: string;
  readonly data: unknown;
  /** The data as text, where it has been written already; then `data` is not looked at. */
  readonly json?: string;
}

/** What an answer without a value may be: of which kind, and of which content type. */
export type RawAnswer = { readonly raw: "sound" | "download" | "events"; readonly contentType: string };

type Out<A> = A extends z.ZodType ? Ok<z.output<A>> : SoundFile | Download | EventStream;
type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;
/** A body that is no JSON comes as its bytes. */
export interface RawBody {
  readonly rawTypes: readonly string[];
}
type ParsedBody<B> = B extends RawBody ? { readonly type: string; readonly bytes: Buffer } : Parsed<B>;
type Who<A> = A extends { readonly needs: "nothing" } ? Actor | null : Actor;

export interface RouteSpec<
  A extends RouteAccess = RouteAccess,
  P extends z.ZodType | undefined = z.ZodType | undefined,
  Q extends z.ZodType | undefined = z.ZodType | undefined,
  B extends z.ZodType | RawBody | undefined = z.ZodType | RawBody | undefined,
  R extends z.ZodType | RawAnswer = z.ZodType | RawAnswer,
> {
  readonly method: Method;
  /** Below `/api/v1`, with parameters in braces: `/users/{username}`. */
  readonly path: string;
  /** The heading under which the document has it. */
  readonly tag: string;
  /** One sentence in the imperative. */
  readonly summary: string;
  readonly description?: string;
  readonly access: A;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** Left out: 64 KiB. */
  readonly bodyBytesMax?: number;
  readonly answer: R;
  /** Left out: 200. With 204 the answer is `z.null()`. */
  readonly status?: 200 | 201 | 202 | 204;
  /** It creates something: an `Idempotency-Key` makes it safe to send twice. */
  readonly isCreating?: true;
  /** Its answer has a secret, such as a link or a key: it is kept nowhere, not even for a request that is sent twice. */
  readonly answersSecret?: true;
  /** It changes the office: `If-Match` is read. */
  readonly isChangingOffice?: true;
  /**
   * In a large office it takes long, so it is done in a thread (`long/long-work.ts`), which has no live feed and no sounds.
   * Left out: what changes the office does.
   */
  readonly isLong?: boolean;
  readonly handle: (
    request: ApiRequest<Parsed<P>, Parsed<Q>, ParsedBody<B>, Who<A>>,
  ) => Promise<Out<R> | Problem>;
}

/** Gives a route its exact type. */
export function route<
  const A extends RouteAccess,
  P extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | RawBody | undefined = undefined,
  R extends z.ZodType | RawAnswer = z.ZodType | RawAnswer,
>(spec: RouteSpec<A, P, Q, B, R>): RouteSpec<A, P, Q, B, R> {
  return spec;
}

export function ok<T>(value: T, more: Omit<Ok<T>, "kind" | "value"> = {}): Ok<T> {
  return { kind: "ok", value, ...more };
}

/** A route of any types, as the lists have it. */
// biome-ignore lint/suspicious/noExplicitAny: a handler takes exactly what its own schemas make
export type AnyRoute = RouteSpec<any, any, any, any, any>;
