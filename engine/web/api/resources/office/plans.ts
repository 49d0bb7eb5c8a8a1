/** Plans: what calls outside cost, and the numbers that are on each. */
import { z } from "zod";
import type { Edit } from "../../../../../policy/change/edits/types.js";
import { planSchema } from "../../../../../policy/usage/file.js";
import { type AboutPlan, planIn, plansIn } from "../../../../office/views/plans.js";
import { changeAnswer, changeQuery, edit } from "../../changes.js";
import { changedFields, entryFieldsOf, newEntry } from "../../entry-fields.js";
import { noSuchThing, withLive } from "../../live.js";
import { may, mayJson } from "../../may.js";
import { drift, driftJson } from "../../office-shapes.js";
import { mapPage, pageFrom, pageOf, pageQuery } from "../../paging.js";
import { ok, route } from "../../route.js";

const TAG = "Plans";
const BILLING = { needs: "permission", permission: "billing" } as const;

const listed = z.object({
  id: z.string(),
  name: z.string().nullable(),
  currency: z.string(),
  number_count: z.number().int(),
  may,
});
const shown = planSchema.extend({
  /** The numbers that are on it. */
  numbers: z.array(z.string()),
  drift,
  may,
});
const params = z.object({ id: z.string() });

export const planRoutes = {
  listPlans: route({
    method: "GET",
    path: "/plans",
    tag: TAG,
    summary: "List plans",
    access: BILLING,
    query: z.object(pageQuery),
    answer: pageOf(listed),
    handle: ({ services, query, actor }) =>
      withLive(services, (live) => {
        const plans = [...plansIn(live.office).plans].sort((a, b) => (a.plan.id < b.plan.id ? -1 : 1));
        const page = pageFrom(plans, ({ plan }) => [plan.id, ""], query);
        const json = ({ plan, numbers }: AboutPlan) => ({
          id: plan.id,
          name: plan.name ?? null,
          currency: plan.currency,
          number_count: numbers.length,
          may: mayJson(actor, "plan", plan.id),
        });
        return ok(mapPage(page, json), { revision: live.revision });
      }),
  }),

  getPlan: route({
    method: "GET",
    path: "/plans/{id}",
    tag: TAG,
    summary: "Show everything about a plan",
    access: BILLING,
    params,
    answer: shown,
    handle: ({ services, params: { id }, actor }) =>
      withLive(services, (live) => {
        const about = planIn(live, id);
        if (about.outcome === "not_found") return noSuchThing(about);
        const { plan, numbers, drift: drifting } = about;
        const more = { numbers: [...numbers], drift: driftJson(drifting), may: mayJson(actor, "plan", id) };
        return ok({ ...plan, ...more }, { revision: live.revision });
      }),
  }),

  addPlan: route({
    method: "POST",
    path: "/plans",
    tag: TAG,
    summary: "Add a plan",
    access: BILLING,
    query: changeQuery,
    body: newEntry(planSchema, [], {}),
    answer: changeAnswer,
    status: 201,
    isCreating: true,
    isChangingOffice: true,
    handle: (request) => {
      const id = String(request.body.id);
      return edit(request, [{ verb: "add", kind: "plan", id, fields: entryFieldsOf(request.body, ["id"]) }], {
        location: `/plans/${encodeURIComponent(id)}`,
      });
    },
  }),

  changePlan: route({
    method: "PATCH",
    path: "/plans/{id}",
    tag: TAG,
    summary: "Change a plan",
    access: BILLING,
    params,
    query: changeQuery,
    body: changedFields(planSchema, ["id"], {}),
    answer: changeAnswer,
    isChangingOffice: true,
    handle: (request) =>
      edit(request, [
        { verb: "set", kind: "plan", id: request.params.id, fields: entryFieldsOf(request.body) },
      ]),
  }),

  setPlanNumbers: route({
    method: "POST",
    path: "/plans/{id}/numbers",
    tag: TAG,
    summary: "Put numbers on a plan, and take numbers off it",
    access: BILLING,
    params,
    query: changeQuery,
    body: z.strictObject({
      add: z.array(z.string().max(128)).max(1_000).default([]),
      remove: z.array(z.string().max(128)).max(1_000).default([]),
    }),
    answer: changeAnswer,
    isChangingOffice: true,
    handle: (request) => {
      const { id } = request.params;
      const { add, remove } = request.body;
      const edits = [
        ...add.map((number) => ({ number, plan: id })),
        ...remove.map((number) => ({ number, plan: null })),
      ].map(({ number, plan }): Edit => ({ verb: "set", kind: "number", id: number, fields: { plan } }));
      return edit(request, edits, {
        pointerOf: (index) => (index < add.length ? `/add/${index}` : `/remove/${index - add.length}`),
      });
    },
  }),

  removePlan: route({
    method: "DELETE",
    path: "/plans/{id}",
    tag: TAG,
    summary: "Remove a plan on which no number is",
    access: BILLING,
    params,
    query: changeQuery,
    answer: changeAnswer,
    isChangingOffice: true,
    handle: (request) =>
      edit(request, [{ verb: "remove", kind: "plan", id: request.params.id, options: {} }]),
  }),
};
