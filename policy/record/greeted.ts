/**
 * When a mailbox took a call in which the caller has left a message. Until then the caller waited for a person; statistics,
 * lists of calls and metrics count the wait so.
 */
import type { CallRecord } from "./record.js";

/** When the mailbox with the caller's message began to greet the caller; null: there is no message, or nobody noted it. */
export function greetedMs({
  happenings,
  messageIn,
}: Pick<CallRecord, "happenings" | "messageIn">): number | null {
  if (messageIn === null) return null;
  const greeting = happenings.findLast(({ what }) => what.kind === "greeting" && what.box === messageIn);
  return greeting?.atMs ?? null;
}
