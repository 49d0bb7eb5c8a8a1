/** Carriers: the settings of each, whether it can be used now, and their changes. */
import { z } from "zod";
import { carrierSchema } from "../../../../../policy/office-file/schema.js";
import { askFeed } from "../../../../feed/ask.js";
import type { FeedCarrier } from "../../../../feed/protocol.js";
import { type AboutCarrier, carrierIn } from "../../../../office/views/settings.js";
import type { Actor } from "../../actor.js";
import { changeAnswer, changeQuery, edit } from "../../changes.js";
import { changedFields, entryFieldsOf, newEntry } from "../../entry-fields.js";
import { noSuchThing, withLive } from "../../live.js";
import { may, mayJson } from "../../may.js";
import { drift, driftJson } from "../../office-shapes.js";
import { mapPage, pageFrom, pageOf, pageQuery } from "../../paging.js";
import { ok, route } from "../../route.js";
import type { Services } from "../../services.js";

const TAG = "Carriers";
const ADMIN = { needs: "permission", permission: "system_admin" } as const;

/** Null: no engine says so, or it does not know. Calls are counted since the engine started. */
const state = z
  .object({
    up: z.boolean().nullable(),
    /** Null also for a carrier with which the switch does not register. */
    registered: z.boolean().nullable(),
    calls_in: z.number().int(),
    calls_out: z.number().int(),
    failures: z.number().int(),
  })
  .nullable();

const shown = carrierSchema.extend({
  /** The position in the order in which calls outside try the carriers, from 1. */
  place: z.number().int(),
  state,
  drift,
  may,
});

const params = z.object({ id: z.string() });
const carrierFields = carrierSchema.extend({ place: z.number().int().min(1).optional() });

export const carrierRoutes = {
  listCarriers: route({
    method: "GET",
    path: "/carriers",
    tag: TAG,
    summary: "List carriers, in the order in which calls outside try them",
    access: ADMIN,
    query: z.object(pageQuery),
    answer: pageOf(shown),
    handle: async ({ services, query, actor }) => {
      const states = await statesOf(services);
      return withLive(services, (live) => {
        const carriers = live.office.carriers.flatMap(({ id }) => {
          const about = carrierIn(live, id);
          return about.outcome === "shown" ? [about] : [];
        });
        const page = pageFrom(carriers, ({ place }) => [place, ""], query);
        return ok(
          mapPage(page, (each) => json(each, states, actor)),
          { revision: live.revision },
        );
      });
    },
  }),

  getCarrier: route({
    method: "GET",
    path: "/carriers/{id}",
    tag: TAG,
    summary: "Show a carrier, and whether it can be used now",
    access: ADMIN,
    params,
    answer: shown,
    handle: async ({ services, params: { id }, actor }) => {
      const states = await statesOf(services);
      return withLive(services, (live) => {
        const about = carrierIn(live, id);
        if (about.outcome === "not_found") return noSuchThing(about);
        return ok(json(about, states, actor), { revision: live.revision });
      });
    },
  }),

  addCarrier: route({
    method: "POST",
    path: "/carriers",
    tag: TAG,
    summary: "Add a carrier",
    description:
      "`place` is its position among the others, from 1; left out: the last. A password is named by where it is kept.",
    access: ADMIN,
    query: changeQuery,
    body: newEntry(carrierFields, [], {}),
    answer: changeAnswer,
    status: 201,
    isCreating: true,
    isChangingOffice: true,
    handle: (request) => {
      const id = String(request.body.id);
      return edit(
        request,
        [{ verb: "add", kind: "carrier", id, fields: entryFieldsOf(request.body, ["id"]) }],
        { location: `/carriers/${encodeURIComponent(id)}` },
      );
    },
  }),

  changeCarrier: route({
    method: "PATCH",
    path: "/carriers/{id}",
    tag: TAG,
    summary: "Change a carrier, or its place among the others",
    access: ADMIN,
    params,
    query: changeQuery,
    body: changedFields(carrierFields, ["id"], {}),
    answer: changeAnswer,
    isChangingOffice: true,
    handle: (request) =>
      edit(request, [
        { verb: "set", kind: "carrier", id: request.params.id, fields: entryFieldsOf(request.body) },
      ]),
  }),

  removeCarrier: route({
    method: "DELETE",
    path: "/carriers/{id}",
    tag: TAG,
    summary: "Remove a carrier",
    access: ADMIN,
    params,
    query: changeQuery,
    answer: changeAnswer,
    isChangingOffice: true,
    handle: (request) =>
      edit(request, [{ verb: "remove", kind: "carrier", id: request.params.id, options: {} }]),
  }),
};

type States = ReadonlyMap<string, FeedCarrier>;

async function statesOf({ deps }: Services): Promise<States> {
  const said = await askFeed(deps.store.path, ["carriers"]);
  return new Map(said?.carriers?.map((each) => [each.id, each]));
}

function json(
  { carrier, place, drift: drifting }: AboutCarrier,
  states: States,
  actor: Actor,
): z.infer<typeof shown> {
  return {
    ...carrier,
    place,
    state: stateJson(states.get(carrier.id)),
    drift: driftJson(drifting),
    may: mayJson(actor, "carrier", carrier.id),
  };
}

function stateJson(said: FeedCarrier | undefined): z.infer<typeof state> {
  if (said === undefined) return null;
  const { isUp, isRegistered, callsIn, callsOut, failures } = said;
  return { up: isUp, registered: isRegistered, calls_in: callsIn, calls_out: callsOut, failures };
}
