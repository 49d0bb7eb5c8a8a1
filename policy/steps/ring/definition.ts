/** The `ring` step's definition: rings phones, and goes on when nobody took the call. */
import type { Strategy } from "../../office/office.js";
import { formatTarget } from "../../office/target.js";
import { show, under } from "../../office-file/problem.js";
import type { StepDefinition } from "../definition.js";
import { type NameSource, whoText } from "../names.js";
import type { PartReader } from "../reader.js";
import { type RingFile, ringFile, ringSchema, ringStep } from "./file.js";
import { ringGenerator } from "./generator.js";
import type { RingStep } from "./step.js";

export const ringDefinition: StepDefinition<"ring", typeof ringSchema> = {
  name: "ring",
  order: 10,
  schema: ringSchema,
  example: "- { ring: group:sales, timeout: 30, accept: auto, strategy: in_order, skip: true }",
  read,
  write: ringFile,
  words,
  sentence,
  verb: "ring",
  what: ({ target }) => formatTarget(target),
  goesOn: true,
  leads: () => [{ to: "next" }],
  rings: ({ target }) => target,
  generator: ringGenerator,
};

function read(file: RingFile, reader: PartReader): RingStep | undefined {
  const target = reader.target("ring", file.ring);
  if (target === undefined) return undefined;
  const toGroup = reader.isGroup(target);
  if (file.strategy !== undefined && !toGroup) {
    reader.report({
      severity: "error",
      code: "wrong_value",
      message: "strategy is only for a group, which this step does not ring",
      at: under(reader.at, "strategy", "key"),
      found: show(file.ring),
      expected: "no strategy, or a group to ring",
    });
  }
  return ringStep(file, target, toGroup);
}

const ORDERS: Readonly<Record<Strategy, string>> = {
  simultaneous: "all at once",
  in_order: "one after the other",
  rotating: "each in turn",
  random: "in any order",
  longest_idle: "who has been free for the longest time first",
};

function sentence({ target, timeoutMs, accept, strategy, skip }: RingStep, names: NameSource): string {
  const time = timeoutMs === null ? "until the caller gives up" : `for ${timeoutMs / 1000} seconds`;
  return [
    `Ring ${whoText(target, names)} ${time}`,
    ...(strategy === undefined ? [] : [ORDERS[strategy]]),
    ...(accept === "always" ? ["whoever answers must press 1"] : []),
    ...(accept === "never" ? ["nobody must press 1"] : []),
    ...(skip ? ["3 goes to the next step"] : []),
  ].join(", ");
}

function words(step: RingStep): string {
  const options = [
    step.accept === undefined ? "" : `accept ${step.accept}`,
    step.strategy ?? "",
    step.skip ? "may be skipped" : "",
  ].filter((text) => text !== "");
  const time = step.timeoutMs === null ? "without end" : `${step.timeoutMs / 1000} s`;
  return `ring ${formatTarget(step.target)} ${time}${options.length === 0 ? "" : ` (${options.join(", ")})`}`;
}
