/**
 * Writes entries that need no quoting as the YAML library would, many times as fast: nearly all of a large office. Any other
 * entry is left to the library.
 */

/** Words that are plain in YAML and mean nothing else: they begin with a letter, and a colon is followed by one. */
const PLAIN =
  /^\p{L}[\p{L}\p{N}@._+/-]*(?::[\p{L}\p{N}][\p{L}\p{N}@._+/-]*)*(?: [\p{L}\p{N}][\p{L}\p{N}@._+/-]*)*$/u;
const MEANINGFUL = /^(?:true|false|null|yes|no|on|off|y|n)$/i;
/** Without quotes it would be a quantity. */
const NUMBER = /^\+\d{3,15}$/;

/**
 * The lines of one entry of a list, indented as in an office file; undefined: it is for the library.
 * @param isOneLine whether the items of a list under this key are each on one line
 */
export function plainEntry(entry: unknown, isOneLine: (key: string) => boolean): string | undefined {
  if (!isMapping(entry)) return undefined;
  const lines: string[] = [];
  for (const [key, value] of Object.entries(entry)) {
    if (value === undefined) continue;
    const text = Array.isArray(value)
      ? items(value, isOneLine(key))
      : isMapping(value)
        ? keys(value)
        : scalar(value);
    if (text === undefined) return undefined;
    const isBlock = typeof value === "object";
    lines.push(`${key}:${isBlock ? "" : " "}${text}`);
  }
  return lines.length === 0 ? undefined : `  - ${lines.join("\n    ")}\n`;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function items(list: readonly unknown[], isOneLine: boolean): string | undefined {
  if (!isOneLine || list.length === 0) return undefined;
  const lines: string[] = [];
  for (const item of list) {
    const pairs = isMapping(item) ? pairsOf(item) : undefined;
    if (pairs === undefined) return undefined;
    lines.push(`\n      - { ${pairs.join(", ")} }`);
  }
  return lines.join("");
}

function keys(mapping: Record<string, unknown>): string | undefined {
  const pairs = pairsOf(mapping);
  return pairs?.map((pair) => `\n      ${pair}`).join("");
}

function pairsOf(mapping: Record<string, unknown>): string[] | undefined {
  const pairs: string[] = [];
  for (const [key, value] of Object.entries(mapping)) {
    if (value === undefined) continue;
    const text = scalar(value);
    if (text === undefined) return undefined;
    pairs.push(`${key}: ${text}`);
  }
  return pairs.length === 0 ? undefined : pairs;
}

function scalar(value: unknown): string | undefined {
  if (typeof value === "boolean" || Number.isSafeInteger(value)) return String(value);
  if (typeof value !== "string") return undefined;
  if (NUMBER.test(value)) return `"${value}"`;
  return PLAIN.test(value) && !MEANINGFUL.test(value) ? value : undefined;
}
