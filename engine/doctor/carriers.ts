/**
 * The doctor's checks of carriers. Outbound: the switch has a gateway for each proxy, it points where the office says, and
 * the carrier answers. Inbound: the switch's list of addresses has those that calls come from, and no stranger's. Secrets:
 * each can be read.
 */
import { isIP } from "node:net";
import type { Carrier } from "../../policy/office/office.js";
import { CARRIERS_PROFILE } from "../calls/switch-contract.js";
import { type Wanted, wantedOf } from "../carriers/addresses.js";
import type { ResolveHost } from "../carriers/resolver.js";
import { type MissingSecret, missingSecretText } from "../carriers/secrets.js";
import type { Difference } from "../carriers/status-expected.js";
import { type GatewayRow, readGateways } from "../carriers/status-gateways.js";
import { type ListedCarrier, type ListedGateway, listCarriers } from "../carriers/status-list.js";
import * as commands from "../switch/commands.js";
import type { SwitchSession } from "../switch/session.js";
import { type Finding, ok, problem, warning } from "./finding.js";

export interface CarrierExamination {
  readonly session: SwitchSession;
  readonly carriers: readonly Carrier[];
  readonly missing: readonly MissingSecret[];
  /** An address whose calls the operator asks about. */
  readonly from?: string;
  readonly lookUp: ResolveHost;
}

/** The list of addresses that the carriers' profile lets in (acl.conf, apply-inbound-acl). */
const LIST = "carriers";

/** The IPv4 dummy address (RFC 7600, section 4.8): no call ever comes from there. */
const STRANGER = "192.0.0.8";

/** Of a host with more addresses only so many are asked about. */
const ADDRESSES_MAX = 16;

export async function examineCarriers(examination: CarrierExamination): Promise<Finding[]> {
  const { carriers, missing, from } = examination;
  const findings: Finding[] =
    carriers.length > 0
      ? []
      : [
          warning(
            "carriers",
            "the office has no carrier: no outside phone can be rung",
            "name one under carriers:",
          ),
        ];
  findings.push(...missing.map(secret), ...(await outbound(examination)));
  findings.push(...(await encrypted(examination)));
  for (const carrier of carriers) findings.push(...(await inbound(carrier, examination)));
  if (carriers.length > 0 || from !== undefined) findings.push(...(await strangers(examination)));
  if (from !== undefined) findings.push(await asked(from, examination));
  return findings;
}

function secret(missing: MissingSecret): Finding {
  return problem(
    "carriers",
    missingSecretText(missing),
    "give it to the engine, and to this command: run the doctor with the engine's own variables and user; an engine without it leaves a gateway that the switch has as it is, and makes none",
  );
}

async function outbound({ session, carriers, missing }: CarrierExamination): Promise<Finding[]> {
  if (carriers.length === 0) return [];
  const gateways = await readGateways(session);
  if (gateways === null)
    return [
      problem(
        "carriers",
        "the switch does not tell its gateways: nobody knows whether calls can leave",
        'see what it says to: fs_cli -x "sofia xmlstatus gateway"',
      ),
    ];
  const listed = listCarriers({ carriers, gateways, engine: null, missing });
  return listed.flatMap((carrier) =>
    carrier.inOffice ? carrier.gateways.flatMap((gateway) => ofGateway(gateway)) : stranger(carrier),
  );
}

/** The switch opens TLS at a profile only with a certificate, also for calls that it makes itself. */
async function encrypted({ session, carriers }: CarrierExamination): Promise<Finding[]> {
  const byTls = carriers.filter(({ transport }) => transport === "tls").map(({ id }) => id);
  if (byTls.length === 0) return [];
  const { text } = await session.ask(commands.sofiaXmlStatus(CARRIERS_PROFILE));
  // Without an address the profile does not run, which another check says.
  if (!text.includes("<sip-ip>") || text.includes("<tls-url>")) return [];
  return [
    problem(
      "carriers",
      `${byTls.join(", ")} ${byTls.length === 1 ? "wants" : "want"} transport: tls, and the switch's profile ${CARRIERS_PROFILE} has no TLS: no call goes there`,
      "give the switch a certificate (docs/phones-outside.md): ringline tls install …, and ringline tls reload …",
    ),
  ];
}

function stranger({ id, gateways: [gateway] }: ListedCarrier): Finding[] {
  return [
    warning(
      "carriers",
      `the switch has a gateway ${id} (${gateway?.onSwitch?.proxy ?? "to somewhere"}), and the office has no such carrier: no call uses it`,
      `name it under carriers:, or take it from the switch: fs_cli -x "sofia profile ${gateway?.onSwitch?.profile ?? "carriers"} killgw ${id}"`,
    ),
  ];
}

function ofGateway(gateway: ListedGateway): Finding[] {
  const { name, proxy, onSwitch, differences } = gateway;
  const label = `${name} (${proxy})`;
  if (onSwitch === null)
    return [
      problem(
        "carriers",
        `the switch has no gateway ${label}`,
        `see that the engine runs with its directory (RINGLINE_DIRECTORY_SECRET), and what its log says of carriers; a switch that asks no engine needs generated/gateways/${name}.xml, then: fs_cli -x "sofia profile carriers rescan"`,
      ),
    ];
  const finding = reached(label, gateway, onSwitch);
  // A gateway that registers in vain is first of all down.
  const told = differences.filter(({ what }) => what !== "registration" || finding.level !== "problem");
  return told.length > 0 ? [pointsElsewhere(label, name, told)] : [finding];
}

