/** Changing one's own password, and asking for a new one. */
import { passwordFaults } from "../../policy/accounts/password.js";
import { FORGOTTEN_PASSWORD } from "../../storage/accounts/mails.js";
import { type DatabaseFailed, type Deps, orDatabaseFailed } from "../use-case.js";
import type { PasswordChosen, PasswordRefused } from "./activation.js";
import { admitGuess, guessedRight, noGuess, type Slowed } from "./guesses.js";
import { type HashingBusy, hashPassword, verifyPassword } from "./password-hash.js";
import { sameAddress } from "./people.js";
import { freshSecret, secretHash } from "./secrets.js";
import type { From } from "./sessions.js";

/** A link for a new password works for an hour: a mail is read at once by whoever asked for it. */
export const PASSWORD_LINK_MS = 3_600_000;
/** Mails with such links that a user gets in an hour: nobody is to fill another's mailbox. */
export const PASSWORD_LINKS_MAX = 3;

/** What people type: a name or an address, cut off where no name and no address is longer (RFC 5321, section 4.5.3.1). */
const ASKED_CHARACTERS_MAX = 320;

export interface Asked {
  readonly outcome: "asked";
}

/**
 * Somebody has forgotten the password of a username or an e-mail address. Nothing here looks whether it exists, so that neither
 * the answer nor its time tells; the sender of mails finds out.
 * @param address where the request came from
 */
export function askForPassword(
  { store, clock }: Pick<Deps, "store" | "clock">,
  name: string,
  address: string,
): Promise<Asked | DatabaseFailed> {
  return orDatabaseFailed<Asked>(async () => {
    const asked = sameAddress(name).slice(0, ASKED_CHARACTERS_MAX);
    await store.accountMails.ask(asked, { address }, clock.nowMs());
    return { outcome: "asked" };
  });
}

/** The link for a new password of somebody whose mails do not arrive: an administrator hands it over. */
export interface PasswordLinkMade {
  readonly outcome: "password_link_made";
  readonly secret: string;
  readonly expiresMs: number;
}

export function makePasswordLink(
  { store, clock, ids }: Deps,
  username: string,
): Promise<PasswordLinkMade | { readonly outcome: "no_account" } | DatabaseFailed> {
  return orDatabaseFailed<PasswordLinkMade | { readonly outcome: "no_account" }>(async () => {
    const [secret, nowMs] = [freshSecret(ids), clock.nowMs()];
    const expiresMs = nowMs + PASSWORD_LINK_MS;
    const link = {
      linkHash: secretHash(secret),
      username,
      kind: "password",
      sentTo: null,
      madeMs: nowMs,
      expiresMs,
    } as const;
    const limit = { most: Number.MAX_SAFE_INTEGER, sinceMs: nowMs };
    if (!(await store.accounts.forgot(link, limit))) return { outcome: "no_account" };
    return { outcome: "password_link_made", secret, expiresMs };
  });
}

/** The same by mail. */
export function mailPasswordLink(
  { store, clock }: Deps,
  username: string,
  address: string,
): Promise<{ readonly outcome: "password_link_queued" | "no_account" } | DatabaseFailed> {
  return orDatabaseFailed<{ readonly outcome: "password_link_queued" | "no_account" }>(async () => {
    if ((await store.accounts.account(username)) === undefined) return { outcome: "no_account" };
    const mail = { kind: FORGOTTEN_PASSWORD, username, detail: { address } };
    await store.accountMails.add(mail, clock.nowMs());
    return { outcome: "password_link_queued" };
  });
}

export type PasswordChanged =
  | PasswordChosen
  | PasswordRefused
  /** The password that was given as the present one is not. */
  | { readonly outcome: "wrong_password" }
  | Slowed
  | HashingBusy
  | DatabaseFailed;

/**
 * All other sessions of the person end. Whoever finds a browser that is signed in cannot guess the password there: tries
 * that fail are slowed as those at the sign-in.
 * @param who.session the one in which the person is
 * @param password.now what the person signs in with until now
 */
export function changePassword(
  deps: Pick<Deps, "store" | "clock">,
  who: { readonly username: string; readonly session: string; readonly from: From },
  password: { readonly now: string; readonly next: string },
): Promise<PasswordChanged> {
  return orDatabaseFailed<PasswordChanged>(async () => {
    const { store, clock } = deps;
    const { username, session, from } = who;
    const guess = await admitGuess(deps, { name: username, username, from });
    if (guess.outcome === "slowed") return guess;
    const account = await store.accounts.account(username);
    const verified = await verifyPassword(account?.passwordHash ?? null, password.now);
    if (verified.outcome !== "verified") {
      await noGuess(deps, guess);
      return verified;
    }
    if (account === undefined || !verified.isRight) return { outcome: "wrong_password" };
    await guessedRight(deps, guess);
    const faults = passwordFaults(password.next, username);
    if (faults.length > 0) return { outcome: "password_refused", faults };
    const hashed = await hashPassword(password.next);
    if (hashed.outcome !== "hashed") return hashed;
    const next = { username, passwordHash: hashed.hash, passwordMs: clock.nowMs() };
    return (await store.accounts.setPassword(next, account.passwordHash, session))
      ? { outcome: "password_chosen", username }
      : { outcome: "wrong_password" };
  });
}
