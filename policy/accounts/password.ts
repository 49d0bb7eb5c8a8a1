/**
 * Which passwords people may choose for signing in on the web: at least 8 characters with a digit, as people know it from
 * elsewhere; none that is guessed first (NIST SP 800-63B, section 3.1.1.2), and not the username.
 */
import { commonPasswords } from "./common-passwords.js";

const PASSWORD_CHARACTERS_MIN = 8;
/** Far more than people type; a hash of a megabyte would take long. */
export const PASSWORD_CHARACTERS_MAX = 128;
/** A password that has the username in it needs more than this besides. */
const BESIDE_USERNAME_MAX = 4;

export type PasswordFault = "too_short" | "too_long" | "no_digit" | "common" | "username";

/** Each rule as a sentence that says what is wrong. */
export const PASSWORD_FAULTS: Readonly<Record<PasswordFault, string>> = {
  too_short: `the password has fewer than ${PASSWORD_CHARACTERS_MIN} characters`,
  too_long: `the password has more than ${PASSWORD_CHARACTERS_MAX} characters`,
  no_digit: "the password has no digit",
  common: "many people choose this password, so it is guessed first",
  username: "the password is the username, or little more",
};

/** The same password whatever keyboard it is typed on: composed characters, and full-width ones as usual (NFKC). */
export function normalPassword(text: string): string {
  return text.normalize("NFKC");
}

/** What is wrong with a password for a user; nothing: they may choose it. */
export function passwordFaults(text: string, username: string): PasswordFault[] {
  const password = normalPassword(text);
  const length = [...password].length;
  if (length > PASSWORD_CHARACTERS_MAX) return ["too_long"];
  const faults: PasswordFault[] = [];
  if (length < PASSWORD_CHARACTERS_MIN) faults.push("too_short");
  if (!/\p{Nd}/u.test(password)) faults.push("no_digit");
  if (isCommon(password)) faults.push("common");
  if (isUsername(password, username)) faults.push("username");
  return faults;
}

/** Also with a sign before or behind: people who are asked for another password add one. */
function isCommon(password: string): boolean {
  const lower = password.toLowerCase();
  const bare = lower.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
  return commonPasswords().has(lower) || commonPasswords().has(bare);
}

function isUsername(password: string, username: string): boolean {
  const bare = (text: string) => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
  const [name, all] = [bare(username), bare(password)];
  return name !== "" && all.includes(name) && all.length - name.length <= BESIDE_USERNAME_MAX;
}
