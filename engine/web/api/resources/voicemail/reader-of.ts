/** Who reads messages by the API, and what is answered when they may not or cannot. */
import { z } from "zod";
import type { Reach } from "../../../../../policy/access/access.js";
import { type Box, parseBox } from "../../../../../policy/office/box.js";
import type { Live } from "../../../../office/views/live.js";
import type { MessageReader } from "../../../../voicemail/admin/reader.js";
import type { Recordings } from "../../../../voicemail/recordings.js";
import type { Actor } from "../../actor.js";
import { failureOf } from "../../failures.js";
import { type Problem, problem } from "../../problem.js";
import type { Services } from "../../services.js";

export interface WhoReads {
  readonly actor: Actor;
  readonly reach: Reach;
  readonly services: Services;
}

export interface ReaderKnown {
  readonly kind: "reader";
  readonly reader: MessageReader;
  readonly live: Live;
}

/** A mailbox, `user:NAME` or `group:ID`. */
export const boxText = z
  .string()
  .max(100)
  .refine((text) => parseBox(text) !== undefined, { error: "a mailbox is `user:NAME` or `group:ID`" });

/** @param text that {@link boxText} has taken */
export function boxFrom(text: string): Box {
  const box = parseBox(text);
  if (box === undefined) throw new Error(`no mailbox: ${text}`);
  return box;
}

export async function readerOf({ actor, reach, services }: WhoReads): Promise<ReaderKnown | Problem> {
  const live = await services.live();
  if ("outcome" in live) return failureOf(services, live);
  const reader = { username: actor.user.username, table: live.table, readsAll: reach === "all" };
  return { kind: "reader", reader, live };
}

export function recordingsOf({ voice: { recordings } }: Services): Recordings | Problem {
  return (
    recordings ??
    problem("not_available", { detail: "this server was not told where recordings are (--recordings)" })
  );
}

export function noMailbox(box: string): Problem {
  return problem("not_found", { detail: `there is no mailbox ${box}` });
}
