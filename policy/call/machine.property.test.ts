/**
 * Any input in any order: late, doubled, missing, about legs that never were. Whatever comes, the state
 * stays sound (the core checks that itself and throws), a call ends once, and no leg is left behind.
 */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  deliveredInput,
  group,
  measuredInput,
  office,
  openedInput,
  outsidePhone,
  Scene,
  sipDevice,
  user,
} from "../../fixtures/core/scene.js";
import { END, randomSections, randomSteps } from "../../fixtures/offices/any-step.js";
import { MAILBOX_DEFAULTS } from "../mailbox/mailbox.js";
import type { Office, Strategy } from "../office/office.js";
import { given } from "../office/optional.js";
import { goesOn } from "../steps/graph.js";
import { STEP_KINDS } from "../steps/registry.js";
import type { Step } from "../steps/types.js";
import type { LeavingMessage } from "../steps/voicemail/state.js";
import type { Command } from "./command.js";
import type { Input } from "./input.js";

const strategies: readonly Strategy[] = ["simultaneous", "in_order", "rotating", "random", "longest_idle"];

/** Steps of every kind that may go on to the next one. */
const before = fc
  .oneof(...STEP_KINDS.map((kind) => fc.record({ step: randomSteps(kind), sections: randomSections(kind) })))
  .filter(({ step }) => goesOn(step));

const anyOffice = fc
  .record({
    strategy: fc.constantFrom(...strategies),
    timeoutMs: fc.constantFrom(null, 5_000, 20_000),
    skip: fc.boolean(),
    accept: fc.constantFrom(undefined, "always" as const, "never" as const),
    delayMs: fc.constantFrom(0, 3_000),
    before: fc.option(before, { nil: undefined }),
    last: fc.constantFrom<Step>(
      { kind: "voicemail", target: { kind: "group", id: "sales" } },
      { kind: "voicemail", target: { kind: "user", username: "alice" } },
      { kind: "hangup", reason: "busy" },
      { kind: "send", target: { kind: "user", username: "alice" } },
      { kind: "send", target: { kind: "flow", id: "circle" } },
    ),
  })
  .map(({ strategy, timeoutMs, skip, accept, delayMs, before, last }) => {
    const target = { kind: "group", id: "sales" } as const;
    const ring: Step = { kind: "ring", target, timeoutMs, skip, ...given({ accept }) };
    const steps: Step[] = before === undefined ? [ring, last] : [before.step, ring, last];
    return office(steps, {
      ...before?.sections,
      users: [
        user("alice", [sipDevice("a-desk"), outsidePhone("+19175550101", { delayMs })], {
          extension: "101",
          voicemail: { ...MAILBOX_DEFAULTS, operator: { kind: "user", username: "bobby" } },
        }),
        user("bobby", [sipDevice("b-desk", { ringMs: 4_000 }), sipDevice("b-soft", { delayMs: 2_000 })]),
        user("carol", [outsidePhone("+19175550103")]),
      ],
      groups: [group("sales", ["alice", "bobby", "carol"], { strategy, extension: "200" })],
      flows: {
        night: [END],
        circle: [{ kind: "send", target: { kind: "flow", id: "circle" } }],
      },
    });
  });

/** An action is a kind, a number that picks among what there is, and how much time passes before it. */
const anyAction = fc.record({
  kind: fc.constantFrom(
    "ringing",
    "answered",
    "parked",
    "ended",
    "bridged",
    "refused",
    "caller_parked",
    "answer_unknown",
    "transferred",
    "began",
    "played",
    "digit",
    "contacts",
    "recorded",
    "opened",
    "measured",
    "delivered",
    "caller_digit",
    "resync",
    "stale_timer",
    "pass",
    "claimed",
  ),
  pick: fc.nat(1_000),
  ms: fc.constantFrom(0, 0, 50, 1_000, 6_000),
});
type Action = typeof anyAction extends fc.Arbitrary<infer A> ? A : never;

/** How a call comes to the engine: it has parked, or the switch asks, and uses the answer, or does not. */
const anyRoad = fc.constantFrom("parked" as const, "asked" as const, "asked in vain" as const);

function begun(anOffice: Office, road: "parked" | "asked" | "asked in vain"): Scene {
  if (road === "parked") return Scene.begun({ office: anOffice });
  const scene = new Scene({ office: anOffice, asked: true });
  if (road === "asked in vain")
    for (const input of [
      { type: "caller_parked", transferredTo: null, unmarked: true },
      { type: "claimed", won: true },
    ] as const)
      scene.input(input);
  return scene;
}

