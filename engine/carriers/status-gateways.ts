/**
 * What the switch says of its gateways: `sofia xmlstatus gateway` (xml_gateway_status in mod_sofia.c). The switch escapes
 * only some of the values, so the text is read line by line, as the switch writes it, and not as XML. A field that is
 * missing, or that no switch would write, is null: unknown.
 */
import * as commands from "../switch/commands.js";
import type { SwitchSession } from "../switch/session.js";

/** The states of a registration (sofia_state_names in mod_sofia.c); `NOREG`: the gateway does not register. */
export const REGISTRATION_STATES = [
  "UNREGED",
  "TRYING",
  "REGISTER",
  "REGED",
  "UNREGISTER",
  "FAILED",
  "FAIL_WAIT",
  "EXPIRED",
  "NOREG",
  "DOWN",
  "TIMEOUT",
] as const;
export type RegistrationState = (typeof REGISTRATION_STATES)[number];

export interface GatewayRow {
  readonly name: string;
  readonly profile: string | null;
  readonly state: RegistrationState | null;
  /**
   * Whether the switch dials through the gateway: it is registered, or need not be, and the last OPTIONS was answered. A
   * gateway that does not register is up from its start on.
   */
  readonly isUp: boolean | null;
  /** The address of the proxy: `sip:host:port`, or however the gateway has it. */
  readonly proxy: string | null;
  /** As in the Contact that the switch offers the carrier. */
  readonly transport: string | null;
  readonly username: string | null;
  readonly hasPassword: boolean | null;
  /** Whether the switch sends OPTIONS. */
  readonly isPinged: boolean | null;
  /** How long the last OPTIONS took; null: none was answered, or the last one was not. */
  readonly pingMs: number | null;
  /** Counted by the switch since it has this gateway. Unanswered calls count as failed, whatever the reason. */
  readonly callsIn: number | null;
  readonly callsOut: number | null;
  readonly failedIn: number | null;
  readonly failedOut: number | null;
  /** When the switch tries to register again. */
  readonly retryInS: number | null;
}

/** No office has so many; what comes behind is left out. */
const GATEWAYS_MAX = 1_000;
const VALUE_CHARACTERS_MAX = 300;

/** The gateways in the switch's answer; null: it is not an answer about gateways. */
export function readGatewayRows(text: string): readonly GatewayRow[] | null {
  if (!/<gateways?>/.test(text)) return null;
  const rows: GatewayRow[] = [];
  let fields: Map<string, string> | undefined;
  for (const line of text.split("\n")) {
    const tag = line.trim();
    if (tag === "<gateway>") fields = new Map();
    else if (tag === "</gateway>") {
      const row = fields && rowOf(fields);
      if (row !== undefined) add(rows, row);
      fields = undefined;
      if (rows.length >= GATEWAYS_MAX) break;
    } else if (fields !== undefined) addField(fields, tag);
  }
  return rows;
}

/** A gateway that is being deleted is listed for a while, also beside a new one of its name (sofia_reg_check_gateway). */
function add(rows: GatewayRow[], row: GatewayRow): void {
  const same = rows.findIndex(({ name }) => name === row.name);
  if (same < 0) rows.push(row);
  else if (isGoing(rows[same])) rows[same] = row;
}

function isGoing(row: GatewayRow | undefined): boolean {
  return row?.state === "DOWN" || row?.state === "UNREGISTER";
}

function addField(fields: Map<string, string>, line: string): void {
  const [, name = "", value = ""] = /^<([a-z-]{1,40})>(.*)<\/\1>$/.exec(line) ?? [];
  if (name !== "" && !fields.has(name)) fields.set(name, unescaped(value.slice(0, VALUE_CHARACTERS_MAX)));
}

function unescaped(text: string): string {
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&apos;", "'")
    .replaceAll("&amp;", "&");
}

function rowOf(fields: ReadonlyMap<string, string>): GatewayRow | undefined {
  const text = (field: string): string | null => fields.get(field) || null;
  const name = text("name");
  if (name === null) return undefined;
  const state = text("state");
  const status = text("status");
  const pingFrequency = count(text("pingfreq"));
  const pingMs = /^\d{1,9}(\.\d+)?$/.test(text("pingtime") ?? "") ? Math.round(Number(text("pingtime"))) : 0;
  const hasAnswered = (count(text("pingcount")) ?? 0) > 0;
  return {
    name,
    profile: text("profile"),
    state: REGISTRATION_STATES.find((known) => known === state) ?? null,
    isUp: isUpIn(state, status),
    proxy: text("proxy"),
    transport: /;transport=([a-z]{1,10})/i.exec(text("contact") ?? "")?.[1]?.toLowerCase() ?? null,
    username: text("username"),
    hasPassword: yesOrNo(text("password")),
    isPinged: pingFrequency === null ? null : pingFrequency > 0,
    pingMs: hasAnswered ? pingMs : null,
    callsIn: count(text("calls-in")),
    callsOut: count(text("calls-out")),
    failedIn: count(text("failed-calls-in")),
    failedOut: count(text("failed-calls-out")),
    retryInS: count(/^(\d+)s$/.exec(text("retry") ?? "")?.[1] ?? null),
  };
}

function count(text: string | null): number | null {
  return text !== null && /^\d{1,10}$/.test(text) ? Number(text) : null;
}

function yesOrNo(text: string | null): boolean | null {
  return text === "yes" ? true : text === "no" ? false : null;
}

/** All gateways of the switch; null: it does not say, or not in time. */
export async function readGateways(session: SwitchSession): Promise<readonly GatewayRow[] | null> {
  const reply = await session.ask(commands.sofiaXmlStatusGateways());
  return reply.outcome === "ok" ? readGatewayRows(reply.text) : null;
}

/**
 * Whether calls can go by the gateway, as the switch says it. For up to a second after the carrier has agreed to a
 * registration the switch still says "down" (REG_STATE_REGISTER, sofia_reg_check_gateway).
 */
export function isUpIn(state: string | null, status: string | null | undefined): boolean | null {
  if (state === "REGISTER" || status === "UP") return true;
  return status === "DOWN" ? false : null;
}

/** Null: the switch does not register there, or its state is not known. */
export function isRegistered({ state }: Pick<GatewayRow, "state">): boolean | null {
  return state === null || state === "NOREG" ? null : state === "REGED" || state === "REGISTER";
}
