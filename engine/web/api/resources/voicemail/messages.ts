/**
 * Messages: those of one's own mailbox and of one's groups. Who has heard a message is kept apart for each member. System
 * Admins read other mailboxes, too, which the audit says.
 */
import { z } from "zod";
import { given, mapped } from "../../../../../policy/office/optional.js";
import type { MessageKey } from "../../../../../storage/voicemail.js";
import { type DatabaseFailed, orDatabaseFailed } from "../../../../use-case.js";
import { type Forwarded, forwardMessage } from "../../../../voicemail/admin/forward.js";
import {
  type MessageChanged,
  type MessageTaken,
  markMessage,
  type NoMessageForThem,
  onReadMessage,
  type ReadMessage,
  readMessage,
  readMessages,
  takeMessage,
} from "../../../../voicemail/admin/reader.js";
import { auditOf } from "../../audit-of.js";
import { databaseFailed } from "../../failures.js";
import { keyNumber, pageOf, pageQuery, readKey, writeKey } from "../../paging.js";
import { type Problem, problem } from "../../problem.js";
import { type Ok, ok, route } from "../../route.js";
import { MEMBER_STATES, type MessageOut, message, messageOut } from "./message-form.js";
import { boxFrom, boxText, noMailbox, readerOf, recordingsOf, type WhoReads } from "./reader-of.js";

const ACCESS = { needs: "permission", permission: "system_admin", others: "groups" } as const;
const params = z.object({ id: z.string().max(100) });
const FORWARD_MAX = 20;

