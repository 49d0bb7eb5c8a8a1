/** What the web server needs to send mails about signing in: where people reach it, and the sender. */
import { Option } from "commander";
import { AccountMailSender } from "../../accounts/mail-sender.js";
import type { Clock } from "../../clock.js";
import type { Send } from "../../voicemail/smtp.js";
import type { Services } from "../../web/api/services.js";
import { urlFromEnv, WEB_URL, webUrl } from "../shared/web-url.js";

export interface PublicUrlOptions {
  readonly publicUrl?: URL;
}

export function publicUrlOption(): Option {
  return new Option(
    "--public-url <url>",
    `where people reach this server, for links in mails: https://HOST (${WEB_URL})`,
  ).argParser(webUrl);
}

/** Null: nobody has said it. */
export function readPublicUrl(
  { publicUrl }: PublicUrlOptions,
  env: NodeJS.ProcessEnv,
): { readonly href: string } | { readonly why: string } | null {
  const url = publicUrl ?? urlFromEnv(env, WEB_URL, webUrl);
  if (typeof url === "string") return { why: url };
  return url === undefined ? null : { href: url.href.replace(/\/+$/, "") };
}

/** @param send null: no mail server is named @returns null: no mails are sent */
export function webMails(services: Services, send: Send | null, clock: Clock): AccountMailSender | null {
  const { deps, log, publicUrl, live } = services;
  if (send === null || publicUrl === null) return null;
  return new AccountMailSender({
    deps,
    clock,
    log,
    send,
    publicUrl,
    office: async () => {
      const now = await live();
      return "outcome" in now ? undefined : now.office;
    },
  });
}
