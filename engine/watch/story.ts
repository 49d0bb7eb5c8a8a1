/** The notes of a call in words, one line each, for the demo and for `explain`. */
import type { Note } from "../../policy/call/command.js";
import type { Ending } from "../../policy/call/state.js";
import type { Tone } from "../../policy/record/story.js";
import {
  causeNow,
  notRungNow,
  PIN_REFUSED,
  ROLLOVER_NOW,
  refusedNow,
  WHY_TRANSFER_FAILED,
} from "../../policy/record/words.js";
import type { NotRung } from "../../policy/ring/plan.js";
import { takenText } from "../../policy/steps/words.js";
import { printable } from "../../policy/text.js";

interface NoteLine {
  readonly text: string;
  readonly tone: Tone;
}

function byWhom(user: string | null): string {
  return user === null ? "" : ` by ${user}`;
}

/** A note as a line; null: it is not shown. Parts of a line come from callers, so control characters are replaced. */
export function storyLine(note: Note): NoteLine | null {
  const line = lineOf(note);
  return line === null ? null : { ...line, text: printable(line.text) };
}

function lineOf(note: Note): NoteLine | null {
  switch (note.kind) {
    case "arrived":
      return { text: `${note.from || "somebody"} calls ${note.to}`, tone: "plain" };
    case "emergency":
      return note.isTest === true
        ? { text: `test of emergency calls with ${note.number}${byWhom(note.by)}`, tone: "plain" }
        : { text: `EMERGENCY CALL to ${note.number}${byWhom(note.by)}`, tone: "bad" };
    case "refused":
      return { text: `${note.number} is not called: ${refusedNow(note.why)}`, tone: "bad" };
    case "flow":
      return null;
    case "step":
      return { text: takenText(note.step), tone: "faint" };
    case "step_outcome":
      return { text: `${takenText(note.step)}: ${note.outcome}`, tone: "plain" };
    case "rings":
      return { text: `${phone(note)} rings`, tone: "plain" };
    case "not_rung":
      return { text: notRung(note.whom), tone: "faint" };
    case "leg_ended":
      return { text: `${phone(note)}: ${causeNow(note.cause)}`, tone: "faint" };
    case "next_carrier":
      return {
        text: `${phone(note)}: ${note.failed} has failed (${causeNow(note.why)}), tried through ${note.carrier}`,
        tone: "plain",
      };
    case "deciding":
      return { text: `${phone(note)} answers and hears "press 1 to accept"`, tone: "plain" };
    case "declined":
      return { text: `${phone(note)} declines`, tone: "plain" };
    case "accepted":
      return { text: `${phone(note)} presses 1`, tone: "plain" };
    case "rollover":
      return { text: ROLLOVER_NOW[note.why], tone: "plain" };
    case "winner_lost":
      return { text: `${phone(note)} was lost before it was connected (${note.cause})`, tone: "bad" };
    case "connected":
      return { text: `connected with ${phone(note)}`, tone: "good" };
    case "transferred":
      return { text: `transferred to ${note.to}`, tone: "plain" };
    case "transfer_failed":
      return { text: transferFailed(note), tone: "bad" };
    case "greeting":
      return { text: `hears the greeting of ${note.box}`, tone: "plain" };
    case "recording":
      return { text: "leaves a message", tone: "plain" };
    case "mailbox_refused":
      return {
        text: note.why === "full" ? `${note.box} is full` : `${note.box} takes no message now`,
        tone: "bad",
      };
    case "no_message":
      return { text: `no message for ${note.box}: it was too short`, tone: "plain" };
    case "listens":
      return { text: `${note.username} listens to ${note.box}`, tone: "good" };
    case "pin_refused":
      return { text: PIN_REFUSED[note.why](note.username), tone: "bad" };
    case "bound_reached":
      return { text: `limit reached: ${note.bound}`, tone: "bad" };
    case "late":
      return null;
    case "ended":
      return { text: endingInWords(note.ending), tone: ENDED_WELL.has(note.ending.kind) ? "good" : "bad" };
  }
}

function phone({ who, device }: { readonly who: string; readonly device: string }): string {
  return `${who} (${device})`;
}

function transferFailed({ to, by, why }: Extract<Note, { kind: "transfer_failed" }>): string {
  return `nobody takes the transfer to ${to} (${WHY_TRANSFER_FAILED[why]})${by === null ? "" : `, back to ${by}`}`;
}

function notRung({ who, device, reason }: NotRung): string {
  return `${device === null ? who : phone({ who, device })} ${notRungNow(reason) ?? reason}`;
}

function endingInWords(ending: Ending): string {
  switch (ending.kind) {
    case "answered":
      return `ended, was answered by ${ending.by}`;
    case "missed":
      return "the caller gave up";
    case "message":
      return `left a message for ${ending.box}`;
    case "listened":
      return `${ending.by} listened to messages`;
    case "hung_up":
      return HUNG_UP[ending.reason];
    case "not_ours":
      return "taken by another engine";
    case "failed":
      return `failed: ${ending.why}`;
  }
}

const ENDED_WELL: ReadonlySet<Ending["kind"]> = new Set(["answered", "message", "listened"]);

const HUNG_UP = {
  normal: "ended by the flow",
  busy: "ended: busy",
  no_answer: "ended: nobody answered",
  declined: "ended: declined",
  unavailable: "ended: unavailable",
  unassigned: "ended: the number leads nowhere",
} as const;

/** An ending as one word, for programs. */
export function endingWord(ending: Ending): string {
  return ending.kind === "hung_up" ? ending.reason : ending.kind;
}
