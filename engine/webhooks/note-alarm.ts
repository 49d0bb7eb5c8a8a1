/**
 * Notes an alarm about calls outside in the database, where the recorder makes events of it: alarms are rare, belong to no
 * call, and must not be lost with the process that raised them, or because the database is busy just then.
 */
import type { Logger } from "pino";
import { OFFICE } from "../../policy/outside/payer.js";
import type { WebhookTables } from "../../storage/webhooks.js";
import type { OutsideAlarm } from "../calls/outside-alarms.js";
import type { Clock } from "../clock.js";
import type { IdSource } from "../ids.js";
import { backoffMs } from "../switch/backoff.js";

export interface NoteAlarmDeps {
  readonly tables: Pick<WebhookTables, "raise">;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Logger;
}

const RETRY = { firstMs: 1_000, maxMs: 60_000 } as const;
/** About a day. */
const TRIES_MAX = 1_500;

export function noteAlarm({ tables, clock, ids, log }: NoteAlarmDeps): (alarm: OutsideAlarm) => void {
  return ({ payer, ...alarm }) => {
    const row = { ...alarm, id: ids.uuid(), payer: payer === OFFICE ? null : payer };
    const write = (tries: number) => {
      tables.raise(row).catch((error: unknown) => {
        const said = { err: error, ...row };
        if (tries === 1) log.error(said, "an alarm about calls outside cannot be told to webhooks yet");
        if (tries < TRIES_MAX) clock.after(backoffMs(tries - 1, { ...RETRY, ids }), () => write(tries + 1));
        else log.error(said, "an alarm about calls outside is not told to webhooks");
      });
    };
    write(1);
  };
}