export const messageRoutes = {
  listMessages: route({
    method: "GET",
    path: "/messages",
    tag: "Messages",
    summary: "List messages, the newest first",
    access: ACCESS,
    query: z.object({
      box: boxText.optional().describe("of this mailbox; left out: of your own and your groups'"),
      state: z
        .enum(["new", "heard", "saved", "deleted", "kept"])
        .default("kept")
        .describe("`kept`: all that you have not deleted. Of mailboxes of others all are listed."),
      ...pageQuery,
    }),
    answer: pageOf(message),
    handle: async (request) => {
      const known = await readerOf(request);
      if (known.kind === "problem") return known;
      const { query, services } = request;
      const read = await readMessages(services.deps, known.reader, {
        ...given({ box: mapped(query.box, boxFrom), after: mapped(query.after, keyOf) }),
        states: query.state === "kept" ? KEPT : [query.state],
        limit: query.limit,
      });
      switch (read.outcome) {
        case "database_failed":
          return databaseFailed(services, read);
        case "no_mailbox":
          return noMailbox(query.box ?? "");
        case "listed":
          return ok({
            items: read.messages.map((each) => messageOut(each, known.reader)),
            next: read.next === null ? null : writeKey([read.next.deliveredMs, read.next.id]),
          });
      }
    },
  }),

  getMessage: route({
    method: "GET",
    path: "/messages/{id}",
    tag: "Messages",
    summary: "Get a message",
    access: ACCESS,
    params,
    answer: message,
    handle: (request) => shown(request),
  }),

  changeMessage: route({
    method: "PATCH",
    path: "/messages/{id}",
    tag: "Messages",
    summary: "Say that you have heard, saved or deleted a message, or that it is as new",
    access: ACCESS,
    params,
    body: z.object({ state: z.enum(MEMBER_STATES) }),
    answer: message,
    handle: (request) => marked(request, request.body.state),
  }),

  deleteMessage: route({
    method: "DELETE",
    path: "/messages/{id}",
    tag: "Messages",
    summary: "Delete a message for yourself, or for all",
    description: "It is kept for 30 days: set its state to take the deletion back.",
    access: ACCESS,
    params,
    query: z.object({ for_all: z.stringbool().default(false) }),
    answer: message,
    handle: (request) =>
      request.query.for_all
        ? forAll(request, request.services.deps.clock.nowMs())
        : marked(request, "deleted"),
  }),

  restoreMessage: route({
    method: "POST",
    path: "/messages/{id}/restore",
    tag: "Messages",
    summary: "Take back that a message was deleted for all",
    access: { needs: "permission", permission: "system_admin" },
    params,
    answer: message,
    handle: (request) => forAll(request, null),
  }),

  claimMessage: route({
    method: "PUT",
    path: "/messages/{id}/claim",
    tag: "Messages",
    summary: "Say that you call the caller back",
    access: ACCESS,
    params,
    answer: message,
    handle: (request) => taken(request, "claim"),
  }),

  releaseMessage: route({
    method: "DELETE",
    path: "/messages/{id}/claim",
    tag: "Messages",
    summary: "Say that you do not call the caller back, after all",
    access: ACCESS,
    params,
    answer: message,
    handle: (request) => taken(request, "release"),
  }),

  forwardMessage: route({
    method: "POST",
    path: "/messages/{id}/forward",
    tag: "Messages",
    summary: "Forward a message to other mailboxes",
    access: ACCESS,
    params,
    body: z.object({ to: z.array(boxText).min(1).max(FORWARD_MAX) }),
    isCreating: true,
    answer: z.object({
      /** The mailboxes that have a copy. */
      forwarded: z.array(z.string()),
      /** Those that have none, and why. */
      refused: z.array(z.object({ to: z.string(), why: z.string() })),
    }),
    handle: async (request) => {
      const known = await readerOf(request);
      if (known.kind === "problem") return known;
      const { params: asked, body, services } = request;
      const recordings = recordingsOf(services);
      if ("kind" in recordings) return recordings;
      const to = [...new Set(body.to)].map(boxFrom);
      const ended = await forwardMessage(services.deps, recordings, known.reader, asked.id, {
        to,
        mails: services.voice.mailsMessages,
      });
      if (ended.outcome !== "forwarded") return noMessage(request, ended);
      const copies = ended.copies.filter(({ outcome }) => outcome === "forwarded").map((copy) => copy.to);
      await note(request, "message_changed", ended.message.box, { forwarded_to: copies });
      return ok({
        forwarded: copies,
        refused: ended.copies.flatMap(({ to: box, outcome }) =>
          outcome === "forwarded" ? [] : [{ to: box, why: WHY_NOT[outcome] }],
        ),
      });
    },
  }),

  hearMessage: route({
    method: "GET",
    path: "/messages/{id}/sound",
    tag: "Messages",
    summary: "Hear a message, or download it",
    description: "It stays new until its state is set. The audit says who has heard it.",
    access: ACCESS,
    params,
    query: z.object({ download: z.stringbool().default(false) }),
    answer: { raw: "sound", contentType: "audio/wav" },
    handle: async (request) => {
      const known = await readerOf(request);
      if (known.kind === "problem") return known;
      const { params: asked, query, services } = request;
      const recordings = recordingsOf(services);
      if ("kind" in recordings) return recordings;
      const read = await readMessage(services.deps, known.reader, asked.id);
      if (read.outcome !== "read") return noMessage(request, read);
      if (!(await recordings.isPlayable(asked.id)))
        return problem("gone", { detail: "the sound of this message is missing or damaged" });
      const { id, box, deliveredMs } = read.message;
      await services.voice.heard.once({ ...auditOf(request), message: id }, () =>
        note(request, "message_heard", box, query.download ? { downloaded: true } : {}),
      );
      const path = recordings.path(id);
      return query.download
        ? { kind: "sound", path, fileName: fileName(deliveredMs) }
        : { kind: "sound", path };
    },
  }),
};

const KEPT = MEMBER_STATES.filter((state) => state !== "deleted");

const WHY_NOT: Readonly<Record<Exclude<Forwarded["outcome"], "forwarded">, string>> = {
  no_mailbox: "there is no such mailbox",
  full: "the mailbox is full",
  gone: "the sound of this message is missing or damaged",
  no_room: "there is no room for recordings",
};

