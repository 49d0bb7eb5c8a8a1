/** The `send` step's definition: hands the call to another flow, for good. */
import { formatTarget } from "../../office/target.js";
import { show, under } from "../../office-file/problem.js";
import type { StepDefinition } from "../definition.js";
import { whoText } from "../names.js";
import type { PartReader } from "../reader.js";
import { type SendFile, sendFile, sendSchema, sendStep } from "./file.js";
import type { SendStep } from "./step.js";

export const sendDefinition: StepDefinition<"send", typeof sendSchema> = {
  name: "send",
  order: 40,
  schema: sendSchema,
  example: "- { send: flow:front-desk }\n- { send: number:+12125550144, accept: never }",
  read,
  write: sendFile,
  words: (step) => `send ${formatTarget(step.target)}${step.accept === undefined ? "" : ` (${how(step)})`}`,
  sentence: ({ target, accept }, names) =>
    [
      `Send the call to ${whoText(target, names)}`,
      ...(accept === "always" ? ["whoever answers must press 1"] : []),
      ...(accept === "never" ? ["nobody must press 1"] : []),
    ].join(", "),
  how,
  verb: "send to",
  what: ({ target }) => formatTarget(target),
  expectation: {
    verb: "sends to",
    noun: "TARGET",
    pattern: String.raw`\S+`,
    meaning: "the call is handed to the target's own flow",
    isSomebody: false,
  },
  goesOn: false,
  leads: ({ target }) => [{ to: "target", target }],
  generator: (fc, { leadable, outsideNumber }) =>
    fc.oneof(
      fc
        .tuple(
          outsideNumber.map((number) => ({ kind: "number" as const, number })),
          fc.constantFrom(undefined, "always" as const, "never" as const, "auto" as const),
        )
        .map(([target, accept]) => sendStep(target, accept)),
      ...leadable.map((target) => fc.constant(sendStep(target))),
    ),
};

function how({ accept }: SendStep): string {
  return accept === undefined ? "" : `accept ${accept}`;
}

function read(file: SendFile, reader: PartReader): SendStep | undefined {
  const target = reader.target("send", file.send);
  if (target === undefined) return undefined;
  if (file.accept !== undefined && !reader.isOutside(target))
    reader.report({
      severity: "error",
      code: "wrong_value",
      message: "accept is only for a number outside, since the target's own flow says who is asked",
      at: under(reader.at, "accept", "key"),
      found: show(file.send),
      expected: "no accept, or a number outside to send to",
    });
  return sendStep(target, file.accept);
}
