/**
 * Cuts what people, phones and carriers write down to digits and a leading plus sign, before anything is read from it:
 * URIs, separators, typographic and invisible characters, digits of other scripts.
 */

/** A longer text is no number: 15 digits (E.164), separators, a URI scheme and some parameters fit. */
const NUMBER_TEXT_MAX_CHARS = 128;

/** Visual separators (RFC 3966 section 5.1.1), also as word processors, spreadsheets and East Asian keyboards set them. */
const SEPARATORS = /[\p{Pd}\p{Zs}\u2212\u30fc.\u00b7\uff0e()（）[\]［］/／~∼～⁓]/gu;
/** Characters that are not seen: marks of direction, joiners, the soft hyphen. Copied numbers often begin with one. */
const INVISIBLE = /[\p{Cf}\p{Mn}]/gu;
const PLUS_SIGNS = /[+＋﹢]/gu;
const OTHER_DIGITS = /(?![0-9])\p{Nd}/gu;
const URI_SCHEME = /^(?:sips?|tel):/i;

/**
 * The digits that were written, with their plus sign; undefined: there is something else in the text.
 * @param text from a file, a request URI or a header; URIs may have parameters and a host
 */
export function digitsOf(text: string): string | undefined {
  if (text.length > NUMBER_TEXT_MAX_CHARS) return undefined;
  const written = userPart(text);
  if (written === undefined) return undefined;
  const plain = plainText(written);
  return /^\+?[0-9]+$/.test(plain) ? plain : undefined;
}

/** What a phone has dialled: digits, star, hash; letters and other characters stay, so that they match nothing. */
export function dialledText(text: string): string {
  if (text.length > NUMBER_TEXT_MAX_CHARS) return text;
  const plain = plainText(userPart(text) ?? text);
  // Many phones send the hash with which a person ends the number.
  return /^[+*0-9][*0-9]+#$/.test(plain) ? plain.slice(0, -1) : plain;
}

/** Without separators and invisible characters, and with the digits and the plus sign of ASCII. */
function plainText(text: string): string {
  return text
    .replace(INVISIBLE, "")
    .replace(SEPARATORS, "")
    .replace(PLUS_SIGNS, "+")
    .replace(OTHER_DIGITS, digitValue);
}

/** Unicode has the ten digits of each script in a row, beginning with zero (chapter 4.6 of the standard). */
function digitValue(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  let zero = code;
  while (code - zero < DIGITS_IN_A_ROW_MAX && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String((code - zero) % 10);
}

/** The mathematical digits stand in five rows of ten, one behind the other. */
const DIGITS_IN_A_ROW_MAX = 49;

/** Cuts a URI down to what was dialled; other text is returned unchanged. */
function userPart(text: string): string | undefined {
  let rest = text.trim();
  if (rest.startsWith("<")) rest = rest.slice(1, rest.endsWith(">") ? -1 : undefined);
  const scheme = URI_SCHEME.exec(rest);
  const isUri = scheme !== null || rest.includes("@");
  if (scheme !== null) rest = rest.slice(scheme[0].length);
  const host = rest.indexOf("@");
  if (host >= 0) rest = rest.slice(0, host);
  const parameters = rest.indexOf(";");
  const context = parameters >= 0 ? phoneContext(rest.slice(parameters)) : undefined;
  if (parameters >= 0) rest = rest.slice(0, parameters);
  if (isUri && rest.includes("%")) {
    const decoded = decodePercents(rest);
    if (decoded === undefined) return undefined;
    rest = decoded;
  }
  return context !== undefined && !rest.startsWith("+") ? context + rest : rest;
}

/** RFC 3966 section 5.1.4: the context of a local number may be the leading digits it lacks. */
function phoneContext(parameters: string): string | undefined {
  return /;phone-context=(\+[-0-9.()]+)(?:;|$)/i.exec(parameters)?.[1];
}

function decodePercents(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
