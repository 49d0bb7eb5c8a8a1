/**
 * PINs as they are kept: scrypt (RFC 7914) with a salt of their own. A PIN has few digits, so whoever has the database
 * can try them all; the cost of each try is what is between.
 */
import { scrypt, timingSafeEqual } from "node:crypto";

/** 32 MB for each, and about a tenth of a second: as much as a call may wait for, and a database of PINs be worth. */
const COST = { N: 32_768, r: 8, p: 1, maxmem: 64 * 1_048_576 } as const;
const HASH_BYTES = 32;

/** @param salt fresh for each PIN */
export async function hashPin(pin: string, salt: string): Promise<string> {
  return `scrypt:${salt}:${(await derive(pin, salt)).toString("base64")}`;
}

/** Whether the PIN is the one that was hashed. False for a hash that is none. */
export async function isPin(pin: string, hash: string): Promise<boolean> {
  const [kind, salt = "", kept = ""] = hash.split(":");
  const expected = Buffer.from(kept, "base64");
  if (kind !== "scrypt" || expected.length !== HASH_BYTES) return false;
  return timingSafeEqual(await derive(pin, salt), expected);
}

function derive(pin: string, salt: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(pin, salt, HASH_BYTES, COST, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}