/** What the switch would know: legs that were dialled and have not ended. */
class Switch {
  readonly live = new Set<string>();
  readonly everDialled: string[] = [];
  dialledAfterEnd = 0;
  /** How often it was told that the call was missed. */
  toldMissed = 0;

  watch(commands: readonly Command[], scene: Scene): void {
    for (const command of commands) {
      if (command.type === "missed_call") this.toldMissed += 1;
      if (command.type !== "dial") continue;
      if (scene.state.phase.kind === "ended") this.dialledAfterEnd += 1;
      this.live.add(command.leg);
      this.everDialled.push(command.leg);
    }
  }
}

function inputOf(action: Action, scene: Scene, world: Switch): Parameters<Scene["input"]>[0] | undefined {
  const ids = world.everDialled;
  const leg = ids[action.pick % Math.max(1, ids.length)] ?? "99999999-0000-4000-8000-000000000001";
  switch (action.kind) {
    case "ringing":
      return { type: "leg_ringing", leg };
    case "answered":
      return { type: "leg_answered", leg };
    case "parked":
      return { type: "leg_parked", leg };
    case "ended":
      world.live.delete(leg);
      return { type: "leg_ended", leg, cause: "USER_BUSY" };
    case "bridged":
      return { type: "bridged", leg };
    case "refused":
      return { type: "bridge_refused", leg };
    case "caller_parked":
      return { type: "caller_parked", transferredTo: null };
    case "answer_unknown":
      return { type: "answer_unknown" };
    case "transferred":
      return { type: "caller_parked", transferredTo: "200" };
    case "began":
      return { type: "play_began", channel: leg };
    case "played": {
      const phase = scene.state.phase;
      const playing = "playId" in phase ? phase.playId : scene.state.legs[0]?.playId;
      const playId = leaving(scene)?.playId ?? playing ?? "";
      return { type: "played", playId, ...(action.pick % 5 === 0 ? { missing: true } : {}) };
    }
    case "digit":
      return { type: "digit", channel: leg, digit: "1237#"[action.pick % 5] ?? "1" };
    case "recorded":
      return { type: "recorded", playId: leaving(scene)?.playId ?? "" };
    case "opened": {
      const refused = ([null, null, "full", "unavailable"] as const)[action.pick % 4] ?? null;
      return openedInput(leaving(scene)?.message ?? "", refused);
    }
    case "measured": {
      const soundMs = action.pick % 2 === 0 ? 0 : 5_000;
      return measuredInput(leaving(scene)?.message ?? "", soundMs);
    }
    case "delivered":
      return deliveredInput(leaving(scene)?.message ?? "", action.pick % 2 === 0);
    case "caller_digit":
      return { type: "digit", channel: scene.state.id, digit: "012345#*"[action.pick % 8] ?? "1" };
    case "contacts":
      scene.contacts.set(
        "a-desk",
        action.pick % 2 === 0 ? [] : [`sofia/phones/sip:a@192.0.2.${action.pick % 9}`],
      );
      return { type: "contacts_changed", sipName: "a-desk" };
    case "resync":
      return resyncOf(action.pick, world);
    case "stale_timer":
      return { type: "timer", id: `decide:${leg}` };
    case "claimed":
      return { type: "claimed", won: true };
    case "pass":
      return undefined;
  }
}

function leaving(scene: Scene): LeavingMessage | undefined {
  const { phase } = scene.state;
  return phase.kind === "voicemail" ? phase.leaving : undefined;
}

function resyncOf(pick: number, world: Switch): Parameters<Scene["input"]>[0] {
  const legs = [...world.live].map((id, i) => ({
    id,
    state: (pick + i) % 2 === 0 ? ("answered" as const) : ("ringing" as const),
    parked: (pick + i) % 2 === 0,
    playing: pick % 5 === 0,
    bridgedTo: null,
  }));
  const media = (["none", "early", "answered"] as const)[pick % 3] ?? "none";
  const recording = pick % 7 === 0 ? ({ recording: true } as const) : {};
  const rung = pick % 4 === 0 && pick % 3 === 0 ? ({ isRung: true } as const) : {};
  const unmarked = pick % 17 === 0 ? ({ unmarked: true } as const) : {};
  const seen = { parked: pick % 4 !== 0, playing: pick % 3 === 0, ...recording, ...rung, ...unmarked };
  const caller = { media, ...seen, transferredTo: null, bridgedTo: null };
  const look = {
    ...(pick % 7 < 3 ? { isInspection: true as const } : {}),
    ...(pick % 11 < 3 ? { isStopped: true as const } : {}),
    ...(pick % 13 < 3 ? { isOutdated: true as const } : {}),
  };
  return { type: "resync", ...look, caller, legs, undialled: pick % 2 === 0 ? [...world.live] : [] };
}

