/** What the directory answers, as the XML that the switch reads. */

/**
 * How long the switch may answer for a phone by itself. It is what carries phones over a restart of the engine:
 * without an answer each REGISTER is refused (sofia_reg.c), and phones that are refused may stay silent for
 * minutes. What changes is flushed. The switch multiplies it by 1000 in an int (switch_xml.c,
 * switch_xml_locate_user_merged): more than 2 147 483 would be in the past.
 */
export const CACHE_MS = 1_800_000;
if (CACHE_MS * 1000 > 2 ** 31 - 1) throw new Error("the switch cannot count that far");

/** Variable that a probe reads; its value says that it was this engine that answered. */
export const PROBE_VARIABLE = "ringline_directory";

export interface PhoneAnswer {
  readonly sipName: string;
  readonly a1Hash: string;
  /** False: the switch has to ask again the next time. */
  readonly cacheable: boolean;
}

/** A phone that may sign in with the password of this digest. */
export function phoneXml(domain: string, { sipName, a1Hash, cacheable }: PhoneAnswer): string {
  const cache = cacheable ? ` cacheable="${CACHE_MS}"` : "";
  return inDomain(
    domain,
    `<user id="${escapeXml(sipName)}"${cache}><params><param name="a1-hash" value="${escapeXml(a1Hash)}"/>${NO_EMPTY}</params></user>`,
  );
}

/** Lets nobody sign in; it only shows that there is somebody who answers. */
export function probeXml(domain: string, name: string, value: string): string {
  return inDomain(
    domain,
    `<user id="${escapeXml(name)}"><params>${NO_EMPTY}</params><variables><variable name="${PROBE_VARIABLE}" value="${escapeXml(value)}"/></variables></user>`,
  );
}

/** Nobody of that name. The switch then looks into its files, which hold nobody either. */
export const NOT_FOUND_XML =
  '<document type="freeswitch/xml"><section name="result"><result status="not found"/></section></document>';

/** Without it a user that has no password is let in with any (sofia_reg.c, allow_empty_password). */
const NO_EMPTY = '<param name="allow-empty-password" value="false"/>';

function inDomain(domain: string, user: string): string {
  return `<document type="freeswitch/xml"><section name="directory"><domain name="${escapeXml(domain)}"><users>${user}</users></domain></section></document>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Text as it may stand in an attribute. What XML cannot hold at all is left out. */
export function escapeXml(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
    .replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? "")
    .replace(/[\t\n\r]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
