/**
 * Mailboxes: a user's or a group's, what the office says about one, and who hears its messages. A message is
 * stored once; what each member has done with it is kept per member.
 */
import type { Box } from "../office/box.js";
import type { Group, MailboxSettings, User } from "../office/office.js";
import type { Target } from "../office/target.js";
import type { RoutingTable } from "../routing/table.js";

/** A mailbox whose owner says nothing about it. */
export const MAILBOX_DEFAULTS: MailboxSettings = {
  email: "none",
  limitMs: 300_000,
  silenceMs: 10_000,
  messagesMax: 100,
  catchUp: false,
  remoteAccess: "none",
  missedCalls: false,
};

/** The mailbox a target owns; undefined where it owns none. */
export function boxOf(target: Target, table: RoutingTable): Box | undefined {
  switch (target.kind) {
    case "user":
      return { kind: "user", username: target.username };
    case "group":
      return { kind: "group", id: target.id };
    case "extension": {
      const owner = table.lookupExtension(target.extension);
      if (owner === undefined) return undefined;
      return owner.kind === "user"
        ? { kind: "user", username: owner.user.username }
        : { kind: "group", id: owner.group.id };
    }
    default:
      return undefined;
  }
}

/** Who owns it in this revision of the office; undefined: nobody any more. */
export function boxOwner(box: Box, table: RoutingTable): User | Group | undefined {
  return box.kind === "user" ? table.user(box.username) : table.group(box.id);
}

/** What the office says about it; the defaults where it says nothing, and for what it could not say yet. */
export function mailboxSettings(box: Box, table: RoutingTable): MailboxSettings {
  return { ...MAILBOX_DEFAULTS, ...boxOwner(box, table)?.voicemail };
}

/** From this share of its limit on, whoever can do something about it is told that a mailbox is nearly full. */
const NEARLY_FULL = 0.8;

/** Whether a mailbox takes more messages: `little`: its people ought to delete some; `none`: callers are refused. */
export type Room = "enough" | "little" | "none";

/** @param count messages in it, those left out that every member has deleted */
export function roomIn(box: Box, count: number, table: RoutingTable): Room {
  const { messagesMax } = mailboxSettings(box, table);
  if (count >= messagesMax) return "none";
  return count >= messagesMax * NEARLY_FULL ? "little" : "enough";
}

/** One member of a mailbox, and whether new messages are for them. */
export interface Recipient {
  readonly username: string;
  readonly receives: boolean;
}

/**
 * Whether a member sees a message of a mailbox: one that came while their voicemail was on, and the others once
 * it is on again, where the office wants that.
 */
export function seesMessage(box: Box, username: string, received: boolean, table: RoutingTable): boolean {
  if (received) return true;
  const isOn = recipients(box, table).some((member) => member.username === username && member.receives);
  return isOn && mailboxSettings(box, table).catchUp;
}

/** Whether a user hears a mailbox at all: it is theirs, or they are in its group, switched on or off. */
export function isMember(box: Box, username: string, table: RoutingTable): boolean {
  return recipients(box, table).some((member) => member.username === username);
}

/** The members of a mailbox; in a group some may be switched off. Users the office does not know are left out. */
export function recipients(box: Box, table: RoutingTable): readonly Recipient[] {
  if (box.kind === "user")
    return table.user(box.username) === undefined ? [] : [{ username: box.username, receives: true }];
  return (table.group(box.id)?.members ?? [])
    .filter(({ username }) => table.user(username) !== undefined)
    .map(({ username, voicemail }) => ({ username, receives: voicemail }));
}

/** A member of a mailbox, and where mail for them goes. */
export interface MailedMember {
  readonly username: string;
  readonly address: string;
}

/** The members for whom new messages are, and who have an address. */
export function mailedMembers(box: Box, table: RoutingTable): readonly MailedMember[] {
  return recipients(box, table).flatMap(({ username, receives }) => {
    const address = table.user(username)?.email;
    return receives && address !== undefined ? [{ username, address }] : [];
  });
}
