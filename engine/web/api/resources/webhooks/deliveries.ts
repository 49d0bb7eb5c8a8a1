/** How webhooks fare: what waits for each, trying again at once, and an event that did not happen as a test. */
import { z } from "zod";
import { EVENT_KINDS } from "../../../../../policy/webhooks/kinds.js";
import type { WaitingDelivery } from "../../../../../storage/webhooks.js";
import { type DatabaseFailed, type NoOffice, orDatabaseFailed } from "../../../../use-case.js";
import {
  type ListedWebhook,
  listWebhooks,
  type NoWebhook,
  retryWebhooks,
} from "../../../../webhooks/list.js";
import { tryWebhook } from "../../../../webhooks/try.js";
import { AtOnce } from "../../at-once.js";
import { auditOf } from "../../audit-of.js";
import { failureOf } from "../../failures.js";
import { keyNumber, pageOf, pageQuery, writeKey } from "../../paging.js";
import { type Problem, problem } from "../../problem.js";
import { ok, route } from "../../route.js";
import type { Services } from "../../services.js";
import { isoTime } from "../../time.js";

const ACCESS = { needs: "permission", permission: "integrations" } as const;
const params = z.object({ id: z.string().max(100) });
const time = z.iso.datetime();

const standing = z.object({
  id: z.string(),
  url: z.string(),
  /** `new`: nothing was sent yet; `off`: its server has said that nobody is there any more. */
  state: z.enum(["new", "works", "failing", "off"]),
  waiting: z.number().int(),
  /** When the event that has waited longest was queued. */
  oldest_at: time.nullable(),
  delivered: z.number().int(),
  given_up: z.number().int(),
  dropped: z.number().int(),
  last_delivery_at: time.nullable(),
  failing_since_at: time.nullable(),
  why: z.string().nullable(),
});

const delivery = z.object({
  id: z.string(),
  event: z.string(),
  queued_at: time,
  /** How often it was tried. */
  attempts: z.number().int(),
  /** When it is tried next; null: an earlier event of its call comes first. */
  next_at: time.nullable(),
  why: z.string().nullable(),
});

