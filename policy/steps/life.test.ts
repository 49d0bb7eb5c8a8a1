/**
 * Goal: whatever its kind, a step in which a call waits can be taken over by another engine, ends with its caller, and
 * leaves none of its timers behind. Method: random steps of every kind, made by its own generator, at random moments.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NUMBER, Scene, sipDevice, user } from "../../fixtures/core/scene.js";
import { END, officeWith, randomSections, randomSteps } from "../../fixtures/offices/any-step.js";
import { savedCall } from "../call/saved.js";
import { isTimerId } from "../call/timers.js";
import type { Office } from "../office/office.js";
import { goesOn } from "./graph.js";
import { STEP_TIMERS } from "./phases.js";
import { type AnyStepKind, STEP_KINDS } from "./registry.js";
import type { Step, StepTimers } from "./types.js";

/** Longer than any step, unless a phone rings without end. */
const LONG_MS = 7_200_000;

/** The next step waits too, so that timers which the one before has left behind are seen. */
const RING: Step = {
  kind: "ring",
  target: { kind: "user", username: "alice" },
  timeoutMs: 20_000,
  skip: false,
};

/** What happens until the moment: time passes, or what the caller hears ends. */
const until = fc.array(fc.constantFrom(500, 3_000, 20_000, "sound ends" as const), { maxLength: 4 });

function officeOf(step: Step, sections: Pick<Office, "sections">): Office {
  const steps = goesOn(step) ? [step, RING, END] : [step];
  return {
    ...officeWith(steps, sections),
    users: [user("alice", [sipDevice("alice-desk")], { extension: "101", flow: [END] })],
    numbers: [{ number: NUMBER, leadsTo: { kind: "flow", flow: "main" } }],
  };
}

/** A call at a step of this kind, which has waited there for a while. */
function callsAt(kind: AnyStepKind): fc.Arbitrary<Scene> {
  return fc
    .tuple(
      randomSteps(kind),
      randomSections(kind),
      fc.constantFrom("none" as const, "early" as const, "answered" as const),
      until,
    )
    .map(([step, sections, media, happens]) => {
      const call = Scene.begun({ office: officeOf(step, sections), arrival: { media } });
      for (const what of happens) {
        if (what === "sound ends") soundEnds(call);
        else call.pass(what);
      }
      return call;
    });
}

function soundEnds(call: Scene): void {
  const { phase } = call.state;
  const playId = phase.kind === "voicemail" ? phase.leaving.playId : "playId" in phase ? phase.playId : null;
  if (playId !== null) call.input({ type: "played", playId });
}

/** The switch confirms the end of every leg, and voicemail answers what it was asked: nothing else is to be waited for. */
function settleDown(call: Scene): void {
  const { phase } = call.state;
  if (phase.kind === "voicemail") call.messageDelivered(phase.leaving.message, true);
  for (const leg of call.state.legs) call.input({ type: "leg_ended", leg: leg.id, cause: "NORMAL_CLEARING" });
  call.pass(1_000);
}

/** Timers of kinds of steps at none of which the call is. */
function leftTimers({ state }: Scene): string[] {
  const others = STEP_KINDS.filter(({ run }) => !Object.hasOwn(run.phases ?? {}, state.phase.kind));
  return others.flatMap(({ run }) => Object.keys(run.timers ?? {})).filter((id) => id in state.timers);
}

describe.each(STEP_KINDS.map((kind) => [kind.name, kind] as const))("a call at a %s step", (_name, kind) => {
  it("is read from its saved state as it was, and has no timers of other kinds", () => {
    fc.assert(
      fc.property(callsAt(kind), (call) => {
        expect(savedCall.parse(call.state)).toEqual(call.state);
        expect(leftTimers(call)).toEqual([]);
      }),
    );
  });

  it("goes on in another engine, and comes to its end", () => {
    fc.assert(
      fc.property(callsAt(kind), fc.boolean(), (call, playing) => {
        call.state = savedCall.parse(call.state);
        const { media } = call.state.caller;
        call.input({
          type: "resync",
          caller: { media, parked: true, playing, transferredTo: null, bridgedTo: null },
          legs: [],
        });
        expect(leftTimers(call)).toEqual([]);
        call.pass(LONG_MS);
        expect(["ending", "ended"]).toContain(call.state.phase.kind);
        expect(leftTimers(call)).toEqual([]);
      }),
    );
  });

  it.each([
    ["hangs up", (call: Scene) => call.input({ type: "caller_gone", cause: "ORIGINATOR_CANCEL" })],
    [
      "has gone while no engine was there",
      (call: Scene) => call.input({ type: "resync", caller: null, legs: [] }),
    ],
  ])("ends when its caller %s", (_what, leaves) => {
    fc.assert(
      fc.property(callsAt(kind), (call) => {
        leaves(call);
        settleDown(call);
        expect(call.state).toMatchObject({ phase: { kind: "ended" }, legs: [], timers: {} });
        expect(call.notes.filter((note) => note.kind === "ended")).toHaveLength(1);
      }),
    );
  });
});

describe("timers and phases of steps", () => {
  const ids = STEP_KINDS.flatMap(({ run }) => Object.keys(run.timers ?? {}));
  const phases = STEP_KINDS.flatMap(({ run }) => Object.keys(run.phases ?? {}));

  it("belong to one kind each", () => {
    expect(ids).toEqual([...new Set(ids)]);
    expect(phases).toEqual([...new Set(phases)]);
  });

  it("have ids that a saved state may name, and that are no others' timers", () => {
    const none = {} as Readonly<Record<keyof StepTimers, true>>;
    for (const id of ids) {
      expect(isTimerId(id, STEP_TIMERS)).toBe(true);
      expect(isTimerId(id, none)).toBe(false);
    }
  });
});
