/**
 * Turns the bytes of a text file into text. Excel writes CSV files in the encoding of its country, or in UTF-16, with or
 * without a mark at the beginning, and does not say which; the bytes themselves say it nearly always.
 */

/** Bytes that are looked at to find UTF-16 without a mark. */
const SAMPLE_BYTES = 4096;
/** In UTF-16 about every second byte of a western text is zero. */
const ZEROS_SHARE = 0.25;

/** Undefined: the bytes are no text. */
export function decodeText(bytes: Uint8Array): string | undefined {
  const utf16 = utf16Of(bytes);
  if (utf16 !== undefined) return new TextDecoder(utf16).decode(bytes);
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return ofOneCountry(bytes);
  }
}

function utf16Of(bytes: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  const zeros: [even: number, odd: number] = [0, 0];
  for (const [index, byte] of sample.entries()) if (byte === 0) zeros[index % 2 === 0 ? 0 : 1] += 1;
  const [even, odd] = zeros;
  const enough = sample.length * ZEROS_SHARE;
  if (odd >= enough && even < odd / 10) return "utf-16le";
  if (even >= enough && odd < even / 10) return "utf-16be";
  return undefined;
}

/** In this order: the first wins where the text says nothing. */
const ENCODINGS = ["windows-1252", "windows-1250", "macintosh"] as const;

/** The encoding in which most letters outside of ASCII are letters of names: `ł` is `³` in the wrong one. */
function ofOneCountry(bytes: Uint8Array): string {
  const [best] = ENCODINGS.map((encoding) => {
    const text = new TextDecoder(encoding).decode(bytes);
    return { text, strange: strangeCharacters(text) };
  }).sort((a, b) => a.strange - b.strange);
  return best?.text ?? "";
}

/** Characters beside a letter that no name has there. */
function strangeCharacters(text: string): number {
  return (
    text.match(
      /(?<=\p{L})[^\p{ASCII}\p{L}’‘´]|[^\p{ASCII}\p{L}’‘´](?=\p{L})|[\u0080-\u009f]|[ŸƒªºĄ˘¤](?=\p{Ll})/gu,
    ) ?? []
  ).length;
}
