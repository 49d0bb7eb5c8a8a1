/** Asks the switch which gateways its carriers' profile has, and which of them were made by an engine. */
import { CARRIERS_PROFILE } from "../calls/switch-contract.js";
import * as commands from "../switch/commands.js";
import type { Reply, SwitchLink } from "../switch/wire.js";
import { MARK_VARIABLE } from "./gateway.js";
import type { FoundGateway } from "./plan.js";

type Link = Pick<SwitchLink, "send">;

/** @param done called once with what there is; undefined: a reply is missing, so that nothing is known */
export function lookAtGateways(link: Link, done: (found: readonly FoundGateway[] | undefined) => void): void {
  link.send(commands.sofiaXmlStatusGateways(), (reply) => {
    if (reply.outcome !== "ok" || !reply.text.includes("<gateways>")) {
      done(undefined);
      return;
    }
    const names = gatewaysIn(reply.text);
    lookAtEach(link, [...new Set(names)], names, [], done);
  });
}

/** One after the other: there are few, and the switch passes on no event while commands wait. */
function lookAtEach(
  link: Link,
  [name, ...rest]: readonly string[],
  all: readonly string[],
  found: readonly FoundGateway[],
  done: (found: readonly FoundGateway[] | undefined) => void,
): void {
  if (name === undefined) {
    done(found);
    return;
  }
  lookAt(link, name, all.filter((each) => each === name).length, (those) => {
    if (those === undefined) done(undefined);
    else lookAtEach(link, rest, all, [...found, ...those], done);
  });
}

/**
 * A gateway that is being deleted is in the list for a while, also beside a new one of its name, and has no data any more
 * (sofia_reg_find_gateway).
 */
function lookAt(
  link: Link,
  name: string,
  entries: number,
  done: (found: readonly FoundGateway[] | undefined) => void,
): void {
  const withGoing = (staying: readonly FoundGateway[]) => [
    ...staying,
    ...Array.from({ length: entries - staying.length }, () => ({ name, mark: null, isGoing: true })),
  ];
  link.send(commands.gatewayVariable(name, MARK_VARIABLE), (data) => {
    if (data.outcome === "unknown") done(undefined);
    else if (data.outcome === "ok" && data.text !== "")
      done(withGoing([{ name, mark: data.text, isGoing: false }]));
    else
      link.send(commands.sofiaXmlStatusGateway(name), (status) => {
        const is = isThere(status);
        if (is === undefined) done(undefined);
        else done(withGoing(is ? [{ name, mark: null, isGoing: false }] : []));
      });
  });
}

function isThere({ outcome, text }: Reply): boolean | undefined {
  if (outcome !== "ok") return undefined;
  if (text.includes("<gateway>")) return true;
  return text.startsWith("Invalid Gateway") ? false : undefined;
}

/** The names of the profile's gateways. Only these two fields are read, as others are not escaped (xml_gateway_status). */
function gatewaysIn(xml: string): string[] {
  return [
    ...xml.matchAll(
      /^ {4}<name>([A-Za-z0-9][A-Za-z0-9._-]{0,70})<\/name>\n {4}<profile>([^<]*)<\/profile>$/gm,
    ),
  ].flatMap(([, name = "", profile]) => (profile === CARRIERS_PROFILE ? [name] : []));
}
