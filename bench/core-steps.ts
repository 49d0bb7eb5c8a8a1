/** How long the core takes for one input of an ordinary call. */
import { stopwatchMs } from "../engine/clock.js";
import { CALL_ID, office, Scene, sipDevice, user } from "../fixtures/core/scene.js";
import { derivedId } from "../policy/call/derived-id.js";
import type { Input } from "../policy/call/input.js";
import { begin, step } from "../policy/call/machine.js";

const CALLS = 20_000;

export interface CoreFigures {
  readonly microsecondsAStep: number;
  readonly microsecondsACall: number;
  readonly steps: number;
}

/** A call that rings one phone, is answered, talks and ends: many times over. */
export function measureCore(): CoreFigures {
  const ring = {
    kind: "ring",
    target: { kind: "user", username: "alice.wong" },
    timeoutMs: 20_000,
    skip: false,
  } as const;
  const { world } = new Scene({
    office: office([ring], { users: [user("alice.wong", [sipDevice("desk")])] }),
  });
  const leg = derivedId(CALL_ID, 1);
  const atMs = 1_000_000;
  const arrival = {
    id: CALL_ID,
    atMs,
    dialled: ["12125550100"],
    origin: { kind: "carrier" },
    callerNumber: "+19175550199",
    callerName: "Caller",
    media: "none",
    codecs: "CORE_PCM_MODULE.PCMU@8000h@20i@64000b",
  } as const;
  const inputs: readonly Input[] = [
    { type: "claimed", atMs, won: true },
    { type: "leg_ringing", atMs: atMs + 10, leg },
    { type: "leg_answered", atMs: atMs + 20, leg },
    { type: "leg_parked", atMs: atMs + 40, leg },
    { type: "bridged", atMs: atMs + 100, leg },
    { type: "leg_ended", atMs: atMs + 60_000, leg, cause: "NORMAL_CLEARING" },
    { type: "caller_gone", atMs: atMs + 60_020, cause: "NORMAL_CLEARING" },
  ];
  const once = (): string => {
    let { state } = begin(arrival, world);
    for (const input of inputs) state = step(state, input, world).state;
    return state.phase.kind;
  };
  if (once() !== "ended") throw new Error("the call of this measurement does not end");
  for (let n = 0; n < CALLS; n += 1) once();
  const startMs = stopwatchMs();
  for (let n = 0; n < CALLS; n += 1) once();
  const callUs = (1000 * (stopwatchMs() - startMs)) / CALLS;
  const steps = inputs.length + 1;
  return { microsecondsAStep: callUs / steps, microsecondsACall: callUs, steps };
}
