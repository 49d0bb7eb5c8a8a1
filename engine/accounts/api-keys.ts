/**
 * Keys of the API: a program asks for the person who made the key, with a part of what the person may. What the person may is
 * looked at again each time, so that a key never outlives a right.
 */
import { type KeyPower, type Needed, personMay } from "../../policy/access/access.js";
import { isUseWorthNoting } from "../../policy/accounts/session-life.js";
import type { User } from "../../policy/office/office.js";
import type { PermissionSource } from "../../policy/office/permission.js";
import { PERMISSION_NAMES } from "../../policy/office/permission-names.js";
import type { ApiKey } from "../../storage/accounts/api-keys.js";
import type { IdSource } from "../ids.js";
import { type DatabaseFailed, type Deps, orDatabaseFailed } from "../use-case.js";
import { freshSecret, secretHash } from "./secrets.js";

/** Whoever makes keys needs this permission, and a key works as long as its maker has it. */
export const KEYS_NEED: Needed = "integrations";

/** All that a key may be able to do. */
export const KEY_POWERS: readonly [KeyPower, ...KeyPower[]] = ["own", "system_admin", ...PERMISSION_NAMES];

/** A key that was made. Its text is shown here and never again. */
export interface KeyMade {
  readonly outcome: "key_made";
  readonly id: string;
  readonly text: string;
}

export type KeyRefused =
  /** The maker does not have it. */
  | { readonly outcome: "not_theirs"; readonly power: KeyPower }
  /** The account is gone, or has too many keys. */
  | { readonly outcome: "too_many" }
  | { readonly outcome: "over_already" };

const ID_CHARACTERS = 12;
const ID_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";

export interface KeyWanted {
  readonly name: string;
  readonly powers: readonly KeyPower[];
  /** Null: it does not end by itself. */
  readonly expiresMs: number | null;
}

export function makeKey(
  { store, clock, ids }: Deps,
  maker: { readonly user: User; readonly office: PermissionSource },
  { name, powers, expiresMs }: KeyWanted,
): Promise<KeyMade | KeyRefused | DatabaseFailed> {
  return orDatabaseFailed<KeyMade | KeyRefused>(async () => {
    const nowMs = clock.nowMs();
    if (expiresMs !== null && expiresMs <= nowMs) return { outcome: "over_already" };
    const wanted = KEY_POWERS.filter((power) => powers.includes(power));
    const lacking = wanted.find((power) => power !== "own" && !personMay(maker, power));
    if (lacking !== undefined) return { outcome: "not_theirs", power: lacking };
    const [id, secret] = [freshId(ids), freshSecret(ids)];
    const { username } = maker.user;
    const key = {
      id,
      secretHash: secretHash(secret),
      username,
      name,
      powers: wanted,
      madeMs: nowMs,
      expiresMs,
    };
    if (!(await store.apiKeys.add(key))) return { outcome: "too_many" };
    return { outcome: "key_made", id, text: `rk_${id}_${secret}` };
  });
}

function freshId(ids: IdSource): string {
  return Array.from({ length: ID_CHARACTERS }, () => ID_ALPHABET[ids.below(ID_ALPHABET.length)]).join("");
}

/** The id has no underscore; the secret may have some. */
const TEXT = /^rk_([a-z0-9]{12})_([A-Za-z0-9_-]{43})$/;

/** The key of a text; undefined: there is none, or its time is over. Rejects with `SqlError`. */
export async function keyOf(
  { store, clock }: Pick<Deps, "store" | "clock">,
  text: string,
): Promise<ApiKey | undefined> {
  const [, id = "", secret = ""] = TEXT.exec(text) ?? [];
  if (id === "") return undefined;
  const key = await store.apiKeys.bySecret(id, secretHash(secret));
  return key === undefined || isOver(key, clock.nowMs()) ? undefined : key;
}

function isOver({ expiresMs }: ApiKey, nowMs: number): boolean {
  return expiresMs !== null && nowMs >= expiresMs;
}

/** What a key may do now: nothing, if its maker may not have keys any more. */
export function powersOf(
  { powers }: ApiKey,
  maker: { readonly user: User; readonly office: PermissionSource },
): readonly KeyPower[] {
  return personMay(maker, KEYS_NEED) ? KEY_POWERS.filter((power) => powers.includes(power)) : [];
}

/** Writes down that a key is used, unless that was done a moment ago. Rejects with `SqlError`. */
export async function noteKeyUse(
  { store, clock }: Pick<Deps, "store" | "clock">,
  { id, usedMs }: ApiKey,
  address: string,
): Promise<void> {
  const nowMs = clock.nowMs();
  if (usedMs === null || isUseWorthNoting(usedMs, nowMs)) await store.apiKeys.used(id, { nowMs, address });
}
