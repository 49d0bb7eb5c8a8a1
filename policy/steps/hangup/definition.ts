/** The `hangup` step's definition: ends the call. */
import type { StepDefinition } from "../definition.js";
import { hangupFile, hangupSchema, hangupStep } from "./file.js";
import type { HangupReason } from "./step.js";

const SENTENCES: Readonly<Record<HangupReason, string>> = {
  normal: "Hang up",
  busy: "Hang up, and the caller hears busy",
  no_answer: "Hang up, and the caller is told that nobody answers",
  declined: "Hang up, and the caller is told that the call is declined",
  unavailable: "Hang up, and the caller is told that nobody can be reached",
  unassigned: "Hang up, and the caller is told that the number is not assigned",
};

export const hangupDefinition: StepDefinition<"hangup", typeof hangupSchema> = {
  name: "hangup",
  order: 50,
  schema: hangupSchema,
  example: "- { hangup: busy }",
  read: hangupStep,
  write: hangupFile,
  words: ({ reason }) => `hangup ${reason}`,
  sentence: ({ reason }) => SENTENCES[reason],
  verb: "hang up:",
  what: ({ reason }) => reason,
  goesOn: false,
  leads: () => [{ to: "end" }],
  generator: (fc) =>
    fc.constantFrom(...hangupSchema.shape.hangup.options).map((hangup) => hangupStep({ hangup })),
};
