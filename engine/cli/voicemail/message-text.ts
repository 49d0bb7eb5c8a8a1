/** Writes messages for people: one line in a list, or every fact about one. */
import type { Message } from "../../../storage/voicemail.js";
import { seconds, utc } from "./common.js";

/** @param username show only this member's state */
export function messageLine(message: Message, username: string | undefined): string {
  const members = message.members
    .filter((member) => username === undefined || member.username === username)
    .map((member) => `${member.username} ${member.received ? member.state : "switched off"}`)
    .join(", ");
  const marks = [
    message.urgent ? "  urgent" : "",
    message.forwardedBy === null ? "" : `  forwarded by ${message.forwardedBy}`,
    message.claimedBy === null ? "" : `  ${message.claimedBy} calls back`,
    message.deletedMs === null ? "" : "  deleted",
  ].join("");
  const from = message.callerNumber || "unknown";
  return `${message.id.slice(0, 8)}  ${utc(message.deliveredMs)}  ${message.box}  from ${from}  ${seconds(message.lengthMs)} s  ${members}${marks}`;
}

/** One line for each fact. */
export function messageFacts(message: Message): string {
  const { callerNumber, callerName, members, deletedMs } = message;
  const facts: readonly (readonly [name: string, value: string])[] = [
    ["message", message.id],
    ["mailbox", message.box],
    ["left at", utc(message.deliveredMs)],
    ["caller", [callerNumber, callerName].filter((text) => text !== "").join(", ")],
    ["called", message.called],
    ["length", `${seconds(message.lengthMs)} s`],
    ["urgent", message.urgent ? "yes" : "no"],
    ["forwarded by", message.forwardedBy ?? "nobody"],
    ["first heard by", message.heardBy ?? "nobody yet"],
    ["calls back", message.claimedBy ?? "nobody yet"],
    ["deleted for all", deletedMs === null ? "no" : utc(deletedMs)],
    ["SHA-256", message.sha256],
    ...members.map(
      ({ username, state, received }) =>
        [username, received ? state : `${state}, voicemail was switched off`] as const,
    ),
  ];
  return facts.map(([name, value]) => `${name.padEnd(16)} ${value}\n`).join("");
}
