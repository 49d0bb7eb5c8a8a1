/**
 * Makes links with which people and phones fetch what a phone signs in with, and uses them. A link works once. The
 * password is made at that moment, so it is never in a mail, in a log or in the database.
 */
import { createHash } from "node:crypto";
import {
  findPhone,
  findPhones,
  type Phone,
  type PhonesFound,
  phonesOf,
} from "../../../policy/change/devices.js";
import type { Office, User } from "../../../policy/office/office.js";
import type { NewSetupLink, SetupLink } from "../../../storage/setup-links.js";
import { randomCharacters } from "../../directory/password.js";
import {
  type DatabaseFailed,
  type Deps,
  NO_OFFICE,
  type NoOffice,
  orDatabaseFailed,
} from "../../use-case.js";
import { type Refused, refusal } from "./change.js";
import { freshSignIn, type SignIn } from "./phone-passwords.js";

/** Links for a person's eyes have this in the place of a make of phones. */
export const FOR_PERSON = "person";

/** 40 characters of 5.8 bits cannot be guessed. */
const TOKEN_CHARACTERS = 40;

export interface WantedLinks {
  /** The phones of one user, or one of them; left out: all phones of the office. */
  readonly only?: { readonly username: string; readonly id?: string | undefined } | undefined;
  /** {@link FOR_PERSON}, or the make of the phones. */
  readonly madeFor: string;
  readonly domain: string;
  /** host:port of the switch as phones reach it. */
  readonly server: string;
  /** How long the links work. */
  readonly validMs: number;
  readonly author: string;
  /** The links are only mailed: a link that reaches nobody is not made, and an earlier one of that phone stays. */
  readonly isMailed?: boolean;
}

/** A link that was made. Its token is shown here and never again. */
export interface MadeLink extends Phone {
  readonly token: string;
  readonly user: Pick<User, "name" | "email">;
  readonly expiresMs: number;
}

export interface LinksMade {
  readonly outcome: "links_made";
  readonly links: readonly MadeLink[];
  /** Users who are suspended, and get none. */
  readonly suspended: readonly string[];
  /** With `isMailed`: users without an address, who get none. */
  readonly withoutEmail: readonly string[];
  readonly office: Pick<Office, "name" | "timezone">;
}

/** Makes links; those of the same phones that nobody has used end. */
export function makeSetupLinks(
  deps: Deps,
  wanted: WantedLinks,
): Promise<LinksMade | Refused | NoOffice | DatabaseFailed> {
  return orDatabaseFailed<LinksMade | Refused | NoOffice>(async () => {
    const office = await deps.store.loadOffice();
    if (office === undefined) return NO_OFFICE;
    const found = wantedPhones(office, wanted.only);
    if (!found.ok) return refusal(found);
    const users = new Map(office.users.map((user) => [user.username, user]));
    const isSuspended = ({ username }: Phone) => users.get(username)?.suspended === true;
    const hasNoMail = ({ username }: Phone) =>
      wanted.isMailed === true && users.get(username)?.email === undefined;
    const nowMs = deps.clock.nowMs();
    const expiresMs = nowMs + wanted.validMs;
    const links = found.phones.flatMap((phone): MadeLink[] => {
      const user = users.get(phone.username);
      if (user === undefined || isSuspended(phone) || hasNoMail(phone)) return [];
      return [{ ...phone, token: randomCharacters(deps.ids, TOKEN_CHARACTERS), user, expiresMs }];
    });
    const { madeFor, domain, server, author } = wanted;
    await deps.store.writeSetupLinks(
      links.map(
        ({ token, username, device, sipName }): NewSetupLink => ({
          tokenHash: hashOf(token),
          username,
          device,
          sipName,
          madeFor,
          domain,
          server,
          madeMs: nowMs,
          madeBy: author,
          expiresMs,
        }),
      ),
    );
    const namesOf = (phones: readonly Phone[]) => [...new Set(phones.map(({ username }) => username))];
    const suspended = namesOf(found.phones.filter(isSuspended));
    const withoutEmail = namesOf(found.phones.filter((phone) => !isSuspended(phone) && hasNoMail(phone)));
    return { outcome: "links_made", links, suspended, withoutEmail, office };
  });
}

