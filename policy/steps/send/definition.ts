/** The `send` step's definition: hands the call to another flow, for good. */
import { formatTarget } from "../../office/target.js";
import type { StepDefinition } from "../definition.js";
import { sendFile, sendSchema, sendStep } from "./file.js";

export const sendDefinition: StepDefinition<"send", typeof sendSchema> = {
  name: "send",
  order: 40,
  schema: sendSchema,
  example: "- { send: flow:front-desk }",
  read: (file, reader) => {
    const target = reader.target("send", file.send);
    return target === undefined ? undefined : sendStep(target);
  },
  write: sendFile,
  words: ({ target }) => `send ${formatTarget(target)}`,
  verb: "send to",
  what: ({ target }) => formatTarget(target),
  expectation: {
    verb: "sends to",
    noun: "TARGET",
    pattern: String.raw`\S+`,
    meaning: "the call is handed to the target's own flow",
    isSomebody: false,
  },
  leads: ({ target }) => [{ to: "target", target }],
  generator: (fc, { leadable, outsideNumber }) =>
    fc
      .oneof(
        outsideNumber.map((number) => ({ kind: "number" as const, number })),
        ...leadable.map((target) => fc.constant(target)),
      )
      .map(sendStep),
};
