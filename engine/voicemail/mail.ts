/**
 * What a mail about a message says. Text from callers is made harmless here: it becomes one line, and in HTML it
 * is escaped, so that nothing in a caller's name is ever markup.
 */
import type { Message } from "../../storage/voicemail.js";

export interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface MailFacts {
  /** IANA name. */
  readonly timezone: string;
  /** The mailbox as people call it: a group's or a user's name. */
  readonly boxName: string;
  readonly attached: boolean;
}

export function messageMail(message: Message, { timezone, boxName, attached }: MailFacts): Mail {
  const caller = callerText(message);
  const when = whenText(message.deliveredMs, timezone);
  const length = lengthText(message.lengthMs);
  const urgent = message.urgent ? "Urgent message" : "Message";
  const rows: ReadonlyArray<readonly [name: string, text: string, html: string]> = [
    ["From", caller, callerHtml(message)],
    ["For", boxName, escapeHtml(oneLine(boxName))],
    ["Called", oneLine(message.called), escapeHtml(oneLine(message.called))],
    ["When", when, escapeHtml(when)],
    ["Length", length, length],
    ["Message", message.id.slice(0, 8), message.id.slice(0, 8)],
  ];
  const where = attached ? "The message is attached." : "The message is in the mailbox.";
  return {
    subject: `${urgent} from ${caller} for ${oneLine(boxName)} (${length})`,
    text: `${rows.map(([name, text]) => `${`${name}:`.padEnd(9)} ${oneLine(text)}`).join("\n")}\n\n${where}\n`,
    html: `<table>${rows
      .map(([name, , html]) => `<tr><th align="left">${name}</th><td>${html}</td></tr>`)
      .join("")}</table><p>${where}</p>`,
  };
}

function callerText({ callerName, callerNumber }: Message): string {
  const name = oneLine(callerName);
  const number = oneLine(callerNumber);
  if (number === "") return name === "" ? "an unknown caller" : name;
  return name === "" || name === number ? number : `${name}, ${number}`;
}

/** The number is a link that phones and softphones dial. */
function callerHtml(message: Message): string {
  const text = escapeHtml(callerText(message));
  if (!/^\+?[0-9]{3,15}$/.test(message.callerNumber)) return text;
  return text.replace(
    message.callerNumber,
    `<a href="tel:${message.callerNumber}">${message.callerNumber}</a>`,
  );
}

function whenText(atMs: number, timezone: string): string {
  return new Intl.DateTimeFormat("en-US", {
    timeZone: timezone,
    dateStyle: "full",
    timeStyle: "short",
  }).format(atMs);
}

function lengthText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

const LINE_CHARACTERS_MAX = 120;

function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .trim()
    .slice(0, LINE_CHARACTERS_MAX);
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}
