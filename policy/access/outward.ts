/**
 * What a change sends out of the office that did not go there before: calls to outside numbers, at the office's cost, and
 * news of calls to programs. Who sends it needs to have it themselves. And what a change lets a webhook reach on the
 * machines around the office: programs that only the own network reaches, and files or variables that may not be meant
 * for webhooks, whose presence the delivery's answer would tell.
 */
import type { Office, Secret, SectionEntity } from "../office/office.js";
import { targetsIn } from "../office/targets.js";
import { isSingle, NumberBlocks } from "../routing/blocks.js";
import { EVENT_KINDS, type EventKind } from "../webhooks/kinds.js";
import { WEBHOOKS, type Webhook, wants } from "../webhooks/webhook.js";
import { type Asker, askerMay, type Needed } from "./access.js";
import { holds } from "./rights.js";

export interface Widened {
  readonly reason: string;
  readonly needs: Needed;
}

export function widened(asker: Asker, before: Office, after: Office): Widened | undefined {
  const number = holds(asker, "outside_calls") ? undefined : newOutsideNumber(before, after);
  if (number !== undefined)
    return {
      reason: `calls would go to ${number}, outside the office, which needs \`outside_calls\``,
      needs: "outside_calls",
    };
  const webhook = askerMay(asker, "call_logs") ? undefined : newListener(before, after);
  if (webhook !== undefined)
    return {
      reason: `the webhook \`${webhook}\` would be told of everybody's calls, which needs \`call_logs\``,
      needs: "call_logs",
    };
  return askerMay(asker, "system_admin") ? undefined : newInside(before, after);
}

/** An outside number to which flows, groups or numbers lead now and did not before. Where a user's flow leads, the user pays. */
function newOutsideNumber(before: Office, after: Office): string | undefined {
  const known = new Set(numbersIn(before));
  const fresh = [...new Set(numbersIn(after))].filter((number) => !known.has(number));
  if (fresh.length === 0) return undefined;
  const own = new Set(after.numbers.map(({ number }) => number));
  const blocks = new NumberBlocks(
    new Map(after.numbers.filter(({ number }) => !isSingle(number)).map((each) => [each.number, each])),
  );
  return fresh.find((number) => !own.has(number) && blocks.find(number) === undefined);
}

function numbersIn({ flows, groups, numbers, sections }: Office): string[] {
  return targetsIn([flows, groups, numbers, sections]).flatMap((target) =>
    target.kind === "number" ? [target.number] : [],
  );
}

/** An alarm alone belongs to no call. */
const OF_CALLS: readonly EventKind[] = EVENT_KINDS.filter((kind) => kind !== "fraud.alarm");

/** A webhook that is told of calls and was not, or was at another address. */
function newListener(before: Office, after: Office): string | undefined {
  const was = new Map(webhooksOf(before).map((webhook) => [webhook.id, webhook]));
  return webhooksOf(after).find((webhook) => {
    const old = was.get(webhook.id);
    const news = OF_CALLS.filter((kind) => wants(webhook, kind));
    const oldNews =
      old === undefined || old.url !== webhook.url ? [] : OF_CALLS.filter((kind) => wants(old, kind));
    return news.some((kind) => !oldNews.includes(kind));
  })?.id;
}

/** What a webhook would reach inside, and did not. */
function newInside(before: Office, after: Office): Widened | undefined {
  const was = new Map(webhooksOf(before).map((webhook) => [webhook.id, webhook]));
  const known = new Set(webhooksOf(before).flatMap(({ secrets }) => secrets.map(placeOf)));
  for (const { id, url, allowPrivate, secrets } of webhooksOf(after)) {
    const old = was.get(id);
    if (allowPrivate === true && (old?.allowPrivate !== true || old.url !== url))
      return {
        reason: `the webhook \`${id}\` could reach programs in the office's own network, which only System Admins allow`,
        needs: "system_admin",
      };
    if (secrets.some((secret) => !isForWebhooks(secret) && !known.has(placeOf(secret))))
      return {
        reason: `the secret of the webhook \`${id}\` is kept where only System Admins say; others name an environment variable with WEBHOOK in its name, as CRM_WEBHOOK_SECRET`,
        needs: "system_admin",
      };
  }
  return undefined;
}

/** The name of the variable says what it is for, so it is no other program's password. */
function isForWebhooks(secret: Secret): boolean {
  return "env" in secret && /WEBHOOK/i.test(secret.env);
}

function placeOf(secret: Secret): string {
  return "env" in secret ? `env ${secret.env}` : `file ${secret.file}`;
}

function webhooksOf({ sections }: Office): readonly Webhook[] {
  return (sections?.[WEBHOOKS] ?? []) as readonly (SectionEntity & Webhook)[];
}
