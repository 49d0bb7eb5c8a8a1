/** Who did what, from where: for System Admins all of it, for everybody else what they did and what was done about them. */
import { z } from "zod";
import type { Reach } from "../../../../policy/access/access.js";
import { given } from "../../../../policy/office/optional.js";
import {
  AUDIT_ACTIONS,
  type AuditAction,
  type AuditEntry,
  type AuditFilter,
} from "../../../../storage/audit.js";
import type { Store } from "../../../../storage/store.js";
import { auditCsvHeading, auditCsvRows } from "../../../audit/audit-text.js";
import { orDatabaseFailed } from "../../../use-case.js";
import type { Actor } from "../actor.js";
import { auditOf } from "../audit-of.js";
import { databaseFailed, failureOf } from "../failures.js";
import { pageOf, pageQuery, readKey, writeKey } from "../paging.js";
import { periodQuery, readPeriod } from "../period.js";
import { type Problem, problem } from "../problem.js";
import { ok, route } from "../route.js";
import type { Services } from "../services.js";
import { isoTime } from "../time.js";

const ACCESS = { needs: "permission", permission: "system_admin", others: "own" } as const;

const TEXT_MAX = 200;
const ACTIONS = Object.keys(AUDIT_ACTIONS) as [AuditAction, ...AuditAction[]];
const auditQuery = {
  actor: z.string().min(1).max(TEXT_MAX).optional().describe("a username: what this person did"),
  subject: z.string().min(1).max(TEXT_MAX).optional().describe("what it was about, such as `user:bob.stone`"),
  action: z.enum(ACTIONS).optional(),
  ...periodQuery,
};

const entry = z.object({
  id: z.number().int(),
  at: z.string(),
  /** Null: a command on the machine, or nobody known; then `detail.by` may say who. */
  actor: z.string().nullable(),
  /** The name of the API key that was used. */
  key: z.string().nullable(),
  /** Null: a command on the machine, or files. */
  address: z.string().nullable(),
  action: z.enum(ACTIONS),
  /** The action in words. */
  what: z.string(),
  subject: z.string().nullable(),
  detail: z.record(z.string(), z.unknown()),
});

export const auditRoutes = {
  listAudit: route({
    method: "GET",
    path: "/audit",
    tag: "Audit",
    summary: "List who did what, the newest first",
    access: ACCESS,
    query: z.object({ ...auditQuery, ...pageQuery }),
    answer: pageOf(entry).extend({ timezone: z.string() }),
    handle: async (request) => {
      const { query, services } = request;
      const read = await readAsked(request);
      if ("kind" in read) return read;
      const before = query.after === undefined ? undefined : Number(readKey(query.after)?.[0]);
      const listed = await orDatabaseFailed(async () => ({
        outcome: "listed" as const,
        // One more says whether there is another page.
        entries: await services.deps.store.audit.list(read.filter, {
          limit: query.limit + 1,
          ...given({ before }),
        }),
      }));
      if (listed.outcome === "database_failed") return databaseFailed(services, listed);
      const items = listed.entries.slice(0, query.limit);
      const last = items.at(-1);
      const next =
        listed.entries.length > items.length && last !== undefined ? writeKey([last.seq, ""]) : null;
      return ok({ items: items.map(entryOut), next, timezone: read.timezone });
    },
  }),

  exportAudit: route({
    method: "GET",
    path: "/audit/export",
    tag: "Audit",
    summary: "Export who did what as a table for spreadsheets",
    description: "The same query as of the list, and all of its entries. No cell is a formula.",
    access: ACCESS,
    query: z.object(auditQuery),
    answer: { raw: "download", contentType: "text/csv" },
    handle: async (request) => {
      const { query, services, signal } = request;
      const read = await readAsked(request);
      if ("kind" in read) return read;
      await services.audit({
        ...auditOf(request),
        action: "exported",
        subject: "audit",
        detail: { ...query },
      });
      return {
        kind: "download",
        contentType: "text/csv; charset=utf-8",
        fileName: "audit.csv",
        body: csvOf(services.deps.store, read, signal),
      };
    },
  }),
};

interface Asked {
  readonly filter: AuditFilter;
  readonly timezone: string;
}

interface AuditRequest {
  readonly query: {
    readonly actor?: string | undefined;
    readonly subject?: string | undefined;
    readonly action?: AuditAction | undefined;
    readonly from?: string | undefined;
    readonly until?: string | undefined;
  };
  readonly actor: Actor;
  readonly reach: Reach;
  readonly services: Services;
}

/** The filter of a query, limited to what its asker may see. */
async function readAsked({ query, actor, reach, services }: AuditRequest): Promise<Asked | Problem> {
  const live = await services.live();
  if ("outcome" in live) return failureOf(services, live);
  const { timezone } = live.office;
  const period = readPeriod(query, timezone, services.deps.clock.nowMs());
  if ("length" in period) return problem("wrong_request", { errors: [...period] });
  const { actor: by, subject, action } = query;
  const concerning = reach === "all" ? undefined : actor.user.username;
  return { filter: { ...period, ...given({ concerning, actor: by, subject, action }) }, timezone };
}

function entryOut({ seq, atMs, action, ...rest }: AuditEntry): z.input<typeof entry> {
  return { id: seq, at: isoTime(atMs), action, what: AUDIT_ACTIONS[action], ...rest };
}

/** Entries are read so many at a time: nobody waits for a table of a year. */
const PAGE = 500;

async function* csvOf(
  store: Store,
  { filter, timezone }: Asked,
  signal: AbortSignal,
): AsyncGenerator<string, void> {
  yield auditCsvHeading();
  for (let before: number | undefined; !signal.aborted; ) {
    const entries = await store.audit.list(filter, { limit: PAGE, ...given({ before }) });
    if (entries.length > 0) yield auditCsvRows(entries, timezone);
    if (entries.length < PAGE) return;
    before = entries.at(-1)?.seq;
  }
}
