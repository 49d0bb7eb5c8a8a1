/**
 * Which phone may sign in, and with which digest. The office must have the phone, its user must not be suspended,
 * and a password must have been made for this phone, this user and this realm.
 */
import type { Srtp } from "../../policy/office/carrier-settings.js";
import { given } from "../../policy/office/optional.js";
import type { RoutingTable } from "../../policy/routing/table.js";
import type { Credential } from "../../storage/credentials.js";
import { isSipName } from "../switch/safe-text.js";

export type Access =
  | { readonly kind: "granted"; readonly a1Hash: string; readonly srtp?: Srtp }
  | { readonly kind: "denied"; readonly why: DeniedBecause };

export type DeniedBecause =
  /** The office has no such phone. */
  | "unknown"
  | "suspended"
  /** The office wants that a user has an account first. */
  | "no_account"
  /** No password was made yet, or it was made for another user's phone. */
  | "no_credentials"
  /** The password was made for another domain of the switch: its digest can never match. */
  | "other_realm"
  /** The name must not stand in a command of the switch, so the phone could not be signed out. */
  | "unfit_name";

export interface AccessRules {
  readonly domain: string;
  readonly credentialOf: (sipName: string) => Credential | undefined;
  /** Undefined: not known. */
  readonly hasAccount: (username: string) => boolean | undefined;
}

export function accessOf(sipName: string, table: RoutingTable, rules: AccessRules): Access {
  const owned = table.deviceBySip(sipName);
  if (owned === undefined) return denied("unknown");
  if (!isSipName(sipName)) return denied("unfit_name");
  if (owned.user.suspended === true) return denied("suspended");
  if (table.settings.phonesNeedAccount === true && rules.hasAccount(owned.user.username) === false)
    return denied("no_account");
  const credential = rules.credentialOf(sipName);
  if (credential === undefined || credential.username !== owned.user.username)
    return denied("no_credentials");
  if (credential.realm !== rules.domain) return denied("other_realm");
  return { kind: "granted", a1Hash: credential.a1Hash, ...given({ srtp: owned.device.srtp }) };
}

function denied(why: DeniedBecause): Access {
  return { kind: "denied", why };
}
