/**
 * What people do with messages without a call: list them, delete them and take that back, and say who calls the caller
 * back. A running engine sees it within a second.
 */
import type { Message } from "../../../storage/voicemail.js";
import { type DatabaseFailed, type Deps, orDatabaseFailed } from "../../use-case.js";

export interface MessageFilter {
  /** Only of this mailbox, as `user:NAME` or `group:ID`. */
  readonly box?: string | undefined;
  /** Only those that this user may hear. */
  readonly username?: string | undefined;
  /** Deleted ones, too. */
  readonly deleted: boolean;
}

export interface MessageList {
  readonly outcome: "listed";
  readonly messages: readonly Message[];
}

/** Lists messages, the oldest first. */
export function listMessages(
  { store }: Pick<Deps, "store">,
  filter: MessageFilter,
): Promise<MessageList | DatabaseFailed> {
  return orDatabaseFailed<MessageList>(async () => {
    const all = await store.voicemail.list(filter.box);
    return { outcome: "listed", messages: all.filter((message) => isWanted(message, filter)) };
  });
}

function isWanted(message: Message, { username, deleted }: MessageFilter): boolean {
  const view = message.members.find((member) => member.username === username);
  if (username !== undefined && (view === undefined || !view.received)) return false;
  return deleted || (message.deletedMs === null && view?.state !== "deleted");
}

/** The beginning of an id means no message, or more than one. */
export interface NoMessage {
  readonly outcome: "no_message" | "more_than_one_message";
}

/** Characters of an id that say which message is meant. */
export const ID_CHARACTERS_MIN = 4;

/** Runs the work of a use case on the message whose id begins so. */
export function onMessage<Ended>(
  { store }: Pick<Deps, "store">,
  idStart: string,
  work: (message: Message) => Ended | Promise<Ended>,
): Promise<Ended | NoMessage | DatabaseFailed> {
  return orDatabaseFailed<Ended | NoMessage>(async () => {
    const [message, ...more] = idStart.length < ID_CHARACTERS_MIN ? [] : await store.voicemail.find(idStart);
    if (message === undefined) return { outcome: "no_message" };
    return more.length > 0 ? { outcome: "more_than_one_message" } : work(message);
  });
}

export interface MessageFound {
  readonly outcome: "found";
  readonly message: Message;
}

/** One message with all that is known of it. */
export function findMessage(
  deps: Pick<Deps, "store">,
  idStart: string,
): Promise<MessageFound | NoMessage | DatabaseFailed> {
  return onMessage<MessageFound>(deps, idStart, (message) => ({ outcome: "found", message }));
}

/**
 * - `done`: the message is as it was asked for.
 * - `so_already`: it was so before.
 * - `not_theirs`: the user is none of those who have it.
 * - `not_deleted`: the user has not deleted it.
 */
export interface MessageMarked {
  readonly outcome: "done" | "so_already" | "not_theirs" | "not_deleted";
  readonly message: Message;
}

/** @param username for this user alone; left out: for all */
export function deleteMessage(
  deps: Deps,
  idStart: string,
  username: string | undefined,
): Promise<MessageMarked | NoMessage | DatabaseFailed> {
  const { store, clock } = deps;
  return onMessage<MessageMarked>(deps, idStart, (message) =>
    username === undefined
      ? forAll(message, store.voicemail.deleteForAll(message.id, clock.nowMs()))
      : forOne(message, store.voicemail.mark(message.id, username, "deleted", clock.nowMs())),
  );
}

/** Takes a deletion back. For one user, the message is a saved one then. */
export function undeleteMessage(
  deps: Deps,
  idStart: string,
  username: string | undefined,
): Promise<MessageMarked | NoMessage | DatabaseFailed> {
  const { store, clock } = deps;
  return onMessage<MessageMarked>(deps, idStart, (message) => {
    if (username === undefined) return forAll(message, store.voicemail.deleteForAll(message.id, null));
    const isDeleted = message.members.some((one) => one.username === username && one.state === "deleted");
    if (!isDeleted) return { outcome: "not_deleted", message };
    return forOne(message, store.voicemail.mark(message.id, username, "saved", clock.nowMs()));
  });
}

async function forAll(message: Message, change: Promise<boolean>): Promise<MessageMarked> {
  return { outcome: (await change) ? "done" : "so_already", message };
}

async function forOne(message: Message, change: Promise<boolean>): Promise<MessageMarked> {
  return { outcome: (await change) ? "done" : "not_theirs", message };
}

/**
 * - `claimed`: `by` calls back; null: nobody does any more.
 * - `taken`: `by` said so before.
 */
export type MessageClaimed =
  | { readonly outcome: "claimed"; readonly by: string | null }
  | { readonly outcome: "taken"; readonly by: string | null }
  | { readonly outcome: "no_member"; readonly box: string };

/** Says who calls the caller back. @param username null: nobody does, after all */
export function claimMessage(
  deps: Deps,
  idStart: string,
  username: string | null,
): Promise<MessageClaimed | NoMessage | DatabaseFailed> {
  const { store, clock } = deps;
  return onMessage<MessageClaimed>(deps, idStart, async (message) => {
    if (username !== null && !message.members.some((member) => member.username === username))
      return { outcome: "no_member", box: message.box };
    const { done, by } = await store.voicemail.claimMessage(message.id, username, clock.nowMs());
    return { outcome: done ? "claimed" : "taken", by };
  });
}