function play(scene: Scene, actions: readonly Action[]): Switch {
  const world = new Switch();
  world.watch(scene.commands, scene);
  for (const action of actions) {
    // In steps, so that what was dialled before the end is told from what was dialled after it.
    for (let ms = 0; ms < action.ms; ms += 500) world.watch(scene.pass(Math.min(500, action.ms - ms)), scene);
    const input = inputOf(action, scene, world);
    if (input !== undefined) world.watch(scene.input(input), scene);
  }
  return world;
}

/** The faults stop: the caller hangs up, and the switch confirms every leg's end. */
function settleDown(scene: Scene, world: Switch): void {
  world.watch(scene.input({ type: "caller_gone", cause: "NORMAL_CLEARING" }), scene);
  world.watch(scene.messageDelivered(leaving(scene)?.message ?? "", true), scene);
  for (const leg of [...world.live])
    world.watch(scene.input({ type: "leg_ended", leg, cause: "NORMAL_CLEARING" }), scene);
  world.watch(scene.pass(120_000), scene);
}

describe("a call, whatever happens to it,", () => {
  it("ends exactly once, with nothing held and nothing dialled after the end", () => {
    fc.assert(
      fc.property(anyOffice, anyRoad, fc.array(anyAction, { maxLength: 60 }), (anOffice, road, actions) => {
        const scene = begun(anOffice, road);
        const world = play(scene, actions);
        settleDown(scene, world);
        expect(scene.state.phase.kind).toBe("ended");
        expect(scene.notes.filter((note) => note.kind === "ended")).toHaveLength(1);
        expect(world.dialledAfterEnd).toBe(0);
        const mayBeMissed = ["missed", "hung_up"].includes(scene.state.ending?.kind ?? "");
        expect(world.toldMissed).toBeLessThanOrEqual(mayBeMissed ? 1 : 0);
      }),
      { numRuns: 1_500 },
    );
  });

  it("kills or sees the end of every leg it dialled", () => {
    fc.assert(
      fc.property(anyOffice, anyRoad, fc.array(anyAction, { maxLength: 40 }), (anOffice, road, actions) => {
        const scene = begun(anOffice, road);
        const killed = new Set<string>();
        const natives = new Set<string>();
        const world = new Switch();
        const watch = (commands: readonly Command[]) => {
          world.watch(commands, scene);
          for (const command of commands) {
            if (command.type === "kill") killed.add(command.channel);
            if (command.type === "dial" && command.native) natives.add(command.leg);
            if (command.type === "dial" && !command.native) natives.delete(command.leg);
          }
        };
        watch(scene.commands);
        for (const action of actions) {
          if (action.ms > 0) watch(scene.pass(action.ms));
          const input = inputOf(action, scene, world);
          if (input !== undefined) watch(scene.input(input));
        }
        watch(scene.input({ type: "caller_gone", cause: "NORMAL_CLEARING" }));
        watch(scene.pass(2_000));
        // The switch has rung nothing for a call whose answer it has not used.
        const neverRung = scene.state.ending?.kind === "not_ours" ? natives : new Set<string>();
        const left = [...world.live].filter((leg) => !killed.has(leg) && !neverRung.has(leg));
        // A bridged leg may end with its caller; after a moment it is killed all the same.
        expect(left).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it("without any answer reaches the end of its flow by its own timers", () => {
    fc.assert(
      fc.property(anyOffice, fc.boolean(), (anOffice, rings) => {
        const scene = Scene.begun({ office: anOffice });
        const never = anOffice.numbers.some(({ leadsTo }) =>
          leadsTo?.kind === "steps"
            ? leadsTo.steps.some((s) => s.kind === "ring" && s.timeoutMs === null)
            : false,
        );
        if (rings)
          for (const leg of scene.state.legs) scene.input({ type: "leg_ringing", leg: leg.id } as Input);
        scene.pass(never ? 8_000_000 : 2_000_000);
        expect(["ending", "ended"]).toContain(scene.state.phase.kind);
      }),
      { numRuns: 300 },
    );
  });
});
