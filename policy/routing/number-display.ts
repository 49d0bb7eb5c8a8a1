/**
 * How the number that callers see is hidden or shown for one call: a code before what is dialled. Each country's own code is
 * what its people know; `*67` and `*82` (North America), `*31#` and `#31#` (ETSI, GSM) hold everywhere.
 */

interface Codes {
  readonly hides: readonly string[];
  readonly shows: readonly string[];
}

const EVERYWHERE: Codes = { hides: ["*67", "*31#", "#31#"], shows: ["*82", "*31*"] };

/** Codes without star or hash are looked for only in their own country: elsewhere numbers begin so. */
const OF_COUNTRY: ReadonlyMap<string, Codes> = new Map([
  ["GB", { hides: ["141"], shows: ["1470"] }],
  ["IE", { hides: ["141"], shows: ["142"] }],
  ["AU", { hides: ["1831"], shows: ["1832"] }],
  ["JP", { hides: ["184"], shows: ["186"] }],
  ["HK", { hides: ["133"], shows: ["1357"] }],
  ["NZ", { hides: ["0197"], shows: ["0196"] }],
]);

/** What follows a country's code: a number, and not an extension or a short number that begins like the code. */
const NUMBER_DIGITS_MIN = 7;

export interface Displayed {
  /** Whether the number is hidden for this call. */
  readonly hides: boolean;
  /** What was dialled behind the code. */
  readonly rest: string;
}

/** Undefined: no code was dialled. */
export function parseDisplayCode(dialled: string, country: string): Displayed | undefined {
  return codeOf(dialled, EVERYWHERE, 1) ?? codeOf(dialled, OF_COUNTRY.get(country), NUMBER_DIGITS_MIN);
}

function codeOf(dialled: string, codes: Codes | undefined, restMin: number): Displayed | undefined {
  for (const hides of [true, false])
    for (const code of (hides ? codes?.hides : codes?.shows) ?? []) {
      const rest = dialled.slice(code.length).trim();
      if (dialled.startsWith(code) && rest.length >= restMin) return { hides, rest };
    }
  return undefined;
}
