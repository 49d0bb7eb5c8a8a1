/** What is heard in a mailbox session. The names are those of `docker/sounds/en.txt`. */

import { boxOwner } from "../../mailbox/mailbox.js";
import { spokenCaller, spokenCount, spokenDigits, spokenTime } from "../../mailbox/spoken.js";
import type { Box } from "../../office/box.js";
import type { BoxCount, HeardMessage } from "../mailbox-requests.js";
import type { Turn } from "../turn.js";
import type { Entry, MailboxSession } from "./state.js";

export const ENTRY_SOUNDS: Readonly<Record<Entry, readonly string[]>> = {
  extension: ["vm-enter-extension"],
  pin: ["vm-enter-pin"],
  new_pin: ["vm-new-pin"],
  new_pin_again: ["vm-new-pin-again"],
  forward_to: ["vm-forward-to"],
};

export const NOT_NOW = "vm-not-now";

/**
 * "You have: two new messages, and five old messages." In a group's mailbox its extension comes first; how full it is,
 * last.
 */
export function summarySounds(turn: Turn, session: MailboxSession): string[] {
  const { fresh, old, room } = countsHere(session);
  const messages = (n: number, one: string, many: string) => [...spokenCount(n), n === 1 ? one : many];
  const extension =
    session.box?.kind === "group" ? boxOwner(session.box, turn.world.office)?.extension : undefined;
  return [
    ...(extension === undefined ? [] : ["vm-mailbox-of", ...spokenDigits(extension)]),
    "vm-you-have",
    ...(fresh === 0 ? ["vm-no-new-messages"] : messages(fresh, "vm-new-message", "vm-new-messages")),
    ...(old === 0 ? [] : ["vm-and", ...messages(old, "vm-old-message", "vm-old-messages")]),
    ...(room === undefined ? [] : [ROOM_SOUNDS[room]]),
  ];
}

const ROOM_SOUNDS = { little: "vm-nearly-full", none: "vm-takes-no-more" } as const;

/** How many messages are in the box where they listen. */
export function countsHere({ box, boxes }: MailboxSession): Omit<BoxCount, "box"> {
  const here = boxes.find((count) => box !== null && sameBox(count.box, box));
  return here ?? { fresh: 0, old: 0 };
}

/** The other mailboxes with messages for them. */
export function otherBoxes({ box, boxes }: MailboxSession): readonly BoxCount[] {
  return boxes.filter((count) => box === null || !sameBox(count.box, box));
}

function sameBox(a: Box, b: Box): boolean {
  if (a.kind === "user") return b.kind === "user" && a.username === b.username;
  return b.kind === "group" && a.id === b.id;
}

/** "Message three. Urgent." */
export function messageSounds(message: HeardMessage, index: number): string[] {
  return [
    "vm-message",
    ...spokenCount(index + 1),
    ...(message.state === "deleted" ? ["vm-is-deleted"] : []),
    ...(message.urgent ? ["vm-is-urgent"] : []),
    ...(message.forwardedBy === null ? [] : ["vm-is-forwarded"]),
    ...(message.claimedBy === null ? [] : ["vm-is-claimed"]),
  ];
}

/** Who called, and when. */
export function factsSounds(turn: Turn, { callerNumber, beganMs }: HeardMessage): string[] {
  const { timezone } = turn.world.office.settings;
  return ["from", ...spokenCaller(callerNumber), ...spokenTime(beganMs, turn.atMs, timezone)];
}

/** "For the mailbox of extension 1-0-0, press two." */
export function boxChoiceSounds(turn: Turn, box: Box, key: number): string[] {
  const extension = boxOwner(box, turn.world.office)?.extension;
  const which =
    box.kind === "user" ? ["vm-for-own-box"] : ["vm-for-box-of", ...spokenDigits(extension ?? "")];
  const named = box.kind === "group" && extension === undefined ? ["vm-for-group-box"] : which;
  return [...named, "vm-press", `digit-${key}`];
}
