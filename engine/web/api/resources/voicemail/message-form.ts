/** A message as the API shows it to one reader. */
import { z } from "zod";
import type { ReadMessage } from "../../../../voicemail/admin/reader.js";
import { isoTime } from "../../time.js";

export const MEMBER_STATES = ["new", "heard", "saved", "deleted"] as const;

export const message = z.object({
  id: z.string(),
  /** `user:NAME` or `group:ID`. */
  box: z.string(),
  from: z.string(),
  name: z.string(),
  called: z.string(),
  /** The call in which it was left, as in `/calls`; null: it was forwarded. */
  call: z.string().nullable(),
  began_at: z.iso.datetime(),
  delivered_at: z.iso.datetime(),
  length_seconds: z.number(),
  bytes: z.number().int(),
  urgent: z.boolean(),
  /** Of the reader; null: the reader only looks. */
  state: z.enum(MEMBER_STATES).nullable(),
  /** Who heard it first. */
  heard_by: z.string().nullable(),
  /** Who calls the caller back. */
  claimed_by: z.string().nullable(),
  forwarded_by: z.string().nullable(),
  /** When it was deleted for all; null: it was not. */
  deleted_at: z.iso.datetime().nullable(),
  /** `received` false: it came while the member's voicemail was switched off. */
  members: z.array(z.object({ username: z.string(), state: z.enum(MEMBER_STATES), received: z.boolean() })),
  may: z.object({
    /** Save, delete, and say that it was heard. */
    change: z.boolean(),
    claim: z.boolean(),
    release: z.boolean(),
    forward: z.boolean(),
    delete_for_all: z.boolean(),
  }),
});
export type MessageOut = z.output<typeof message>;

interface Seen {
  readonly username: string;
  readonly readsAll: boolean;
}

export function messageOut({ message: each, mine }: ReadMessage, { username, readsAll }: Seen): MessageOut {
  const isDeleted = each.deletedMs !== null;
  const isTheirs = mine !== null && !isDeleted;
  return {
    id: each.id,
    box: each.box,
    from: each.callerNumber,
    name: each.callerName,
    called: each.called,
    call: each.forwardedBy === null ? each.call : null,
    began_at: isoTime(each.beganMs),
    delivered_at: isoTime(each.deliveredMs),
    length_seconds: Math.round(each.lengthMs / 100) / 10,
    bytes: each.bytes,
    urgent: each.urgent,
    state: mine?.state ?? null,
    heard_by: each.heardBy,
    claimed_by: each.claimedBy,
    forwarded_by: each.forwardedBy,
    deleted_at: isDeleted ? isoTime(each.deletedMs) : null,
    members: each.members.map((member) => ({ ...member })),
    may: {
      change: isTheirs,
      claim: isTheirs && (each.claimedBy === null || each.claimedBy === username),
      release: each.claimedBy !== null && (each.claimedBy === username || readsAll),
      forward: isTheirs || readsAll,
      delete_for_all: readsAll,
    },
  };
}
