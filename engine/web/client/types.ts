/** The types of each operation's parameters, body and answer, inferred from the routes. Types alone: nothing runs. */
import type { z } from "zod";
import type { RawAnswer, RawBody } from "../api/route.js";
import type { ROUTES } from "../api/routes.js";

type Routes = typeof ROUTES;
export type OperationId = keyof Routes;

type Said<Id extends OperationId, Name extends string> = Name extends keyof Routes[Id]
  ? Exclude<Routes[Id][Name], undefined>
  : never;
/** What a route says in a field; undefined: nothing. */
type Field<Id extends OperationId, Name extends string> = [Said<Id, Name>] extends [never]
  ? undefined
  : Said<Id, Name>;

/** A query is text on the way: a boolean or a number may be given as such. */
type Query<Schema extends z.ZodType> = {
  readonly [K in keyof z.input<Schema>]: QueryValue<
    z.input<Schema>[K],
    K extends keyof z.output<Schema> ? z.output<Schema>[K] : never
  >;
};
/** What is read as a number may be anything on the way. */
type QueryValue<In, Out> = unknown extends In ? Out : In | Out;

type Params<Id extends OperationId> =
  Field<Id, "params"> extends z.ZodType ? { readonly params: z.input<Field<Id, "params">> } : object;
type QueryOf<Id extends OperationId> =
  Field<Id, "query"> extends z.ZodType
    ? object extends Query<Field<Id, "query">>
      ? { readonly query?: Query<Field<Id, "query">> }
      : { readonly query: Query<Field<Id, "query">> }
    : object;
type Body<Id extends OperationId> =
  Field<Id, "body"> extends z.ZodType
    ? { readonly body: z.input<Field<Id, "body">> }
    : Field<Id, "body"> extends RawBody
      ? {
          readonly body: Blob | Uint8Array<ArrayBuffer>;
          readonly type: Field<Id, "body">["rawTypes"][number];
        }
      : object;

/** Beside what the route has of its own. */
interface Always {
  readonly signal?: AbortSignal;
  /** The revision that the change is made for. */
  readonly ifMatch?: number;
  /** Why, for the history. */
  readonly message?: string;
  /** New for each thing that is created. */
  readonly idempotencyKey?: string;
  /** Of a stream: the event that was the last before the connection was lost. */
  readonly lastEventId?: string;
  /** Of a stream: called whenever anything comes, also when there is no news: the connection stands. */
  readonly onAlive?: () => void;
}

type Given<Id extends OperationId> = Params<Id> & QueryOf<Id> & Body<Id> & Always;

/** The argument can be left out where nothing is required. */
export type Args<Id extends OperationId> =
  object extends Given<Id> ? [given?: Given<Id>] : [given: Given<Id>];

export type AnswerOf<Id extends OperationId> =
  Field<Id, "answer"> extends z.ZodType ? z.output<Field<Id, "answer">> : Response;

/** Operations whose answer is a stream of events. */
export type StreamId = {
  [Id in OperationId]: Field<Id, "answer"> extends RawAnswer
    ? Field<Id, "answer">["raw"] extends "events"
      ? Id
      : never
    : never;
}[OperationId];
