/**
 * Drift: what was changed here and the operator's files do not say. The files are the operator's, so the server never
 * writes them: it says what they would have to say, for files that are sent to it.
 */
import { z } from "zod";
import { nameOf } from "../../../../../policy/change/drift-names.js";
import { editSubject } from "../../../../../policy/change/edits/between.js";
import type { DriftEntry } from "../../../../../storage/drift.js";
import { planWriteBack } from "../../../../office/changes/write-back.js";
import { unifiedDiff } from "../../../../office/files/line-diff.js";
import { readOfficeFrom } from "../../../../office/files/read.js";
import { driftOf, type EntityDrift, type Live } from "../../../../office/views/live.js";
import { leftText } from "../../../../office/writeback/write-back.js";
import { failureOf } from "../../failures.js";
import { withLive } from "../../live.js";
import { drift, driftJson } from "../../office-shapes.js";
import { mapPage, pageFrom, pageOf, pageQuery } from "../../paging.js";
import { problem } from "../../problem.js";
import { ok, route } from "../../route.js";

const TAG = "Drift";
const SETTINGS = { needs: "permission", permission: "account_settings" } as const;
const ADMIN = { needs: "permission", permission: "system_admin" } as const;

const listed = z.object({
  /** As edits name it: `user`, `number`, `schedule`, `office`. */
  kind: z.string(),
  id: z.string(),
  /** The names by which `--keep` and `--overwrite` know what drifts: `user:bob.stone.extension`. */
  names: z.array(z.string()),
  drift: drift.unwrap(),
});

const FILES_MAX = 200;
const BODY_BYTES_MAX = 32 * 1024 * 1024;
const file = z.strictObject({ name: z.string().min(1).max(300), text: z.string() });

export const driftRoutes = {
  listDrift: route({
    method: "GET",
    path: "/drift",
    tag: TAG,
    summary: "List what was changed here and the operator's files do not say",
    access: SETTINGS,
    query: z.object(pageQuery),
    answer: pageOf(listed),
    handle: ({ services, query }) =>
      withLive(services, (live, index) => {
        const page = pageFrom(
          index.once("drift by entity", entitiesOf),
          ({ kind, key }) => [kind, key],
          query,
        );
        return ok(mapPage(page, json), { revision: live.revision });
      }),
  }),

  writeBack: route({
    method: "POST",
    path: "/drift/write-back",
    tag: TAG,
    summary: "Say what the operator's files would have to say, so that nothing drifts",
    description:
      "The files are sent with the request, with names as in a folder; the answer has those that would change, whole and as a difference. Nothing is written anywhere; `ringline writeback` writes files.",
    access: ADMIN,
    body: z.strictObject({ files: z.array(file).min(1).max(FILES_MAX) }),
    bodyBytesMax: BODY_BYTES_MAX,
    answer: z.object({
      files: z.array(
        z.object({
          name: z.string(),
          text: z.string(),
          /** A unified difference. */
          diff: z.string(),
          is_new: z.boolean(),
        }),
      ),
      /** What has to be written by hand, and why. */
      left: z.array(z.string()),
    }),
    isLong: true,
    handle: async ({ services, body: { files: texts } }) => {
      const { office, problems, renames } = readOfficeFrom(texts, services.deps.clock.nowMs());
      if (office === undefined) return filesProblem(texts, problems);
      const ended = await planWriteBack(services.deps, { texts, office, renames, folder: "." });
      switch (ended.outcome) {
        case "no_office":
        case "database_failed":
          return failureOf(services, ended);
        case "files_do_not_fit":
          return problem("checks_failed", {
            detail: "the files do not fit what was changed here",
            errors: ended.faults.map(({ code, message, where }) => ({ field: "", code, message, where })),
          });
        case "planned":
          if (!ended.ok) return filesProblem(texts, ended.problems);
          return ok({
            files: ended.files.map(({ name, before, after }) => ({
              name,
              text: after,
              diff: unifiedDiff(name, before, after),
              is_new: before === null,
            })),
            left: ended.left.map(leftText),
          });
      }
    },
  }),
};

type Texts = readonly { readonly name: string }[];

function filesProblem(texts: Texts, problems: ReturnType<typeof readOfficeFrom>["problems"]) {
  return problem("checks_failed", {
    detail: "the files have errors",
    errors: problems
      .filter(({ severity }) => severity === "error")
      .map(({ file: name, line, column, code, message }) => ({
        field: `/files/${texts.findIndex((each) => each.name === name)}/text`,
        code,
        message,
        where: `${name}, line ${line}, column ${column}`,
      })),
  });
}

function entitiesOf(live: Live): EntityDrift[] {
  const rows = new Map<string, DriftEntry[]>();
  for (const row of live.drift) {
    const name = `${row.kind} ${row.key}`;
    rows.set(name, [...(rows.get(name) ?? []), row]);
  }
  return [...rows]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, [first, ...more]]) =>
      first === undefined ? [] : (driftOf({ ...live, drift: [first, ...more] }, first.kind, first.key) ?? []),
    );
}

function json(found: EntityDrift): z.infer<typeof listed> {
  const { kind, key, fields } = found;
  const said = driftJson(found);
  if (said === null) throw new Error("an entity that drifts has drift");
  return {
    ...editSubject(kind, key),
    names: fields.map(({ field }) => nameOf({ kind, key, field })),
    drift: said,
  };
}
