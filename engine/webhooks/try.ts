/** Sends a webhook one event that did not happen, from where it is asked for: no engine is needed. */
import type { EventKind } from "../../policy/webhooks/kinds.js";
import { sampleEvent } from "../../policy/webhooks/samples.js";
import type { WebhookEvent } from "../../policy/webhooks/shape.js";
import type { ResolveHost } from "../carriers/resolver.js";
import type { ReadSecret } from "../carriers/secrets.js";
import type { Clock } from "../clock.js";
import { type Deps, NO_OFFICE, type NoOffice } from "../use-case.js";
import { type NoWebhook, noWebhook } from "./list.js";
import { type Answer, Connections, post } from "./post.js";
import { requestHeaders } from "./request-headers.js";
import { whyNot } from "./sender.js";

export interface Tried {
  readonly outcome: "tried";
  readonly url: string;
  readonly event: WebhookEvent;
  /** Null: there was no answer. */
  readonly status: number | null;
  /** Why this would be no delivery; null: it would be one. */
  readonly why: string | null;
  readonly tookMs: number;
}

export interface TryDeps extends Pick<Deps, "store" | "ids"> {
  readonly clock: Clock;
  readonly readSecret: ReadSecret;
  readonly resolve: ResolveHost;
}

export async function tryWebhook(
  deps: TryDeps,
  id: string,
  kind: EventKind,
): Promise<Tried | NoWebhook | NoOffice> {
  const { store, clock, ids, readSecret, resolve } = deps;
  const office = await store.webhooks.office(await store.currentRevision());
  if (office === undefined) return NO_OFFICE;
  const hook = office.webhooks.find((each) => each.id === id);
  if (hook === undefined)
    return noWebhook(
      id,
      office.webhooks.map((each) => each.id),
    );
  const beganMs = clock.nowMs();
  const event = sampleEvent(kind, `sample.${ids.uuid()}`, beganMs, office.name);
  const body = JSON.stringify(event);
  const headers = await requestHeaders(hook, { event: kind, eventId: event.id, body }, beganMs, readSecret);
  const connections = new Connections(1);
  const answer: Answer = headers.ok
    ? await post(
        { url: hook.url, allowPrivate: hook.allowPrivate === true },
        { headers: headers.headers, body, signal: new AbortController().signal },
        { clock, resolve, connections },
      )
    : { kind: "failed", why: headers.why };
  connections.close();
  const status = answer.kind === "answered" ? answer.status : null;
  const isTaken = status !== null && status >= 200 && status < 300;
  return {
    outcome: "tried",
    url: hook.url,
    event,
    status,
    why: isTaken ? null : whyNot(answer),
    tookMs: clock.nowMs() - beganMs,
  };
}
