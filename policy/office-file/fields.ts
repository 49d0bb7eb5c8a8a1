/**
 * The leaf fields of an office file. Each has one phrase that says what is expected, which serves as the message for a
 * wrong value and as the description in the JSON Schema.
 */
import { z } from "zod";
import { CALLED_PLACES, CALLER_PLACES, NUMBER_FORMS, SRTP, TRANSPORTS } from "../office/carrier-settings.js";
import { EXTENSION_DIGITS, EXTENSION_PATTERN } from "../office/extension.js";
import { isIpv6, isSource } from "../office/sources.js";

/** A text that matches a pattern; `expected` completes "expected: …". */
function text(expected: string, pattern: RegExp): z.ZodString {
  return z.string({ error: expected }).regex(pattern, { error: expected }).describe(expected);
}

/** Whole seconds in a range. */
function seconds(min: number, max: number): z.ZodInt {
  return wholeNumber(`whole seconds from ${min} to ${max}`, min, max);
}

function wholeNumber(expected: string, min: number, max: number): z.ZodInt {
  return z
    .int({ error: expected })
    .min(min, { error: expected })
    .max(max, { error: expected })
    .describe(expected);
}

/** The ring times that a file may give, in seconds; the documentation recommends 10 to 60 s. */
const RING_MIN_SECONDS = 5;
const RING_MAX_SECONDS = 600;
/** The longest delay after which a device or member may start to ring. */
const DELAY_MAX_SECONDS = 600;

export const username = text(
  "a username: 5 to 30 of a-z, 0-9, dot, dash and underscore, beginning with a letter or digit",
  /^[a-z0-9][a-z0-9._-]{4,29}$/,
);
export const id = text(
  "an id: 1 to 64 of a-z, 0-9, dot, dash and underscore, beginning with a letter or digit",
  /^[a-z0-9][a-z0-9._-]{0,63}$/,
);
/** More names than anything has had. */
const EARLIER_IDS_MAX = 20;
const renamedFromExpected = `the id it had before, or a list of up to ${EARLIER_IDS_MAX} earlier ones`;
const renamedFromError = { error: renamedFromExpected };
/** What a group, a flow or a device was called before; see `checks/renames.ts`. */
export const renamedFrom = z
  .union(
    [id, z.array(id, renamedFromError).min(1, renamedFromError).max(EARLIER_IDS_MAX, renamedFromError)],
    {
      error: renamedFromExpected,
    },
  )
  .describe(renamedFromExpected);
// A word that the switch must never get in a command (`engine/switch/safe-text.ts`): what is named so would never ring.
export const WITHOUT_SOCKET_MODULE = "(?!.*[Mm][Oo][Dd]_[Ee][Vv][Ee][Nn][Tt]_[Ss][Oo][Cc][Kk][Ee][Tt])";
export const carrierId = text(
  "an id: 1 to 64 of a-z, 0-9, dot, dash and underscore, beginning with a letter or digit, without mod_event_socket",
  new RegExp(`^${WITHOUT_SOCKET_MODULE}[a-z0-9][a-z0-9._-]{0,63}$`),
);
export const sipName = text(
  "a SIP name: 1 to 64 letters, digits, dots, dashes and underscores, without mod_event_socket",
  new RegExp(`^${WITHOUT_SOCKET_MODULE}[A-Za-z0-9._-]{1,64}$`),
);
// Names reach phones' displays in SIP headers, so a name must not contain a character that ends a header.
export const displayName = text(
  "a name: 1 to 80 characters in one line, without control characters",
  /^(?! )[^\p{Cc}\p{Zl}\p{Zp}]{1,80}(?<! )$/u,
);
export const prefix = text(
  "a prefix: 1 to 20 characters in one line, without control characters",
  /^[^\p{Cc}\p{Zl}\p{Zp}]{1,20}$/u,
);
export const location = text(
  "a place in words: 1 to 200 characters in one line, without control characters",
  /^(?! )[^\p{Cc}\p{Zl}\p{Zp}]{1,200}(?<! )$/u,
);
export const numberText = text(
  'a phone number in quotes, such as "+12125550100" or "(212) 555-0100"',
  /^[^\p{Cc}]{2,128}$/u,
);
export const numbersText = text(
  'a phone number in quotes, such as "+12125550100"; a block of them, such as "+12125550100..99"; or any',
  /^[^\p{Cc}]{2,128}$/u,
);
export const email = z
  .email({ error: "an e-mail address" })
  .max(254, { error: "an e-mail address of at most 254 characters" })
  .describe("an e-mail address");
