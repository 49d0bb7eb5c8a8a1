/** Text that callers and phones have chosen, made harmless for whatever shows it. */

/** Makes control characters and marks of writing direction visible, for a terminal or a log. */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, "\u{fffd}");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Escapes text for XML, in an element or an attribute; characters that XML cannot contain are left out. */
export function escapeXml(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu, "")
    .replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? "")
    .replace(/[\t\n\r]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
