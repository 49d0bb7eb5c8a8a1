/**
 * Whether somebody may have another's account in hand: make a link with which its password is chosen, or take it away.
 * Whoever can do that can become the other, so nobody can to whom the other stands above.
 */
import { type Asker, askerMay, type Needed, personMay } from "../access/access.js";
import type { User } from "../office/office.js";
import { PERMISSION_NAMES } from "../office/permission-names.js";

/** Calls outside are no privilege: whoever has a number to show has them. */
const PRIVILEGES: readonly Needed[] = [
  "system_admin",
  ...PERMISSION_NAMES.filter((name) => name !== "outside_calls"),
];

/** A right of the user, were they not suspended, that who asks lacks; undefined: there is none. */
export function rightAbove(asker: Asker, { suspended: _suspended, ...user }: User): Needed | undefined {
  if (asker.keyPowers === null && user.username === asker.user.username) return undefined;
  return PRIVILEGES.find(
    (right) => personMay({ user, office: asker.office }, right) && !askerMay(asker, right),
  );
}
