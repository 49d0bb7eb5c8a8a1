/**
 * The story of a call from its record: sentences in the order of time that a person can read aloud to a customer, what
 * became of each phone, and the ending in a few words.
 */
import type { Happening, What, WhatOf } from "./happening.js";
import { hasHandedOver, legEnd, notRungInWords, type PhoneStory, phonesOf } from "./phones.js";
import type { CallRecord, RecordLeg } from "./record.js";
import { listed, type Names } from "./spoken-names.js";
import { endedInWords, endingInWords, headline } from "./summary.js";
import { PIN_REFUSED, plainWord, refusedThen, WHY_TRANSFER_FAILED } from "./words.js";

/** The kind of a line, for its colour on a terminal. */
export type Tone = "plain" | "good" | "bad" | "faint";

export interface StoryLine {
  readonly atMs: number;
  readonly text: string;
  readonly tone: Tone;
}

export interface Story {
  /** Who called whom: a sentence without its full stop. */
  readonly headline: string;
  /** What became of it: one or two sentences. */
  readonly ending: string;
  readonly lines: readonly StoryLine[];
  readonly phones: readonly PhoneStory[];
}

export function storyOf(record: CallRecord, names: Names): Story {
  return {
    headline: headline(record, names),
    ending: endingInWords(record, names),
    lines: linesOf(record, names),
    phones: phonesOf(record, names),
  };
}

/** What happens to several phones at once is one line. */
interface Told {
  readonly atMs: number;
  readonly tone: Tone;
  /** Phones; null: the line is about none. */
  readonly phone: string | null;
  /** The whole line, or what completes "PHONE …". */
  readonly text: string;
}

/** Lines of several phones are joined over so short a time. */
const AT_ONCE_MS = 1_000;

function linesOf(record: CallRecord, names: Names): StoryLine[] {
  const teller = new Teller(record, names);
  const told = record.happenings.flatMap((happening) => teller.told(happening));
  return joined(told).map(({ atMs, tone, phones, text }) => ({
    atMs,
    tone,
    text: phones.length === 0 ? text : `${listed(phones)} ${phones.length > 1 ? ofMany(text) : text}.`,
  }));
}

interface Joined extends Omit<Told, "phone"> {
  readonly phones: string[];
}

function joined(told: readonly Told[]): Joined[] {
  const lines: Joined[] = [];
  for (const { phone, ...line } of told) {
    const last = lines.at(-1);
    const isSame = last?.text === line.text && line.atMs - last.atMs < AT_ONCE_MS;
    if (phone !== null && last !== undefined && isSame && last.phones.length > 0) {
      if (!last.phones.includes(phone)) last.phones.push(phone);
    } else lines.push({ ...line, phones: phone === null ? [] : [phone] });
  }
  return lines;
}

/** The same of several phones. */
function ofMany(text: string): string {
  return text
    .replace(/^was /, "were ")
    .replace(/^is /, "are ")
    .replace(/^has /, "have ")
    .replace(/\bits\b/g, "their")
    .replace(/\bit was\b/g, "they were")
    .replace(/\bit had\b/g, "they had")
    .replace(/\bit\b/g, "they");
}

/** Turns one happening after the other into lines. */
class Teller {
  readonly #legs: ReadonlyMap<string, RecordLeg>;
  #steps = 0;

  constructor(
    private readonly record: CallRecord,
    private readonly names: Names,
  ) {
    this.#legs = new Map(record.legs.map((leg) => [leg.leg, leg]));
  }

  told({ atMs, what, isFound }: Happening): Told[] {
    const line = this.#line(what, atMs);
    if (line === null) return [];
    const text =
      isFound === true && line.phone === null
        ? `${withoutStop(line.text)}, at this time at the latest.`
        : line.text;
    return [{ atMs, ...line, text }];
  }

