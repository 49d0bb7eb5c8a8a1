/**
 * Each carrier of the office as it is now: the office's file, the switch's gateways for it, what a running engine knows,
 * and whether its secret can be read; then the gateways of the switch that belong to no carrier of the office.
 */
import type { Carrier } from "../../policy/office/office.js";
import type { MissingSecret } from "./secrets.js";
import type { EngineSays } from "./status-ask.js";
import { type Difference, differences, type ExpectedGateway, expectedGateways } from "./status-expected.js";
import { type GatewayRow, isRegistered } from "./status-gateways.js";
import type { CallFailure, CarrierFacts, Refusal } from "./status-memory.js";

export type Standing =
  /** The switch is registered. */
  | "registered"
  /** A registration is under way. */
  | "registering"
  | "not_registered"
  /** The switch does not register: the carrier knows it by its address. */
  | "by_address"
  /** The switch has no such gateway. */
  | "no_gateway"
  /** The switch's answer does not tell. */
  | "unknown";

export interface ListedGateway {
  readonly name: string;
  readonly standing: Standing;
  /** Whether the switch dials through it; null: not known. */
  readonly isUp: boolean | null;
  /** The switch's OPTIONS: answered, not answered, none answered yet, or none are sent. */
  readonly ping: "answered" | "failed" | "waiting" | "off" | "unknown";
  readonly pingMs: number | null;
  /** As the office has it; null: the office has no such carrier. */
  readonly proxy: string | null;
  /** What the switch has; null: nothing. Calls in count only if they come to the address that it has registered. */
  readonly onSwitch: GatewayRow | null;
  /** What the switch has in another way than the office. */
  readonly differences: readonly Difference[];
  /** The last answer that refused a registration or OPTIONS, while the gateway cannot be used. */
  readonly refusal: Refusal | null;
}

export interface ListedCarrier {
  readonly id: string;
  /** False: the switch has this gateway, and the office has no such carrier. */
  readonly inOffice: boolean;
  /** One for each proxy, in the order in which calls try them. */
  readonly gateways: readonly ListedGateway[];
  /** Counted by the engine since it started; null: no engine was asked, or it does not know the carrier. */
  readonly engineCounts: Pick<CarrierFacts, "callsIn" | "callsOut" | "failures"> | null;
  readonly lastInMs: number | null;
  readonly lastOutMs: number | null;
  /** The last call out that failed because of the carrier. */
  readonly lastFailure: CallFailure | null;
  readonly missingSecret: Omit<MissingSecret, "carrier"> | null;
}

export interface CarrierSources {
  readonly carriers: readonly Carrier[];
  readonly gateways: readonly GatewayRow[];
  readonly engine: EngineSays | null;
  readonly missing: readonly MissingSecret[];
}

/** The office's carriers in its order, then the other gateways by name. */
export function listCarriers(sources: CarrierSources): readonly ListedCarrier[] {
  const listed = sources.carriers.map((carrier) => ofOffice(carrier, sources));
  const names = new Set(listed.flatMap(({ gateways }) => gateways.map(({ name }) => name)));
  const strangers = sources.gateways.filter(({ name }) => !names.has(name));
  return [...listed, ...strangers.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(stranger)];
}

function ofOffice(carrier: Carrier, { gateways, engine, missing }: CarrierSources): ListedCarrier {
  const { id } = carrier;
  const facts = engine?.carriers.find((known) => known.id === id);
  const secret = missing.find((one) => one.carrier === id);
  return {
    id,
    inOffice: true,
    gateways: expectedGateways(carrier).map((expected) => {
      const row = gateways.find(({ name }) => name === expected.name);
      return gatewayOf(expected, row, facts);
    }),
    engineCounts: facts === undefined ? null : countsOf(facts),
    lastInMs: facts?.lastInMs ?? null,
    lastOutMs: facts?.lastOutMs ?? null,
    lastFailure: facts?.lastFailure ?? null,
    missingSecret: secret === undefined ? null : { where: secret.where, why: secret.why },
  };
}

function stranger(row: GatewayRow): ListedCarrier {
  return {
    id: row.name,
    inOffice: false,
    gateways: [{ ...stateOf(row), name: row.name, proxy: null, differences: [], refusal: null }],
    engineCounts: null,
    lastInMs: null,
    lastOutMs: null,
    lastFailure: null,
    missingSecret: null,
  };
}

function countsOf({ callsIn, callsOut, failures }: CarrierFacts): ListedCarrier["engineCounts"] {
  return { callsIn, callsOut, failures };
}

function gatewayOf(
  expected: ExpectedGateway,
  row: GatewayRow | undefined,
  facts: CarrierFacts | undefined,
): ListedGateway {
  const { name, proxy } = expected;
  const state = stateOf(row);
  // The event that ends it may be lost.
  const canCall = state.isUp === true && (state.standing === "registered" || state.standing === "by_address");
  const refusal = facts?.refusals.find(({ gateway }) => gateway === name) ?? null;
  return {
    ...state,
    name,
    proxy,
    differences: row === undefined ? [] : differences(expected, row),
    refusal: canCall ? null : refusal,
  };
}

function stateOf(
  row: GatewayRow | undefined,
): Pick<ListedGateway, "standing" | "isUp" | "ping" | "pingMs" | "onSwitch"> {
  return {
    standing: standingOf(row),
    isUp: row === undefined ? false : row.isUp,
    ping: pingOf(row),
    pingMs: row?.pingMs ?? null,
    onSwitch: row ?? null,
  };
}

function standingOf(row: GatewayRow | undefined): Standing {
  if (row === undefined) return "no_gateway";
  if (row.state === null) return "unknown";
  if (row.state === "NOREG") return "by_address";
  if (isRegistered(row) === true) return "registered";
  return row.state === "TRYING" || row.state === "UNREGED" ? "registering" : "not_registered";
}

/** The switch sends OPTIONS only while it is registered, or need not be. */
function pingOf(row: GatewayRow | undefined): ListedGateway["ping"] {
  if (row === undefined || row.isPinged === null) return "unknown";
  if (!row.isPinged) return "off";
  if (row.pingMs !== null) return "answered";
  return row.isUp === false && (row.state === "NOREG" || row.state === "REGED") ? "failed" : "waiting";
}
