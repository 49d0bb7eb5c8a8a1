/** What all answers to look-ups of the switch share (mod_xml_curl). */

/** The switch then reads its own files. */
export const NOT_FOUND_XML =
  '<document type="freeswitch/xml"><section name="result"><result status="not found"/></section></document>';

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Escapes text for an attribute; characters that XML cannot contain are left out. */
export function escapeXml(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
    .replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? "")
    .replace(/[\t\n\r]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