export const deliveryRoutes = {
  listDeliveryStates: route({
    method: "GET",
    path: "/webhook-deliveries",
    tag: "Webhooks",
    summary: "List how each webhook fares",
    access: ACCESS,
    answer: z.object({ items: z.array(standing), next: z.null() }),
    handle: async ({ services }) => {
      const listed = await orDatabaseFailed(() => listWebhooks(services.deps));
      if (listed.outcome !== "listed") return failureOf(services, listed);
      return ok({ items: listed.webhooks.map(standingOut), next: null });
    },
  }),

  listDeliveries: route({
    method: "GET",
    path: "/webhooks/{id}/deliveries",
    tag: "Webhooks",
    summary: "List the events that wait for a webhook, the oldest first",
    access: ACCESS,
    params,
    query: z.object(pageQuery),
    answer: pageOf(delivery).extend({ webhook: standing }),
    handle: async ({ params: { id }, query, services }) => {
      const { store } = services.deps;
      const known = await standingOf(id, services);
      if (known.kind === "problem") return known;
      const after = query.after === undefined ? 0 : keyNumber(query.after);
      const rows = await orDatabaseFailed(() =>
        store.webhooks.waitingFor(id, { after, limit: query.limit + 1 }),
      );
      if ("outcome" in rows) return failureOf(services, rows);
      const items = rows.slice(0, query.limit);
      const last = items.at(-1);
      const isMore = rows.length > query.limit && last !== undefined;
      return ok({
        items: items.map(deliveryOut),
        next: isMore ? writeKey([last.seq, ""]) : null,
        webhook: standingOut(known.webhook),
      });
    },
  }),

  retryDeliveries: route({
    method: "POST",
    path: "/webhooks/{id}/retry",
    tag: "Webhooks",
    summary: "Try all that waits for a webhook at once, and switch it on again",
    access: ACCESS,
    params,
    answer: z.object({
      /** Events that are due now. */
      waiting: z.number().int(),
    }),
    handle: async (request) => {
      const { params: asked, services } = request;
      const ended = await orDatabaseFailed(() => retryWebhooks(services.deps, asked.id));
      if (ended.outcome !== "retried") return notDone(ended, services);
      await note(request, { retried: ended.waiting });
      return ok({ waiting: ended.waiting });
    },
  }),

  testWebhook: route({
    method: "POST",
    path: "/webhooks/{id}/test",
    tag: "Webhooks",
    summary: "Send a webhook one event that did not happen, and tell what its server answers",
    access: ACCESS,
    params,
    body: z.object({ event: z.enum(EVENT_KINDS).default("call.ended") }),
    answer: z.object({
      event: z.string(),
      url: z.string(),
      /** It was taken: an answer of 200 to 299. */
      delivered: z.boolean(),
      /** Null: there was no answer. */
      status: z.number().int().nullable(),
      why: z.string().nullable(),
      took_seconds: z.number(),
    }),
    handle: async (request) => {
      const { params: asked, body, services } = request;
      const { webhooks } = services.voice;
      if (webhooks === null) return problem("not_available", { detail: "this server does not try webhooks" });
      const { store, ids } = services.deps;
      const ended = await TRYING.run(() =>
        orDatabaseFailed(() => tryWebhook({ store, ids, ...webhooks }, asked.id, body.event)),
      );
      if (ended === undefined) return problem("busy", { retry_after: 10 });
      if (ended.outcome !== "tried") return notDone(ended, services);
      await note(request, { tested: body.event, status: ended.status });
      return ok({
        event: body.event,
        url: ended.url,
        delivered: ended.why === null,
        status: ended.status,
        why: ended.why,
        took_seconds: ended.tookMs / 1_000,
      });
    },
  }),
};

/** A server may take ten seconds for its answer. */
const TRYING = new AtOnce(4, 8);

async function standingOf(
  id: string,
  services: Services,
): Promise<Problem | { readonly kind: "standing"; readonly webhook: ListedWebhook }> {
  const listed = await orDatabaseFailed(() => listWebhooks(services.deps));
  if (listed.outcome !== "listed") return failureOf(services, listed);
  const webhook = listed.webhooks.find((each) => each.id === id);
  return webhook === undefined
    ? problem("not_found", { detail: `there is no webhook \`${id}\`` })
    : { kind: "standing", webhook };
}

function notDone(ended: NoWebhook | NoOffice | DatabaseFailed, services: Services): Problem {
  return ended.outcome === "not_found"
    ? problem("not_found", { detail: ended.reason })
    : failureOf(services, ended);
}

function note(
  request: Parameters<typeof auditOf>[0] & {
    readonly params: { readonly id: string };
    readonly services: Services;
  },
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  const subject = `webhook:${request.params.id}`;
  return request.services.audit({ ...auditOf(request), action: "webhook_changed", subject, detail });
}

function standingOut(webhook: ListedWebhook): z.output<typeof standing> {
  return {
    id: webhook.id,
    url: webhook.url,
    state: webhook.state,
    waiting: webhook.waiting,
    oldest_at: timeOrNull(webhook.oldestMs),
    delivered: webhook.delivered,
    given_up: webhook.givenUp,
    dropped: webhook.dropped,
    last_delivery_at: timeOrNull(webhook.lastMs),
    failing_since_at: timeOrNull(webhook.failingMs),
    why: webhook.why,
  };
}

function deliveryOut({
  eventId,
  event,
  sinceMs,
  attempts,
  nextMs,
  why,
}: WaitingDelivery): z.output<typeof delivery> {
  return {
    ...{ id: eventId, event, attempts, why },
    queued_at: isoTime(sinceMs),
    next_at: timeOrNull(nextMs),
  };
}

function timeOrNull(ms: number | null): string | null {
  return ms === null ? null : isoTime(ms);
}
