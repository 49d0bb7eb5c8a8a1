/** Schedules: opening hours and holidays, whether each is open now, and opening or closing one by hand. */
import { z } from "zod";
import type { Edit } from "../../../../../policy/change/edits/types.js";
import { noSuchSchedule } from "../../../../../policy/change/routes/schedule-edits.js";
import { sectionKey } from "../../../../../policy/office/entities.js";
import { scheduleSchema } from "../../../../../policy/steps/schedule/file.js";
import { stateText } from "../../../../../policy/steps/schedule/override.js";
import { SCHEDULES, type Schedule } from "../../../../../policy/steps/schedule/step.js";
import {
  resetSchedule,
  type ScheduleNow,
  type ScheduleSet,
  schedulesIn,
  setSchedule,
} from "../../../../office/changes/schedules.js";
import { folded } from "../../../../office/views/office-index.js";
import { scheduleIn } from "../../../../office/views/schedules.js";
import { orDatabaseFailed } from "../../../../use-case.js";
import { authorOf } from "../../actor.js";
import { auditOf } from "../../audit-of.js";
import { changeAnswer, changeQuery, edit } from "../../changes.js";
import { changedFields, entryFieldsOf, newEntry } from "../../entry-fields.js";
import { databaseFailed, failureOf } from "../../failures.js";
import { noSuchThing, withLive } from "../../live.js";
import { may, mayJson } from "../../may.js";
import { drift, driftJson } from "../../office-shapes.js";
import { mapPage, pageFrom, pageOf, pageQuery } from "../../paging.js";
import { type Problem, problem } from "../../problem.js";
import { type Ok, ok, route } from "../../route.js";
import type { Services } from "../../services.js";
import { isoTime } from "../../time.js";

const TAG = "Schedules";
const FLOWS = { needs: "permission", permission: "call_flows" } as const;

const now = z.object({
  /** The schedule's own zone, or the office's. */
  timezone: z.string(),
  open: z.boolean(),
  /** `open by hand`, `closed for New Year`. */
  words: z.string(),
  /** When it opens or closes next; null: not within two years, or only when the override is taken back. */
  next_change_at: z.string().nullable(),
  /** What was set by hand; null: nothing. */
  by_hand: z.object({ author: z.string(), since_at: z.string(), until_at: z.string().nullable() }).nullable(),
});

const listed = z.object({ id: z.string(), now, drifts: z.boolean(), may });
const shown = scheduleSchema.extend({
  now,
  /** The steps that go on while it is open, in words. */
  asked_by: z.array(z.string()),
  drift,
  may,
});

const params = z.object({ id: z.string() });

