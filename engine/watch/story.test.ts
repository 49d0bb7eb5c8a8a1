/**
 * Goal: what happened in a call can be read in the log and in the demo. Method: one row a kind of note, and at least one
 * a way to end; nothing that a caller or a phone chose can steer the terminal.
 */
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import type { Note } from "../../policy/call/command.js";
import type { Ending } from "../../policy/call/state.js";
import { printable } from "../../policy/text.js";
import type { Call } from "../calls/call.js";
import { endingWord, storyLine } from "./story.js";
import { logStory } from "./story-log.js";

const DESK = { who: "alice.wong", device: "desk", leg: "leg-1" } as const;

const ROWS: Array<[note: Note, text: string | null, tone?: string]> = [
  [{ kind: "arrived", from: "+13105550123", to: "+12125550100" }, "+13105550123 calls +12125550100", "plain"],
  [{ kind: "arrived", from: "", to: "101" }, "somebody calls 101", "plain"],
  [
    { kind: "emergency", number: "911", by: "alice.wong", device: "desk" },
    "EMERGENCY CALL to 911 by alice.wong",
    "bad",
  ],
  [{ kind: "emergency", number: "911", by: null, device: null }, "EMERGENCY CALL to 911", "bad"],
  [{ kind: "rings", ...DESK }, "alice.wong (desk) rings", "plain"],
  [{ kind: "leg_ended", ...DESK, cause: "USER_BUSY" }, "alice.wong (desk): busy", "faint"],
  [{ kind: "leg_ended", ...DESK, cause: "SOMETHING_ELSE" }, "alice.wong (desk): something else", "faint"],
  [{ kind: "deciding", ...DESK }, 'alice.wong (desk) answers and hears "press 1 to accept"', "plain"],
  [{ kind: "declined", ...DESK }, "alice.wong (desk) declines", "plain"],
  [{ kind: "accepted", ...DESK }, "alice.wong (desk) presses 1", "plain"],
  [
    { kind: "winner_lost", ...DESK, cause: "NORMAL_CLEARING" },
    "alice.wong (desk) was lost before it was connected (NORMAL_CLEARING)",
    "bad",
  ],
  [{ kind: "connected", ...DESK }, "connected with alice.wong (desk)", "good"],
  [{ kind: "transferred", to: "102" }, "transferred to 102", "plain"],
  [
    { kind: "transfer_failed", to: "102", by: "alice.wong", why: "busy" },
    "nobody takes the transfer to 102 (busy), back to alice.wong",
    "bad",
  ],
  [
    { kind: "transfer_failed", to: "999", by: null, why: "unassigned" },
    "nobody takes the transfer to 999 (it leads nowhere)",
    "bad",
  ],
  [{ kind: "greeting", box: "user:alice.wong" }, "hears the greeting of user:alice.wong", "plain"],
  [{ kind: "recording", box: "user:alice.wong" }, "leaves a message", "plain"],
  [{ kind: "mailbox_refused", box: "group:sales", why: "full" }, "group:sales is full", "bad"],
  [
    { kind: "mailbox_refused", box: "group:sales", why: "unavailable" },
    "group:sales takes no message now",
    "bad",
  ],
  [
    { kind: "no_message", box: "group:sales", why: "too_short" },
    "no message for group:sales: it was too short",
    "plain",
  ],
  [
    { kind: "listens", username: "alice.wong", box: "group:sales" },
    "alice.wong listens to group:sales",
    "good",
  ],
  [{ kind: "pin_refused", username: "alice.wong", why: "wrong" }, "a wrong PIN for alice.wong", "bad"],
  [
    { kind: "pin_refused", username: "alice.wong", why: "locked" },
    "a PIN for alice.wong, which is locked after too many wrong ones",
    "bad",
  ],
  [{ kind: "pin_refused", username: "alice.wong", why: "none" }, "a PIN for alice.wong, who has none", "bad"],
  [{ kind: "bound_reached", bound: "legs" }, "limit reached: legs", "bad"],
  [{ kind: "late", input: "digit" }, null],
];

const ENDINGS: ReadonlyArray<readonly [ending: Ending, text: string, tone: string, word: string]> = [
  [{ kind: "answered", by: "alice.wong" }, "ended, was answered by alice.wong", "good", "answered"],
  [{ kind: "missed" }, "the caller gave up", "bad", "missed"],
  [{ kind: "message", box: "group:sales" }, "left a message for group:sales", "good", "message"],
  [{ kind: "listened", by: "alice.wong" }, "alice.wong listened to messages", "good", "listened"],
  [{ kind: "hung_up", reason: "no_answer" }, "ended: nobody answered", "bad", "no_answer"],
  [{ kind: "hung_up", reason: "unassigned" }, "ended: the number leads nowhere", "bad", "unassigned"],
  [{ kind: "not_ours" }, "taken by another engine", "bad", "not_ours"],
  [{ kind: "failed", why: "no answer" }, "failed: no answer", "bad", "failed"],
];

describe("the story of a call", () => {
  it.each<[Note, string | null, string?]>(ROWS)("%j", (note, text, tone) => {
    expect(storyLine(note)).toEqual(text === null ? null : { text, tone });
  });

  it.each(ENDINGS)("ends with %j", (ending, text, tone, word) => {
    const note = { kind: "ended", ending, rang: [], ms: 1 } as const;
    expect(storyLine(note)).toEqual({ text, tone });
    expect(endingWord(note.ending)).toBe(word);
  });

  it("cannot steer the terminal, whatever a phone or a caller is called", () => {
    expect(storyLine({ kind: "rings", who: "a\u001b[2J", device: "d", leg: "leg-1" })?.text).toBe(
      "a\ufffd[2J (d) rings",
    );
    expect(printable("a\r\n\u202eb")).toBe("a\ufffd\ufffd\ufffdb");
  });
});

describe("the story in the log", () => {
  function logged(note: Note): { readonly level: number; readonly msg: string } & Record<string, unknown> {
    const lines: string[] = [];
    const log = pino({ level: "trace", base: null }, { write: (line) => lines.push(line) });
    logStory(log)({ id: "call-1" } as Call, note);
    expect(lines).toHaveLength(1);
    return JSON.parse(lines[0] ?? "");
  }

  it.each<[Note, level: number, msg: string]>([
    [{ kind: "rings", ...DESK }, 30, "rings"],
    [{ kind: "leg_ended", ...DESK, cause: "USER_BUSY" }, 20, "leg_ended"],
    [{ kind: "bound_reached", bound: "legs" }, 40, "bound_reached"],
    [{ kind: "emergency", number: "911", by: null, device: null }, 50, "EMERGENCY CALL to 911"],
  ])("%j", (note, level, msg) => {
    const { kind: _kind, ...fields } = note;
    expect(logged(note)).toMatchObject({ level, msg, call: "call-1", ...fields });
  });
});
