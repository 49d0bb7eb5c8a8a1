/**
 * What is asked besides the password: codes of an app (TOTP, RFC 6238), and recovery codes for who has lost everything else.
 * Each code works once.
 */
import { Secret, TOTP } from "otpauth";
import type { SecondFactors } from "../../storage/accounts/second-factors.js";
import type { IdSource } from "../ids.js";
import { type DatabaseFailed, type Deps, orDatabaseFailed } from "../use-case.js";
import { secretHash } from "./secrets.js";

/** What apps take for granted; some ignore what an address says instead. */
const APP = { algorithm: "SHA1", digits: 6, period: 30 } as const;
/** 160 bits, as long as the digest (RFC 4226, section 4). */
const SECRET_BYTES = 20;
/** A clock may be late or early by one code, and a person slow (RFC 6238, section 5.2). */
const WINDOW_STEPS = 1;

/** What an app is told, shown once. */
export interface TotpBegun {
  readonly outcome: "totp_begun";
  readonly secret: string;
  /** For a QR code: `otpauth://totp/…`. */
  readonly address: string;
}

/** Begins to add an app; it counts once it has shown a code. */
export function beginTotp(
  { store, clock, ids }: Deps,
  username: string,
  issuer: string,
): Promise<TotpBegun | { readonly outcome: "exists" } | DatabaseFailed> {
  return orDatabaseFailed<TotpBegun | { readonly outcome: "exists" }>(async () => {
    const bytes = Uint8Array.from({ length: SECRET_BYTES }, () => ids.below(256));
    const secret = new Secret({ buffer: bytes.buffer }).base32;
    if (!(await store.secondFactors.beginTotp(username, secret, clock.nowMs()))) return { outcome: "exists" };
    // A colon parts the issuer from the name in the address.
    const app = new TOTP({ ...APP, secret, issuer: issuer.replaceAll(":", " "), label: username });
    return { outcome: "totp_begun", secret, address: app.toString() };
  });
}

export interface TotpAdded {
  readonly outcome: "totp_added";
  /** Fresh ones, in place of those before. */
  readonly recoveryCodes: readonly string[];
}

/** The app shows its first code: from now on a code is asked for. */
export function confirmTotp(
  deps: Deps,
  username: string,
  code: string,
): Promise<TotpAdded | { readonly outcome: "wrong" | "not_begun" } | DatabaseFailed> {
  return orDatabaseFailed<TotpAdded | { readonly outcome: "wrong" | "not_begun" }>(async () => {
    const { store, clock } = deps;
    const totp = await store.secondFactors.totp(username);
    if (totp === undefined || totp.confirmedMs !== null) return { outcome: "not_begun" };
    const step = stepOf(totp.secret, code, clock.nowMs());
    if (step === undefined) return { outcome: "wrong" };
    const isAdded = await store.secondFactors.confirmTotp(username, totp.secret, step, clock.nowMs());
    if (!isAdded) return { outcome: "not_begun" };
    return { outcome: "totp_added", recoveryCodes: await freshRecoveryCodes(deps, username) };
  });
}

/** Takes a code of an account's app. False: it is wrong, or was taken before. Rejects with `SqlError`. */
export async function takeTotp(
  { store, clock }: Pick<Deps, "store" | "clock">,
  username: string,
  code: string,
): Promise<boolean> {
  const totp = await store.secondFactors.totp(username);
  if (totp === undefined || totp.confirmedMs === null) return false;
  const step = stepOf(totp.secret, code, clock.nowMs());
  return step !== undefined && (await store.secondFactors.takeStep(username, step));
}

/** The time step for which a code is right; undefined: it is wrong now. */
function stepOf(secret: string, code: string, nowMs: number): number | undefined {
  const digits = code.replaceAll(/\s/g, "");
  if (!/^\d{6}$/.test(digits)) return undefined;
  const app = new TOTP({ ...APP, secret });
  const delta = app.validate({ token: digits, timestamp: nowMs, window: WINDOW_STEPS });
  return delta === null ? undefined : app.counter({ timestamp: nowMs }) + delta;
}

/** Easily typed, and not confused on paper. 15 of 31 characters are 74 bits. */
const CODE_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";
const CODE_PARTS = [5, 5, 5];
const CODES = 10;

/** Makes recovery codes, in place of those before; they are shown once. Rejects with `SqlError`. */
export async function freshRecoveryCodes(
  { store, ids }: Pick<Deps, "store" | "ids">,
  username: string,
): Promise<readonly string[]> {
  const codes = Array.from({ length: CODES }, () => recoveryCode(ids));
  await store.secondFactors.putRecoveryCodes(
    username,
    codes.map((code) => secretHash(plain(code))),
  );
  return codes;
}

function recoveryCode(ids: IdSource): string {
  const part = (length: number) =>
    Array.from({ length }, () => CODE_ALPHABET[ids.below(CODE_ALPHABET.length)]).join("");
  return CODE_PARTS.map(part).join("-");
}

/** Takes a recovery code. False: there is none, or it was used. Rejects with `SqlError`. */
export function takeRecoveryCode(
  { store, clock }: Pick<Deps, "store" | "clock">,
  username: string,
  code: string,
): Promise<boolean> {
  return store.secondFactors.useRecoveryCode(username, secretHash(plain(code)), clock.nowMs());
}

function plain(code: string): string {
  return code.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

/** Whether the password alone is not enough. */
export function needsSecondStep({ hasTotp, hasPasskeyStep }: SecondFactors): boolean {
  return hasTotp || hasPasskeyStep;
}

/** No app is asked for a code any more. False: there was none. */
export function removeTotp(
  { store }: Pick<Deps, "store">,
  username: string,
): Promise<boolean | DatabaseFailed> {
  return orDatabaseFailed(async () => {
    const isRemoved = await store.secondFactors.removeTotp(username);
    await withoutUselessCodes({ store }, username);
    return isRemoved;
  });
}

/** Recovery codes are of no use when nothing is asked for that they could take the place of. Rejects with `SqlError`. */
export async function withoutUselessCodes({ store }: Pick<Deps, "store">, username: string): Promise<void> {
  const factors = await store.secondFactors.of(username);
  if (!needsSecondStep(factors)) await store.secondFactors.putRecoveryCodes(username, []);
}

/** For somebody who has lost all of it: only the password is asked for, until they add something again. */
export function removeSecondFactors(
  { store }: Pick<Deps, "store">,
  username: string,
): Promise<boolean | DatabaseFailed> {
  return orDatabaseFailed(() => store.secondFactors.removeAll(username));
}