export const scheduleRoutes = {
  listSchedules: route({
    method: "GET",
    path: "/schedules",
    tag: TAG,
    summary: "List schedules, and whether each is open now",
    access: FLOWS,
    query: z.object({ ...pageQuery, q: z.string().max(200).optional().describe("a part of the id") }),
    answer: pageOf(listed),
    handle: ({ services, query, actor }) =>
      withByHand(services, (sets, nowMs) =>
        withLive(services, (live, index) => {
          const wanted = folded(query.q?.trim() ?? "");
          const { schedules } = schedulesIn(live.office, sets, nowMs);
          const page = pageFrom(
            [...schedules].sort((a, b) => (a.id < b.id ? -1 : 1)),
            ({ id }) => [id, ""],
            query,
            ({ id }) => id.includes(wanted),
          );
          const json = (each: ScheduleNow) => ({
            id: each.id,
            now: nowJson(each),
            drifts: index.drifts("sections", sectionKey(SCHEDULES, each.id)),
            may: mayJson(actor, "schedule", each.id),
          });
          return ok(mapPage(page, json), { revision: live.revision });
        }),
      ),
  }),

  getSchedule: route({
    method: "GET",
    path: "/schedules/{id}",
    tag: TAG,
    summary: "Show everything about a schedule",
    access: FLOWS,
    params,
    answer: shown,
    handle: ({ services, params: { id }, actor }) =>
      withByHand(services, (sets, nowMs) =>
        withLive(services, (live) => {
          const about = scheduleIn(live, id, sets, nowMs);
          if (about.outcome === "not_found") return noSuchThing(about);
          return ok(
            {
              ...about.schedule,
              now: nowJson(about.now),
              asked_by: [...about.askedBy],
              drift: driftJson(about.drift),
              may: mayJson(actor, "schedule", id),
            },
            { revision: live.revision },
          );
        }),
      ),
  }),

  addSchedule: route({
    method: "POST",
    path: "/schedules",
    tag: TAG,
    summary: "Add a schedule",
    access: FLOWS,
    query: changeQuery,
    body: newEntry(scheduleSchema, [], {}),
    answer: changeAnswer,
    status: 201,
    isCreating: true,
    isChangingOffice: true,
    handle: (request) => {
      const id = String(request.body.id);
      const edits: Edit[] = [
        { verb: "add", kind: "schedule", id, fields: entryFieldsOf(request.body, ["id"]) },
      ];
      return edit(request, edits, { location: `/schedules/${encodeURIComponent(id)}` });
    },
  }),

  changeSchedule: route({
    method: "PATCH",
    path: "/schedules/{id}",
    tag: TAG,
    summary: "Change the hours or holidays of a schedule",
    access: FLOWS,
    params,
    query: changeQuery,
    body: changedFields(scheduleSchema, ["id"], {}),
    answer: changeAnswer,
    isChangingOffice: true,
    handle: (request) =>
      edit(request, [
        { verb: "set", kind: "schedule", id: request.params.id, fields: entryFieldsOf(request.body) },
      ]),
  }),

  removeSchedule: route({
    method: "DELETE",
    path: "/schedules/{id}",
    tag: TAG,
    summary: "Remove a schedule that no step asks",
    access: FLOWS,
    params,
    query: changeQuery,
    answer: changeAnswer,
    isChangingOffice: true,
    handle: (request) =>
      edit(request, [{ verb: "remove", kind: "schedule", id: request.params.id, options: {} }]),
  }),

  setScheduleByHand: route({
    method: "PUT",
    path: "/schedules/{id}/by-hand",
    tag: TAG,
    summary: "Open or close a schedule by hand",
    description:
      "It counts at once, for calls that come to the step from now on; it is no revision of the office.",
    access: FLOWS,
    params,
    body: z.strictObject({
      state: z.enum(["open", "closed"]),
      until_at: z.iso
        .datetime({ offset: true })
        .nullable()
        .optional()
        .describe("left out or null: until it is taken back"),
    }),
    answer: now,
    handle: async ({ services, params: { id }, body: { state, until_at: until }, actor, address }) => {
      const untilMs = typeof until === "string" ? Date.parse(until) : null;
      const ended = await orDatabaseFailed(() =>
        setSchedule(services.deps, {
          id,
          state,
          until: untilMs === null ? null : () => untilMs,
          author: authorOf(actor),
        }),
      );
      return byHandAnswer(services, id, ended, () =>
        services.audit({
          ...auditOf({ actor, address }),
          action: "office_changed",
          subject: `schedule:${id}`,
          detail: { by_hand: state, until_at: untilMs === null ? null : isoTime(untilMs) },
        }),
      );
    },
  }),

  resetScheduleByHand: route({
    method: "DELETE",
    path: "/schedules/{id}/by-hand",
    tag: TAG,
    summary: "Let a schedule's own hours count again",
    access: FLOWS,
    params,
    answer: now,
    handle: async ({ services, params: { id }, actor, address }) => {
      const ended = await orDatabaseFailed(() => resetSchedule(services.deps, id));
      return byHandAnswer(services, id, ended, () =>
        services.audit({
          ...auditOf({ actor, address }),
          action: "office_changed",
          subject: `schedule:${id}`,
          detail: { by_hand: null },
        }),
      );
    },
  }),
};

type ByHandSets = Awaited<ReturnType<Services["deps"]["store"]["readByHand"]>>;

async function withByHand<Answer>(
  services: Services,
  view: (sets: ByHandSets, nowMs: number) => Promise<Answer>,
): Promise<Answer | Problem> {
  const { store, clock } = services.deps;
  const read = await orDatabaseFailed(async () => ({ sets: await store.readByHand() }));
  return "outcome" in read ? databaseFailed(services, read) : view(read.sets, clock.nowMs());
}

async function byHandAnswer(
  services: Services,
  id: string,
  ended: ScheduleSet | Extract<Parameters<typeof failureOf>[1], { readonly outcome: "database_failed" }>,
  audit: () => Promise<void>,
): Promise<Ok<z.infer<typeof now>> | Problem> {
  switch (ended.outcome) {
    case "set":
      await audit();
      return ok(nowJson(ended.now));
    case "nothing_set":
      return ok(nowJson(ended.now));
    case "past":
    case "bad_time":
      return problem("wrong_request", {
        errors: [
          { field: "/until_at", code: "wrong_value", message: "this time is over", expected: "a later time" },
        ],
      });
    case "orphan_reset":
    case "not_found":
      return withLive(services, ({ office }) =>
        noSuchThing(noSuchSchedule((office.sections?.[SCHEDULES] ?? []) as readonly Schedule[], id)),
      );
    case "no_office":
    case "database_failed":
      return failureOf(services, ended);
  }
}

function nowJson({ timezone, state, nextChangeMs, byHand }: ScheduleNow): z.infer<typeof now> {
  return {
    timezone,
    open: state.open,
    words: stateText(state),
    next_change_at: nextChangeMs === null ? null : isoTime(nextChangeMs),
    by_hand:
      byHand === null
        ? null
        : {
            author: byHand.author,
            since_at: isoTime(byHand.sinceMs),
            until_at: byHand.untilMs === null ? null : isoTime(byHand.untilMs),
          },
  };
}
