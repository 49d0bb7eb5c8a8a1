/** History: who changed what and why, the difference of any two revisions, and the way back to one of them. */
import { z } from "zod";
import { partsOf } from "../../../../../policy/change/edits/subjects.js";
import { given } from "../../../../../policy/office/optional.js";
import type { RevisionInfo } from "../../../../../storage/store.js";
import { entityOf } from "../../../../office/changes/meanwhile.js";
import { rollBackShown } from "../../../../office/changes/rollback.js";
import { undoRevision } from "../../../../office/changes/undo.js";
import { compareRevisions, exportRevision } from "../../../../office/views/revisions.js";
import { orDatabaseFailed } from "../../../../use-case.js";
import { auditOf } from "../../audit-of.js";
import { changeAnswer, changeQuery, changing } from "../../changes.js";
import { difference, differenceJson } from "../../difference.js";
import { databaseFailed } from "../../failures.js";
import { withLive } from "../../live.js";
import { pageOf, pageQuery, readKey, writeKey } from "../../paging.js";
import { problem } from "../../problem.js";
import { ok, route } from "../../route.js";
import { isoTime } from "../../time.js";

const TAG = "History";
const SETTINGS = { needs: "permission", permission: "account_settings" } as const;
const ADMIN = { needs: "permission", permission: "system_admin" } as const;

const counts = z.object({ added: z.number().int(), changed: z.number().int(), removed: z.number().int() });

const listed = z.object({
  revision: z.number().int(),
  applied_at: z.string(),
  author: z.string(),
  message: z.string(),
  /** Files were applied; false: it was made by a command, by the API, or by going back. */
  from_files: z.boolean(),
  /** How many entries of each kind changed. */
  summary: z.record(z.string(), counts),
  is_live: z.boolean(),
});

const revision = z.coerce.number().int().min(0);
const params = z.object({ revision });

/** A difference with more is a table of its own; `more` says how many are left out. */
const CHANGES_MAX = 1_000;

