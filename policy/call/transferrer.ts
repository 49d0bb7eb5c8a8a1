/**
 * Who has transferred a caller: there the caller goes back when nobody takes the transfer, and whether the transfer may
 * lead outside depends on them. Where that is not known, nobody else is taken for them.
 */
import { type Payer, userPays } from "../outside/payer.js";
import type { Transferrer } from "./state.js";
import type { World } from "./world.js";

/**
 * @param who whose phone it was: a username, or the number of a phone outside that belongs to no user
 * @returns null: nobody knows, or the user was removed meanwhile
 */
export function transferrerNamed(who: string | null, world: World): Transferrer | null {
  if (who === null) return null;
  if (world.office.user(who) !== undefined) return { kind: "user", username: who };
  // Numbers in E.164 begin with a plus sign, and usernames never do.
  return who.startsWith("+") ? { kind: "number", number: who } : null;
}

/** The username or the number, for people. */
export function nameOf(by: Transferrer | null): string | null {
  if (by === null) return null;
  return by.kind === "user" ? by.username : by.number;
}

/**
 * Who pays for a transfer to a number outside: it counts as a call by the user who transfers. A phone outside without a
 * user has nobody's permission, and its carrier must not send the office's calls elsewhere.
 */
export function payerOfTransfer(by: Transferrer | null): Payer | null {
  return by?.kind === "user" ? userPays(by.username) : null;
}
