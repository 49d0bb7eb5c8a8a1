/**
 * The answers to the switch's look-ups of carriers, as XML. Everything that could mean something to the switch's XML
 * parser or to the preprocessor before it (`$${…}`, `X-PRE-PROCESS`, `<?`) is written as a number, so that no setting and no
 * password can become more than a value.
 */
import { CARRIERS_DOMAIN } from "../calls/switch-contract.js";
import type { Gateway } from "./gateway.js";

/** The switch takes a gateway of another name for a fault (parse_gateways in sofia.c). */
const GATEWAY_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,70}$/;

/** The gateways of all carriers, as those of one user of the carriers' domain (parse_domain_tag in sofia.c). */
export function gatewaysXml(gateways: readonly Gateway[]): string {
  return inDomain(
    `<user id="carriers"><gateways>\n${gateways.map(gatewayXml).join("\n")}\n</gateways></user>`,
  );
}

function gatewayXml({ name, params, variables }: Gateway): string {
  if (!GATEWAY_NAME.test(name)) throw new Error("not the name of a gateway");
  const written = params.map(
    ([param, value]) => `<param name="${plain(param)}" value="${attribute(value)}"/>`,
  );
  const set = variables.map(
    ([variable, value, direction]) =>
      `<variable name="${plain(variable)}" value="${attribute(value)}" direction="${direction}"/>`,
  );
  return `<gateway name="${attribute(name)}"><params>${written.join("")}</params><variables>${set.join("")}</variables></gateway>`;
}

/** An address from which calls are let in, and the carriers that send from it. */
export interface LetIn {
  readonly cidr: string;
  readonly carriers: readonly string[];
}

/**
 * The addresses of all carriers, each as a user with a `cidr` (switch_load_network_lists in switch_core.c). A call from it
 * carries the user's name, by which the engine knows the carrier. An address of several carriers has all their names,
 * joined by a sign that no id has: it tells none of them.
 */
export function addressesXml(addresses: readonly LetIn[]): string {
  const users = addresses.map(
    ({ cidr, carriers }) => `<user id="${attribute(carriers.join("+"))}" cidr="${attribute(cidr)}"/>`,
  );
  return inDomain(users.join("\n"));
}

/**
 * A user without anything, for the look-up that the switch makes of the name of an address for each call
 * (sofia_handle_sip_i_invite in sofia.c). It never changes, so the switch may keep it for good. With it nobody can sign in.
 */
export function carrierUserXml(name: string): string {
  return inDomain(
    `<user id="${attribute(name)}" cacheable="true"><params><param name="allow-empty-password" value="false"/></params></user>`,
  );
}

function inDomain(users: string): string {
  return `<document type="freeswitch/xml"><section name="directory"><domain name="${CARRIERS_DOMAIN}">\n${users}\n</domain></section></document>`;
}

/** The engine's own word for a setting. */
function plain(name: string): string {
  if (!/^[a-z][a-z0-9_-]{0,40}$/.test(name)) throw new Error("not the name of a setting");
  return name;
}

/** A value as an attribute. The fields of an office file have no control characters; here they cannot pass either. */
function attribute(value: string): string {
  if (/[\p{Cc}\u2028\u2029\ufffe\uffff]/u.test(value)) throw new Error("a control character in a setting");
  return value.replace(/[^A-Za-z0-9._:/@+]/gu, (sign) => {
    const code = sign.codePointAt(0) ?? LOST;
    // Half of a pair is no character.
    return `&#${code >= 0xd800 && code <= 0xdfff ? LOST : code};`;
  });
}

/** The character that stands for one that is lost. */
const LOST = 0xfffd;
