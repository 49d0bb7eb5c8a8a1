/**
 * `ring`, as an office file writes it: rings the target's devices and comes back when nobody took the call.
 *
 *     - { ring: group:sales, timeout: 30, accept: auto, strategy: in_order, skip: true }
 */
import { z } from "zod";
import { given } from "../../office/optional.js";
import { formatTarget, RING_TARGET_PATTERN, type Target } from "../../office/target.js";
import { accept, flag, strategy, timeout } from "../../office-file/fields.js";
import { RING_DEFAULT_MS, type RingStep } from "./step.js";

const targetExpected = "whom to ring: user:NAME, group:ID, extension:101 or number:+1…";

export const ringSchema = z.strictObject({
  ring: z
    .string({ error: targetExpected })
    .regex(RING_TARGET_PATTERN, { error: targetExpected })
    .describe(targetExpected),
  timeout: timeout.optional(),
  accept: accept.optional(),
  strategy: strategy.optional(),
  skip: flag.optional(),
});
export type RingFile = z.infer<typeof ringSchema>;

/** @param toGroup whether the target is a group, by its own name or by its extension */
export function ringStep(file: RingFile, target: Target, toGroup: boolean): RingStep {
  return {
    kind: "ring",
    target,
    timeoutMs: timeoutMs(file.timeout, toGroup),
    ...given({ accept: file.accept, strategy: file.strategy }),
    skip: file.skip ?? false,
  };
}

function timeoutMs(written: RingFile["timeout"], toGroup: boolean): number | null {
  if (written === "none") return null;
  if (written === undefined) return toGroup ? RING_DEFAULT_MS.group : RING_DEFAULT_MS.person;
  return written * 1000;
}

/** The step as a file writes it; `timeout` is always written, so that a default may change one day. */
export function ringFile(step: RingStep): RingFile {
  return {
    ring: formatTarget(step.target),
    timeout: step.timeoutMs === null ? "none" : step.timeoutMs / 1000,
    ...given({ accept: step.accept, strategy: step.strategy }),
    ...(step.skip ? { skip: true } : {}),
  };
}
