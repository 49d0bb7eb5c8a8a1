/**
 * Makes usernames of people's names: `Anna Müller` and `Müller, Anna` are both `anna.mueller`. The same names in the same
 * order give the same usernames, and a username that is taken gets a number.
 */
import { plainLetters } from "../office/plain-letters.js";

export const USERNAME_CHARS = { min: 5, max: 30 } as const;

/** A person's name in its parts; either may be empty. */
export interface NameParts {
  readonly first: string;
  readonly last: string;
}

/** Words before or after a name that are no part of it. */
const TITLES = new Set(
  "dr prof professor dipl ing mag mr mrs ms miss mx herr frau hr fr sir med jur phd md mba msc bsc ma ba jr sr ii iii iv hc".split(
    " ",
  ),
);
/** Words that belong to the family name after them. */
const PARTICLES = new Set(
  "von van vom zu zum zur de der den del della di da dos du la le ten ter el al bin ibn mac".split(" "),
);

/** Takes a whole name apart: `Last, First`, or first names and then the family name with its particles. */
export function partsOf(name: string): NameParts {
  const [last = "", ...behind] = name.split(",").map((part) => part.trim());
  const first = behind.filter((part) => wordsOf(part).length > 0).join(" ");
  if (wordsOf(last).length > 0 && first !== "") return { first, last };
  const words = name
    .replaceAll(",", " ")
    .split(/\s+/)
    .filter((word) => wordsOf(word).length > 0);
  if (words.length < 2) return { first: "", last: words.join(" ") };
  const particle = words.findIndex((word, index) => index > 0 && PARTICLES.has(plainLetters(word)));
  const begins = particle > 0 && particle < words.length - 1 ? particle : words.length - 1;
  return { first: words.slice(0, begins).join(" "), last: words.slice(begins).join(" ") };
}

/** A name as it is shown: `Müller, Anna` as `Anna Müller`, `Smith, Jr., John` as it is written. */
export function shownName(name: string): string {
  const parts = name.split(",").map((part) => part.trim());
  const [last = "", first = ""] = parts;
  return parts.length === 2 && wordsOf(last).length > 0 && wordsOf(first).length > 0
    ? `${first} ${last}`
    : name;
}

/** The words of a name that can be in a username, without titles. */
function wordsOf(name: string): string[] {
  return plainLetters(name)
    .replace(/['’`´.]/g, (mark) => (mark === "." ? " " : ""))
    .split(/[^a-z0-9-]+/)
    .map((word) => word.replace(/^-+|-+$/g, ""))
    .filter((word) => word !== "" && !TITLES.has(word));
}

/** What a username may be made of, before numbers: the first of the first names and the family name; "" if nothing is left. */
function baseOf({ first, last }: NameParts): string {
  const [given] = wordsOf(first);
  const family = wordsOf(last);
  const all = [...(given === undefined ? [] : [given]), ...family];
  const whole = all.join(".");
  if (whole.length <= USERNAME_CHARS.max) return whole;
  return all.length > 2 ? `${all[0]}.${all.at(-1)}` : whole;
}

/**
 * The first username for a person that is not taken: the name, then the name with 2, 3 and so on. One that would be too short
 * is filled up with a number.
 * @param instead what to take where the name has no letter that can be written in a to z, for example an e-mail address
 * @returns undefined: neither has any
 */
export function usernameFor(
  name: NameParts,
  instead: string | undefined,
  isTaken: (username: string) => boolean,
): string | undefined {
  const base = baseOf(name) || wordsOf(instead?.split("@")[0]?.replaceAll(/[._]/g, " ") ?? "").join(".");
  if (base === "") return undefined;
  for (let n = 1; ; n += 1) {
    const username = numbered(base, n);
    if (!isTaken(username)) return username;
  }
}

function numbered(base: string, n: number): string {
  const { min, max } = USERNAME_CHARS;
  if (n === 1 && base.length >= min) return base.slice(0, max).replace(/[.-]+$/, "");
  const number = String(n).padStart(min - base.length, "0");
  return `${base.slice(0, max - number.length).replace(/[.-]+$/, "")}${number}`;
}

/**
 * A username as somebody has written it: in small letters a to z, without the domain before or behind it, dots for spaces.
 */
export function writtenUsername(written: string): string {
  const [own = ""] = written.slice(written.lastIndexOf("\\") + 1).split("@");
  return plainLetters(own).trim().replaceAll(/\s+/g, ".");
}
