/**
 * `send`, as an office file writes it: hands the call to another target's own flow, for good.
 *
 *     - { send: flow:front-desk }
 */
import { z } from "zod";
import { formatTarget, TARGET_PATTERN, type Target } from "../../office/target.js";
import type { SendStep } from "./step.js";

const targetExpected = "where to send the call: user:NAME, group:ID, flow:ID, extension:101 or number:+1…";

export const sendSchema = z.strictObject({
  send: z
    .string({ error: targetExpected })
    .regex(TARGET_PATTERN, { error: targetExpected })
    .describe(targetExpected),
});
export type SendFile = z.infer<typeof sendSchema>;

export function sendStep(target: Target): SendStep {
  return { kind: "send", target };
}

/** The step as a file writes it. */
export function sendFile(step: SendStep): SendFile {
  return { send: formatTarget(step.target) };
}
