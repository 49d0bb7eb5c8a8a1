/**
 * Secrets that are handed out once: links, sessions, keys of the API. 32 random bytes cannot be guessed, so a quick hash is
 * enough to keep them by: who reads the database cannot use them.
 */
import { createHash } from "node:crypto";
import type { IdSource } from "../ids.js";

const SECRET_BYTES = 32;

/** 43 characters of base64url (RFC 4648, section 5), which no address and no header has to escape. */
export function freshSecret(ids: IdSource): string {
  return Buffer.from(Array.from({ length: SECRET_BYTES }, () => ids.below(256))).toString("base64url");
}

/** SHA-256 in lower-case hexadecimal, as it is kept. */
export function secretHash(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
