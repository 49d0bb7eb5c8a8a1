/**
 * The row of a message as it is noted beside the recording while the database is busy (`opening.ts`), for whoever finds it
 * there: an engine that writes the row later, or a backup.
 */
import { z } from "zod";
import { given } from "../../policy/office/optional.js";
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
  revision: z.number().optional(),
});

export type NotedRow = z.infer<typeof noteSchema>;

export function rowNote(row: NotedRow): string {
  return JSON.stringify(row);
}

/** undefined: the text is no note of ours. */
export function readRowNote(text: string): NewMessage | undefined {
  try {
    const { success, data } = noteSchema.safeParse(JSON.parse(text));
    if (!success) return undefined;
    const { revision, ...row } = data;
    return { ...row, ...given({ revision }) };
  } catch {
    return undefined;
  }
}
