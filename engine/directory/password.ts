/** Makes the passwords of SIP phones, and the digest that is kept of one. */
import { createHash } from "node:crypto";
import type { IdSource } from "../ids.js";

/** Letters and digits that nobody mistakes for one another on a small display, and no phone's web page refuses. */
const ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/**
 * 24 of 56 signs are 139 bits. The digest that the switch needs is md5, which is quick to try: only a password
 * that no list holds and nobody can count through makes that harmless, so people do not choose theirs.
 */
const PASSWORD_CHARACTERS = 24;

/** A fresh password. */
export function makePassword(ids: IdSource): string {
  return Array.from({ length: PASSWORD_CHARACTERS }, () => ALPHABET[ids.below(ALPHABET.length)]).join("");
}

/** What is kept of a password: A1 of RFC 2617, section 3.2.2.2. The realm is the switch's domain, for ever. */
export function a1Hash(sipName: string, realm: string, password: string): string {
  return createHash("md5").update(`${sipName}:${realm}:${password}`).digest("hex");
}
