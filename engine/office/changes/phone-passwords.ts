/**
 * Makes the passwords that SIP phones sign in with. A password is handed out once, in the result of the use case that
 * made it, and only its digest is stored. Passwords are no part of a revision.
 */
import { findPhone, type Phone } from "../../../policy/change/devices.js";
import { a1Hash, makePassword } from "../../directory/password.js";
import {
  type DatabaseFailed,
  type Deps,
  NO_OFFICE,
  type NoOffice,
  orDatabaseFailed,
} from "../../use-case.js";
import { type Refused, refusal } from "./change.js";

/** All that a phone needs to sign in, except the switch's address. */
export interface SignIn extends Phone {
  readonly password: string;
  readonly domain: string;
}

export interface WantedPassword {
  readonly username: string;
  /** The device's id. */
  readonly id: string;
  /** The switch's SIP domain: the digest is valid in no other. */
  readonly domain: string;
  readonly author: string;
}

/**
 * - `made`: `revision` is the live one that has the phone.
 * - `has_password`, `has_no_password`: the phone was expected to be in the other state; nothing was changed.
 */
export type PasswordMade =
  | { readonly outcome: "made"; readonly signIn: SignIn; readonly revision: number }
  | { readonly outcome: "has_password" | "has_no_password" }
  | Refused
  | NoOffice
  | DatabaseFailed;

/** Makes the first password of a phone that the office has. */
export function makeFirstPassword(deps: Deps, wanted: WantedPassword): Promise<PasswordMade> {
  return make(deps, wanted, "first");
}

/** Makes a new password: the old one no longer works, and the phone is signed out. */
export function rotatePassword(deps: Deps, wanted: WantedPassword): Promise<PasswordMade> {
  return make(deps, wanted, "another");
}

function make(deps: Deps, wanted: WantedPassword, which: "first" | "another"): Promise<PasswordMade> {
  const { username, id, domain, author } = wanted;
  return orDatabaseFailed<PasswordMade>(async () => {
    const revision = await deps.store.currentRevision();
    const office = await deps.store.loadOffice(revision);
    if (office === undefined) return NO_OFFICE;
    const found = findPhone(office, username, id);
    if (!found.ok) return refusal(found);
    const held = await deps.store.credentialOf(found.phone.sipName);
    // The SIP name may have belonged to another user before; that user's password is not valid for this phone.
    const has = held?.username === username;
    if (has && which === "first") return { outcome: "has_password" };
    if (!has && which === "another") return { outcome: "has_no_password" };
    const signIn = await makeSignIn(deps, author, found.phone, domain);
    return { outcome: "made", signIn, revision };
  });
}

/** Makes a phone's password and stores its digest, in place of an earlier one. */
export async function makeSignIn(
  { store, clock, ids }: Deps,
  author: string,
  phone: Phone,
  domain: string,
): Promise<SignIn> {
  const password = makePassword(ids);
  const { username, sipName } = phone;
  await store.writeCredentials([
    {
      sipName,
      username,
      realm: domain,
      a1Hash: a1Hash(sipName, domain, password),
      madeMs: clock.nowMs(),
      madeBy: author,
    },
  ]);
  return { ...phone, password, domain };
}
