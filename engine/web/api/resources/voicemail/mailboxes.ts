/** Mailboxes: one's own and those of one's groups, with what is new in them and their settings. */
import { z } from "zod";
import { askerMay } from "../../../../../policy/access/access.js";
import { parseBox } from "../../../../../policy/office/box.js";
import { isBuiltIn } from "../../../../../policy/office/built-in.js";
import { listBoxes, type ReadBox, readBox } from "../../../../voicemail/admin/reader.js";
import type { Actor } from "../../actor.js";
import { databaseFailed } from "../../failures.js";
import { ok, route } from "../../route.js";
import { mayGreet } from "./greeting-rights.js";
import { boxFrom, boxText, noMailbox, readerOf } from "./reader-of.js";

const mailbox = z.object({
  /** `user:NAME` or `group:ID`. */
  box: z.string(),
  name: z.string(),
  /** The reader's own, or of a group of theirs. */
  member: z.boolean(),
  /** Messages that the reader has not heard, urgent ones among them. */
  new: z.number().int(),
  new_urgent: z.number().int(),
  old: z.number().int(),
  /** All that counts against the limit. */
  messages: z.number().int(),
  /** `little`: members ought to delete some; `none`: callers are refused. */
  room: z.enum(["enough", "little", "none"]),
  settings: z.object({
    /** Mails about messages: none, without the sound, or with it. */
    email: z.string(),
    missed_calls: z.boolean(),
    messages_max: z.number().int(),
    limit_seconds: z.number(),
    /** Null: no silence ends a message. */
    silence_seconds: z.number().nullable(),
    catch_up: z.boolean(),
    remote_access: z.string(),
  }),
  may: z.object({
    /** List and hear its messages. */
    hear: z.boolean(),
    /** Set and remove its greetings. */
    greet: z.boolean(),
  }),
});

export const mailboxRoutes = {
  listMailboxes: route({
    method: "GET",
    path: "/mailboxes",
    tag: "Messages",
    summary: "List your mailboxes: your own, and those of your groups",
    access: { needs: "own" },
    answer: z.object({ items: z.array(mailbox), next: z.null() }),
    handle: async (request) => {
      const known = await readerOf(request);
      if (known.kind === "problem") return known;
      const listed = await listBoxes(request.services.deps, known.reader);
      if (listed.outcome === "database_failed") return databaseFailed(request.services, listed);
      const items = listed.boxes
        .filter(isWorthShowing)
        .map((box) => mailboxOut(box, request.actor, known.reader.readsAll));
      return ok({ items, next: null });
    },
  }),

  getMailbox: route({
    method: "GET",
    path: "/mailboxes/{box}",
    tag: "Messages",
    summary: "Get a mailbox",
    access: { needs: "permission", permission: "system_admin", others: "groups" },
    params: z.object({ box: boxText }),
    answer: mailbox,
    handle: async (request) => {
      const known = await readerOf(request);
      if (known.kind === "problem") return known;
      const { params, services } = request;
      const read = await readBox(services.deps, boxFrom(params.box), known.reader);
      if (read.outcome === "database_failed") return databaseFailed(services, read);
      if (read.outcome === "no_mailbox" || !(read.isMember || known.reader.readsAll))
        return noMailbox(params.box);
      return ok(mailboxOut(read, request.actor, known.reader.readsAll));
    },
  }),
};

/** Every office has the built-in groups, and hardly any has a mailbox for them. */
function isWorthShowing({ box: name, messages }: ReadBox): boolean {
  const box = parseBox(name);
  return box?.kind !== "group" || !isBuiltIn(box.id) || messages > 0;
}

function mailboxOut(read: ReadBox, actor: Actor, readsAll: boolean): z.output<typeof mailbox> {
  const { settings } = read;
  return {
    box: read.box,
    name: read.name,
    member: read.isMember,
    new: read.fresh,
    new_urgent: read.freshUrgent,
    old: read.old,
    messages: read.messages,
    room: read.room,
    settings: {
      email: settings.email,
      missed_calls: settings.missedCalls,
      messages_max: settings.messagesMax,
      limit_seconds: settings.limitMs / 1_000,
      silence_seconds: settings.silenceMs === null ? null : settings.silenceMs / 1_000,
      catch_up: settings.catchUp,
      remote_access: settings.remoteAccess,
    },
    may: {
      hear: read.isMember || readsAll,
      greet: mayGreet(boxFrom(read.box), actor.user.username, (needed) => askerMay(actor, needed)),
    },
  };
}
