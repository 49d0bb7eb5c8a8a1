/**
 * The answer to a question of the switch about a call: a piece of dialplan. The switch claims the call for this engine
 * while it reads the answer (the condition), so that the answer is either used and the call ours, or the call is handed
 * over as without an answer. The answer also carries the call's saved state: an engine that dies after it has answered
 * leaves no phone ringing of which nothing is saved.
 *
 * A caller for whom only the switch rings phones gets as little as possible: each variable and each hook costs the switch
 * time. Everything else is set when these phones have all ended and the caller is about to park.
 */

import type { LegCommand } from "../../policy/call/command.js";
import { given } from "../../policy/office/optional.js";
import { escapeXml } from "../../policy/text.js";
import { WAITING_VARIABLE } from "../calls/lease.js";
import { AWAITS_OUTCOME, bridgeOf, GUARD, handOverVariables, UNENDING } from "../calls/outputs.js";
import {
  CLAIM_REALM,
  CONTEXT_FALLBACK,
  CONTEXT_PHONES,
  EXTENSION_FALLBACK,
  STATE_VARIABLE,
} from "../calls/switch-contract.js";
import * as commands from "../switch/commands.js";

export interface Answering {
  readonly callId: string;
  readonly engineId: string;
  readonly context: string;
  readonly savedState: string;
  /** The legs that the switch is to ring. */
  readonly legs: ReadonlyArray<Extract<LegCommand, { type: "dial" }>>;
  /** Legs of our own ring, too, or may ring soon. */
  readonly isGuarded: boolean;
}

type Action = readonly [application: string, data: string];

export function answerXml(answering: Answering): string | undefined {
  const { callId, engineId, context } = answering;
  const claim = commands.hashInsertIfEmpty(CLAIM_REALM, callId, engineId).line.slice("hash ".length);
  const condition = `<condition field="\${hash(${claim})}" expression="^\\+OK">`;
  const orders = actions(answering);
  if (orders.some(([, data]) => data.includes(NOT_ADDED))) return undefined;
  const body = `${written("action", orders)}${written("anti-action", handOver(callId))}`;
  const xml = dialplanXml(context, condition, body);
  return isReadable(xml) ? xml : undefined;
}

/**
 * The call is refused at once. Nobody claims it: no other engine is asked about the channel, and if the answer comes too
 * late, an engine may still take the call.
 */
export function refusalXml(context: string, variables: commands.Variables): string {
  const told = Object.keys(variables).length === 0 ? [] : [set(variables)];
  return dialplanXml(context, "<condition>", written("action", [...told, ["respond", "503"]]));
}

function dialplanXml(context: string, condition: string, body: string): string {
  return `<document type="freeswitch/xml"><section name="dialplan"><context name="${escapeXml(context)}"><extension name="ringline">${condition}${body}</condition></extension></context></section></document>`;
}

/** The switch leaves out an application whose argument has this, and goes on with the next (switch_caller.c). */
const NOT_ADDED = "\\'";

/**
 * The switch reads the answer as a file, line by line: these words drop a line or make it an order
 * (`preprocess` in switch_xml.c).
 */
function isReadable(xml: string): boolean {
  return !/X-PRE-PROCESS|<\?|<\/?include>|\$\$\{/i.test(xml);
}

function written(tag: "action" | "anti-action", actions: readonly Action[]): string {
  return actions
    .map(([application, data]) =>
      data === ""
        ? `<${tag} application="${application}"/>`
        : `<${tag} application="${application}" data="${escapeXml(data)}"/>`,
    )
    .join("");
}

function actions(answering: Answering): readonly Action[] {
  const { callId, engineId, legs, savedState, isGuarded } = answering;
  const always = { ...ALWAYS, [STATE_VARIABLE]: savedState };
  const own = { ...handOverVariables(callId), ...UNENDING };
  const waiting = { ...own, [WAITING_VARIABLE]: engineId };
  const guard = isGuarded ? GUARD : {};
  const parks: readonly Action[] = [["park", ""], FALLBACK];
  if (legs.length === 0) return [set({ ...always, ...waiting, ...guard }), RING_READY, ...parks];
  return [
    set({ ...always, ...NATIVE, ...guardAgainstEnd(callId), ...(isGuarded ? { ...own, ...guard } : {}) }),
    RING_READY,
    ["bridge", bridgeOf(legs, callId)],
    set({ ...waiting, ...GUARD, ...OUR_CAUSE }),
    // If no engine is there any more: callers who wait for one are hung up by a task that may have run already
    // (`lease.ts`). The engine cancels this when the caller parks.
    ["sched_hangup", `+${NO_ENGINE_S} NORMAL_TEMPORARY_FAILURE`],
    ...parks,
  ];
}

/** As hand_over.inc says. */
function handOver(callId: string): readonly Action[] {
  return [
    set({ ...ALWAYS, ...handOverVariables(callId) }),
    RING_READY,
    ["sched_transfer", `+8 ${EXTENSION_FALLBACK} XML ${CONTEXT_FALLBACK}`],
    ["park", ""],
    FALLBACK,
  ];
}

const ALWAYS: commands.Variables = {
  hangup_after_bridge: "true",
  force_transfer_context: CONTEXT_PHONES,
  app_disable_expand_variables: "true",
};

/**
 * When none of the phones has the call, the dialplan goes on. The caller is answered with the codec of the phone that
 * answers, so that the switch need not transcode. A phone that transfers the other party waits for the outcome.
 */
const NATIVE: commands.Variables = { continue_on_fail: "true", inherit_codec: "true", ...AWAITS_OUTCOME };

/** A caller who is hung up later is told why, and not how a phone had refused before (`sofia_on_hangup` in mod_sofia.c). */
const OUR_CAUSE: commands.Variables = { sip_ignore_remote_cause: "true" };

/**
 * A phone that answers may be gone before it is connected, or be ended by us in that instant. Then the caller parks, as
 * long as no conversation has stood for ten frames (hand_over.inc).
 */
function guardAgainstEnd(callId: string): commands.Variables {
  const { api_before_bridge_guard } = handOverVariables(callId);
  return { park_after_bridge: "true", ...given({ api_before_bridge_guard }) };
}

/**
 * How long a caller may wait for an engine after the phones: as long as one whom the fallback has parked again
 * (ringline.xml). An engine whose commands the switch carries out late keeps its callers meanwhile.
 */
export const NO_ENGINE_S = 60;

const RING_READY: Action = ["ring_ready", ""];
const FALLBACK: Action = ["transfer", `${EXTENSION_FALLBACK} XML ${CONTEXT_FALLBACK}`];

function set(variables: commands.Variables): Action {
  return ["multiset", commands.multisetArgument(variables)];
}