interface OneAsked extends WhoReads {
  readonly params: { readonly id: string };
  readonly address: string;
}

function keyOf(after: string): MessageKey {
  return { deliveredMs: keyNumber(after), id: readKey(after)?.[1] ?? "" };
}

function noMessage(
  { params, services }: OneAsked,
  ended: NoMessageForThem | DatabaseFailed | { readonly outcome: "not_theirs" },
): Problem {
  switch (ended.outcome) {
    case "database_failed":
      return databaseFailed(services, ended);
    case "no_message":
      return problem("not_found", { detail: `there is no message ${params.id}` });
    case "not_theirs":
      return problem("conflict", { detail: "you only look at this message: it is none of yours" });
  }
}

/** The message as it is now. */
async function shown(request: OneAsked): Promise<Ok<MessageOut> | Problem> {
  const known = await readerOf(request);
  if (known.kind === "problem") return known;
  const read = await readMessage(request.services.deps, known.reader, request.params.id);
  return read.outcome === "read" ? ok(messageOut(read, known.reader)) : noMessage(request, read);
}

async function marked(
  request: OneAsked,
  state: (typeof MEMBER_STATES)[number],
): Promise<Ok<MessageOut> | Problem> {
  const known = await readerOf(request);
  if (known.kind === "problem") return known;
  const { params: asked, services } = request;
  const ended: MessageChanged | NoMessageForThem | DatabaseFailed = await markMessage(
    services.deps,
    known.reader,
    asked.id,
    state,
  );
  if (ended.outcome !== "changed") return noMessage(request, ended);
  if (ended.before !== state)
    await note(request, "message_changed", ended.message.box, { state, before: ended.before });
  return shown(request);
}

async function taken(request: OneAsked, does: "claim" | "release"): Promise<Ok<MessageOut> | Problem> {
  const known = await readerOf(request);
  if (known.kind === "problem") return known;
  const { params: asked, services } = request;
  const ended: MessageTaken | NoMessageForThem | DatabaseFailed = await takeMessage(
    services.deps,
    known.reader,
    asked.id,
    does,
  );
  switch (ended.outcome) {
    case "taken":
      return problem("conflict", { detail: `\`${ended.by}\` has said so before` });
    case "claimed":
      await note(request, "message_changed", ended.message.box, {
        claimed_by: ended.by,
        before: ended.message.claimedBy,
      });
      return shown(request);
    default:
      return noMessage(request, ended);
  }
}

/** @param atMs null: take the deletion back */
async function forAll(request: OneAsked, atMs: number | null): Promise<Ok<MessageOut> | Problem> {
  if (request.reach !== "all") return problem("no_permission", { permission: "system_admin" });
  const known = await readerOf(request);
  if (known.kind === "problem") return known;
  const { params: asked, services } = request;
  const { store } = services.deps;
  const read = await onReadMessage<ReadMessage>(services.deps, known.reader, asked.id, (each) => each);
  if ("outcome" in read) return noMessage(request, read);
  const done = await orDatabaseFailed(() => store.voicemail.deleteForAll(asked.id, atMs));
  if (typeof done === "object") return databaseFailed(services, done);
  if (done)
    await note(request, "message_changed", read.message.box, {
      [atMs === null ? "restored_for_all" : "deleted_for_all"]: true,
    });
  return shown(request);
}

function note(
  request: WhoReads & { readonly params: { readonly id: string }; readonly address: string },
  action: "message_changed" | "message_heard",
  box: string,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  const subject = `message:${request.params.id}`;
  return request.services.audit({ ...auditOf(request), action, subject, detail: { box, ...detail } });
}

/** `message-2026-11-30-143012.wav`. */
function fileName(deliveredMs: number): string {
  const text = new Date(deliveredMs).toISOString();
  return `message-${text.slice(0, 10)}-${text.slice(11, 19).replaceAll(":", "")}.wav`;
}
