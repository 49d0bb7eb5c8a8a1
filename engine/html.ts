/** Text from people and callers in pages and mails: in one line, and never as markup. */

const LINE_CHARACTERS_MAX = 120;

/**
 * Text from elsewhere in one line. Characters that turn the direction of writing are left out: they would show another
 * caller's name or number than the text has. Half a surrogate pair is no character, and breaks encoders.
 */
export function oneLine(text: string): string {
  const line = text
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "")
    .replace(/\p{Cs}/gu, "\ufffd")
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .trim();
  return [...line].slice(0, LINE_CHARACTERS_MAX).join("");
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text as the content of an element, or of an attribute in double quotes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}
