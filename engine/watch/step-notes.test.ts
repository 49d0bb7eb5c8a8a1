/** Goal: a step is told in the words of its kind, in the story of a call and in the log. Method: notes, and their lines. */
import { pino } from "pino";
import { expect, it } from "vitest";
import type { Note } from "../../policy/call/command.js";
import type { Step } from "../../policy/steps/types.js";
import type { Call } from "../calls/call.js";
import { storyLine } from "./story.js";
import { logStory } from "./story-log.js";

const SEND: Step = { kind: "send", target: { kind: "flow", id: "night" } };
const STEP: Note = { kind: "step", step: SEND };
const OUTCOME: Note = { kind: "step_outcome", step: SEND, outcome: "closed: New Year" };

it.each<[Note, string, object]>([
  [STEP, "send to flow:night", { level: "debug", msg: "step", text: "send to flow:night" }],
  [
    OUTCOME,
    "send to flow:night: closed: New Year",
    { level: "info", msg: "step_outcome", text: "send to flow:night", outcome: "closed: New Year" },
  ],
])("%o", (note, text, logged) => {
  expect(storyLine(note)?.text).toBe(text);
  const lines: string[] = [];
  const log = pino(
    { level: "debug", base: null, timestamp: false, formatters: { level: (level) => ({ level }) } },
    { write: (line: string) => lines.push(line) },
  );
  logStory(log)({ id: "c1" } as Call, note);
  expect(lines.map((line) => JSON.parse(line))).toEqual([{ call: "c1", ...logged }]);
});
