/**
 * Makes the passwords that SIP phones sign in with. A password is handed out once, in the result of the use case that
 * made it, and only its digest is stored. Passwords are no part of a revision.
 */
import { findPhone, type Phone, phonesOf } from "../../../policy/change/devices.js";
import type { Credential } from "../../../storage/credentials.js";
import type { Store } from "../../../storage/store.js";
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
    const has = await hasPassword(deps.store, found.phone);
    if (has && which === "first") return { outcome: "has_password" };
    if (!has && which === "another") return { outcome: "has_no_password" };
    const signIn = await makeSignIn(deps, author, found.phone, domain);
    return { outcome: "made", signIn, revision };
  });
}

/** Makes a phone's password and stores its digest, in place of an earlier one. */
export async function makeSignIn(deps: Deps, author: string, phone: Phone, domain: string): Promise<SignIn> {
  const { signIn, credential } = freshSignIn(deps, author, phone, domain);
  await deps.store.writeCredentials([credential]);
  return signIn;
}

/** A fresh password, and what is to be stored of it. */
export function freshSignIn(
  { clock, ids }: Pick<Deps, "clock" | "ids">,
  author: string,
  phone: Phone,
  domain: string,
): { readonly signIn: SignIn; readonly credential: Credential } {
  const password = makePassword(ids);
  const { username, sipName } = phone;
  return {
    signIn: { ...phone, password, domain },
    credential: {
      sipName,
      username,
      realm: domain,
      a1Hash: a1Hash(sipName, domain, password),
      madeMs: clock.nowMs(),
      madeBy: author,
    },
  };
}

/** The first passwords of all phones that have none. */
export interface AllPasswordsMade {
  readonly outcome: "all_made";
  readonly signIns: readonly SignIn[];
  /** How many phones had a password already, which stays. */
  readonly had: number;
  readonly revision: number;
}

/** Makes the first password of each phone of the office that has none, all or nothing. */
export function makeFirstPasswords(
  deps: Deps,
  { domain, author }: Pick<WantedPassword, "domain" | "author">,
): Promise<AllPasswordsMade | NoOffice | DatabaseFailed> {
  return orDatabaseFailed<AllPasswordsMade | NoOffice>(async () => {
    const revision = await deps.store.currentRevision();
    const office = await deps.store.loadOffice(revision);
    if (office === undefined) return NO_OFFICE;
    const phones = phonesOf(office);
    const without: Phone[] = [];
    for (const phone of phones) if (!(await hasPassword(deps.store, phone))) without.push(phone);
    const made = without.map((phone) => freshSignIn(deps, author, phone, domain));
    if (made.length > 0) await deps.store.writeCredentials(made.map(({ credential }) => credential));
    const signIns = made.map(({ signIn }) => signIn);
    return { outcome: "all_made", signIns, had: phones.length - without.length, revision };
  });
}

/** The SIP name may have belonged to another user before; that user's password is not valid for this phone. */
async function hasPassword(store: Pick<Store, "credentialOf">, phone: Phone): Promise<boolean> {
  return (await store.credentialOf(phone.sipName))?.username === phone.username;
}
