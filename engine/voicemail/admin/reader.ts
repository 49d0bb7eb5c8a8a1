/**
 * Somebody who reads messages without a phone: of their own mailbox and of those of their groups, and what they do with
 * them. Whether a message is theirs is decided here alone, as for those who listen by phone.
 */
import { groupsOf } from "../../../policy/access/membership.js";
import {
  boxOwner,
  isMember,
  mailboxSettings,
  type Room,
  roomIn,
  seesMessage,
} from "../../../policy/mailbox/mailbox.js";
import { type Box, boxName, parseBox } from "../../../policy/office/box.js";
import type { MailboxSettings } from "../../../policy/office/office.js";
import { given } from "../../../policy/office/optional.js";
import type { RoutingTable } from "../../../policy/routing/table.js";
import type {
  MemberCount,
  MemberState,
  MemberView,
  Message,
  MessageKey,
} from "../../../storage/voicemail.js";
import { type DatabaseFailed, type Deps, orDatabaseFailed } from "../../use-case.js";

export interface MessageReader {
  readonly username: string;
  readonly table: RoutingTable;
  /** Reads every mailbox. */
  readonly readsAll: boolean;
}

/** A message, and what the reader has to do with it. */
export interface ReadMessage {
  readonly message: Message;
  /** Null: the reader is no member who has it, and only looks. */
  readonly mine: MemberView | null;
}

/** What a reader cannot see is answered as what there is not. */
export interface NoMessageForThem {
  readonly outcome: "no_message";
}
const NO_MESSAGE: NoMessageForThem = { outcome: "no_message" };

/** Mailboxes of a reader: their own, and those of their groups. */
function boxesOf({ username, table }: MessageReader): readonly Box[] {
  const own: Box = { kind: "user", username };
  return [own, ...groupsOf(username, table).map((id): Box => ({ kind: "group", id }))];
}

/** A mailbox as a reader has it. */
export interface ReadBox {
  readonly box: string;
  readonly name: string;
  readonly isMember: boolean;
  /** Messages that the reader has not heard, and those that they have. */
  readonly fresh: number;
  readonly freshUrgent: number;
  readonly old: number;
  /** All that counts against the mailbox's limit. */
  readonly messages: number;
  readonly room: Room;
  readonly settings: MailboxSettings;
}

/** The mailboxes of a reader, their own first. */
export function listBoxes(
  { store }: Pick<Deps, "store">,
  reader: MessageReader,
): Promise<{ readonly outcome: "listed"; readonly boxes: readonly ReadBox[] } | DatabaseFailed> {
  return orDatabaseFailed(async () => {
    const counts = await store.voicemail.counts(reader.username);
    const read = await Promise.all(boxesOf(reader).map((box) => readOne({ store }, box, reader, counts)));
    return { outcome: "listed", boxes: read.filter((box) => box !== undefined) };
  });
}

/** A mailbox of a reader, and what is new in it. */
export type FreshBox = Pick<ReadBox, "box" | "name" | "fresh" | "freshUrgent" | "old">;

/** What is new in each mailbox of a reader, their own first: by one look at the messages. */
export function countFresh(
  { store }: Pick<Deps, "store">,
  reader: MessageReader,
): Promise<{ readonly outcome: "counted"; readonly boxes: readonly FreshBox[] } | DatabaseFailed> {
  return orDatabaseFailed(async () => {
    const counts = await store.voicemail.counts(reader.username);
    const boxes = boxesOf(reader).flatMap((box) => countIn(box, reader, counts) ?? []);
    return { outcome: "counted", boxes };
  });
}

/** Undefined: the office has no such mailbox. */
function countIn(
  box: Box,
  { username, table }: Pick<MessageReader, "username" | "table">,
  all: readonly MemberCount[],
): FreshBox | undefined {
  const owner = boxOwner(box, table);
  if (owner === undefined) return undefined;
  const name = boxName(box);
  const counts = all.filter(
    (count) => count.box === name && seesMessage(box, username, count.received, table),
  );
  const sum = (of: (count: MemberCount) => number) => counts.reduce((total, count) => total + of(count), 0);
  return {
    box: name,
    name: owner.name,
    fresh: sum(({ fresh, freshUrgent }) => fresh + freshUrgent),
    freshUrgent: sum(({ freshUrgent }) => freshUrgent),
    old: sum(({ old, oldUrgent }) => old + oldUrgent),
  };
}

/** One mailbox. A reader of all sees how full it is, and has no messages in it. */
export function readBox(
  { store }: Pick<Deps, "store">,
  box: Box,
  reader: MessageReader,
): Promise<(ReadBox & { readonly outcome: "read" }) | { readonly outcome: "no_mailbox" } | DatabaseFailed> {
  return orDatabaseFailed(async () => {
    const read = await readOne({ store }, box, reader, await store.voicemail.counts(reader.username));
    return read === undefined ? { outcome: "no_mailbox" } : { outcome: "read", ...read };
  });
}

/** Undefined: the office has no such mailbox. */
async function readOne(
  { store }: Pick<Deps, "store">,
  box: Box,
  { username, table }: MessageReader,
  all: readonly MemberCount[],
): Promise<ReadBox | undefined> {
  const counted = countIn(box, { username, table }, all);
  if (counted === undefined) return undefined;
  const messages = await store.voicemail.count(counted.box);
  return {
    ...counted,
    isMember: isMember(box, username, table),
    messages,
    room: roomIn(box, messages, table),
    settings: mailboxSettings(box, table),
  };
}

