/** Settings of webhooks: which programs are told of what. What was delivered is a resource of its own. */
import { z } from "zod";
import { sectionKey } from "../../../../../policy/office/entities.js";
import { suggest } from "../../../../../policy/office-file/suggest.js";
import { webhookFile, webhookSchema } from "../../../../../policy/webhooks/file.js";
import { EVENT_KINDS } from "../../../../../policy/webhooks/kinds.js";
import { WEBHOOKS, type Webhook } from "../../../../../policy/webhooks/webhook.js";
import { driftOf, type Live } from "../../../../office/views/live.js";
import type { Actor } from "../../actor.js";
import { changeAnswer, changeQuery, edit } from "../../changes.js";
import { changedFields, entryFieldsOf, newEntry } from "../../entry-fields.js";
import { noSuchThing, withLive } from "../../live.js";
import { may, mayJson } from "../../may.js";
import { drift, driftJson } from "../../office-shapes.js";
import { mapPage, pageFrom, pageOf, pageQuery } from "../../paging.js";
import { ok, route } from "../../route.js";

const TAG = "Webhooks";
const INTEGRATIONS = { needs: "permission", permission: "integrations" } as const;

/** A secret is named by where it is kept; it is never shown. */
const shown = webhookSchema.extend({
  /** The events it is told of: its own, or all. */
  events_told: z.array(z.string()),
  drift,
  may,
});
const params = z.object({ id: z.string() });

export const webhookRoutes = {
  listWebhooks: route({
    method: "GET",
    path: "/webhooks",
    tag: TAG,
    summary: "List webhooks",
    access: INTEGRATIONS,
    query: z.object(pageQuery),
    answer: pageOf(shown),
    handle: ({ services, query, actor }) =>
      withLive(services, (live) => {
        const webhooks = [...webhooksOf(live)].sort((a, b) => (a.id < b.id ? -1 : 1));
        const page = pageFrom(webhooks, ({ id }) => [id, ""], query);
        return ok(
          mapPage(page, (each) => json(each, live, actor)),
          { revision: live.revision },
        );
      }),
  }),

  getWebhook: route({
    method: "GET",
    path: "/webhooks/{id}",
    tag: TAG,
    summary: "Show a webhook",
    access: INTEGRATIONS,
    params,
    answer: shown,
    handle: ({ services, params: { id }, actor }) =>
      withLive(services, (live) => {
        const all = webhooksOf(live);
        const webhook = all.find((each) => each.id === id);
        if (webhook !== undefined) return ok(json(webhook, live, actor), { revision: live.revision });
        const meant = suggest(
          id,
          all.map((each) => each.id),
        );
        const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
        return noSuchThing({ reason: `there is no webhook \`${id}\`${hint}` });
      }),
  }),

  addWebhook: route({
    method: "POST",
    path: "/webhooks",
    tag: TAG,
    summary: "Add a webhook",
    access: INTEGRATIONS,
    query: changeQuery,
    body: newEntry(webhookSchema, [], {}),
    answer: changeAnswer,
    status: 201,
    isCreating: true,
    isChangingOffice: true,
    handle: (request) => {
      const id = String(request.body.id);
      return edit(
        request,
        [{ verb: "add", kind: "webhook", id, fields: entryFieldsOf(request.body, ["id"]) }],
        { location: `/webhooks/${encodeURIComponent(id)}` },
      );
    },
  }),

  changeWebhook: route({
    method: "PATCH",
    path: "/webhooks/{id}",
    tag: TAG,
    summary: "Change a webhook",
    access: INTEGRATIONS,
    params,
    query: changeQuery,
    body: changedFields(webhookSchema, ["id"], {}),
    answer: changeAnswer,
    isChangingOffice: true,
    handle: (request) =>
      edit(request, [
        { verb: "set", kind: "webhook", id: request.params.id, fields: entryFieldsOf(request.body) },
      ]),
  }),

  removeWebhook: route({
    method: "DELETE",
    path: "/webhooks/{id}",
    tag: TAG,
    summary: "Remove a webhook",
    access: INTEGRATIONS,
    params,
    query: changeQuery,
    answer: changeAnswer,
    isChangingOffice: true,
    handle: (request) =>
      edit(request, [{ verb: "remove", kind: "webhook", id: request.params.id, options: {} }]),
  }),
};

function webhooksOf({ office }: Live): readonly Webhook[] {
  return (office.sections?.[WEBHOOKS] ?? []) as readonly Webhook[];
}

function json(webhook: Webhook, live: Live, actor: Actor): z.infer<typeof shown> {
  return {
    ...webhookFile(webhook),
    events_told: [...(webhook.events ?? EVENT_KINDS)],
    drift: driftJson(driftOf(live, "sections", sectionKey(WEBHOOKS, webhook.id))),
    may: mayJson(actor, "webhook", webhook.id),
  };
}
