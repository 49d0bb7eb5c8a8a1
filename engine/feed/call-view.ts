/** One call as the live feed shows it. A number that the caller withholds is not in it, whatever the call keeps of it. */
import { legIds } from "../../policy/call/derived-id.js";
import type { CallState, Leg } from "../../policy/call/state.js";
import type { RoutingTable } from "../../policy/routing/table.js";
import type { CallTimes } from "./call-times.js";
import type { FeedCall } from "./protocol.js";
import { stateText } from "./words.js";

/** What is shown of a call: its state, what it is about, and the office that it began with. */
export interface SeenCall {
  readonly state: CallState;
  readonly about: readonly string[];
  readonly office: RoutingTable;
}

type Rings = FeedCall["rings"][number];

/** Of each phase in which a leg may still get the call. */
const RING_WORDS: Partial<Record<Leg["phase"], Rings["state"]>> = {
  dialing: "dialled",
  ringing: "rings",
  answered: "answered",
  deciding: "asked",
};

export function callView({ state, about, office }: SeenCall, times: CallTimes): FeedCall {
  const { caller } = state;
  const isWithheld = caller.withheld !== undefined;
  const talks = talksOf(state, times);
  const rings = talks === null ? ringsOf(state, times) : [];
  return {
    id: state.id,
    sinceMs: state.arrivedMs,
    direction: times.direction,
    // The presented number of such a caller says nothing, and some word for it: readers have words of their own.
    from: isWithheld ? "" : caller.number,
    name: isWithheld ? "" : caller.name,
    isWithheld,
    user: caller.from?.username ?? null,
    device: caller.from?.device ?? null,
    called: caller.called,
    label: office.ownNumber(caller.called)?.entry.label ?? null,
    isEmergency: state.flow.source.kind === "emergency",
    about: [...about],
    revision: state.revision,
    state: times.state,
    text: stateText(state, rings.length, talks === null ? null : talks.who || null),
    stateSinceMs: times.stateSinceMs,
    rings,
    talks,
  };
}

function ringsOf({ legs }: CallState, times: CallTimes): Rings[] {
  return legs.flatMap((leg) => {
    const state = RING_WORDS[leg.phase];
    if (state === undefined) return [];
    return [{ who: leg.who, device: leg.device, sinceMs: times.legs.get(leg.id)?.sinceMs ?? null, state }];
  });
}

/** After an attended transfer the caller talks to a channel that is no leg of the call. */
function talksOf(state: CallState, { talk }: CallTimes): FeedCall["talks"] {
  const { phase, legs, answeredBy } = state;
  if (phase.kind !== "connected") return null;
  const leg = legs.find(({ id }) => id === phase.leg);
  const isOwnLeg = () => legIds(state).includes(phase.leg);
  return {
    who: leg?.who ?? phase.who ?? (isOwnLeg() ? answeredBy : null) ?? "",
    device: leg?.device ?? "",
    sinceMs: talk?.sinceMs ?? null,
  };
}
