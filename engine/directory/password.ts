/** Makes the passwords of SIP phones, and the digest of a password that is kept. */
import { createHash } from "node:crypto";
import type { IdSource } from "../ids.js";

/** Letters and digits that are not confused on a small display and that every phone's web page accepts. */
const ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/**
 * 24 of 56 characters are 139 bits. The digest that the switch needs is md5, which is quick to try, so only a random
 * password of this length is safe. Therefore users do not choose their passwords.
 */
const PASSWORD_CHARACTERS = 24;

/** A fresh password. */
export function makePassword(ids: IdSource): string {
  return randomCharacters(ids, PASSWORD_CHARACTERS);
}

/** Characters that are safe in a phone's web page, a file and an address. Each has 5.8 bits. */
export function randomCharacters(ids: IdSource, count: number): string {
  return Array.from({ length: count }, () => ALPHABET[ids.below(ALPHABET.length)]).join("");
}

/** The digest that is kept: A1 of RFC 2617, section 3.2.2.2. With another realm the password would not match. */
export function a1Hash(sipName: string, realm: string, password: string): string {
  return createHash("md5").update(`${sipName}:${realm}:${password}`).digest("hex");
}
