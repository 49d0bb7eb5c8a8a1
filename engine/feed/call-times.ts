/**
 * Since when each call is in its state, and since when each of its legs rings: the state of a call has no such times. Kept
 * whether anybody reads or not, so that a reader who comes later sees them; so it compares references, and costs a call next
 * to nothing.
 */
import type { CallState, Leg, LegPhase } from "../../policy/call/state.js";
import type { CallStateWord, FeedCall } from "./protocol.js";
import { stateWord } from "./words.js";

/** What the feed keeps of one call. Null as a time: it was so when this engine took the call over. */
export interface CallTimes {
  readonly direction: FeedCall["direction"];
  state: CallStateWord;
  stateSinceMs: number | null;
  /** The channel with which the caller talks, and since when. */
  talk: { readonly leg: string; readonly sinceMs: number | null } | null;
  readonly legs: Map<string, { readonly phase: LegPhase; readonly sinceMs: number | null }>;
  /** The state of which the times are. */
  seen: CallState;
}

export class TimesOfCalls {
  readonly #calls = new Map<string, CallTimes>();

  of(id: string): CallTimes | undefined {
    return this.#calls.get(id);
  }

  forget(id: string): void {
    this.#calls.delete(id);
  }

  /** A call has handled an input. @param isNew the engine has begun the call itself; false: it may have taken it over */
  look(state: CallState, nowMs: number, isNew: boolean): CallTimes {
    const known = this.#calls.get(state.id);
    if (known !== undefined) {
      if (known.seen !== state) update(known, state, nowMs);
      return known;
    }
    const sinceMs = isNew ? nowMs : null;
    const times: CallTimes = {
      direction: directionOf(state),
      state: stateWord(state),
      stateSinceMs: sinceMs,
      talk: talkOf(state, sinceMs),
      legs: new Map(state.legs.map((leg) => [leg.id, { phase: leg.phase, sinceMs }])),
      seen: state,
    };
    this.#calls.set(state.id, times);
    return times;
  }
}

function update(times: CallTimes, state: CallState, nowMs: number): void {
  const { seen } = times;
  times.seen = state;
  if (seen.legs !== state.legs) updateLegs(times, state.legs, nowMs);
  if (seen.phase === state.phase) return;
  const word = stateWord(state);
  if (word !== times.state) {
    times.state = word;
    times.stateSinceMs = nowMs;
  }
  const { phase } = state;
  if (phase.kind !== "connected") times.talk = null;
  else if (times.talk?.leg !== phase.leg) times.talk = talkOf(state, nowMs);
}

function updateLegs({ legs }: CallTimes, now: readonly Leg[], nowMs: number): void {
  for (const { id, phase } of now) if (legs.get(id)?.phase !== phase) legs.set(id, { phase, sinceMs: nowMs });
  if (legs.size === now.length) return;
  const ids = new Set(now.map(({ id }) => id));
  for (const id of legs.keys()) if (!ids.has(id)) legs.delete(id);
}

function talkOf({ phase }: CallState, sinceMs: number | null): CallTimes["talk"] {
  return phase.kind === "connected" ? { leg: phase.leg, sinceMs } : null;
}

function directionOf({ caller, flow: { source } }: CallState): FeedCall["direction"] {
  if (caller.from === undefined) return "in";
  const isOut = source.kind === "emergency" || (source.kind === "dialled" && source.target.kind === "number");
  return isOut ? "out" : "inside";
}