export interface MessagesAsked {
  /** Left out: all mailboxes of the reader. */
  readonly box?: Box;
  readonly states: readonly MemberState[];
  readonly limit: number;
  readonly after?: MessageKey;
}

export interface MessagesRead {
  readonly outcome: "listed";
  /** The newest first. */
  readonly messages: readonly ReadMessage[];
  readonly next: MessageKey | null;
}

/** A page of messages. Of a mailbox of others, which only some may read, all messages are listed. */
export function readMessages(
  { store }: Pick<Deps, "store">,
  reader: MessageReader,
  { box, states, limit, after }: MessagesAsked,
): Promise<MessagesRead | { readonly outcome: "no_mailbox" } | DatabaseFailed> {
  return orDatabaseFailed<MessagesRead | { readonly outcome: "no_mailbox" }>(async () => {
    const { username, table, readsAll } = reader;
    const isTheirs = box === undefined || isMember(box, username, table);
    if (!isTheirs && (!readsAll || boxOwner(box, table) === undefined)) return { outcome: "no_mailbox" };
    const boxes = (box === undefined ? boxesOf(reader) : [box]).map((each) => ({
      box: boxName(each),
      unreceived: seesMessage(each, username, false, table),
    }));
    const query = isTheirs ? { boxes, reader: { username, states } } : { boxes, withDeletedForAll: true };
    const page = { limit: limit + 1, ...given({ after }) };
    const found = await store.voicemail.page(query, page);
    const messages = found.slice(0, limit);
    const last = messages.at(-1);
    return {
      outcome: "listed",
      messages: messages.map((message) => ({ message, mine: mineOf(message, reader) })),
      next: found.length > limit && last !== undefined ? last : null,
    };
  });
}

/** Runs work on a message that the reader may see. @param id the whole id */
export function onReadMessage<Ended>(
  { store }: Pick<Deps, "store">,
  reader: MessageReader,
  id: string,
  work: (read: ReadMessage) => Ended | Promise<Ended>,
): Promise<Ended | NoMessageForThem | DatabaseFailed> {
  return orDatabaseFailed<Ended | NoMessageForThem>(async () => {
    const message = await store.voicemail.one(id);
    if (message === undefined) return NO_MESSAGE;
    const mine = mineOf(message, reader);
    if (!reader.readsAll && (mine === null || message.deletedMs !== null)) return NO_MESSAGE;
    return work({ message, mine });
  });
}

export function readMessage(
  deps: Pick<Deps, "store">,
  reader: MessageReader,
  id: string,
): Promise<(ReadMessage & { readonly outcome: "read" }) | NoMessageForThem | DatabaseFailed> {
  return onReadMessage(deps, reader, id, (read) => ({ outcome: "read" as const, ...read }));
}

/** Who left a group hears its messages no longer, whatever they have of them. */
function mineOf({ box: name, members }: Message, { username, table }: MessageReader): MemberView | null {
  const box = parseBox(name);
  const view = members.find((member) => member.username === username);
  if (box === undefined || view === undefined || !isMember(box, username, table)) return null;
  return seesMessage(box, username, view.received, table) ? view : null;
}

/** `not_theirs`: the reader may look, and has no state of their own to change. */
export type MessageChanged =
  | { readonly outcome: "changed"; readonly message: Message; readonly before: string | null }
  | { readonly outcome: "not_theirs" };

/** Says that a reader has heard, saved or deleted a message, or that it is as new. */
export function markMessage(
  deps: Deps,
  reader: MessageReader,
  id: string,
  state: MemberState,
): Promise<MessageChanged | NoMessageForThem | DatabaseFailed> {
  const { store, clock } = deps;
  return onReadMessage<MessageChanged>(deps, reader, id, async ({ message, mine }) => {
    if (mine === null) return { outcome: "not_theirs" };
    const done = await store.voicemail.mark(id, reader.username, state, clock.nowMs());
    return done ? { outcome: "changed", message, before: mine.state } : { outcome: "not_theirs" };
  });
}

export type MessageTaken =
  | { readonly outcome: "claimed"; readonly by: string | null; readonly message: Message }
  | { readonly outcome: "taken"; readonly by: string }
  | { readonly outcome: "not_theirs" };

/**
 * Says that a reader calls the caller back, or does not after all. What somebody else has said is theirs to take back, and
 * of those who read all.
 */
export function takeMessage(
  deps: Deps,
  reader: MessageReader,
  id: string,
  does: "claim" | "release",
): Promise<MessageTaken | NoMessageForThem | DatabaseFailed> {
  const { store, clock } = deps;
  const { username, readsAll } = reader;
  return onReadMessage<MessageTaken>(deps, reader, id, async ({ message, mine }) => {
    if (does === "claim" && mine === null) return { outcome: "not_theirs" };
    const held = message.claimedBy;
    if (does === "release" && held !== null && held !== username && !readsAll)
      return { outcome: "taken", by: held };
    const { done, by } = await store.voicemail.claimMessage(
      id,
      does === "claim" ? username : null,
      clock.nowMs(),
    );
    return done || by === null ? { outcome: "claimed", by, message } : { outcome: "taken", by };
  });
}
