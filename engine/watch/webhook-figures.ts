/** Reads the outbox of webhooks for monitoring. It is in the database, because the recorder's thread delivers. */
import type { HookState, Waiting } from "../../storage/webhooks.js";
import type { WebhookFigures } from "./record-figures.js";

export interface WebhookOutbox {
  states(): Promise<readonly HookState[]>;
  waiting(): Promise<readonly Waiting[]>;
}

/** Rejects when the database does not answer. */
export async function webhookFigures(outbox: WebhookOutbox, nowMs: number): Promise<WebhookFigures> {
  const [states, waiting] = await Promise.all([outbox.states(), outbox.waiting()]);
  // A webhook for which nothing waits has a value, too: it is 0.
  const none = Object.fromEntries(states.map(({ hook }) => [hook, 0]));
  const by = (value: (one: Waiting) => number) => ({
    ...none,
    ...Object.fromEntries(waiting.map((one) => [one.hook, value(one)])),
  });
  const sum = (value: (state: HookState) => number) =>
    states.reduce((total, state) => total + value(state), 0);
  return {
    waiting: by((one) => one.waiting),
    oldestMs: by((one) => Math.max(0, nowMs - one.oldestMs)),
    ended: {
      delivered: sum(({ delivered }) => delivered),
      given_up: sum(({ givenUp }) => givenUp),
      dropped: sum(({ dropped }) => dropped),
    },
  };
}
