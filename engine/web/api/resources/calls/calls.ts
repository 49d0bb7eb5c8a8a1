/** Calls that are kept: lists, the story and the drawing of each, and a table for spreadsheets of what a list shows. */
import { z } from "zod";
import { given, mapped } from "../../../../../policy/office/optional.js";
import { drawingOf } from "../../../../../policy/record/drawing.js";
import { withoutOthersNumbers } from "../../../../../policy/record/private-numbers.js";
import type { CallFilter } from "../../../../../storage/records/filter.js";
import type { Store } from "../../../../../storage/store.js";
import { callsCsvHeading, callsCsvRows } from "../../../../records/calls-csv.js";
import { pagesOfCalls } from "../../../../records/list.js";
import { CALL_SCOPES, callWithin } from "../../../../records/reach.js";
import { type CallFound, tellCall } from "../../../../records/story.js";
import type { Actor } from "../../actor.js";
import { auditOf } from "../../audit-of.js";
import { keyNumber, pageOf, pageQuery, writeKey } from "../../paging.js";
import { type Problem, problem } from "../../problem.js";
import { ok, route } from "../../route.js";
import type { Services } from "../../services.js";
import { call, callOut, namesIn, spokenNames, toldCall, toldCallOut } from "./call-form.js";
import { type CallsRead, callsInReach, callsQuery, readCalls } from "./calls-query.js";

/** Everybody sees their own calls and those of their groups. */
const ACCESS = { needs: "permission", permission: "call_logs", others: "groups" } as const;
const params = z.object({ id: z.string().max(100) });

export const callRoutes = {
  listCalls: route({
    method: "GET",
    path: "/calls",
    tag: "Calls",
    summary: "List calls, the newest first",
    access: ACCESS,
    query: z.object({ ...callsQuery, ...pageQuery }),
    answer: pageOf(call).extend({
      scope: z.enum(CALL_SCOPES),
      timezone: z.string(),
      names: spokenNames,
    }),
    handle: async (request) => {
      const { query, services } = request;
      const read = await readCalls(request, query);
      if (read.kind === "problem") return read;
      const { filter, scope, live } = read;
      const page = { limit: query.limit, ...given({ after: mapped(query.after, keyNumber) }) };
      const { calls, next } = await services.deps.store.records.list(filter, page);
      return ok({
        items: calls.map(callOut),
        next: next === null ? null : writeKey([next, ""]),
        scope,
        timezone: live.office.timezone,
        names: namesIn(calls, live.table),
      });
    },
  }),

  exportCalls: route({
    method: "GET",
    path: "/calls/export",
    tag: "Calls",
    summary: "Export calls as a table for spreadsheets",
    description: "The same query as of the list, and all of its calls. No cell is a formula.",
    access: ACCESS,
    query: z.object(callsQuery),
    answer: { raw: "download", contentType: "text/csv" },
    handle: async (request) => {
      const { query, services, signal } = request;
      const read = await readCalls(request, query);
      if (read.kind === "problem") return read;
      const { scope } = read;
      await services.audit({
        ...auditOf(request),
        ...{ action: "exported", subject: "calls" },
        detail: { ...query, scope },
      });
      return {
        kind: "download",
        contentType: "text/csv; charset=utf-8",
        fileName: "calls.csv",
        body: csvOf(services.deps.store, read, signal),
      };
    },
  }),

  getCall: route({
    method: "GET",
    path: "/calls/{id}",
    tag: "Calls",
    summary: "Get a call with its story",
    access: ACCESS,
    params,
    answer: toldCall,
    handle: async (request) => {
      const told = await tell(request);
      return told.kind === "problem" ? told : ok(toldCallOut(told.record, told.names, told.timezone));
    },
  }),

  drawCall: route({
    method: "GET",
    path: "/calls/{id}/drawing",
    tag: "Calls",
    summary: "Draw a call as SVG: a lane for the caller and one for each phone",
    access: ACCESS,
    params,
    answer: { raw: "download", contentType: "image/svg+xml" },
    handle: async (request) => {
      const told = await tell(request);
      if (told.kind === "problem") return told;
      const body = drawingOf(told.record, told.names, told.timezone);
      return { kind: "download", contentType: "image/svg+xml; charset=utf-8", body };
    },
  }),
};

interface OneAsked {
  readonly actor: Actor;
  readonly reach: "own" | "groups" | "all";
  readonly params: { readonly id: string };
  readonly services: Services;
}

/** A call that somebody may not see is answered as one that there is not. */
async function tell(
  asked: OneAsked,
): Promise<Problem | (Omit<CallFound, "outcome"> & { readonly kind: "told" })> {
  const { params: asks, reach, actor, services } = asked;
  const { store } = services.deps;
  const limited = await callsInReach(asked);
  if (limited.kind === "problem") return limited;
  const row = await callWithin(store, limited.filter, asks.id);
  if (row === undefined) return noCall(asks.id);
  const found = await tellCall(services.deps, row, limited.live);
  if (found.outcome === "not_found") return noCall(asks.id);
  const { record, names, timezone } = found;
  const seen = reach === "all" ? record : withoutOthersNumbers(record, actor.user.username);
  return { kind: "told", record: seen, names, timezone };
}

function noCall(id: string): Problem {
  return problem("not_found", { detail: `there is no call ${id}` });
}

/** A page at a time: there may be more calls than fit into memory. */
async function* csvOf(
  store: Store,
  { filter, live }: Pick<CallsRead, "live"> & { readonly filter: CallFilter },
  signal: AbortSignal,
): AsyncGenerator<string> {
  yield callsCsvHeading();
  for await (const calls of pagesOfCalls(store, filter, { limit: Number.POSITIVE_INFINITY })) {
    if (signal.aborted) return;
    yield callsCsvRows(calls, live.office.timezone);
  }
}
