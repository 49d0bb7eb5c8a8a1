/** Arrivals by question: the switch asks what to do with a call, and the engine's calls say so. */
import type { Calls } from "../calls/calls.js";
import { refusalVariables } from "../calls/refusing.js";
import type { CallAnswer } from "../look-up-server.js";
import { NOT_FOUND_XML } from "../look-up-xml.js";
import { CommandError } from "../switch/safe-text.js";
import type { SwitchEvent } from "../switch/wire.js";
import { type Answering, answerXml, refusalXml } from "./answer.js";

/**
 * @param channel the channel that the switch asks about, with the headers that its events have
 * @returns undefined: the switch's own dialplan handles the call
 */
export function answerAbout(channel: SwitchEvent, calls: Calls, engineId: string): CallAnswer | undefined {
  const asked = calls.asked(channel);
  if (asked === undefined) return undefined;
  if (asked.kind === "refused")
    return {
      kind: "refused",
      xml: refusalXml(asked.context, refusalVariables(asked.arrival)),
      written: () => {},
    };
  const { call, legs, isGuarded, savedState, context, written } = asked;
  const xml = writable({ callId: call.id, engineId, context, savedState, legs, isGuarded });
  // The call goes on as one that was asked about in vain: it is claimed by command when its caller parks.
  if (xml === undefined) return { kind: "not_found", xml: NOT_FOUND_XML, written };
  return { kind: legs.length > 0 ? "rung" : "parked", xml, written };
}

/** The answer; undefined: some text of it is none that the switch may get. */
function writable(answering: Answering): string | undefined {
  try {
    return answerXml(answering);
  } catch (error) {
    if (error instanceof CommandError) return undefined;
    throw error;
  }
}
