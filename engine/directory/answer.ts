/** The directory's answers, as the XML that the switch reads. */
import type { Srtp } from "../../policy/office/carrier-settings.js";
import { escapeXml } from "../../policy/text.js";
import { SRTP_VARIABLE, SRTP_WORDS } from "../switch/srtp.js";

/**
 * How long the switch may cache the answer for a phone. The cache bridges a restart of the engine: without an answer
 * each REGISTER is refused (sofia_reg.c), and a refused phone may stay silent for minutes. Changes are flushed. The
 * switch multiplies the value by 1000 in an int (switch_xml.c, switch_xml_locate_user_merged), so more than
 * 2 147 483 would be in the past.
 */
export const CACHE_MS = 1_800_000;
if (CACHE_MS * 1000 > 2 ** 31 - 1) throw new Error("the switch cannot count that far");

/** The variable that a probe reads. Its value shows that this engine answered. */
export const PROBE_VARIABLE = "ringline_directory";

export interface PhoneAnswer {
  readonly sipName: string;
  readonly a1Hash: string;
  /** False: the switch must ask again the next time. */
  readonly cacheable: boolean;
  readonly srtp?: Srtp;
}

/** The answer for a phone that may sign in with the password of this digest. */
export function phoneXml(domain: string, { sipName, a1Hash, cacheable, srtp }: PhoneAnswer): string {
  const cache = cacheable ? ` cacheable="${CACHE_MS}"` : "";
  // What is required the engine itself sees to: the switch would refuse a call for help as well, and ring phones for others.
  const variables =
    srtp !== "never"
      ? ""
      : `<variables><variable name="${SRTP_VARIABLE}" value="${SRTP_WORDS[srtp]}"/></variables>`;
  return inDomain(
    domain,
    `<user id="${escapeXml(sipName)}"${cache}><params><param name="a1-hash" value="${escapeXml(a1Hash)}"/>${NO_EMPTY}</params>${variables}</user>`,
  );
}

/** The answer to a probe. It lets no phone sign in; it shows that this directory answers. */
export function probeXml(domain: string, name: string, value: string): string {
  return inDomain(
    domain,
    `<user id="${escapeXml(name)}"><params>${NO_EMPTY}</params><variables><variable name="${PROBE_VARIABLE}" value="${escapeXml(value)}"/></variables></user>`,
  );
}

/** Without this parameter a user without a password may sign in with any password (sofia_reg.c, allow_empty_password). */
const NO_EMPTY = '<param name="allow-empty-password" value="false"/>';

function inDomain(domain: string, user: string): string {
  return `<document type="freeswitch/xml"><section name="directory"><domain name="${escapeXml(domain)}"><users>${user}</users></domain></section></document>`;
}
