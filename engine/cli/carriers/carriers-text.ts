/**
 * The list of carriers for people: a table with one row a gateway, and below each row what must be known besides, in lines
 * of 80 columns. Names and phrases in it come from files, the switch and carriers.
 */

import type { ListedCarrier, ListedGateway } from "../../carriers/status-list.js";
import type { Refusal } from "../../carriers/status-memory.js";
import { counted } from "../../counted.js";
import { ago } from "../shared/ago.js";
import { columns } from "../shared/columns.js";
import { wrapped } from "../shared/wrapped.js";

const HEADING = ["carrier", "state", "ping", "in", "out", "failed", "last call"];

const STANDING: Readonly<Record<ListedGateway["standing"], string>> = {
  registered: "registered",
  registering: "registering",
  not_registered: "NOT REGISTERED",
  by_address: "by address",
  no_gateway: "NO GATEWAY",
  unknown: "unknown",
};

/** Whether an engine has said what it knows. */
const WITHOUT_ENGINE = {
  answered: "",
  silent: "; no engine answers, so last calls and failures are not known",
  not_asked: "; no engine was asked, so last calls and failures are not known",
} as const;

const INDENT = 4;

interface Row {
  readonly cells: readonly string[];
  readonly remarks: readonly string[];
}

export function carriersText(
  carriers: readonly ListedCarrier[],
  { nowMs, engine }: { readonly nowMs: number; readonly engine: keyof typeof WITHOUT_ENGINE },
): string {
  const rows = carriers.flatMap((carrier) =>
    carrier.gateways.map((gateway, index) => rowOf(carrier, gateway, index === 0, nowMs)),
  );
  const [heading = "", ...lines] = columns([HEADING, ...rows.map(({ cells }) => cells)]).split(/(?<=\n)/);
  const body = rows.map(
    ({ remarks }, index) => `${lines[index] ?? ""}${remarks.map((text) => wrapped(text, INDENT)).join("")}`,
  );
  const office = carriers.filter(({ inOffice }) => inOffice);
  const down = office.filter(({ gateways }) => !gateways.some(canCall)).length;
  const summary = wrapped(
    `${counted(office.length, "carrier")}; ${down === 0 ? "all can be used" : `${down} cannot be used`}${
      WITHOUT_ENGINE[engine]
    }`,
    0,
  );
  return rows.length === 0 ? summary : `${heading}${body.join("")}${summary}`;
}

function canCall({ isUp }: ListedGateway): boolean {
  return isUp === true;
}

function rowOf(carrier: ListedCarrier, gateway: ListedGateway, isFirst: boolean, nowMs: number): Row {
  const { onSwitch, standing, name } = gateway;
  const inCount = isFirst
    ? larger(carrier.engineCounts?.callsIn, onSwitch?.callsIn)
    : (onSwitch?.callsIn ?? null);
  const failed = onSwitch === null ? null : sum(onSwitch.failedIn, onSwitch.failedOut);
  const state = standing === "by_address" && gateway.isUp === false ? "DOWN" : STANDING[standing];
  return {
    cells: [
      cut(name),
      state,
      pingText(gateway),
      countText(inCount),
      countText(onSwitch?.callsOut ?? null),
      countText(failed),
      isFirst ? ago(latest(carrier.lastInMs, carrier.lastOutMs), nowMs) : "",
    ],
    remarks: [
      ...(cut(name) === name ? [] : [`carrier ${name}`]),
      ...aboutGateway(carrier, gateway, nowMs),
      ...(isFirst ? aboutCarrier(carrier, nowMs) : []),
    ],
  };
}

function aboutGateway(carrier: ListedCarrier, gateway: ListedGateway, nowMs: number): string[] {
  const { onSwitch, refusal, standing, name } = gateway;
  if (!carrier.inOffice)
    return [`not in the office: the switch has this gateway to ${onSwitch?.proxy ?? "somewhere"} by itself`];
  const transport = onSwitch?.transport ?? null;
  const over = transport === null ? "" : ` over ${transport.toUpperCase()}`;
  const user = onSwitch?.username ?? null;
  return [
    `${gateway.proxy}${over}${user === null || standing === "by_address" ? "" : ` as ${user}`}`,
    ...(standing === "no_gateway"
      ? [`the switch has no gateway ${name}; \`ringline doctor\` says what mends it`]
      : []),
    ...(refusal === null
      ? []
      : [
          `${standing === "by_address" ? "OPTIONS" : "the registration"} failed ${ago(refusal.atMs, nowMs)}: ${refusalText(refusal)}`,
        ]),
    ...(standing === "not_registered" && (onSwitch?.retryInS ?? null) !== null
      ? [`the switch tries again in ${onSwitch?.retryInS} s`]
      : []),
    ...gateway.differences.map(
      ({ what, office, gateway: other }) =>
        `the switch's gateway has another ${what}: ${other}; the office says ${office}`,
    ),
  ];
}

function aboutCarrier({ missingSecret, lastFailure, engineCounts }: ListedCarrier, nowMs: number): string[] {
  return [
    ...(missingSecret === null
      ? []
      : [
          `no password: ${missingSecret.where}: ${missingSecret.why}`,
          "an engine without it leaves a gateway that the switch has as it is, and makes none",
        ]),
    ...(lastFailure === null
      ? []
      : [
          `a call out failed ${ago(lastFailure.atMs, nowMs)}: ${refusalText(lastFailure)} (${lastFailure.cause}); ${engineCounts?.failures ?? 1} failed because of the carrier`,
        ]),
  ];
}

function refusalText({ status, phrase }: Refusal): string {
  if (status === null) return phrase ?? "no answer";
  return phrase === null ? String(status) : `${status} ${phrase}`;
}

const NAME_CHARACTERS_MAX = 16;

/** A longer name is given whole below the row. */
function cut(name: string): string {
  return name.length <= NAME_CHARACTERS_MAX ? name : `${name.slice(0, NAME_CHARACTERS_MAX - 1)}…`;
}

function pingText({ ping, pingMs }: ListedGateway): string {
  switch (ping) {
    case "answered":
      return pingMs === null || pingMs > 99_999 ? "slow" : `${pingMs} ms`;
    case "failed":
      return "no answer";
    case "waiting":
      return "not yet";
    case "off":
      return "off";
    case "unknown":
      return "";
  }
}

function countText(count: number | null): string {
  if (count === null) return "";
  if (count < 100_000) return String(count);
  if (count < 100_000_000) return `${Math.floor(count / 1_000)}k`;
  return `${Math.floor(count / 1_000_000)}M`;
}

function larger(a: number | null | undefined, b: number | null | undefined): number | null {
  if (typeof a !== "number") return b ?? null;
  return typeof b === "number" ? Math.max(a, b) : a;
}

function sum(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}

function latest(a: number | null, b: number | null): number | null {
  return a === null && b === null ? null : Math.max(a ?? 0, b ?? 0);
}
