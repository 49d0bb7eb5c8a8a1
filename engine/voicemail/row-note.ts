/**
 * The row of a message as it is noted beside the recording while the database is busy (`opening.ts`), for whoever finds it
 * there: an engine that writes the row later, or a backup.
 */
import { z } from "zod";
import type { NewMessage } from "../../storage/voicemail.js";

const noteSchema = z.strictObject({
  id: z.string(),
  box: z.string(),
  call: z.string(),
  callerNumber: z.string(),
  callerName: z.string(),
  called: z.string(),
  beganMs: z.number(),
  alone: z.boolean(),
});

export type NotedRow = z.infer<typeof noteSchema>;

export function rowNote(row: NotedRow): string {
  return JSON.stringify(row);
}

/** undefined: the text is no note of ours. */
export function readRowNote(text: string): NewMessage | undefined {
  try {
    const { success, data } = noteSchema.safeParse(JSON.parse(text));
    return success ? data : undefined;
  } catch {
    return undefined;
  }
}
