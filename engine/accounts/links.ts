/** What a link for choosing a password is for, and why it does not work. Reading it does not use it. */
import type { Office, User } from "../../policy/office/office.js";
import type { AccountLink, LinkKind } from "../../storage/accounts/links.js";
import { type DatabaseFailed, type Deps, orDatabaseFailed } from "../use-case.js";
import { sameAddress, usersOf } from "./people.js";
import { secretHash } from "./secrets.js";

export interface UsableLink {
  readonly outcome: "usable";
  readonly link: AccountLink;
  readonly user: User;
  readonly office: Pick<Office, "name" | "timezone">;
}

/**
 * - `unknown`: no such link, or its user is not in the office any more.
 * - `used`, `withdrawn`, `expired`.
 * - `replaced`: a newer one was sent, or it went to an address that the user has no longer.
 * - `suspended`: its user is suspended at the moment.
 */
export interface LinkRefused {
  readonly outcome: "link_refused";
  readonly why: "unknown" | "used" | "replaced" | "withdrawn" | "expired" | "suspended";
}

/** As sentences for people. */
export const LINK_REFUSALS: Readonly<Record<LinkRefused["why"], string>> = {
  unknown: "there is no such link",
  used: "this link was used already",
  replaced: "this link does not work any more, since a newer one was sent or the address was changed",
  withdrawn: "the invitation was withdrawn",
  expired: "the time of this link is over; ask for a new one",
  suspended: "this user is suspended; ask an administrator",
};

export function readLink(
  deps: Pick<Deps, "store" | "clock">,
  secret: string,
  kind: LinkKind,
): Promise<UsableLink | LinkRefused | DatabaseFailed> {
  return orDatabaseFailed(() => read(deps, secret, kind));
}

async function read(
  { store, clock }: Pick<Deps, "store" | "clock">,
  secret: string,
  kind: LinkKind,
): Promise<UsableLink | LinkRefused> {
  const link = await store.accounts.link(secretHash(secret));
  if (link === undefined || link.kind !== kind) return refused("unknown");
  if (link.ended !== null) return refused(link.ended);
  if (link.expiresMs <= clock.nowMs()) return refused("expired");
  const [user, office] = [
    (await usersOf({ store }, [link.username])).get(link.username),
    await store.settings(),
  ];
  if (user === undefined || office === undefined) return refused("unknown");
  if (user.suspended === true) return refused("suspended");
  // Whoever reads the mails of an address that was corrected must not become the user.
  if (link.sentTo !== null && sameAddress(link.sentTo) !== sameAddress(user.email ?? ""))
    return refused("replaced");
  return { outcome: "usable", link, user, office };
}

function refused(why: LinkRefused["why"]): LinkRefused {
  return { outcome: "link_refused", why };
}
