/**
 * Goal: an engine that has handed its calls over does nothing more to them, whatever comes late: the next engine may
 * carry them already. Method: the engine on the simulated switch; an answer or a reply comes after the hand-over.
 */
import { expect, it } from "vitest";
import { type EngineStage, openStage } from "../fixtures/core/engine-stage.js";
import { office, sipDevice, user } from "../fixtures/core/scene.js";
import { answers } from "../fixtures/switch/phone-script.js";
import type { Answer } from "../policy/call/mailbox-requests.js";
import { NO_VOICEMAIL } from "./voicemail/voicemail-port.js";

/** Hands over; resolves when the switch has carried out everything, or has had a second for it. */
async function handOver({ engine, clock }: EngineStage): Promise<void> {
  const over = engine.handOver();
  clock.advanceBy(1_000);
  await over;
}

/** What the engine has said and done so far. */
function done({ link, notes, engine }: EngineStage) {
  return { lines: [...link.lines], notes: [...notes], states: engine.calls.list().map(({ state }) => state) };
}

it("an answer of voicemail that comes after the hand-over changes nothing and orders nothing", async () => {
  const late: Array<(answer: Answer) => void> = [];
  const stage = await openStage(
    office([{ kind: "voicemail", target: { kind: "user", username: "alice" } }], {
      users: [user("alice", [])],
    }),
    {},
    {
      ...NO_VOICEMAIL,
      folder: "/recordings",
      ask: (_ask, _asker, answered) => void late.push(answered),
    },
  );
  while (late.length === 0) if (!stage.clock.step()) throw new Error("voicemail was never asked");
  await handOver(stage);
  const before = done(stage);
  expect(before.states).toHaveLength(1);
  for (const answered of late) answered({ kind: "opened", greetings: [] });
  stage.clock.advanceBy(5_000);
  expect(done(stage)).toEqual(before);
});

it.each([
  ["that the claim was won", /^hash insert/],
  ["that the caller's channel is gone", /^uuid_setvar_multi/],
])("a reply %s after the hand-over changes nothing and orders nothing", async (_what, held) => {
  const ring = {
    kind: "ring",
    target: { kind: "user", username: "alice" },
    timeoutMs: null,
    skip: false,
  } as const;
  const stage = await openStage(
    office([ring, { kind: "hangup", reason: "no_answer" }], {
      users: [user("alice", [sipDevice("alice-desk")])],
    }),
    { "alice-desk": answers({ afterMs: 20_000 }) },
  );
  let isHeld = false;
  stage.link.fate = (line) => {
    if (isHeld || !held.test(line)) return undefined;
    isHeld = true;
    return { kind: "held_up", ms: 5_000 };
  };
  while (!isHeld) if (!stage.clock.step()) throw new Error("the command was never sent");
  await handOver(stage);
  const before = done(stage);
  stage.caller.hangup();
  stage.clock.advanceBy(6_000);
  expect(done(stage)).toEqual(before);
});
