/** Choosing a password by a link: the first one, by an invitation, and a new one, by the link of a mail. */
import { type PasswordFault, passwordFaults } from "../../policy/accounts/password.js";
import type { LinkKind } from "../../storage/accounts/links.js";
import { type DatabaseFailed, type Deps, orDatabaseFailed } from "../use-case.js";
import { type LinkRefused, readLink, type UsableLink } from "./links.js";
import { type HashingBusy, hashPassword } from "./password-hash.js";

/** The password breaks rules. The link can be used still. */
export interface PasswordRefused {
  readonly outcome: "password_refused";
  readonly faults: readonly PasswordFault[];
}

export interface PasswordChosen {
  readonly outcome: "password_chosen";
  readonly username: string;
}

export type ByLink = PasswordChosen | PasswordRefused | LinkRefused | HashingBusy | DatabaseFailed;

/** The user has an account from now on. */
export function activate(deps: Deps, secret: string, password: string): Promise<ByLink> {
  return choose(deps, { secret, kind: "invitation", password }, async ({ link, user }, passwordHash) => {
    const nowMs = deps.clock.nowMs();
    const account = { username: user.username, passwordHash, activatedMs: nowMs, passwordMs: nowMs };
    return deps.store.accounts.activate(link.linkHash, account);
  });
}

/** All sessions of the user end. */
export function chooseNewPassword(deps: Deps, secret: string, password: string): Promise<ByLink> {
  return choose(deps, { secret, kind: "password", password }, ({ link, user }, passwordHash) =>
    deps.store.accounts.setPasswordByLink(link.linkHash, {
      username: user.username,
      passwordHash,
      passwordMs: deps.clock.nowMs(),
    }),
  );
}

async function choose(
  deps: Deps,
  { secret, kind, password }: { readonly secret: string; readonly kind: LinkKind; readonly password: string },
  write: (usable: UsableLink, passwordHash: string) => Promise<boolean>,
): Promise<ByLink> {
  const usable = await readLink(deps, secret, kind);
  if (usable.outcome !== "usable") return usable;
  const { username } = usable.user;
  const faults = passwordFaults(password, username);
  if (faults.length > 0) return { outcome: "password_refused", faults };
  const hashed = await hashPassword(password);
  if (hashed.outcome !== "hashed") return hashed;
  return orDatabaseFailed<ByLink>(async () => {
    if (await write(usable, hashed.hash)) return { outcome: "password_chosen", username };
    // Somebody else was quicker.
    const again = await readLink(deps, secret, kind);
    return again.outcome === "usable" ? { outcome: "link_refused", why: "unknown" } : again;
  });
}
