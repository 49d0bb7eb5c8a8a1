/**
 * Where a carrier's calls may come from: an address, a range of addresses (`192.0.2.0/24`), or the name of a host. What
 * stands in an office file is checked here, and read here for the switch's list of addresses.
 */

/** Wider ranges are no carrier's: they would let in whole continents. */
const WIDEST = { 4: 8, 6: 16 } as const;

export type Source =
  | { readonly kind: "range"; readonly cidr: string }
  | { readonly kind: "host"; readonly name: string };

/** Undefined: the text is no source. */
export function readSource(text: string): Source | undefined {
  const slash = text.indexOf("/");
  const address = slash < 0 ? text : text.slice(0, slash);
  const family = familyOf(address);
  if (family === undefined)
    return slash < 0 && isHostName(text) ? { kind: "host", name: text.toLowerCase() } : undefined;
  const whole = family === 4 ? 32 : 128;
  const bits = slash < 0 ? whole : bitsIn(text.slice(slash + 1));
  if (bits === undefined || bits > whole || bits < WIDEST[family]) return undefined;
  return { kind: "range", cidr: `${address.toLowerCase()}/${bits}` };
}

export function isSource(text: string): boolean {
  return readSource(text) !== undefined;
}

function bitsIn(text: string): number | undefined {
  return /^\d{1,3}$/.test(text) ? Number(text) : undefined;
}

function familyOf(text: string): 4 | 6 | undefined {
  if (isIpv4(text)) return 4;
  return isIpv6(text) ? 6 : undefined;
}

function isIpv4(text: string): boolean {
  return /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/.test(text);
}

/** RFC 4291, 2.2; without a zone, which means something on one machine only. */
export function isIpv6(text: string): boolean {
  if (!/^[0-9A-Fa-f:]+(?:\d+\.\d+\.\d+\.\d+)?$/.test(text)) return false;
  const last = text.slice(text.lastIndexOf(":") + 1);
  if (last.includes(".") && !isIpv4(last)) return false;
  const plain = last.includes(".") ? `${text.slice(0, -last.length)}0:0` : text;
  const halves = plain.split("::");
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  if (!groups.every((group) => /^[0-9A-Fa-f]{1,4}$/.test(group))) return false;
  return halves.length === 2 ? groups.length < 8 : groups.length === 8;
}

/** A name whose last part is a number would be read as an address by some resolvers (RFC 1123, 2.1). */
function isHostName(text: string): boolean {
  if (text.length > 253 || /(?:^|\.)\d+\.?$/.test(text)) return false;
  return /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\.?$/.test(
    text,
  );
}
