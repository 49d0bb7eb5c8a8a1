/** How each webhook of the office fares, and making it try again. */
import { suggest } from "../../policy/office-file/suggest.js";
import { EVENT_KINDS, type EventKind } from "../../policy/webhooks/kinds.js";
import type { Deps, NoOffice } from "../use-case.js";
import { NO_OFFICE } from "../use-case.js";

export interface ListedWebhook {
  readonly id: string;
  readonly url: string;
  readonly events: readonly EventKind[];
  /** `new`: nothing was sent yet. */
  readonly state: "new" | "works" | "failing" | "off";
  /** Events that wait. */
  readonly waiting: number;
  /** When the event that has waited longest was queued; milliseconds since the epoch, as all times here. */
  readonly oldestMs: number | null;
  readonly delivered: number;
  readonly givenUp: number;
  readonly dropped: number;
  readonly lastMs: number | null;
  readonly failingMs: number | null;
  readonly why: string | null;
}

export interface WebhookList {
  readonly outcome: "listed";
  readonly webhooks: readonly ListedWebhook[];
}

export interface NoWebhook {
  readonly outcome: "not_found";
  readonly reason: string;
}

export interface Retried {
  readonly outcome: "retried";
  /** Events that are due now. */
  readonly waiting: number;
}

export async function listWebhooks({ store }: Pick<Deps, "store">): Promise<WebhookList | NoOffice> {
  const office = await store.webhooks.office(await store.currentRevision());
  if (office === undefined) return NO_OFFICE;
  const states = new Map((await store.webhooks.states()).map((state) => [state.hook, state]));
  const waiting = new Map((await store.webhooks.waiting()).map((each) => [each.hook, each]));
  const webhooks = office.webhooks.map(({ id, url, events = EVENT_KINDS }): ListedWebhook => {
    const state = states.get(id);
    return {
      ...{ id, url, events },
      state: stateOf(state),
      waiting: waiting.get(id)?.waiting ?? 0,
      oldestMs: waiting.get(id)?.oldestMs ?? null,
      delivered: state?.delivered ?? 0,
      givenUp: state?.givenUp ?? 0,
      dropped: state?.dropped ?? 0,
      lastMs: state?.lastMs ?? null,
      failingMs: state?.failingMs ?? null,
      why: state?.why ?? null,
    };
  });
  return { outcome: "listed", webhooks };
}

function stateOf(
  state:
    | { readonly offMs: number | null; readonly failingMs: number | null; readonly lastMs: number | null }
    | undefined,
): ListedWebhook["state"] {
  if (state === undefined) return "new";
  if (state.offMs !== null) return "off";
  if (state.failingMs !== null) return "failing";
  return state.lastMs === null ? "new" : "works";
}

/** Makes what waits due at once, and switches webhooks on that were switched off. @param id left out: all of them */
export async function retryWebhooks(
  { store, clock }: Pick<Deps, "store" | "clock">,
  id: string | undefined,
): Promise<Retried | NoWebhook | NoOffice> {
  const office = await store.webhooks.office(await store.currentRevision());
  if (office === undefined) return NO_OFFICE;
  const ids = office.webhooks.map((hook) => hook.id);
  if (id !== undefined && !ids.includes(id)) return noWebhook(id, ids);
  await store.webhooks.retry(clock.nowMs(), id);
  const waiting = (await store.webhooks.waiting()).filter(({ hook }) => id === undefined || hook === id);
  return { outcome: "retried", waiting: waiting.reduce((sum, each) => sum + each.waiting, 0) };
}

export function noWebhook(id: string, known: readonly string[]): NoWebhook {
  const meant = suggest(id, known);
  return {
    outcome: "not_found",
    reason: `there is no webhook \`${id}\`${meant === undefined ? "" : `; did you mean ${meant}?`}`,
  };
}
