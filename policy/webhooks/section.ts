/** The section `webhooks` of an office file. */
import { show, under } from "../office-file/problem.js";
import type { Arbitrary, FastCheck } from "../steps/generator.js";
import type { PartReader } from "../steps/reader.js";
import type { SectionDefinition } from "../steps/section.js";
import { addressKind } from "./addresses.js";
import { type WebhookFile, webhookFile, webhookOf, webhookSchema } from "./file.js";
import { EVENT_KINDS } from "./kinds.js";
import { WEBHOOKS, type Webhook } from "./webhook.js";

export const webhooks: SectionDefinition<Webhook, typeof webhookSchema> = {
  key: WEBHOOKS,
  noun: "webhook",
  schema: webhookSchema,
  read: (file, reader) => (checkUrl(file, reader) ? webhookOf(file) : undefined),
  checkRest: (raw, reader) => {
    const { url, allow_private: allowed } = webhookSchema.partial().shape;
    const written = url.safeParse(raw["url"]).data;
    if (written !== undefined)
      checkUrl({ url: written, allow_private: allowed.safeParse(raw["allow_private"]).data }, reader);
  },
  write: webhookFile,
  generator,
};

/** Reports what is wrong with a URL; false: it cannot be used. */
function checkUrl(file: Pick<WebhookFile, "url" | "allow_private">, reader: PartReader): boolean {
  const wrong = wrongWithUrl(file);
  if (wrong === undefined) return true;
  const { message, expected, isSecret = false } = wrong;
  reader.report({
    severity: "error",
    code: "wrong_value",
    message,
    expected,
    at: under(reader.at, "url", "value"),
    // A URL with a password is not repeated.
    ...(isSecret ? {} : { found: show(file.url) }),
  });
  return false;
}

interface Wrong {
  readonly message: string;
  readonly expected: string;
  readonly isSecret?: true;
}

function wrongWithUrl({
  url: written,
  allow_private: allowed = false,
}: Pick<WebhookFile, "url" | "allow_private">): Wrong | undefined {
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url === undefined || url.hostname === "")
    return { message: "this is not a URL", expected: "a URL such as https://crm.example.com/calls" };
  if (url.username !== "" || url.password !== "")
    return {
      message: "the URL of a webhook has no user and no password: requests are signed",
      expected: "a URL without them; the receiver checks the signature",
      isSecret: true,
    };
  if (written.includes("#"))
    return { message: "what follows a # is never sent", expected: "a URL without #" };
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const kind = addressKind(host);
  if (kind === "metadata")
    return {
      message: "this address gives machines of a cloud their keys, and is no webhook's",
      expected: "another address",
    };
  if (allowed) return undefined;
  if (url.protocol === "http:")
    return {
      message: "a webhook without TLS can be read by everybody on its way",
      expected: "https://; or, for a program in the office's own network, allow_private: true",
    };
  if (kind === "private" || /^(?:.+\.)?localhost\.?$/i.test(host))
    return {
      message: `${host} is not on the public network`,
      expected: "a public address; or, for a program in the office's own network, allow_private: true",
    };
  return undefined;
}

const URLS = [
  "https://crm.example.com/calls",
  "https://203.example.net:8443/?a=b",
  "https://hooks.example.org/%20",
];
const SECRETS = [{ env: "HOOK_SECRET" }, { file: "/run/secrets/hook" }] as const;

function generator(fc: FastCheck, id: string): Arbitrary<Webhook> {
  const events = fc
    .subarray([...EVENT_KINDS], { minLength: 1 })
    .map((chosen) => EVENT_KINDS.filter((kind) => chosen.includes(kind)));
  return fc.record(
    {
      id: fc.constant(id),
      url: fc.constantFrom(...URLS),
      events,
      secrets: fc.subarray([...SECRETS], { minLength: 1 }),
      allowPrivate: fc.constant<true>(true),
    },
    { requiredKeys: ["id", "url", "secrets"] },
  );
}
