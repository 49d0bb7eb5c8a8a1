/**
 * `hangup`, as an office file writes it: ends the call, and says how the caller is told.
 *
 *     - { hangup: busy }
 *
 * The reason `unassigned` cannot be written: it belongs to numbers that lead nowhere.
 */
import { z } from "zod";
import { oneOf } from "../../office-file/fields.js";
import type { HangupStep } from "./step.js";

export const hangupSchema = z.strictObject({
  hangup: oneOf(["normal", "busy", "no_answer", "declined", "unavailable"]),
});
export type HangupFile = z.infer<typeof hangupSchema>;

export function hangupStep(file: HangupFile): HangupStep {
  return { kind: "hangup", reason: file.hangup };
}

/** The step as a file writes it. */
export function hangupFile(step: HangupStep): HangupFile {
  if (step.reason === "unassigned") throw new Error("an unassigned number's ending is not part of a file");
  return { hangup: step.reason };
}
