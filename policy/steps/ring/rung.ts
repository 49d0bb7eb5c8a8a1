/**
 * What a ring step remembers of every contact and number that it has rung, so that none rings twice: the station and a
 * digest, since a contact's address may be long and a step may ring many.
 */
import { digest } from "../../digest.js";

/** Enough to tell the few contacts of one phone apart. */
const DIGEST_CHARACTERS = 8;

/** @param address the contact's URL, or the number */
export function rungKey(station: number, address: string): string {
  return `${station} ${digest(address).slice(0, DIGEST_CHARACTERS)}`;
}

export function isAbout(key: string, station: number): boolean {
  return key.startsWith(`${station} `);
}
