/**
 * `send`, as an office file writes it: hands the call to another target's own flow, for good.
 *
 *     - { send: flow:front-desk }
 *     - { send: number:+12125550144, accept: never }
 */
import { z } from "zod";
import type { AcceptRule } from "../../office/office.js";
import { given } from "../../office/optional.js";
import { formatTarget, TARGET_PATTERN, type Target } from "../../office/target.js";
import { accept } from "../../office-file/fields.js";
import type { SendStep } from "./step.js";

const targetExpected = "where to send the call: user:NAME, group:ID, flow:ID, extension:101 or number:+1…";

export const sendSchema = z.strictObject({
  send: z
    .string({ error: targetExpected })
    .regex(TARGET_PATTERN, { error: targetExpected })
    .describe(targetExpected),
  accept: accept.optional(),
});
export type SendFile = z.infer<typeof sendSchema>;

export function sendStep(target: Target, accept?: AcceptRule): SendStep {
  return { kind: "send", target, ...given({ accept }) };
}

/** The step as a file writes it. */
export function sendFile(step: SendStep): SendFile {
  return { send: formatTarget(step.target), ...given({ accept: step.accept }) };
}
