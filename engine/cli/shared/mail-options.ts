/** The mail server of a command that sends mails itself: by options, or by variables in their place. */
import { Option } from "commander";
import { type Send, smtpSend } from "../../voicemail/smtp.js";
import { SMTP_PASSWORD, smtpUrl } from "../run/run-options.js";
import { urlFromEnv } from "./web-url.js";

export interface MailOptions {
  readonly smtp?: URL;
  readonly mailFrom?: string;
}

export function smtpOption(): Option {
  return new Option("--smtp <url>", `mail server (RINGLINE_SMTP; password: ${SMTP_PASSWORD})`).argParser(
    smtpUrl,
  );
}

export function mailFromOption(): Option {
  return new Option("--mail-from <address>", "sender of the mails (RINGLINE_MAIL_FROM)");
}

/** Null: none is named, or the half of it. @returns a text: what is wrong with a variable */
export function mailServer({ smtp, mailFrom }: MailOptions, env: NodeJS.ProcessEnv): Send | string | null {
  const url = smtp ?? urlFromEnv(env, "RINGLINE_SMTP", smtpUrl);
  if (typeof url === "string") return url;
  const from = mailFrom ?? env["RINGLINE_MAIL_FROM"];
  if (url === undefined || from === undefined || from === "") return null;
  return smtpSend({ url, password: env[SMTP_PASSWORD], from });
}
