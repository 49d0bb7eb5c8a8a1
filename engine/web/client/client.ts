/**
 * A client of the API for TypeScript: each operation with the types of its parameters, body and answer. The types are
 * inferred from the routes themselves; at run time there is nothing of the server in it, so that it runs in a browser.
 */
import { type EventOfStream, readEvents } from "./events.js";
import { OPERATIONS, type OperationShape } from "./operations.generated.js";
import type { AnswerOf, Args, OperationId, StreamId } from "./types.js";

export type { AnswerOf, Args, OperationId } from "./types.js";

export interface ClientOptions {
  /** `https://phones.example.com`; left out: where the page comes from. */
  readonly baseUrl?: string;
  /** A key of the API; left out: the browser's cookies. */
  readonly key?: string;
  /** Left out: the runtime's. */
  readonly fetch?: typeof fetch;
}

/** Why something was not done, as the server says it (RFC 9457). */
export interface ClientProblem {
  readonly type: string;
  readonly title: string;
  /** 0: there was no answer at all. */
  readonly status: number;
  readonly detail?: string;
  readonly errors?: readonly {
    readonly field: string;
    readonly code: string;
    readonly message: string;
    readonly where?: string;
    readonly found?: string;
    readonly expected?: string;
    readonly suggestion?: string;
  }[];
  readonly revision?: number;
  readonly changed?: readonly unknown[];
  readonly permission?: string;
  readonly retry_after?: number;
}

export type Result<T> =
  | {
      readonly ok: true;
      readonly value: T;
      /** Of the office, for the next change's `ifMatch`; null: the answer has none. */
      readonly revision: number | null;
      /** Of what was created; null: nothing was. */
      readonly location: string | null;
    }
  | { readonly ok: false; readonly problem: ClientProblem };

export interface Client {
  /** Never rejects: what goes wrong is a problem. */
  call<Id extends OperationId>(id: Id, ...args: Args<Id>): Promise<Result<AnswerOf<Id>>>;
  /** The address of an operation that is read, such as a sound's for a player. */
  url<Id extends OperationId>(id: Id, ...args: Args<Id>): string;
  /** The events of a stream until it ends; the caller connects again. */
  events<Id extends StreamId>(id: Id, ...args: Args<Id>): AsyncGenerator<EventOfStream | Result<never>>;
}

/** What any operation may be given; the types say which of it. */
interface Given {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly type?: string;
  readonly ifMatch?: number;
  readonly message?: string;
  readonly idempotencyKey?: string;
  readonly lastEventId?: string;
  readonly onAlive?: () => void;
  readonly signal?: AbortSignal;
}

export function apiClient({ baseUrl = "", key, fetch: ask = fetch }: ClientOptions = {}): Client {
  const send = async (id: OperationId, given: Given): Promise<Response> => {
    const [method, path] = shapeOf(id);
    const isRaw = given.type !== undefined;
    const hasBody = given.body !== undefined;
    return ask(baseUrl + addressOf(path, given), {
      method,
      ...(hasBody ? { body: isRaw ? (given.body as Blob) : JSON.stringify(given.body) } : {}),
      signal: given.signal ?? null,
      headers: headersOf(given, hasBody, key),
    });
  };
  return {
    call: async (id, ...[given = {}]) => {
      try {
        const response = await send(id, given as Given);
        return (await resultOf(response, shapeOf(id)[2])) as Result<AnswerOf<typeof id>>;
      } catch (error) {
        return unreachable(error);
      }
    },
    url: (id, ...[given = {}]) => baseUrl + addressOf(shapeOf(id)[1], given as Given),
    async *events(id, ...[given = {}]) {
      try {
        const response = await send(id, given as Given);
        if (!response.ok || response.body === null) yield await refused(response);
        else yield* readEvents(response.body, given.onAlive);
      } catch (error) {
        yield unreachable(error);
      }
    },
  };
}

function shapeOf(id: OperationId): OperationShape {
  const shape = OPERATIONS[id];
  if (shape === undefined)
    throw new Error(`the client does not know ${id}: \`npm run expected\` makes its table anew`);
  return shape;
}

function addressOf(path: string, { params = {}, query = {} }: Given): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
    encodeURIComponent(String(params[name])),
  );
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== null) asked.append(name, String(value));
  const text = asked.toString();
  return `/api/v1${filled}${text === "" ? "" : `?${text}`}`;
}

function headersOf(given: Given, hasBody: boolean, key: string | undefined): Record<string, string> {
  const { type = "application/json", ifMatch, message, idempotencyKey, lastEventId } = given;
  const headers: readonly (readonly [string, string | undefined])[] = [
    ["Content-Type", hasBody ? type : undefined],
    ["Authorization", key === undefined ? undefined : `Bearer ${key}`],
    ["If-Match", ifMatch === undefined ? undefined : `"rev-${ifMatch}"`],
    ["X-Message", message === undefined ? undefined : latin1OfUtf8(message)],
    ["Idempotency-Key", idempotencyKey],
    ["Last-Event-ID", lastEventId],
  ];
  return Object.fromEntries(
    headers.filter((each): each is readonly [string, string] => each[1] !== undefined),
  );
}

/** Headers are bytes, and the server reads these as UTF-8. */
function latin1OfUtf8(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}

async function resultOf(response: Response, answer: OperationShape[2]): Promise<Result<unknown>> {
  if (!response.ok) return refused(response);
  const [, revision] = /^"rev-(\d+)"$/.exec(response.headers.get("ETag") ?? "") ?? [];
  return {
    ok: true,
    value: answer === "json" ? await response.json() : answer === "nothing" ? null : response,
    revision: revision === undefined ? null : Number(revision),
    location: response.headers.get("Location"),
  };
}

async function refused(response: Response): Promise<Result<never>> {
  try {
    return { ok: false, problem: (await response.json()) as ClientProblem };
  } catch {
    // A proxy between us and the server has words of its own.
    const { status } = response;
    return { ok: false, problem: { type: "unreachable", title: "The server did not answer", status } };
  }
}

function unreachable(error: unknown): Result<never> {
  const detail = error instanceof Error ? error.message : String(error);
  return {
    ok: false,
    problem: { type: "unreachable", title: "The server cannot be reached", status: 0, detail },
  };
}