export const countryCode = text("a country's two letters (ISO 3166), such as US", /^[A-Z]{2}$/);
export const timezone = text(
  "a time zone's name, such as America/New_York",
  /^[A-Za-z][A-Za-z0-9_+/-]{1,63}$/,
);
const HOST_NAME = String.raw`(?=[^:]{1,253}(?::|$))[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*\.?`;
const PORT = String.raw`(?:[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5])`;
const proxyExpected = "a SIP proxy: a host name or address, with a port where it is not 5060";
const PROXY = new RegExp(`^(?:${HOST_NAME}|\\[[0-9A-Fa-f:.]{2,45}\\])(?::${PORT})?$`);
// What the pattern refuses is said once, by the pattern.
const proxy = text(proxyExpected, PROXY).refine(
  (written) => !PROXY.test(written) || isHost(written.replace(/:\d+$/, "")),
  { error: proxyExpected },
);

/** A mistyped address such as 192.0.2.256 is no host's name. */
function isHost(host: string): boolean {
  return host.startsWith("[") ? isIpv6(host.slice(1, -1)) : isSource(host);
}

/** More than any carrier names. */
const PROXIES_MAX = 8;
const proxiesExpected = `${proxyExpected}; or a list of up to ${PROXIES_MAX} of them`;
export const proxies = z
  .union([proxy, z.array(proxy).min(1).max(PROXIES_MAX)], { error: proxiesExpected })
  .describe(proxiesExpected);
