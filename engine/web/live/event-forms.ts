/** What the live feed says, in the words of the API. */
import type { FeedCall, FeedCarrier, FeedFigures, FeedGroup, FeedPhone } from "../../feed/protocol.js";
import { isoTime } from "../api/time.js";

export function callEvent(call: FeedCall) {
  return {
    id: call.id,
    since_at: isoTime(call.sinceMs),
    direction: call.direction,
    from: call.from,
    name: call.name,
    withheld: call.isWithheld,
    user: call.user,
    device: call.device,
    called: call.called,
    label: call.label,
    emergency: call.isEmergency,
    about: call.about,
    state: call.state,
    text: call.text,
    state_since_at: timeOrNull(call.stateSinceMs),
    rings: call.rings.map(({ who, device, sinceMs, state }) => ({
      ...{ who, device, state },
      since_at: timeOrNull(sinceMs),
    })),
    talks:
      call.talks === null
        ? null
        : { who: call.talks.who, device: call.talks.device, since_at: timeOrNull(call.talks.sinceMs) },
  };
}

export function phoneEvent({ sip, user, device, contacts, state }: FeedPhone) {
  return {
    ...{ sip, user, device, state },
    contacts: contacts.map(({ agent, sinceMs }) => ({ agent, since_at: isoTime(sinceMs) })),
  };
}

export function groupEvent({ id, name, members, memberCount, reachable, waits }: FeedGroup) {
  return {
    ...{ id, name, reachable, waits },
    member_count: memberCount,
    members: members.map(({ user, calls, isReachable }) => ({ user, calls, reachable: isReachable })),
  };
}

export function carrierEvent(carrier: FeedCarrier) {
  return {
    id: carrier.id,
    up: carrier.isUp,
    registered: carrier.isRegistered,
    calls_in: carrier.callsIn,
    calls_out: carrier.callsOut,
    failures: carrier.failures,
  };
}

export function figuresEvent(figures: FeedFigures) {
  const { isConnected, isReady, sinceMs, isOverloaded, refused } = figures.switch;
  return {
    at: isoTime(figures.atMs),
    calls_per_second: figures.callsPerSecond,
    calls: figures.calls,
    contacts: figures.contacts,
    revision: figures.revision,
    switch: {
      connected: isConnected,
      ready: isReady,
      since_at: timeOrNull(sinceMs),
      overloaded: isOverloaded,
      refused,
    },
  };
}

function timeOrNull(ms: number | null): string | null {
  return ms === null ? null : isoTime(ms);
}
