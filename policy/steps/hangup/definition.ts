/** The `hangup` step's definition: ends the call. */
import type { StepDefinition } from "../definition.js";
import { hangupFile, hangupSchema, hangupStep } from "./file.js";

export const hangupDefinition: StepDefinition<"hangup", typeof hangupSchema> = {
  name: "hangup",
  order: 50,
  schema: hangupSchema,
  example: "- { hangup: busy }",
  read: hangupStep,
  write: hangupFile,
  words: ({ reason }) => `hangup ${reason}`,
  verb: "hang up:",
  what: ({ reason }) => reason,
  goesOn: false,
  leads: () => [{ to: "end" }],
  generator: (fc) =>
    fc.constantFrom(...hangupSchema.shape.hangup.options).map((hangup) => hangupStep({ hangup })),
};
