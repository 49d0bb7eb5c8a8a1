/**
 * Reads the switch's own configuration for the doctor, as `xml_locate` prints it (one tag a line with double quotes,
 * switch_xml_toxml), and lists the parameters it must have, each with the reason.
 */

/** The parameters of one element's `<settings>`, or of the whole text: name -> value; of several the last counts. */
export function parametersOf(xml: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, name = "", value = ""] of xml.matchAll(/<param\s+name="([^"]*)"\s+value="([^"]*)"/g))
    found.set(name, value);
  return found;
}

/** The text between an element's tags, found by its name attribute; undefined: there is none. */
export function elementNamed(xml: string, tag: string, name: string): string | undefined {
  const begin = new RegExp(`<${tag}\\s+name="${name}"[^>]*>`).exec(xml);
  if (begin === null) return undefined;
  const from = begin.index + begin[0].length;
  const end = xml.indexOf(`</${tag}>`, from);
  return end < 0 ? undefined : xml.slice(from, end);
}

export interface Demand {
  readonly name: string;
  /** Whether a value is acceptable; undefined: the parameter is not set. */
  readonly passes: (value: string | undefined) => boolean;
  readonly wanted: string;
  /** What happens if the value is not acceptable. */
  readonly otherwise: string;
  readonly level: "warning" | "problem";
}

const is =
  (...values: readonly string[]) =>
  (value: string | undefined): boolean =>
    value !== undefined && values.includes(value.toLowerCase());
const isNot =
  (...values: readonly string[]) =>
  (value: string | undefined): boolean =>
    value === undefined || !values.includes(value.toLowerCase());

/** Parameters of switch.conf. */
export const CORE_DEMANDS: readonly Demand[] = [
  {
    name: "multiple-registrations",
    passes: is("true"),
    wanted: "true",
    otherwise: "`show registrations` forgets all but the last contact of a phone",
    level: "warning",
  },
  {
    name: "initial-event-threads",
    passes: (value) => value === undefined || value === "1",
    wanted: "1",
    otherwise: "events reach the engine in another order than they happened",
    level: "problem",
  },
  {
    name: "event-heartbeat-interval",
    passes: (value) => value === undefined || Number(value) <= 20,
    wanted: "20 or less",
    otherwise: "the engine takes a switch that is merely quiet for dead, and reconnects",
    level: "problem",
  },
  {
    name: "sessions-per-second",
    passes: (value) => Number(value ?? "30") >= 100,
    wanted: "100 or more",
    otherwise: "callers are refused when several arrive in one second; legs to phones count too",
    level: "warning",
  },
];

/** Parameters of both profiles. */
const COMMON_DEMANDS: readonly Demand[] = [
  {
    name: "rtp-timer-name",
    passes: is("soft"),
    wanted: "soft",
    otherwise:
      "a caller whose sound does not arrive blocks the switch's thread, and commands for the call stall",
    level: "problem",
  },
  {
    name: "accept-blind-reg",
    passes: isNot("true"),
    wanted: "false",
    otherwise: "anybody signs in without a password",
    level: "problem",
  },
  {
    name: "accept-blind-auth",
    passes: isNot("true"),
    wanted: "false",
    otherwise: "anybody calls without a password",
    level: "problem",
  },
];

/** Parameters of the phones' profile. @param domain the domain that passwords are made for */
export function phonesDemands(domain: string): readonly Demand[] {
  const realm = (name: string, otherwise: string): Demand => ({
    name,
    passes: (value) => value === domain,
    wanted: domain,
    otherwise,
    level: "problem",
  });
  return [
    ...COMMON_DEMANDS,
    {
      name: "auth-calls",
      passes: is("true"),
      wanted: "true",
      otherwise: "anybody calls through this port without a password",
      level: "problem",
    },
    {
      name: "inbound-reg-force-matching-username",
      passes: is("true"),
      wanted: "true",
      otherwise: "a phone can sign in under another's name with its own password",
      level: "problem",
    },
    realm("challenge-realm", "no password is ever right: their digests are made with this realm"),
    realm("force-register-domain", "phones choose for which domain the directory is asked"),
    realm("force-register-db-domain", "phones that are removed cannot be signed out"),
    {
      name: "multiple-registrations",
      passes: is("contact", "true"),
      wanted: "contact",
      otherwise: "a device on two phones rings only on the one that signed in last",
      level: "problem",
    },
    {
      name: "context",
      passes: is("phones"),
      wanted: "phones",
      otherwise: "calls of phones never reach the engine",
      level: "problem",
    },
  ];
}

/** Parameters of the carriers' profile. */
export const CARRIERS_DEMANDS: readonly Demand[] = [
  ...COMMON_DEMANDS,
  {
    name: "apply-inbound-acl",
    passes: (value) => value !== undefined && value !== "",
    wanted: "carriers",
    otherwise: "anybody on the internet calls in as if they were the carrier",
    level: "problem",
  },
  {
    name: "disable-transfer",
    passes: is("true"),
    wanted: "true",
    otherwise: "whoever is called through the carrier can send our calls anywhere",
    level: "warning",
  },
  {
    name: "context",
    passes: is("inbound"),
    wanted: "inbound",
    otherwise: "calls from carriers never reach the engine",
    level: "problem",
  },
];
