/**
 * The frame of all mails to people about their sign-in and their phones: the same content as text and as HTML, signed with the
 * office's name. Names and texts from elsewhere are put in one line and never become markup, nor lines of a header.
 */
import { escapeHtml, oneLine } from "../html.js";

export interface MailOffice {
  readonly name: string;
  readonly timezone: string;
}

export interface MailText {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** A part of a mail, in the order in which people read it. */
export type MailPart =
  | { readonly kind: "text"; readonly text: string }
  /** A link that stands out. */
  | { readonly kind: "button"; readonly label: string; readonly address: string }
  | {
      readonly kind: "links";
      readonly links: readonly { readonly label: string; readonly address: string }[];
    }
  | { readonly kind: "facts"; readonly facts: readonly (readonly [name: string, value: string])[] };

export interface MailContent {
  /** Behind the office's name. */
  readonly subject: string;
  /** The name of the person; null: nobody is greeted. */
  readonly to: string | null;
  readonly parts: readonly MailPart[];
}

export function framed(office: Pick<MailOffice, "name">, { subject, to, parts }: MailContent): MailText {
  const name = oneLine(office.name);
  const greeting: readonly MailPart[] = to === null ? [] : [{ kind: "text", text: `Hello ${oneLine(to)},` }];
  const all = [...greeting, ...parts];
  const line = oneLine(`${name}: ${subject}`);
  return {
    subject: line,
    text: `${all.map(asText).join("\n\n")}\n\n${name}\n`,
    html: `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>${escapeHtml(line)}</title></head>
<body style="margin:0;padding:24px;font:16px/1.55 system-ui,sans-serif">
<div style="max-width:560px;margin:0 auto">
${all.map(asHtml).join("\n")}
<p style="margin-top:32px;padding-top:12px;border-top:1px solid #999">${escapeHtml(name)}</p>
</div></body></html>
`,
  };
}

function asText(part: MailPart): string {
  switch (part.kind) {
    case "text":
      return part.text;
    case "button":
      return part.address;
    case "links":
      return part.links.map(({ label, address }) => `${oneLine(label)}: ${address}`).join("\n");
    case "facts":
      return part.facts.map(([name, value]) => `${name}: ${oneLine(value)}`).join("\n");
  }
}

function asHtml(part: MailPart): string {
  switch (part.kind) {
    case "text":
      return `<p>${escapeHtml(part.text)}</p>`;
    case "button":
      return `<p><a href="${escapeHtml(part.address)}" style="display:inline-block;padding:12px 24px;border-radius:8px;background:#1f5f5b;color:#fff;text-decoration:none;font-weight:600">${escapeHtml(part.label)}</a></p>
<p style="overflow-wrap:anywhere">${escapeHtml(part.address)}</p>`;
    case "links":
      return `<ul>${part.links.map(linkItem).join("")}</ul>`;
    case "facts":
      return `<table role="presentation">${part.facts.map(factRow).join("")}</table>`;
  }
}

function linkItem({ label, address }: { readonly label: string; readonly address: string }): string {
  return `<li>${escapeHtml(oneLine(label))}: <a href="${escapeHtml(address)}">${escapeHtml(address)}</a></li>`;
}

function factRow([name, value]: readonly [name: string, value: string]): string {
  return `<tr><td style="padding:4px 16px 4px 0">${escapeHtml(name)}</td><td>${escapeHtml(oneLine(value))}</td></tr>`;
}
