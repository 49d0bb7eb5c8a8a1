/**
 * Notes an alarm about calls outside in the database, where the recorder makes events of it: alarms are rare, belong to no
 * call, and must not be lost with the process that raised them.
 */
import type { Logger } from "pino";
import { OFFICE } from "../../policy/outside/payer.js";
import type { WebhookTables } from "../../storage/webhooks.js";
import type { OutsideAlarm } from "../calls/outside-alarms.js";
import type { IdSource } from "../ids.js";

export function noteAlarm(
  tables: Pick<WebhookTables, "raise">,
  ids: IdSource,
  log: Logger,
): (alarm: OutsideAlarm) => void {
  return ({ payer, ...alarm }) => {
    const row = { ...alarm, id: ids.uuid(), payer: payer === OFFICE ? null : payer };
    tables.raise(row).catch((error: unknown) => {
      log.error({ err: error, ...row }, "an alarm about calls outside cannot be told to webhooks");
    });
  };
}
