/** The doctor's check of webhooks: the secrets with which their requests are signed can be read. */
import type { Office, Secret } from "../../policy/office/office.js";
import { WEBHOOKS, type Webhook } from "../../policy/webhooks/webhook.js";
import { type ReadSecret, whereIs } from "../carriers/secrets.js";
import { counted } from "../counted.js";
import { type Finding, ok, warning } from "./finding.js";

/** @param readSecret as the engine reads them, in this process */
export async function checkWebhooks(office: Office | undefined, readSecret: ReadSecret): Promise<Finding[]> {
  if (office === undefined) return [];
  const webhooks = (office.sections?.[WEBHOOKS] ?? []) as readonly Webhook[];
  const findings: Finding[] = [];
  for (const webhook of webhooks) findings.push(...(await secretsOf(webhook, readSecret)));
  if (findings.length > 0) return findings;
  const read =
    webhooks.length === 0
      ? "the office has none"
      : `${counted(webhooks.length, "webhook")}, with secrets that can be read`;
  return [ok("webhooks", read)];
}

/** Nothing is sent unsigned. Of two secrets one is enough, for receivers that know it. */
async function secretsOf({ id, secrets }: Webhook, readSecret: ReadSecret): Promise<Finding[]> {
  const unreadable: string[] = [];
  for (const secret of secrets) {
    const why = await whyUnreadable(secret, readSecret);
    if (why !== undefined) unreadable.push(`${whereIs(secret)}: ${why}`);
  }
  if (unreadable.length === 0) return [];
  const isNone = unreadable.length === secrets.length;
  return [
    warning(
      "webhooks",
      isNone
        ? `webhook ${id} has no secret, so nothing is sent to it and its events wait: ${unreadable.join("; ")}`
        : `webhook ${id} has a secret that cannot be read, so requests are signed without it: ${unreadable.join("; ")}`,
      "give it to the engine, and to this command: run the doctor with the engine's own variables and user; a variable needs a restart of the engine",
    ),
  ];
}

async function whyUnreadable(secret: Secret, readSecret: ReadSecret): Promise<string | undefined> {
  const value = await readSecret(secret);
  return value.kind === "known" ? undefined : value.why;
}
