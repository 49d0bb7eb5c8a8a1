/**
 * Mailboxes of users and groups: their settings, and the members who hear their messages. A message is stored once; its
 * state is kept per member.
 */
import type { Box } from "../office/box.js";
import type { Group, MailboxSettings, Member, User } from "../office/office.js";
import type { Target } from "../office/target.js";
import type { RoutingTable } from "../routing/table.js";

/** The settings of a mailbox whose owner gives none. */
export const MAILBOX_DEFAULTS: MailboxSettings = {
  email: "none",
  limitMs: 300_000,
  silenceMs: 10_000,
  messagesMax: 100,
  catchUp: false,
  remoteAccess: "none",
  missedCalls: false,
};

/** The mailbox that belongs to a target; undefined where it has none. */
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

/** The owner of a mailbox in this revision of the office; undefined: the office no longer has it. */
export function boxOwner(box: Box, table: RoutingTable): User | Group | undefined {
  return box.kind === "user" ? table.user(box.username) : table.group(box.id);
}

/** The settings of a mailbox; defaults for what the office does not say, and for settings newer than its revision. */
export function mailboxSettings(box: Box, table: RoutingTable): MailboxSettings {
  return { ...MAILBOX_DEFAULTS, ...boxOwner(box, table)?.voicemail };
}

/** A mailbox this full, as a share of its limit, counts as nearly full, and the people who can change that are told. */
const NEARLY_FULL = 0.8;

/** Whether a mailbox takes more messages. `little`: its members ought to delete some; `none`: callers are refused. */
export type Room = "enough" | "little" | "none";

/** @param count messages in it, without those that every member has deleted */
export function roomIn(box: Box, count: number, table: RoutingTable): Room {
  const { messagesMax } = mailboxSettings(box, table);
  if (count >= messagesMax) return "none";
  return count >= messagesMax * NEARLY_FULL ? "little" : "enough";
}

/** One member of a mailbox, and whether new messages go to that member. */
export interface Recipient {
  readonly username: string;
  readonly receives: boolean;
}

/**
 * Whether a member sees a message of a mailbox: a message that came while the member's voicemail was on, and any other
 * once it is on again, if the office wants that.
 */
export function seesMessage(box: Box, username: string, received: boolean, table: RoutingTable): boolean {
  if (received) return true;
  return memberOf(box, username, table)?.receives === true && mailboxSettings(box, table).catchUp;
}

/**
 * Whether a user may hear a mailbox at all: it is the user's own, or of a group with the user as member, switched on or
 * off.
 */
export function isMember(box: Box, username: string, table: RoutingTable): boolean {
  return memberOf(box, username, table) !== undefined;
}

/** A user as a member of a mailbox, found without going through all members. */
function memberOf(box: Box, username: string, table: RoutingTable): Recipient | undefined {
  if (table.user(username) === undefined) return undefined;
  if (box.kind === "user") return box.username === username ? { username, receives: true } : undefined;
  const group = table.group(box.id);
  const member = group && membersByName(group).get(username);
  return member && { username, receives: member.voicemail };
}

/** A group never changes, so the index of its members is made once. */
const MEMBERS_BY_NAME = new WeakMap<Group, ReadonlyMap<string, Member>>();

function membersByName(group: Group): ReadonlyMap<string, Member> {
  const known = MEMBERS_BY_NAME.get(group);
  if (known !== undefined) return known;
  const members = new Map(group.members.map((member) => [member.username, member]));
  MEMBERS_BY_NAME.set(group, members);
  return members;
}

/**
 * The members of a mailbox; some of a group's may be switched off. Users that the office does not have are left out.
 */
export function recipients(box: Box, table: RoutingTable): readonly Recipient[] {
  if (box.kind === "user")
    return table.user(box.username) === undefined ? [] : [{ username: box.username, receives: true }];
  return (table.group(box.id)?.members ?? [])
    .filter(({ username }) => table.user(username) !== undefined)
    .map(({ username, voicemail }) => ({ username, receives: voicemail }));
}

/** A member of a mailbox with the member's mail address. */
export interface MailedMember {
  readonly username: string;
  readonly address: string;
}

/** The members who get new messages and have a mail address. */
export function mailedMembers(box: Box, table: RoutingTable): readonly MailedMember[] {
  return recipients(box, table).flatMap(({ username, receives }) => {
    const address = table.user(username)?.email;
    return receives && address !== undefined ? [{ username, address }] : [];
  });
}
