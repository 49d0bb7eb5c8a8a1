/**
 * `announce`, as an office file writes it: plays a built-in announcement by its name, or a sound file that
 * lies beside the office, and goes on.
 *
 *     - { announce: closed }
 *     - { announce: sounds/summer.wav }
 */
import { z } from "zod";
import { WITHOUT_SOCKET_MODULE } from "../../office-file/fields.js";
import type { AnnounceStep } from "./step.js";

const soundExpected =
  "a built-in announcement's name, or the path of a .wav file beside the office, without ..";

// The text ends up in a command to the switch, so only characters that mean nothing there may pass, and not the one
// word that harms it (`engine/switch/safe-text.ts`). The switch plays WAV files only: it has no module for MP3.
const FILE = String.raw`${WITHOUT_SOCKET_MODULE}(?!\.)[A-Za-z0-9_-][A-Za-z0-9_-]*(?:[./](?![./])[A-Za-z0-9_-]+)*\.wav`;

/** The path of a sound that lies beside the office. */
export const SOUND_FILE = new RegExp(`^${FILE}$`);
const SOUND = new RegExp(`^(?:[a-z0-9][a-z0-9-]{0,63}|${FILE})$`);

/** The announcements to callers that come with the switch's sounds, as `docker/sounds/en.txt` words them. */
export const ANNOUNCEMENTS = [
  "all-busy",
  "apology",
  "cannot-be-completed",
  "closed",
  "goodbye",
  "limit-reached",
  "nobody-answers",
  "not-permitted",
  "number-withheld",
  "place-not-allowed",
  "please-hold",
  "thank-you-for-calling",
  "try-again-later",
] as const;

/** Whether a sound is meant as a built-in one: files have an ending. */
export function isBuiltInName(sound: string): boolean {
  return !sound.includes(".");
}

export const announceSchema = z.strictObject({
  announce: z
    .string({ error: soundExpected })
    .max(200)
    .regex(SOUND, { error: soundExpected })
    .describe(soundExpected),
});
export type AnnounceFile = z.infer<typeof announceSchema>;

export function announceStep(file: AnnounceFile): AnnounceStep {
  return { kind: "announce", sound: file.announce };
}

/** The step as a file writes it. */
export function announceFile(step: AnnounceStep): AnnounceFile {
  return { announce: step.sound };
}
