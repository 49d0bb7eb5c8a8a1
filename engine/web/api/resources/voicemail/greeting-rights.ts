/** Who sets and removes the greetings of a mailbox, by the API as by phone. */
import type { Needed } from "../../../../../policy/access/access.js";
import type { Box } from "../../../../../policy/office/box.js";

/**
 * One's own always; those of another user with the permission for users, those of a group with the permission for flows and
 * groups.
 */
export function greetingNeeds(box: Box): Needed {
  return box.kind === "user" ? "users" : "call_flows";
}

export function mayGreet(box: Box, username: string, may: (needed: Needed) => boolean): boolean {
  return (box.kind === "user" && box.username === username) || may(greetingNeeds(box));
}
