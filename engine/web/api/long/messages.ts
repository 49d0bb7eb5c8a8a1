/** What the web server and the thread for its long work say to each other: plain values, since threads share no objects. */
import type { Reach } from "../../../../policy/access/access.js";
import type { Group, Office } from "../../../../policy/office/office.js";
import type { Actor } from "../actor.js";
import type { Problem } from "../problem.js";
import type { Download, Ok } from "../route.js";
import type { Services } from "../services.js";

export interface LongThreadData {
  /** Of the database. */
  readonly path: string;
  readonly around: LongAround;
}

/** What the thread's handlers know of the server. */
export type LongAround = Pick<
  Services,
  "publicUrl" | "sendsMail" | "allowsPlainHttp" | "phones" | "sessionLimits"
>;

/** A request that was checked, to be handled. */
export interface LongAsked {
  /** The route's id. */
  readonly operation: string;
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly actor: Omit<Actor, "office"> & {
    /** What permissions are decided by. */
    readonly office: { readonly groups: readonly Group[] } & Pick<Office, "outsideCallerId">;
  };
  readonly reach: Reach;
  readonly address: string;
  readonly userAgent: string;
  readonly origin: string;
  readonly ifMatch: number | undefined;
  readonly cookies: Readonly<Record<string, string | undefined>>;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** What the handler gives; a value has become the text of the answer. */
export type LongAnswer = Problem | (Ok<null> & { readonly json: string }) | LongDownload;

export type LongDownload = Download & { readonly body: string | Uint8Array };

export interface LongFailure {
  readonly message: string;
  readonly stack: string | undefined;
  /** Of SQLite, where the database has failed. */
  readonly sqlCode: string | undefined;
}

export type LongAnswered =
  | { readonly answer: LongAnswer }
  /** The handler has thrown. */
  | { readonly failure: LongFailure };

export type ToThread = { readonly id: number; readonly asked: LongAsked };

export type FromThread =
  | ({ readonly id: number } & LongAnswered)
  /** A line of the log, as pino writes it. */
  | { readonly line: string };