function pointsElsewhere(label: string, name: string, told: readonly Difference[]): Finding {
  const how = told.map(({ what, office, gateway }) => `${what} is ${gateway}, not ${office}`).join("; ");
  return problem(
    "carriers",
    `the switch's gateway ${label} is not as the office says: ${how}`,
    `take it out of the switch's own generated/gateways, then: fs_cli -x "sofia profile carriers killgw ${name}"; an engine that runs makes it anew as the office says`,
  );
}

function reached(label: string, { standing, ping, proxy, isUp }: ListedGateway, row: GatewayRow): Finding {
  const state = `${label} is ${isUp === null ? "not up" : isUp ? "up" : "down"}, registration ${row.state ?? "unknown"}`;
  if (isUp !== true || standing === "not_registered" || standing === "registering" || standing === "unknown")
    return problem(
      "carriers",
      state,
      standing === "by_address"
        ? `see that ${proxy} can be reached from the switch, and answers OPTIONS`
        : `see that ${proxy} can be reached from the switch and answers OPTIONS, and that name and password of ${row.username ?? "the carrier"} are right; \`ringline carriers\` says what it answers`,
    );
  if (standing === "registered" || ping === "answered") return ok("carriers", state);
  if (ping === "waiting") return ok("carriers", `${state}; the switch's first OPTIONS is not answered yet`);
  return warning(
    "carriers",
    `${state}; the switch sends it no OPTIONS, so nobody knows whether it answers`,
    "give the carrier a ping: how many seconds from one to the next, for example 25",
  );
}

async function inbound(carrier: Carrier, examination: CarrierExamination): Promise<Finding[]> {
  const letIn: string[] = [];
  const findings: Finding[] = [];
  for (const source of wantedOf(carrier)) {
    const addresses = await addressesOf(source, examination);
    if (addresses === null)
      findings.push(
        warning(
          "carriers",
          `the addresses of ${source.host?.name} are not known here, so nobody knows whether calls from ${carrier.id} are let in`,
          `see that the name is right and can be looked up (DNS) on this machine, or name the addresses: of ${carrier.id}`,
        ),
      );
    for (const address of addresses ?? []) {
      const answer = await isLetIn(address, examination);
      if (answer === true) letIn.push(address);
      else findings.push(notLetIn(address, answer, `from ${carrier.id}, at ${address},`));
    }
  }
  if (letIn.length > 0) findings.push(ok("carriers", `calls from ${carrier.id} are let in: ${few(letIn)}`));
  return findings;
}

/** Null: the name cannot be looked up. Of a range the first address stands for all. */
async function addressesOf(
  { cidr, host }: Wanted,
  { lookUp }: CarrierExamination,
): Promise<readonly string[] | null> {
  if (cidr !== undefined) return [cidr.split("/")[0] ?? ""];
  const found = host === undefined ? null : await lookUp(host.name, host.services);
  return (
    found?.filter((address) => isIP(address) !== 0 && !address.includes("%")).slice(0, ADDRESSES_MAX) ?? null
  );
}

/** Null: the switch does not say. */
async function isLetIn(address: string, { session }: CarrierExamination): Promise<boolean | null> {
  const reply = await session.ask(commands.addressInList(address, LIST));
  if (reply.outcome !== "ok") return null;
  return reply.text === "true" ? true : reply.text === "false" ? false : null;
}

/** @param which completes "calls … are refused" */
function notLetIn(address: string, answer: false | null, which: string): Finding {
  if (answer === null)
    return warning(
      "carriers",
      `the switch does not say whether calls ${which} are let in`,
      `see what it says to: fs_cli -x "acl ${address} ${LIST}"`,
    );
  return problem(
    "carriers",
    `calls ${which} are refused with 403: the address is not in the switch's list ${LIST}`,
    `see that the engine runs with its directory (RINGLINE_DIRECTORY_SECRET), and what its log says of carriers; a switch that asks no engine: write <node type="allow" cidr="${address}/${isIP(address) === 6 ? 128 : 32}"/> into a file of generated/acl, then: fs_cli -x reloadacl`,
  );
}

async function strangers(examination: CarrierExamination): Promise<Finding[]> {
  if ((await isLetIn(STRANGER, examination)) !== true) return [];
  return [
    problem(
      "carriers",
      `calls from any address are let in as if they came from a carrier: the switch's list ${LIST} has even ${STRANGER}`,
      `give the list ${LIST} of acl.conf.xml default="deny" and only the carriers' addresses, then: fs_cli -x reloadacl`,
    ),
  ];
}

async function asked(from: string, examination: CarrierExamination): Promise<Finding> {
  const answer = await isLetIn(from, examination);
  if (answer !== true) return notLetIn(from, answer, `from ${from}`);
  return ok("carriers", `a call from ${from} is let in`);
}

function few(addresses: readonly string[]): string {
  const shown = addresses.slice(0, 3).join(", ");
  return addresses.length > 3 ? `${shown} …` : shown;
}
