/** Secrets of accounts, such as those of sessions and links: random, shown once, and kept as a digest only. */
import { createHash } from "node:crypto";
import { randomCharacters } from "../directory/password.js";
import type { IdSource } from "../ids.js";

/** 45 characters of 5.8 bits are 261 bits, as many as 32 random bytes. */
export const SECRET_CHARACTERS = 45;

/** A fresh secret, in characters that need no quoting in an address, a cookie or a header. */
export function newSecret(ids: IdSource): string {
  return randomCharacters(ids, SECRET_CHARACTERS);
}

/** SHA-256 in lower-case hexadecimal. Enough for a random secret, and for nothing that a person has chosen. */
export function digestOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
