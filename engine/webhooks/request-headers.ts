/** What stands in the head of a request to a webhook: the event's kind and id, and the signature. */
import type { Webhook } from "../../policy/webhooks/webhook.js";
import { type ReadSecret, whereIs } from "../carriers/secrets.js";
import { SIGNATURE_HEADER, signatureOf } from "./signature.js";

export type RequestHeaders =
  | { readonly ok: true; readonly headers: Readonly<Record<string, string>> }
  /** No secret can be read: nothing is sent unsigned. */
  | { readonly ok: false; readonly why: string };

export interface Signed {
  readonly event: string;
  readonly eventId: string;
  readonly body: string;
}

/** Secrets are read for each request: a file that was written anew counts at once. One of two may be missing. */
export async function requestHeaders(
  { secrets }: Pick<Webhook, "secrets">,
  { event, eventId, body }: Signed,
  nowMs: number,
  readSecret: ReadSecret,
): Promise<RequestHeaders> {
  const known: string[] = [];
  const missing: string[] = [];
  for (const secret of secrets) {
    const value = await readSecret(secret);
    if (value.kind === "known") known.push(value.text);
    else missing.push(`${whereIs(secret)}: ${value.why}`);
  }
  if (known.length === 0) return { ok: false, why: `it has no secret: ${missing.join("; ")}` };
  return {
    ok: true,
    headers: {
      "content-type": "application/json",
      "user-agent": "Ringline",
      "ringline-event": event,
      "ringline-event-id": eventId,
      [SIGNATURE_HEADER.toLowerCase()]: signatureOf(known, Math.floor(nowMs / 1000), body),
    },
  };
}
