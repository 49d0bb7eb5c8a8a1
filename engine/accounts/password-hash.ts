/**
 * Hashes of the passwords with which people sign in on the web: argon2id (RFC 9106) with 19 MiB, two passes and one lane, which
 * OWASP's cheat sheet names as the least. A hash takes some 20 ms of one of the four threads that all file access of the
 * process shares (libuv), so few are made at once and few may wait: people who guess must not hold up everybody else.
 */
import { hash, verify } from "@node-rs/argon2";
import { normalPassword, PASSWORD_CHARACTERS_MAX } from "../../policy/accounts/password.js";

/** The algorithm's default is argon2id. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const;

const AT_ONCE = 2;
/** More waiting would be answered after seconds. */
const WAITING_MAX = 128;

/** Too many hashes are wanted at the moment. */
export interface HashingBusy {
  readonly outcome: "hashing_busy";
}
const BUSY: HashingBusy = { outcome: "hashing_busy" };

export interface Hashed {
  readonly outcome: "hashed";
  /** A PHC string, with a salt of its own. */
  readonly hash: string;
}

export interface Verified {
  readonly outcome: "verified";
  readonly isRight: boolean;
}

/** The hash of nobody's password, against which passwords for unknown names are compared. */
let nobodys: Promise<string> | undefined;

export function hashPassword(password: string): Promise<Hashed | HashingBusy> {
  return inTurn(async () => ({ outcome: "hashed", hash: await hash(normalPassword(password), COST) }));
}

/**
 * Whether a password is the one of a hash.
 * @param of null: there is no such account, or it has no password; it takes the same time, and the password is wrong
 */
export function verifyPassword(of: string | null, password: string): Promise<Verified | HashingBusy> {
  if (password.length > PASSWORD_CHARACTERS_MAX * 4)
    return Promise.resolve({ outcome: "verified", isRight: false });
  return inTurn(async () => {
    nobodys ??= hash("nobody's password", COST);
    const isRight = await verify(of ?? (await nobodys), normalPassword(password)).catch(() => false);
    return { outcome: "verified", isRight: isRight && of !== null };
  });
}

let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T | HashingBusy> {
  if (running >= AT_ONCE) {
    if (waiting.length >= WAITING_MAX) return BUSY;
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else running += 1;
  try {
    return await work();
  } finally {
    // Who waits longest gets the place; it stays counted as running.
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}
