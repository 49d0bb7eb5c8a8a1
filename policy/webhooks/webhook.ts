/** A webhook: an address of another program that is told by HTTP what happens in the office. */
import type { Secret } from "../office/office.js";
import type { EventKind } from "./kinds.js";

/** The key of the section in an office file. */
export const WEBHOOKS = "webhooks";

export interface Webhook {
  readonly id: string;
  readonly url: string;
  /** In the order of `EVENT_KINDS`; left out: all of them. */
  readonly events?: readonly EventKind[];
  /** What its requests are signed with, the present secret first. While a secret is replaced there are two. */
  readonly secrets: readonly Secret[];
  /** It may be at an address of the office's own network, also without TLS. */
  readonly allowPrivate?: true;
}

/** Whether a webhook asks for events of a kind. */
export function wants({ events }: Pick<Webhook, "events">, kind: EventKind): boolean {
  return events === undefined || events.includes(kind);
}