function wantedPhones(office: Office, only: WantedLinks["only"]): PhonesFound {
  if (only === undefined) return { ok: true, phones: phonesOf(office) };
  const { username, id } = only;
  if (id === undefined) return findPhones(office, username);
  const found = findPhone(office, username, id);
  return found.ok ? { ok: true, phones: [found.phone] } : found;
}

/** A link that may be used, and whose phone it is for. */
export interface UsableLink {
  readonly outcome: "usable";
  readonly link: SetupLink;
  readonly phone: Phone;
  readonly user: Pick<User, "name">;
  readonly office: Pick<Office, "name" | "timezone">;
}

/**
 * - `unknown`: no such link, or it was withdrawn, or its phone is no longer in the office.
 * - `used`, `expired`: since `link.usedMs` or `link.expiresMs`.
 * - `suspended`: its user may not sign in at the moment.
 */
export type LinkRefused =
  | { readonly outcome: "unknown" }
  | { readonly outcome: "used" | "expired"; readonly link: SetupLink; readonly timezone: string }
  | { readonly outcome: "suspended" };

/** What a link is for; it is not used by that. */
export function readSetupLink(
  { store, clock }: Pick<Deps, "store" | "clock">,
  token: string,
): Promise<UsableLink | LinkRefused | DatabaseFailed> {
  return orDatabaseFailed<UsableLink | LinkRefused>(async () => {
    const link = await store.setupLink(hashOf(token));
    const office = link === undefined ? undefined : await store.loadOffice();
    if (link === undefined || office === undefined) return { outcome: "unknown" };
    const { timezone } = office;
    if (link.usedMs !== null) return { outcome: "used", link, timezone };
    if (link.expiresMs <= clock.nowMs()) return { outcome: "expired", link, timezone };
    const user = office.users.find(({ username }) => username === link.username);
    // As the password, the link belongs to a user and a SIP name; a device's id may change, or become another phone's.
    const phone = phonesOf({ users: user === undefined ? [] : [user] }).find(
      ({ sipName }) => sipName === link.sipName,
    );
    if (user === undefined || phone === undefined) return { outcome: "unknown" };
    if (user.suspended === true) return { outcome: "suspended" };
    return { outcome: "usable", link, phone, user, office };
  });
}

/** What the phone signs in with; it cannot be fetched again. */
export interface LinkUsed extends Omit<UsableLink, "outcome"> {
  readonly outcome: "link_used";
  readonly signIn: SignIn;
}

/** Uses a link: makes the phone's password, in place of an earlier one. @param from the address of whoever uses it */
export async function useSetupLink(
  deps: Deps,
  token: string,
  from: string,
): Promise<LinkUsed | LinkRefused | DatabaseFailed> {
  const read = await readSetupLink(deps, token);
  if (read.outcome !== "usable") return read;
  return orDatabaseFailed<LinkUsed | LinkRefused>(async () => {
    const { link, phone } = read;
    const { signIn, credential } = freshSignIn(deps, `link of ${link.madeBy}`, phone, link.domain);
    const use = { nowMs: deps.clock.nowMs(), from };
    if (await deps.store.useSetupLink(link.tokenHash, use, credential))
      return { ...read, outcome: "link_used", signIn };
    const again = await readSetupLink(deps, token);
    if (again.outcome === "database_failed" || again.outcome === "usable") return { outcome: "unknown" };
    return again;
  });
}

export interface LinkWithdrawn {
  readonly outcome: "withdrawn" | "no_link";
}

/** Ends a phone's link that nobody has used. */
export function withdrawSetupLink(
  { store, clock }: Pick<Deps, "store" | "clock">,
  username: string,
  id: string,
): Promise<LinkWithdrawn | DatabaseFailed> {
  return orDatabaseFailed<LinkWithdrawn>(async () => {
    const office = await store.loadOffice();
    const found = office === undefined ? undefined : findPhone(office, username, id);
    const withdrawn =
      found?.ok === true && (await store.withdrawSetupLink(found.phone.sipName, clock.nowMs()));
    return { outcome: withdrawn ? "withdrawn" : "no_link" };
  });
}

function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
