/**
 * Refuses a caller who has just parked, because more calls arrive than are carried (`overload.ts`). The caller hears
 * ringing by now, and no phone rings yet.
 */
import type { Arrival } from "../../policy/call/input.js";
import * as commands from "../switch/commands.js";
import type { SwitchLink } from "../switch/wire.js";
import { CLAIM_REALM } from "./switch-contract.js";

/** For so long a carrier should send calls elsewhere (RFC 3261 section 21.5.4): about as long as an overload lasts. */
const AGAIN_S = 2;

/** Variable on the caller's channel: the header of that name in the response (mod_sofia.h). */
const AGAIN_VARIABLE = "sip_rh_Retry-After";

/**
 * What is told to a caller who is refused. A phone is not told when to try again: until then it should send nothing to the
 * switch, not even a call for help.
 */
export function refusalVariables({ origin }: Pick<Arrival, "origin">): commands.Variables {
  return origin.kind === "carrier" ? { [AGAIN_VARIABLE]: String(AGAIN_S) } : {};
}

/**
 * The claim comes first: another engine may have the call. It is released at once, so that the switch's fallback takes a
 * caller whom the kill does not reach. If the connection is lost meanwhile, the caller is found by the claim and taken in.
 */
export function refuseParked(
  link: Pick<SwitchLink, "send">,
  arrival: Pick<Arrival, "id" | "origin">,
  engineId: string,
): void {
  const { id } = arrival;
  const nothing = (): void => {};
  const release = (): void => link.send(commands.hashDeleteIfMatch(CLAIM_REALM, id, engineId), nothing);
  link.send(commands.hashInsertIfEmpty(CLAIM_REALM, id, engineId), ({ outcome }) => {
    if (outcome === "unknown") release();
    if (outcome !== "ok") return;
    const variables = refusalVariables(arrival);
    if (Object.keys(variables).length > 0) link.send(commands.setVariables(id, variables), nothing);
    link.send(commands.kill(id, "NORMAL_TEMPORARY_FAILURE"), release);
  });
}
