/** Named call flows: their steps, in words and as a picture, what leads to them, and their changes. */
import { z } from "zod";
import { flowSet } from "../../../../../policy/change/routes/flow-edits.js";
import type { StepFile } from "../../../../../policy/steps/registry.js";
import { editOfficeBy } from "../../../../office/changes/edits.js";
import { callGraph } from "../../../../office/views/call-graph.js";
import { flowIn } from "../../../../office/views/flows.js";
import { folded } from "../../../../office/views/office-index.js";
import { changeAnswer, changeQuery, changing, edit, pointer } from "../../changes.js";
import { noSuchThing, withLive } from "../../live.js";
import { may, mayJson } from "../../may.js";
import { call, callJson, drift, driftJson, graph, graphJson, stepsBody } from "../../office-shapes.js";
import { mapPage, pageFrom, pageOf, pageQuery } from "../../paging.js";
import { ok, route } from "../../route.js";

const TAG = "Call flows";
const FLOWS = { needs: "permission", permission: "call_flows" } as const;

const shown = z.object({
  id: z.string(),
  call,
  /** The places that lead there, in words. */
  led_from: z.array(z.string()),
  drift,
  may,
});
const listed = shown.omit({ drift: true }).extend({ drifts: z.boolean() });

const params = z.object({ id: z.string() });
/** In what an order may change steps; positions count from 1. */
const order = z.union([
  z.strictObject({ add: z.looseObject({}), at: z.number().int().optional() }),
  z.strictObject({ move: z.number().int(), to: z.number().int() }),
  z.strictObject({ remove: z.array(z.number().int()).min(1) }),
]);

export const flowRoutes = {
  listFlows: route({
    method: "GET",
    path: "/flows",
    tag: TAG,
    summary: "List call flows, with what each does and what leads there",
    access: FLOWS,
    query: z.object({
      ...pageQuery,
      q: z.string().max(200).optional().describe("a part of the id, or of what it does"),
      unused: z.stringbool().optional().describe("those to which nothing leads"),
    }),
    answer: pageOf(listed),
    handle: ({ services, query, actor }) =>
      withLive(services, (live, index) => {
        const wanted = folded(query.q?.trim() ?? "");
        const flows = Object.entries(live.office.flows).map(([id, flow]) => ({
          id,
          call: callJson(flow, live.table),
          led_from: [...(index.flowUses.get(id) ?? [])],
          drifts: index.drifts("flows", id),
          may: mayJson(actor, "flow", id),
        }));
        flows.sort((a, b) => (a.id < b.id ? -1 : 1));
        const page = pageFrom(
          flows,
          ({ id }) => [id, ""],
          query,
          (flow) => {
            if (query.unused !== undefined && (flow.led_from.length === 0) !== query.unused) return false;
            return folded([flow.id, ...flow.call.sentences].join("\n")).includes(wanted);
          },
        );
        return ok(
          mapPage(page, (each) => each),
          { revision: live.revision },
        );
      }),
  }),

  getFlow: route({
    method: "GET",
    path: "/flows/{id}",
    tag: TAG,
    summary: "Show everything about a call flow",
    access: FLOWS,
    params,
    answer: shown,
    handle: ({ services, params: { id }, actor }) =>
      withLive(services, (live, index) => {
        const about = flowIn(live, id, index.flowUses);
        if (about.outcome === "not_found") return noSuchThing(about);
        return ok(
          {
            id,
            call: callJson(about.flow, live.table),
            led_from: [...about.ledFrom],
            drift: driftJson(about.drift),
            may: mayJson(actor, "flow", id),
          },
          { revision: live.revision },
        );
      }),
  }),

  drawFlow: route({
    method: "GET",
    path: "/flows/{id}/graph",
    tag: TAG,
    summary: "Show where a call of the flow goes, as a graph",
    access: FLOWS,
    params,
    answer: graph,
    handle: ({ services, params: { id } }) =>
      withLive(services, (live, index) => {
        const about = flowIn(live, id, index.flowUses);
        if (about.outcome === "not_found") return noSuchThing(about);
        const start = { id: `flow:${id}`, title: `the call flow ${id}`, steps: about.flow };
        return ok(graphJson(callGraph(start, live.table)), { revision: live.revision });
      }),
  }),

  addFlow: route({
    method: "POST",
    path: "/flows",
    tag: TAG,
    summary: "Add a call flow",
    access: FLOWS,
    query: changeQuery,
    body: z.strictObject({ id: z.string(), steps: stepsBody }),
    answer: changeAnswer,
    status: 201,
    isCreating: true,
    isChangingOffice: true,
    handle: (request) => {
      const { id, steps } = request.body;
      return edit(request, [{ verb: "add", kind: "flow", id, fields: { steps } }], {
        location: `/flows/${encodeURIComponent(id)}`,
      });
    },
  }),

  changeFlow: route({
    method: "PATCH",
    path: "/flows/{id}",
    tag: TAG,
    summary: "Give a call flow other steps",
    access: FLOWS,
    params,
    query: changeQuery,
    body: z.strictObject({ steps: stepsBody }),
    answer: changeAnswer,
    isChangingOffice: true,
    handle: (request) =>
      edit(request, [
        { verb: "set", kind: "flow", id: request.params.id, fields: { steps: request.body.steps } },
      ]),
  }),

  changeFlowSteps: route({
    method: "POST",
    path: "/flows/{id}/steps",
    tag: TAG,
    summary: "Add, move or remove a step",
    description:
      "Positions count from 1. Without `at` a step is added before the last one, which ends the flow.",
    access: FLOWS,
    params,
    query: changeQuery,
    body: order,
    answer: changeAnswer,
    isChangingOffice: true,
    handle: (request) => {
      const { id } = request.params;
      const { body } = request;
      const about = [{ verb: "set", kind: "flow", id, fields: {} }] as const;
      return changing(request, {
        change: (deps, asked) =>
          editOfficeBy(deps, asked, (office) => {
            const made = flowSet(office, id, orderOf(body));
            return made.ok ? made.edits : made;
          }),
        about,
        placeOf: ({ at }) =>
          at?.kind === "flow" && at.id === id && "add" in body
            ? `/add${pointer(at.path.slice(1))}`
            : undefined,
      });
    },
  }),

  renameFlow: route({
    method: "POST",
    path: "/flows/{id}/rename",
    tag: TAG,
    summary: "Give a call flow another id; what leads there goes on to do so",
    access: FLOWS,
    params,
    query: changeQuery,
    body: z.strictObject({ to: z.string() }),
    answer: changeAnswer,
    isChangingOffice: true,
    handle: (request) =>
      edit(request, [{ verb: "rename", kind: "flow", id: request.params.id, to: request.body.to }], {
        pointerOf: () => "/to",
      }),
  }),

  removeFlow: route({
    method: "DELETE",
    path: "/flows/{id}",
    tag: TAG,
    summary: "Remove a call flow to which nothing leads",
    access: FLOWS,
    params,
    query: changeQuery,
    answer: changeAnswer,
    isChangingOffice: true,
    handle: (request) =>
      edit(request, [{ verb: "remove", kind: "flow", id: request.params.id, options: {} }]),
  }),
};

function orderOf(body: z.infer<typeof order>): Parameters<typeof flowSet>[2] {
  if ("add" in body) {
    const step = body.add as unknown as StepFile;
    return body.at === undefined ? { kind: "add", step } : { kind: "add", step, at: body.at };
  }
  if ("move" in body) return { kind: "move", from: body.move, to: body.to };
  return { kind: "remove", positions: body.remove };
}