export const revisionRoutes = {
  listRevisions: route({
    method: "GET",
    path: "/revisions",
    tag: TAG,
    summary: "List revisions, the newest first",
    access: SETTINGS,
    query: z.object({
      ...pageQuery,
      author: z.string().max(200).optional(),
      of: z
        .string()
        .max(200)
        .regex(/^(?:office|[a-z]+:.+)$/)
        .optional()
        .describe(
          "only those that changed this entry, such as user:bob.stone, number:+12125550100 or office",
        ),
    }),
    answer: pageOf(listed),
    handle: ({ services, query: { limit, after, author, of } }) =>
      withLive(services, async (live) => {
        const [before] = after === undefined ? [] : (readKey(after) ?? []);
        const [kind, key] = of === undefined ? [] : entityNamed(of, live.office.country);
        const read = await orDatabaseFailed(async () => ({
          rows: await services.deps.store.history(
            limit + 1,
            given({
              before: typeof before === "number" ? before : undefined,
              author,
              of: kind === undefined || key === undefined ? undefined : { kind, key },
            }),
          ),
        }));
        if ("outcome" in read) return databaseFailed(services, read);
        const items = read.rows.slice(0, limit);
        const last = items.at(-1);
        const next = read.rows.length > limit && last !== undefined ? writeKey([last.revision, ""]) : null;
        return ok(
          { items: items.map((row) => listedJson(row, live.revision)), next },
          { revision: live.revision },
        );
      }),
  }),

  getRevision: route({
    method: "GET",
    path: "/revisions/{revision}",
    tag: TAG,
    summary: "Show who made a revision, and why",
    access: SETTINGS,
    params,
    answer: listed,
    handle: ({ services, params: { revision: wanted } }) =>
      withLive(services, async (live) => {
        const read = await orDatabaseFailed(async () => ({
          rows: await services.deps.store.history(1, { before: wanted + 1 }),
        }));
        if ("outcome" in read) return databaseFailed(services, read);
        const [row] = read.rows;
        return row?.revision === wanted ? ok(listedJson(row, live.revision)) : noRevision(wanted);
      }),
  }),

  compareRevisions: route({
    method: "GET",
    path: "/revisions/{revision}/difference",
    tag: TAG,
    summary: "Show what a revision changed, or what differs from another one",
    access: SETTINGS,
    params,
    query: z.object({
      from: revision.optional().describe("left out: the revision before; 0: the empty office"),
    }),
    answer: difference.extend({
      from: z.number().int(),
      to: z.number().int(),
      /** How many more entries differ. */
      more: z.number().int(),
    }),
    isLong: true,
    handle: async ({ services, params: { revision: to }, query }) => {
      const from = query.from ?? Math.max(0, to - 1);
      const ended = await compareRevisions(services.deps, from, to);
      switch (ended.outcome) {
        case "no_revision":
          return noRevision(ended.revision);
        case "database_failed":
          return databaseFailed(services, ended);
        case "compared": {
          const { changes, reach } = ended.difference;
          const shown = differenceJson({
            changes: changes.slice(0, CHANGES_MAX),
            reach: reach.slice(0, CHANGES_MAX),
          });
          return ok({ from, to, ...shown, more: Math.max(0, changes.length - CHANGES_MAX) });
        }
      }
    },
  }),

  exportRevision: route({
    method: "GET",
    path: "/revisions/{revision}/office.yaml",
    tag: TAG,
    summary: "Get the office of a revision as a file",
    access: ADMIN,
    params,
    answer: { raw: "download", contentType: "application/yaml" },
    isLong: true,
    handle: async ({ services, params: { revision: wanted }, actor, address }) => {
      const ended = await exportRevision(services.deps, wanted);
      switch (ended.outcome) {
        case "no_revision":
          return noRevision(ended.revision);
        case "database_failed":
          return databaseFailed(services, ended);
        case "exported":
          await services.audit({
            ...auditOf({ actor, address }),
            action: "exported",
            subject: `revision:${wanted}`,
            detail: { what: "office" },
          });
          return {
            kind: "download",
            contentType: "application/yaml; charset=utf-8",
            fileName: `office-${wanted}.yaml`,
            body: ended.text,
          };
      }
    },
  }),

  rollBack: route({
    method: "POST",
    path: "/revisions/{revision}/rollback",
    tag: TAG,
    summary: "Make the office of an earlier revision live again, as a new revision",
    description:
      "With `dry_run` the answer says what would change, and what would be removed with all that is kept about it.",
    access: SETTINGS,
    params,
    query: changeQuery,
    answer: changeAnswer,
    isChangingOffice: true,
    handle: (request) =>
      changing(request, {
        change: (deps, asked) => rollBackShown(deps, { ...asked, revision: request.params.revision }),
      }),
  }),

  undoRevision: route({
    method: "POST",
    path: "/revisions/{revision}/undo",
    tag: TAG,
    summary: "Take back what one revision changed, as a new revision",
    description:
      "What others have changed since stays. Refused (409) where an entry of the revision was changed again; `since` says by whom. It needs the permissions that the change itself needs. Undoing an undo makes the change again.",
    access: { needs: "own" },
    params,
    query: changeQuery,
    answer: changeAnswer,
    isChangingOffice: true,
    handle: (request) =>
      changing(request, {
        change: (deps, asked) => undoRevision(deps, { ...asked, revision: request.params.revision }),
      }),
  }),
};

function listedJson(
  { revision: number, appliedMs, author, message, sourceHash, summary }: RevisionInfo,
  live: number,
): z.infer<typeof listed> {
  const { sections, ...kinds } = summary;
  return {
    revision: number,
    applied_at: isoTime(appliedMs),
    author,
    message,
    from_files: sourceHash !== "",
    summary: { ...kinds, ...sections },
    is_live: number === live,
  };
}

function noRevision(number: number) {
  return problem("not_found", { detail: `there is no revision ${number}` });
}

/** Members and devices are parts of their group and user. */
function entityNamed(of: string, country: string) {
  const colon = of.indexOf(":");
  const subject = colon < 0 ? { kind: of, id: "" } : { kind: of.slice(0, colon), id: of.slice(colon + 1) };
  const isPart =
    (subject.kind === "member" || subject.kind === "device") && partsOf(subject.id) === undefined;
  return entityOf(isPart ? { ...subject, id: `${subject.id}/-` } : subject, country);
}
