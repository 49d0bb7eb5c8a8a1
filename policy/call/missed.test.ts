/** Whose call it was that nobody answered: told once, at its end, and for no call that was answered or left a message. */
import { describe, expect, it } from "vitest";
import { group, office, Scene, type SceneOptions, sipDevice, user } from "../../fixtures/core/scene.js";
import type { Step } from "../steps/types.js";
import type { Command } from "./command.js";

const ALICE = { kind: "user", username: "alice" } as const;
const SALES = { kind: "group", id: "sales" } as const;
const RING_ALICE: Step = { kind: "ring", target: ALICE, timeoutMs: 20_000, skip: false };
const RING_SALES: Step = { kind: "ring", target: SALES, timeoutMs: 20_000, skip: false };
const NO_ANSWER: Step = { kind: "hangup", reason: "no_answer" };
const VOICEMAIL: Step = { kind: "voicemail", target: SALES };

function scene(steps: readonly Step[], more: Partial<SceneOptions> = {}): Scene {
  const alice = user("alice", [sipDevice("alice-desk")], { extension: "101" });
  const bobby = user("bobby", [sipDevice("bob-desk")], { flow: [RING_SALES, NO_ANSWER] });
  return Scene.begun({
    office: office(steps, {
      users: [alice, bobby],
      groups: [group("sales", ["alice"])],
      flows: { closed: [{ kind: "announce", sound: "closed.wav" }, NO_ANSWER] },
    }),
    ...more,
  });
}

/** Ends the caller and every leg, as often as a switch may say so; returns what was told. */
function end(stage: Scene): Command[] {
  const all: Command[] = [];
  for (let n = 0; n < 2; n += 1) {
    all.push(...stage.input({ type: "caller_gone", cause: "ORIGINATOR_CANCEL" }));
    for (const leg of stage.state.legs)
      all.push(...stage.input({ type: "leg_ended", leg: leg.id, cause: "ORIGINATOR_CANCEL" }));
  }
  expect(stage.state.phase.kind).toBe("ended");
  return all.filter(({ type }) => type === "missed_call");
}

describe("a caller who gives up", () => {
  it.each<[string, readonly Step[], object | null]>([
    ["while a number's own steps ring a user", [RING_ALICE, NO_ANSWER], ALICE],
    ["while a number's own steps ring a group", [RING_SALES, VOICEMAIL], SALES],
    ["while a user's flow rings", [{ kind: "send", target: ALICE }], ALICE],
    [
      "while a user's flow rings a group",
      [{ kind: "send", target: { kind: "user", username: "bobby" } }],
      { kind: "user", username: "bobby" },
    ],
    [
      "by way of an extension",
      [
        { kind: "ring", target: { kind: "extension", extension: "101" }, timeoutMs: null, skip: false },
        NO_ANSWER,
      ],
      ALICE,
    ],
    ["at a mailbox, without a message", [VOICEMAIL], SALES],
    [
      "in an announcement before anything rang",
      [{ kind: "announce", sound: "a.wav" }, RING_ALICE, NO_ANSWER],
      null,
    ],
    [
      "in an announcement after it rang",
      [RING_ALICE, { kind: "announce", sound: "a.wav" }, NO_ANSWER],
      ALICE,
    ],
    ["where nothing rings", [{ kind: "send", target: { kind: "flow", id: "closed" } }], null],
    [
      "while an outside number rings",
      [
        { kind: "ring", target: { kind: "number", number: "+12125550199" }, timeoutMs: null, skip: false },
        NO_ANSWER,
      ],
      null,
    ],
  ])("%s", (what, steps, box) => {
    const stage = scene(steps);
    if (what.includes("after it rang")) stage.pass(20_000);
    expect(end(stage)).toEqual(box === null ? [] : [{ type: "missed_call", box }]);
  });

  it("before the call was ours is missed by nobody", () => {
    const stage = new Scene({ office: office([RING_SALES, NO_ANSWER], { groups: [group("sales", [])] }) });
    expect(end(stage)).toEqual([]);
  });
});

it("a call that the flow hangs up, since nobody answered, is missed", () => {
  const stage = scene([RING_ALICE, NO_ANSWER]);
  stage.pass(20_000);
  expect(end(stage)).toEqual([{ type: "missed_call", box: ALICE }]);
});

it("a call for a user with no phone signed in is missed, too", () => {
  const stage = scene([RING_ALICE, NO_ANSWER], { contacts: { "alice-desk": [] } });
  expect(end(stage)).toEqual([{ type: "missed_call", box: ALICE }]);
});

it("a call that was answered is not missed", () => {
  const stage = scene([RING_ALICE, NO_ANSWER]);
  stage.answers("alice-desk");
  stage.bridges("alice-desk");
  expect(end(stage)).toEqual([]);
});

it("a call that leaves a message is not missed; one whose recording held nothing is", () => {
  for (const [kept, told] of [
    [true, 0],
    [false, 1],
  ] as const) {
    const stage = scene([VOICEMAIL]);
    const { leaving } = stage.state.phase as Extract<typeof stage.state.phase, { kind: "voicemail" }>;
    stage.messageOpened(leaving.message);
    const heard = stage.state.phase as typeof stage.state.phase & { leaving: typeof leaving };
    stage.input({ type: "played", playId: heard.leaving.playId ?? "" });
    stage.input({ type: "caller_gone", cause: "NORMAL_CLEARING" });
    const ended = stage.messageDelivered(leaving.message, kept);
    expect(stage.state.phase.kind).toBe("ended");
    expect(ended.filter(({ type }) => type === "missed_call")).toHaveLength(told);
  }
});