export const carrierPort = wholeNumber("a port from 1 to 65535", 1, 65_535);
export const transport = oneOf(TRANSPORTS);
export const srtp = oneOf(SRTP);
// The user of a SIP address (RFC 3261, 25.1), without the colon, at which the switch would cut it.
export const carrierUsername = text(
  "a carrier's user name: 1 to 128 letters, digits and - _ . ! ~ * ' ( ) & = + $ , ; ? / %, without its domain",
  /^[A-Za-z0-9_.!~*'()&=+$,;?/%-]{1,128}$/,
);
// The switch joins name and password by colons, and neither quotes nor escapes them (auc_credentials in sofia-sip).
export const authUsername = text(
  "a name for challenges: 1 to 128 characters without spaces, colons, quotes and backslashes",
  /^[^\p{Cc}\s:"\\\ufffe\uffff]{1,128}$/u,
);
// XML has no U+FFFE and no U+FFFF, and the switch gets its carriers as XML.
export const realm = text(
  "a realm: 1 to 128 characters in one line, without quotes and backslashes",
  /^[^\p{Cc}\p{Zl}\p{Zp}"\\\ufffe\uffff]{1,128}$/u,
);
export const fromDomain = text("a host name or address", new RegExp(`^(?:${HOST_NAME})$`));
export const contactUser = text(
  "a number or name for the registered Contact: 1 to 64 letters, digits, dots, dashes, underscores and plus signs",
  /^[A-Za-z0-9+._-]{1,64}$/,
);
export const expire = seconds(60, 86_400);
export const ping = seconds(5, 3_600);
/** More than any carrier sends from. */
const ADDRESSES_MAX = 256;
const addressExpected =
  "an address, a range of addresses such as 192.0.2.0/24 (/8 at the widest; IPv6: /16), or a host name";
const addressesExpected = `a list of up to ${ADDRESSES_MAX} addresses, ranges such as 192.0.2.0/24, or host names`;
export const addresses = z
  .array(z.string({ error: addressExpected }).refine(isSource, { error: addressExpected }), {
    error: addressesExpected,
  })
  .min(1, { error: addressesExpected })
  .max(ADDRESSES_MAX, { error: addressesExpected })
  .describe(addressesExpected);

const extensionExpected = `an extension of ${EXTENSION_DIGITS.min} to ${EXTENSION_DIGITS.max} digits`;
const extensionError = { error: extensionExpected };
/** People write both `101` and `"0101"`; as a YAML number an extension cannot begin with zero. */
export const extension = z
  .union(
    [
      z.int(extensionError).min(10, extensionError).max(999_999, extensionError),
      z.string(extensionError).regex(EXTENSION_PATTERN, extensionError),
    ],
    extensionError,
  )
  .describe(extensionExpected);

const emergencyError = {
  error: "an emergency number: 2 to 6 digits, in quotes if the first is 0, such as 911",
};
export const emergencyNumber = z
  .union(
    [
      z.int(emergencyError).min(10, emergencyError).max(999_999, emergencyError),
      z.string(emergencyError).regex(/^\d{2,6}$/, emergencyError),
    ],
    emergencyError,
  )
  .describe(emergencyError.error);

const contactError = { error: "a username, or an e-mail address" };
export const emergencyContact = z.union([username, email], contactError).describe(contactError.error);

/** A whole number from 1, or `none`. */
function limit(what: string, max: number) {
  const expected = `${what} from 1 to ${max}, or none`;
  const error = { error: expected };
  return z
    .union([z.int(error).min(1, error).max(max, error), z.literal("none", error)], error)
    .describe(expected);
}
const CALLS_AT_ONCE_MAX = 10_000;
const MINUTES_A_DAY_MAX = 1_000_000;
/** Ten years. */
const DAYS_MAX = 3_660;
/** A month without a request, a year in one session, and more guesses than an office of 100,000 makes by mistake. */
export const idleHours = wholeNumber("whole hours from 1 to 720", 1, 720);
export const absoluteDays = wholeNumber("whole days from 1 to 365", 1, 365);
export const guessesAnHour = wholeNumber("a whole number from 20 to 100000", 20, 100_000);
export const daysOrNone = limit("whole days", DAYS_MAX);
export const callsAtOnce = limit("a number of calls", CALLS_AT_ONCE_MAX);
export const minutesADay = limit("whole minutes", MINUTES_A_DAY_MAX);
export const numberPrefix = text(
  'the beginning of numbers with its country code, in quotes, such as "+1900"',
  /^\+[1-9][0-9]{0,14}$/,
);

const shortNumberError = {
  error: "a short number of the office's country: 2 to 8 digits, in quotes if the first is 0, such as 118500",
};
export const shortNumber = z
  .union(
    [
      z.int(shortNumberError).min(10, shortNumberError).max(99_999_999, shortNumberError),
      z.string(shortNumberError).regex(/^\d{2,8}$/, shortNumberError),
    ],
    shortNumberError,
  )
  .describe(shortNumberError.error);

export const delay = seconds(0, DELAY_MAX_SECONDS);
export const ringTime = seconds(RING_MIN_SECONDS, RING_MAX_SECONDS);
const timeoutExpected = `whole seconds from ${RING_MIN_SECONDS} to ${RING_MAX_SECONDS}, or none`;
const timeoutError = { error: timeoutExpected };
export const timeout = z
  .union(
    [
      z.int(timeoutError).min(RING_MIN_SECONDS, timeoutError).max(RING_MAX_SECONDS, timeoutError),
      z.literal("none", timeoutError),
    ],
    timeoutError,
  )
  .describe(timeoutExpected);

/** One of a few words. */
export function oneOf<const W extends readonly [string, ...string[]]>(words: W) {
  const expected = `one of ${words.join(", ")}`;
  return z.enum(words, { error: expected }).describe(expected);
}

export const flag = z.boolean({ error: "true or false" }).describe("true or false");
export const accept = oneOf(["always", "never", "auto"]);
export const strategy = oneOf(["simultaneous", "in_order", "rotating", "random", "longest_idle"]);

/** Headers that the switch passes on (sofia.c keeps those that begin so), as `{ header: X-Called-Number }`. */
const headerPlace = z.strictObject({
  header: text("a header's name that begins with X- or P-", /^[XP]-[A-Za-z0-9-]{1,60}$/i),
});

/** Where in a carrier's request a number stands: one of a few words, `auto` for not saying, or a header by its name. */
function place<const W extends readonly [string, ...string[]]>(words: W) {
  const expected = `auto, ${words.join(", ")}, or { header: NAME } with a name that begins with X- or P-`;
  return z
    .union([z.enum(["auto", ...words] as const, { error: expected }), headerPlace], { error: expected })
    .describe(expected);
}
export const calledPlace = place(CALLED_PLACES);
export const callerPlace = place(CALLER_PLACES);

export const sentForm = oneOf(["auto", ...NUMBER_FORMS]);
export const wantedForm = oneOf(NUMBER_FORMS);

const secretExpected = "where the secret is kept: { env: NAME } or { file: PATH }, never the secret itself";
export const secret = z
  .union(
    [
      z.strictObject({ env: text("the name of an environment variable", /^[A-Za-z_][A-Za-z0-9_]{0,127}$/) }),
      z.strictObject({ file: text("the path of a file", /^[^\p{Cc}]{1,1024}$/u) }),
    ],
    { error: secretExpected },
  )
  .describe(secretExpected);

/** The right items of a list that may have wrong ones, each with its place in the list; undefined: it is no list. */
export function rightItems<T>(
  list: unknown,
  schema: z.ZodType<T>,
): (readonly [index: number, item: T])[] | undefined {
  if (!Array.isArray(list)) return undefined;
  return list.flatMap((item: unknown, index) => {
    const read = schema.safeParse(item);
    return read.success ? [[index, read.data] as const] : [];
  });
}
