/**
 * Checks of numbers and extensions together: blocks that overlap, extensions that begin others or hide a number outside,
 * digits that may be two numbers.
 */
import { contains, overlaps, type Range, rangeOf, sizeOf } from "../../routing/blocks.js";
import { isValidNumber, shortestNumber } from "../../routing/country.js";
import { parseNumber, validReadings } from "../../routing/number.js";
import { shortNumber } from "../../routing/short-numbers.js";
import { type Place, type Problem, show } from "../problem.js";

interface Block extends Range {
  readonly key: string;
  readonly at: Place;
}

/** Blocks of one size that share numbers, which neither of them can have; and blocks that share some of their numbers. */
export function checkBlocks(numbers: ReadonlyMap<string, Place>): Problem[] {
  const blocks = [...numbers].flatMap(([key, at]): Block[] => {
    const range = rangeOf(key);
    return range === undefined ? [] : [{ ...range, key, at }];
  });
  blocks.sort((a, b) => a.first - b.first);
  const problems: Problem[] = [];
  let open: Block[] = [];
  for (const block of blocks) {
    open = open.filter((other) => overlaps(other, block));
    for (const other of open) {
      // A block within another is how offices give a few of its numbers to somebody.
      const isSameSize = sizeOf(other) === sizeOf(block);
      if (!isSameSize && (contains(other, block) || contains(block, other))) continue;
      problems.push(isSameSize ? sameSize(block, other) : partly(block, other));
    }
    open.push(block);
  }
  return problems;
}

function sameSize(block: Block, other: Block): Problem {
  return {
    severity: "error",
    code: "overlap",
    message: `the blocks ${other.key} and ${block.key} share numbers, and neither is the smaller one`,
    at: block.at,
    expected: "blocks without common numbers, or one within the other",
    others: [{ at: other.at, note: "the other block" }],
  };
}

function partly(block: Block, other: Block): Problem {
  const smaller = sizeOf(block) < sizeOf(other) ? block : other;
  return {
    severity: "warning",
    code: "overlap",
    message: `the blocks ${other.key} and ${block.key} share numbers; those lead where the smaller block leads, ${smaller.key}`,
    at: block.at,
    expected: "blocks without common numbers, or one within the other",
    others: [{ at: other.at, note: "the other block" }],
  };
}

/** An extension that begins another one: a person who dials the longer one may get the shorter. */
export function checkExtensions(
  extensions: ReadonlyMap<string, Place>,
  country: string | undefined,
  emergency: ReadonlySet<string>,
): Problem[] {
  return [...extensions].flatMap(([extension, at]) => {
    const shorter = beginnings(extension).find((each) => extensions.has(each));
    const first = shorter === undefined ? undefined : extensions.get(shorter);
    const problems: Problem[] = [];
    if (shorter !== undefined && first !== undefined)
      problems.push({
        severity: "error",
        code: "ambiguous_extension",
        message: `the extension ${extension} begins with the extension ${shorter}: a phone may call ${shorter} before the last digit is dialled`,
        at,
        expected: "extensions of which none begins another",
        others: [{ at: first, note: `the extension ${shorter}` }],
      });
    const hidden =
      country === undefined || emergency.has(extension) ? undefined : hiddenBy(extension, country);
    if (hidden !== undefined)
      problems.push({
        severity: "warning",
        code: "hidden_number",
        message: `phones that dial ${extension} reach the extension, not ${hidden}`,
        at,
        expected: "another extension, unless nobody calls that number",
      });
    return problems;
  });
}

/** Everything with which a text begins, without itself. */
function beginnings(text: string): readonly string[] {
  return Array.from({ length: text.length - 1 }, (_, index) => text.slice(0, index + 1));
}

function hiddenBy(extension: string, country: string): string | undefined {
  // The library takes long, and most countries have no numbers as short as an extension. With its country code none is.
  const number = extension.length < shortestNumber(country) ? undefined : parseNumber(extension, country);
  if (number !== undefined && isValidNumber(number)) return `the number ${number}`;
  const short = shortNumber(extension, country);
  return short === undefined ? undefined : `the service number ${short}`;
}

/** Digits that may be two numbers of the country, of which the office says neither. */
export function ambiguousNumber(
  written: string,
  read: string,
  country: string,
  at: Place,
): Problem | undefined {
  const others = validReadings(written, country).filter((number) => number !== read);
  if (others.length === 0) return undefined;
  return {
    severity: "warning",
    code: "ambiguous_number",
    message: `these digits may be ${read} or ${others.join(" or ")}; they are read as ${read}`,
    at,
    found: show(written),
    expected: "the number with its plus sign and country code",
    suggestion: `"${read}"`,
  };
}
