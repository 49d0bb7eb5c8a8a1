/**
 * The texts of mails about messages, missed calls and calls for help. Text from callers becomes one line, and is escaped in HTML, so
 * that a caller's name is never markup.
 */

import type { Room } from "../../policy/mailbox/mailbox.js";
import type { EmergencyCallRow } from "../../storage/emergency.js";
import type { MissedCallRow } from "../../storage/outbox.js";
import type { Message } from "../../storage/voicemail.js";
import { escapeHtml, oneLine } from "../html.js";

export interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface MailFacts {
  /** IANA name. */
  readonly timezone: string;
  /** The name of the mailbox's group or user. */
  readonly boxName: string;
  readonly attached: boolean;
  /** The server did not take the mail with the sound attached. */
  readonly refusedWithSound?: boolean;
  /** The room in the mailbox when the mail is written. */
  readonly room: Room;
}

const ROOM_TEXT: Readonly<Record<Room, string>> = {
  enough: "",
  little: " The mailbox is nearly full: please delete messages that nobody needs.",
  none: " The mailbox is full and takes no more messages until some are deleted.",
};

export function messageMail(message: Message, facts: MailFacts): Mail {
  const { timezone, boxName, room } = facts;
  const length = lengthText(message.lengthMs);
  const urgent = message.urgent ? "Urgent message" : "Message";
  return {
    subject: `${urgent} from ${callerText(message)} for ${oneLine(boxName)} (${length})`,
    ...bodies(
      [
        fromRow(message),
        row("For", boxName),
        row("Called", message.called),
        row("When", whenText(message.deliveredMs, timezone)),
        row("Length", length),
        row("Message", message.id.slice(0, 8)),
      ],
      `${soundText(facts)}${ROOM_TEXT[room]}`,
    ),
  };
}

function soundText({ attached, refusedWithSound = false }: MailFacts): string {
  if (attached) return "The message is attached.";
  return refusedWithSound
    ? "The message is in the mailbox. It is not attached, because the mail server did not take the mail with it: it may be too large."
    : "The message is in the mailbox.";
}

/** The mail about a missed call. @param rang the names of those whose phones rang */
export function missedCallMail(
  call: MissedCallRow,
  { timezone, boxName }: Pick<MailFacts, "timezone" | "boxName">,
  rang: readonly string[],
): Mail {
  return {
    subject: `Missed call from ${callerText(call)} for ${oneLine(boxName)}`,
    ...bodies(
      [
        fromRow(call),
        row("For", boxName),
        row("Called", call.called),
        row("When", whenText(call.arrivedMs, timezone)),
        row("Waited", lengthText(call.endedMs - call.arrivedMs)),
        row("Rang", rang.length === 0 ? "no phone could be reached" : rang.join(", ")),
      ],
      "The caller left no message.",
    ),
  };
}

/** The mail about a call for help, or about a test of one. */
export function emergencyMail(call: EmergencyCallRow, timezone: string): Mail {
  const { number, isTest, userName, user, extension, device, location, callBack } = call;
  const caller = userName ?? user ?? "an unknown phone";
  const known = (name: string, text: string | null) => (text === null ? [] : [row(name, text)]);
  return {
    subject: isTest
      ? `Test of emergency calls: ${oneLine(caller)} called ${number}`
      : `EMERGENCY: ${oneLine(caller)} called ${number}${location === null ? "" : `, ${oneLine(location)}`}`,
    ...bodies(
      [
        row("Called", number),
        row("By", user === null || user === caller ? caller : `${caller} (${user})`),
        ...known("Extension", extension),
        ...known("Phone", device),
        row("Location", location ?? "not known: the office names no location of this phone or its user"),
        row("Call back", callBack ?? "no number is known"),
        row("When", `${whenText(call.atMs, timezone)} (${timezone})`),
        row("Call", call.call.slice(0, 8)),
      ],
      isTest
        ? "This was a test: the number only tries emergency calls. Nobody needs help."
        : "Somebody has called for help from this phone. Let the helpers in, and show them the way.",
    ),
  };
}

interface Row {
  readonly name: string;
  readonly text: string;
  readonly html: string;
}

function row(name: string, text: string): Row {
  const line = oneLine(text);
  return { name, text: line, html: escapeHtml(line) };
}

function fromRow(caller: CallerFacts): Row {
  return { name: "From", text: oneLine(callerText(caller)), html: callerHtml(caller) };
}

function bodies(rows: readonly Row[], last: string): Pick<Mail, "text" | "html"> {
  const width = Math.max(9, ...rows.map(({ name }) => name.length + 1));
  const lines = rows.map(({ name, text }) => `${`${name}:`.padEnd(width)} ${text}`);
  const cells = rows.map(({ name, html }) => `<tr><th align="left">${name}</th><td>${html}</td></tr>`);
  return {
    text: `${lines.join("\n")}\n\n${last}\n`,
    html: `<table>${cells.join("")}</table><p>${last}</p>`,
  };
}

type CallerFacts = Pick<Message, "callerName" | "callerNumber">;

function callerText({ callerName, callerNumber }: CallerFacts): string {
  const name = oneLine(callerName);
  const number = oneLine(callerNumber);
  if (number === "") return name === "" ? "an unknown caller" : name;
  return name === "" || name === number ? number : `${name}, ${number}`;
}

/** The number is a link that phones and softphones dial. */
function callerHtml(caller: CallerFacts): string {
  const text = escapeHtml(callerText(caller));
  if (!/^\+?[0-9]{3,15}$/.test(caller.callerNumber)) return text;
  return text.replace(caller.callerNumber, `<a href="tel:${caller.callerNumber}">${caller.callerNumber}</a>`);
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
