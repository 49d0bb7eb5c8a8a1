/**
 * Hashes of PINs: scrypt (RFC 7914), each with its own salt. A PIN has few digits, so a thief of the database can try
 * them all; only the cost of each try slows that down.
 */
import { scrypt, timingSafeEqual } from "node:crypto";

/** 32 MB and about a tenth of a second for each hash: as long as a call may wait. */
const COST = { N: 32_768, r: 8, p: 1, maxmem: 64 * 1_048_576 } as const;
const HASH_BYTES = 32;

/** @param salt fresh for each PIN */
export async function hashPin(pin: string, salt: string): Promise<string> {
  return `scrypt:${salt}:${(await derive(pin, salt)).toString("base64")}`;
}

/** Whether the hash is the PIN's; false for a malformed hash. */
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
