/**
 * Webhooks, as an office file writes them:
 *
 *     webhooks:
 *       - id: crm
 *         url: https://crm.example.com/calls
 *         events: [call.answered, call.ended]
 *         secret: { env: CRM_WEBHOOK_SECRET }
 */
import { z } from "zod";
import { given, mapped } from "../office/optional.js";
import { flag, id, oneOf, secret } from "../office-file/fields.js";
import { EVENT_KINDS } from "./kinds.js";
import type { Webhook } from "./webhook.js";

/** Longer than any service's. */
const URL_MAX_CHARACTERS = 2_048;
const urlExpected = `a URL that begins with https://, of up to ${URL_MAX_CHARACTERS} characters`;
const url = z
  .string({ error: urlExpected })
  .max(URL_MAX_CHARACTERS, { error: urlExpected })
  .regex(/^https?:\/\/[^\s\p{Cc}\\]+$/iu, { error: urlExpected })
  .describe(urlExpected);

const eventsExpected = `a list of any of ${EVENT_KINDS.join(", ")}`;
const events = z
  .array(oneOf(EVENT_KINDS), { error: eventsExpected })
  .min(1, { error: eventsExpected })
  .describe(eventsExpected);

/** The new one and the one before: more are never in use at once. */
const SECRETS_MAX = 2;
const secretsExpected =
  "where the secret is kept: { env: NAME } or { file: PATH }; or two of them, the new one first, while it is replaced";
const secretsError = { error: secretsExpected };
const secrets = z
  .union(
    [secret, z.array(secret, secretsError).min(1, secretsError).max(SECRETS_MAX, secretsError)],
    secretsError,
  )
  .describe(secretsExpected);

export const webhookSchema = z.strictObject({
  id,
  url,
  events: events.optional(),
  secret: secrets,
  allow_private: flag.optional(),
});
export type WebhookFile = z.infer<typeof webhookSchema>;

export function webhookOf({ id, url, events, secret, allow_private: allowPrivate }: WebhookFile): Webhook {
  return {
    id,
    url,
    ...given({ events: mapped(events, (chosen) => EVENT_KINDS.filter((kind) => chosen.includes(kind))) }),
    secrets: Array.isArray(secret) ? secret : [secret],
    ...(allowPrivate === true ? { allowPrivate: true } : {}),
  };
}

export function webhookFile({ id, url, events, secrets, allowPrivate }: Webhook): WebhookFile {
  const [first] = secrets;
  return {
    id,
    url,
    ...given({ events: mapped(events, (chosen) => [...chosen]) }),
    secret: first !== undefined && secrets.length === 1 ? first : [...secrets],
    ...(allowPrivate === true ? { allow_private: true } : {}),
  };
}