  #line(what: What, atMs: number): Omit<Told, "atMs"> | null {
    return this.#ofCall(what) ?? this.#ofLeg(what, atMs) ?? this.#ofMailbox(what);
  }

  /** What happens to the call as a whole. */
  #ofCall(what: What): Omit<Told, "atMs"> | null {
    const { names } = this;
    switch (what.kind) {
      case "began":
        return said(`${headline(this.record, names)}${this.#byWhichWay(what)}.`);
      case "flow":
        return this.#flow(what);
      case "step":
        this.#steps += 1;
        return said(`Step ${this.#steps}: ${stepInWords(what.text, names)}.`, "faint");
      case "step_outcome":
        return said(
          what.schedule === null
            ? `${sentence(names.inText(what.text))}: ${what.outcome}.`
            : `The schedule ${what.schedule} was ${what.outcome}.`,
        );
      case "rollover":
        return said(ROLLOVER[what.why]);
      case "transferred":
        return said(
          `${what.by === null ? "The caller was" : `${sentence(names.party(what.by))} had the caller`} transferred to ${names.dialled(what.to)}.`,
        );
      case "transfer_failed":
        return said(this.#transferFailed(what), "bad");
      case "prompt":
        return what.isMissing === true
          ? said(`The announcement ${what.text} was to be played, but there is no such file.`, "bad")
          : said(`The caller heard the announcement ${what.text}.`);
      case "emergency":
        return said(this.#emergency(what), "bad");
      case "refused":
        return said(
          `The call to ${names.dialled(what.number)} was refused: ${refusedThen(what.why)}.`,
          "bad",
        );
      case "bound_reached":
        return said(`A limit of the phone system was reached: ${what.bound}.`, "bad");
      case "adopted":
        return said(
          "The phone system was started again, or a second one took over. The call went on.",
          "bad",
        );
      case "caller_gone":
        return what.side === "caller" ? said("The caller hung up.") : null;
      case "ended":
        return this.#over(what);
      default:
        return null;
    }
  }

  /** Who hung up on whom is told when the caller goes. */
  #over(what: WhatOf<"ended">): Omit<Told, "atMs"> | null {
    const text = endedInWords(what, this.record, this.names);
    return text === "" ? null : said(text, WELL.has(what.ending.kind) ? "good" : "bad");
  }

  #byWhichWay({ carrier, isClickToCall }: WhatOf<"began">): string {
    if (isClickToCall === true) return ", as asked for in a page: the caller's own phone rang first";
    return carrier === null ? "" : `, through the carrier ${carrier}`;
  }

  /** The steps of the number that was called are no news. */
  #flow({ source }: WhatOf<"flow">): Omit<Told, "atMs"> | null {
    if (source === `number:${this.record.called}`) return null;
    const [kind = "", ...rest] = source.split(":");
    const name = rest.join(":");
    switch (kind) {
      case "dialled":
      case "listen":
      case "emergency":
      case "not_permitted":
        return null;
      case "recall":
        return said(`The caller went back to ${this.names.party(name)}.`);
      case "unassigned":
        return said("The number leads nowhere: the caller heard that the call cannot be completed.", "bad");
      case "apology":
        return said("The caller heard an apology: the call could not go on.", "bad");
      default:
        return said(`The call went on to ${this.names.target(source)}.`, "faint");
    }
  }

  #transferFailed({ to, by, why }: WhatOf<"transfer_failed">): string {
    const back = by === null ? "" : `, so the caller went back to ${this.names.party(by)}`;
    return `Nobody took the transfer to ${this.names.dialled(to)} (${WHY_TRANSFER_FAILED[why]})${back}.`;
  }

  #emergency({ number, user, device, isTest }: WhatOf<"emergency">): string {
    const phone = user === null || device === null ? user : this.names.phone({ who: user, device });
    const from = phone === null ? "" : ` from ${phone}`;
    return isTest
      ? `This was a test of the emergency number ${number}${from}.`
      : `EMERGENCY CALL to ${number}${from}.`;
  }

  /** What happens to one phone. */
  #ofLeg(what: What, atMs: number): Omit<Told, "atMs"> | null {
    switch (what.kind) {
      case "leg_dialled":
        return this.#dialled(what, atMs);
      case "leg_rings":
        return this.#phone(what.leg, what.isMedia === true ? "could be heard" : "began to ring");
      case "not_rung":
        return of(this.names.phone(what), notRungInWords(what, this.record, this.names), "faint");
      case "leg_answered":
        return this.#answered(what, atMs);
      case "leg_asked":
        return this.#phone(what.leg, "was answered, and was asked to press 1 to take the call");
      case "leg_accepts":
        return this.#phone(what.leg, "took the call by pressing 1");
      case "leg_declines":
        return this.#phone(what.leg, "declined the call by key");
      case "leg_ended":
        return this.#ended(what);
      case "next_carrier":
        return said(
          `The carrier ${what.failed} has failed (${plainWord(what.why)}), so the call was tried through ${what.carrier}.`,
        );
      case "connected":
        return said(`The caller was connected with ${this.#partner(what)}.`, "good");
      case "winner_lost":
        return this.#phone(
          what.leg,
          `was lost just before it was connected (${plainWord(what.cause)})`,
          "bad",
        );
      case "digits":
        return this.#digits(what);
      default:
        return null;
    }
  }

  /** A phone that begins to ring at once needs no line for being dialled. */
  #dialled({ leg }: WhatOf<"leg_dialled">, atMs: number): Omit<Told, "atMs"> | null {
    const known = this.#legs.get(leg);
    const next = known?.ringsMs ?? known?.answeredMs ?? known?.endedMs ?? null;
    if (known === undefined || (next !== null && next - atMs < DIAL_MS)) return null;
    const through = known.carrier === null ? "" : ` through the carrier ${known.carrier}`;
    return this.#phone(leg, `was dialled${through}`, "faint");
  }

  #answered({ leg }: WhatOf<"leg_answered">, atMs: number): Omit<Told, "atMs"> | null {
    const next = this.#legs.get(leg)?.connectedMs ?? null;
    const isAsked = this.record.happenings.some(({ what }) => what.kind === "leg_asked" && what.leg === leg);
    return isAsked || (next !== null && next - atMs < AT_ONCE_MS) ? null : this.#phone(leg, "was answered");
  }

  #partner({ who, device, leg }: WhatOf<"connected">): string {
    if (who === "") return "somebody whom nobody knows";
    const person = this.names.party(who);
    const phone = this.names.phone({ who, device }, this.#legs.get(leg)?.to);
    return device === "" || phone === person ? person : `${person}, on the phone "${device}"`;
  }

  /** The end of a conversation is told by the end of the call, if that is the same moment. */
  #ended({ leg }: WhatOf<"leg_ended">): Omit<Told, "atMs"> | null {
    const known = this.#legs.get(leg);
    if (known === undefined) return null;
    if (known.connectedMs !== null) {
      const { endedMs } = this.record;
      const isLast = endedMs !== null && endedMs - (known.endedMs ?? 0) < LAST_MS;
      return isLast || hasHandedOver(known, this.record) ? null : this.#phone(leg, "left the call", "faint");
    }
    const { until, byItself } = legEnd(known, this.record, this.names);
    if (known.answeredMs !== null)
      return this.#hasDeclined(leg) ? null : this.#phone(leg, `was let go: ${byItself}`, "faint");
    if (until === null)
      return this.#phone(leg, known.ringsMs === null ? `did not ring: it ${byItself}` : byItself, "faint");
    return this.#phone(
      leg,
      known.ringsMs === null ? `did not ring: ${until} before` : `stopped ringing when ${until}`,
      "faint",
    );
  }

  #hasDeclined(leg: string): boolean {
    return this.record.happenings.some(({ what }) => what.kind === "leg_declines" && what.leg === leg);
  }

  /** Pressing 1 to take the call has a line of its own. */
  #digits({ leg, digits }: WhatOf<"digits">): Omit<Told, "atMs"> | null {
    if (leg === null) return said(`The caller pressed ${digits}.`);
    const hasAccepted = this.record.happenings.some(
      ({ what }) => what.kind === "leg_accepts" && what.leg === leg,
    );
    return hasAccepted || this.#hasDeclined(leg) ? null : this.#phone(leg, `pressed ${digits}`);
  }

  #phone(leg: string, text: string, tone: Tone = "plain"): Omit<Told, "atMs"> {
    const known = this.#legs.get(leg);
    return of(known === undefined ? "A phone" : this.names.phone(known, known.to), text, tone);
  }

  /** Messages, left or listened to. */
  #ofMailbox(what: What): Omit<Told, "atMs"> | null {
    const { names } = this;
    switch (what.kind) {
      case "greeting":
        return said(`The caller heard the greeting of ${names.mailbox(what.box)}.`);
      case "recording":
        return said(`The caller spoke a message into ${names.mailbox(what.box)}.`);
      case "no_message":
        return said("The message was too short, and was not kept.");
      case "mailbox_refused":
        return said(
          `${sentence(names.mailbox(what.box))} ${what.why === "full" ? "was full" : "could take no message then"}.`,
          "bad",
        );
      case "listens":
        return said(`${sentence(names.user(what.username))} listened to ${names.mailbox(what.box)}.`, "good");
      case "pin_refused":
        return said(`The caller typed ${PIN_REFUSED[what.why](names.user(what.username))}.`, "bad");
      default:
        return null;
    }
  }
}

/** Longer than a phone in the office takes to ring. */
const DIAL_MS = 1_500;

/** The legs of a call end within this time of its end. */
const LAST_MS = 3_000;

const WELL: ReadonlySet<string> = new Set(["answered", "message", "listened"]);

const ROLLOVER: Readonly<Record<WhatOf<"rollover">["why"], string>> = {
  timeout: "Nobody took the call in time, so it went on to the next step.",
  nothing_rings: "No phone rang any more, so the call went on to the next step.",
  skipped: "A colleague sent the call on to the next step by key.",
};

function said(text: string, tone: Tone = "plain"): Omit<Told, "atMs"> {
  return { phone: null, text, tone };
}

function of(phone: string, text: string, tone: Tone = "plain"): Omit<Told, "atMs"> {
  return { phone, text, tone };
}

/** The reason of a hangup is a word of the office file. */
function stepInWords(text: string, names: Names): string {
  return names.inText(text).replace(/^hang up: \w+$/, (found) => found.replaceAll("_", " "));
}

/** Begins with a capital letter. */
function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function withoutStop(text: string): string {
  return text.replace(/\.$/, "");
}
