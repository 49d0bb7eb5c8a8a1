/**
 * Which addresses a webhook may reach. A webhook's URL is written by people who may change the office and not the
 * machines around it, and the name in it may be made to mean another address at any time. So what is judged is the
 * address that is connected to, by the registries of special addresses (RFC 6890 and its successors at IANA). An IPv6
 * address that carries an IPv4 address is judged by that one.
 */

/**
 * `metadata`: gives a cloud's machines their keys, and is no webhook's in any network. `private`: of this machine, the
 * office's networks, or of no network at all.
 */
export type AddressKind = "public" | "private" | "metadata" | "none";

/** @param text an address without brackets; a name is `none` */
export function addressKind(text: string): AddressKind {
  const v4 = readIpv4(text);
  if (v4 !== undefined) return kindOfIpv4(v4);
  const v6 = readIpv6(text.replace(/%.*$/, ""));
  return v6 === undefined ? "none" : kindOfIpv6(v6);
}

type Range = readonly [first: number, bits: number];

/** Amazon, Google, Azure and others; Oracle; Alibaba; Azure's agent. */
const METADATA_V4 = ranges(
  "169.254.169.254/32 169.254.170.2/32 192.0.0.192/32 100.100.100.200/32 168.63.129.16/32",
);

const PRIVATE_V4 = ranges(
  "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 " +
    "192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 " +
    "203.0.113.0/24 224.0.0.0/4 240.0.0.0/4",
);

function ranges(text: string): readonly Range[] {
  return text.split(" ").map((range) => {
    const [address = "", bits = ""] = range.split("/");
    return [readIpv4(address) ?? 0, Number(bits)];
  });
}

function kindOfIpv4(address: number): AddressKind {
  const isIn = ([first, bits]: Range) =>
    Math.floor(address / 2 ** (32 - bits)) === Math.floor(first / 2 ** (32 - bits));
  if (METADATA_V4.some(isIn)) return "metadata";
  return PRIVATE_V4.some(isIn) ? "private" : "public";
}

function kindOfIpv6(groups: readonly number[]): AddressKind {
  const embedded = embeddedIpv4(groups);
  if (embedded !== undefined) return kindOfIpv4(embedded);
  const [a = 0, b = 0] = groups;
  // fd00:ec2::254 and fd20:ce::254 are Amazon's and Google's.
  if (a === 0xfd00 && b === 0x0ec2) return "metadata";
  if (a === 0xfd20 && b === 0x00ce) return "metadata";
  // Only 2000::/3 is given out to networks (RFC 4291, 2.4); these are its parts that are not.
  if (a >>> 13 !== 1) return "private";
  const isSpecial =
    (a === 0x2001 && b < 0x0200) || (a === 0x2001 && b === 0x0db8) || (a === 0x3fff && b < 0x1000);
  return isSpecial ? "private" : "public";
}

/** The IPv4 address in a mapped (RFC 4291, 2.5.5.2), translated (RFC 6052) or 6to4 (RFC 3056) address. */
function embeddedIpv4(groups: readonly number[]): number | undefined {
  const last = pair(groups[6], groups[7]);
  const begin = groups.slice(0, 6).join(":");
  if (begin === `0:0:0:0:0:${0xffff}` || begin === `0:0:0:0:${0xffff}:0`) return last;
  if (begin === `${0x64}:${0xff9b}:0:0:0:0`) return last;
  return groups[0] === 0x2002 ? pair(groups[1], groups[2]) : undefined;
}

function pair(high = 0, low = 0): number {
  return high * 0x10000 + low;
}

function readIpv4(text: string): number | undefined {
  if (!/^\d{1,3}(?:\.\d{1,3}){3}$/.test(text)) return undefined;
  const parts = text.split(".").map(Number);
  return parts.every((part) => part < 256) ? parts.reduce((sum, part) => sum * 256 + part, 0) : undefined;
}

/** The eight groups of an IPv6 address. */
function readIpv6(text: string): readonly number[] | undefined {
  const plain = withoutDots(text);
  if (plain === undefined || !/^[0-9A-Fa-f:]*$/.test(plain) || !plain.includes(":")) return undefined;
  const halves = plain.split("::").map((half) => (half === "" ? [] : half.split(":")));
  if (halves.length > 2) return undefined;
  const [before = [], after = []] = halves;
  const missing = 8 - before.length - after.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...before, ...Array.from({ length: missing }, () => "0"), ...after];
  return groups.every((group) => /^[0-9A-Fa-f]{1,4}$/.test(group))
    ? groups.map((group) => Number.parseInt(group, 16))
    : undefined;
}

/** An address that ends in an IPv4 address, with groups in its place. */
function withoutDots(text: string): string | undefined {
  if (!text.includes(".")) return text;
  const colon = text.lastIndexOf(":");
  const v4 = readIpv4(text.slice(colon + 1));
  if (v4 === undefined) return undefined;
  return `${text.slice(0, colon + 1)}${Math.floor(v4 / 0x10000).toString(16)}:${(v4 % 0x10000).toString(16)}`;
}
