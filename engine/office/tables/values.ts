/** What people write into cells: yes and no in their words, lists, and what a spreadsheet has spoilt. */

import type { AdminKind } from "../../../policy/change/person.js";
import { PERMISSION_NAMES, type Permission } from "../../../policy/office/permission-names.js";
import { plainLetters } from "../../../policy/office/plain-letters.js";
import type { Damage } from "./grid.js";

/** What a cell says in which a person wrote that there is none. */
const NONE = /^[-–—]$/;
/** What says nothing, like an empty cell. */
const NOTHING = /^(?:n\/?a|n\.a\.|k\.?\s?a\.?|tbd|\?+|null|undefined)$/i;

export function saysNone(cell: string): boolean {
  return NONE.test(cell);
}

export function saysNothing(cell: string): boolean {
  return cell === "" || NOTHING.test(cell);
}

/** What the spreadsheet, or another program, made of a cell before; undefined: nothing is wrong with it. */
export function damageOf(cell: string): Damage | undefined {
  if (/^[-+]?\d+(?:[.,]\d+)?E[+-]\d+$/i.test(cell)) return "exponent";
  if (
    /^#(?:N\/A|NV|REF!|BEZUG!|NAME\?|VALUE!|WERT!|DIV\/0!|NUM!|ZAHL!|NULL!|SPILL!|CALC!|FIELD!|#+)/i.test(
      cell,
    )
  )
    return "error";
  if (cell.startsWith("=")) return "formula";
  if (/[ÃÂ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|ï¿½|\ufffd/.test(cell)) return "broken_letters";
  return undefined;
}

export const DAMAGE_WORDS: Readonly<Record<Damage, { readonly message: string; readonly expected: string }>> =
  {
    exponent: {
      message: "the spreadsheet made a quantity of this number, and its digits are lost",
      expected: "the number's digits; format the column as text before they are typed or pasted",
    },
    date: {
      message: "the spreadsheet made a date of this",
      expected: "what was typed; format the column as text before it is typed",
    },
    error: { message: "the spreadsheet could not calculate this", expected: "a value, or an empty cell" },
    formula: {
      message: "this is a formula that nobody has calculated",
      expected: "its value: open the table in the spreadsheet and save it, or paste values only",
    },
    broken_letters: {
      message: "letters were broken when another program read this table",
      expected: "the table exported anew, as UTF-8 or as .xlsx",
    },
  };

const YES = new Set(
  "yes y true t 1 x on ja j wahr oui si vrai verdadero enabled aktiviert".split(" ").concat("✓", "✔"),
);
const NO = new Set("no n false f 0 off nein falsch non faux falso".split(" ").concat("✗", "✘"));
const ACTIVE = new Set(
  "active enabled aktiv aktiviert allowed employed present ok freigeschaltet".split(" "),
);
const INACTIVE = new Set(
  "inactive disabled suspended blocked locked inaktiv deaktiviert gesperrt left ausgeschieden deactivated".split(
    " ",
  ),
);

function folded(cell: string): string {
  return plainLetters(cell).replace(/[.\s]+/g, "");
}

/** Undefined: the cell says neither yes nor no. */
export function readFlag(cell: string): boolean | undefined {
  const word = folded(cell);
  if (YES.has(word)) return true;
  return NO.has(word) ? false : undefined;
}

/** Whether a person may work, as a column such as Suspended or Status says. @param isActive what yes means */
export function readSuspended(cell: string, isActive: boolean): boolean | undefined {
  const word = folded(cell);
  if (ACTIVE.has(word)) return false;
  if (INACTIVE.has(word)) return true;
  const flag = readFlag(cell);
  return flag === undefined ? undefined : flag !== isActive;
}

/** A list as people write it, in one cell. */
export function listOf(cell: string): readonly string[] {
  return cell
    .split(/[;,|\r\n]+/)
    .map((item) => item.trim().replaceAll(/\s+/g, " "))
    .filter((item) => item !== "");
}

const ADMIN_WORDS: ReadonlyMap<string, readonly AdminKind[]> = new Map([
  ...words(
    "system systems systemadmin systemadmins systemadministrator admin administrator global superadmin all full alle voll",
    ["system"],
  ),
  ...words(
    "billing billingadmin billingadmins finance accounting abrechnung rechnung rechnungen buchhaltung",
    ["billing"],
  ),
  ...words("both beide beides", ["billing", "system"]),
  ...words("none user keine keiner standard", []),
]);

function words(text: string, kinds: readonly AdminKind[]): [string, readonly AdminKind[]][] {
  return text.split(" ").map((word) => [word, kinds]);
}

/** Yes makes a System Admin. Undefined: the cell says no kind of administrator. */
export function readAdmin(cell: string): readonly AdminKind[] | undefined {
  const flag = readFlag(cell);
  if (flag !== undefined) return flag ? ["system"] : [];
  const kinds = listOf(cell).map((item) => ADMIN_WORDS.get(plainLetters(item).replace(/[^a-z]+/g, "")));
  const known = kinds.filter((kind) => kind !== undefined);
  return known.length === kinds.length ? [...new Set(known.flat())] : undefined;
}

/** `call logs, no outside calls`. Undefined: an item is no permission. */
export function readPermissions(cell: string): Partial<Record<Permission, boolean>> | undefined {
  const permissions: Partial<Record<Permission, boolean>> = {};
  for (const item of listOf(cell)) {
    const sign = /^(?:(?:no|not|deny|kein|keine|nicht|ohne)\s+|[-!–]\s*)/i.exec(item)?.[0] ?? "";
    const [written = "", flag] = item.slice(sign.length).split(/\s*[:=]\s*/);
    const word = written
      .trim()
      .toLowerCase()
      .replaceAll(/[\s-]+/g, "_");
    const name = PERMISSION_NAMES.find((each) => each === word);
    const isAllowed = flag === undefined ? true : readFlag(flag);
    if (name === undefined || isAllowed === undefined) return undefined;
    permissions[name] = isAllowed === (sign === "");
  }
  return permissions;
}
