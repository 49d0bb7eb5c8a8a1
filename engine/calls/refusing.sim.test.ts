/**
 * Goal: while more calls arrive than are carried, a new caller is refused before any phone rings, by either road, a call for
 * help and the calls in progress go on, and no caller is left waiting, whatever is lost on the way. Method: the engine on
 * the simulated switch.
 */
import { describe, expect, it } from "vitest";
import { type EngineStage, openStage } from "../../fixtures/core/engine-stage.js";
import { office, sipDevice, user } from "../../fixtures/core/scene.js";
import { answers } from "../../fixtures/switch/phone-script.js";
import type { Step } from "../../policy/steps/types.js";

const RINGS: Step = {
  kind: "ring",
  target: { kind: "user", username: "alice" },
  timeoutMs: 10_000,
  skip: false,
};
const OFFICE = office([RINGS, { kind: "hangup", reason: "no_answer" }], {
  users: [
    user("alice", [sipDevice("alice-desk")], { extension: "101" }),
    user("bobby", [sipDevice("bob-desk")], { extension: "102" }),
  ],
});

const ROADS = [
  ["asked about", true],
  ["parked", false],
] as const;

/** The first call is taken; all others arrive while there are too many. */
async function full(asks: boolean) {
  let isFull = false;
  const stage = await openStage(
    OFFICE,
    { "alice-desk": answers({ afterMs: 1_000 }), "bob-desk": answers({ afterMs: 1_000 }) },
    undefined,
    {
      asks,
      outside: { "911": answers({ afterMs: 500 }) },
      admission: { refuses: (_call, mayBeRefused) => isFull && mayBeRefused() },
    },
  );
  pass(stage, 3_000);
  expect(stage.caller.talked).toMatchObject([{ withWhom: "alice-desk", toMs: null }]);
  isFull = true;
  const call = (dialled: string) =>
    stage.sw.call({ dialled, callerNumber: "+19175550188", context: "inbound" });
  return { ...stage, call };
}

function pass({ clock }: Pick<EngineStage, "clock">, ms: number): void {
  clock.advanceBy(ms);
}

const claims = ({ sw }: Pick<EngineStage, "sw">) => [...sw.hash.keys()];

describe.each(ROADS)("a caller who is refused, and was %s", (_road, asks) => {
  it("is told 503 at once, and when to try again", async () => {
    const stage = await full(asks);
    const before = claims(stage);
    const refused = stage.call("+12125550100");
    pass(stage, 300);
    expect(refused).toMatchObject({ ending: "refused", finalStatus: 503, againS: "2", earlyMediaAtMs: null });
    expect(stage.notes.filter(({ kind }) => kind === "rings")).toHaveLength(1);
    expect(claims(stage)).toEqual(before);
    expect(stage.sw.channels.size).toBe(2);
  });

  it("leaves the calls in progress as they were", async () => {
    const stage = await full(asks);
    for (let n = 0; n < 20; n += 1) stage.call("+12125550100");
    pass(stage, 5_000);
    expect(stage.caller.talked).toMatchObject([{ withWhom: "alice-desk", toMs: null }]);
    stage.caller.hangup();
    pass(stage, 2_000);
    expect(stage.engine.calls.count).toBe(0);
    expect(stage.sw.channels.size).toBe(0);
    expect(claims(stage)).toEqual([]);
  });

  it("is told nothing of when to try again if it is a phone, which may have to call for help", async () => {
    const stage = await full(asks);
    const phone = stage.sw.phone({
      sipName: "carol-desk",
      script: answers({ afterMs: 0 }),
      isRegistered: true,
    });
    const refused = phone.call({ dialled: "101" });
    const help = phone.call({ dialled: "911" });
    pass(stage, 4_000);
    expect(refused).toMatchObject({ ending: "refused", finalStatus: 503, againS: null });
    expect(help.talked).toMatchObject([{ toMs: null }]);
  });
});

describe("a parked caller who is refused", () => {
  it("is left to another engine that has claimed the call", async () => {
    const stage = await full(false);
    const refused = stage.call("+12125550100");
    stage.sw.hash.run(`insert/ringline-claim/${refused.uuid}/another`);
    pass(stage, 2_000);
    expect(refused.ending).toBeNull();
    expect(claims(stage)).toContain(`ringline-claim_${refused.uuid}`);
  });

  it.each([
    ["is told so by the switch's fallback when the claim is not sent", /^hash insert_ifempty/],
    ["is told so when the release of the claim is not sent", /^hash delete_ifmatch/],
  ])("%s", async (_what, lost) => {
    const stage = await full(false);
    stage.link.fate = (line) => (lost.test(line) ? { kind: "not_sent" } : undefined);
    const refused = stage.call("+12125550100");
    pass(stage, 30_000);
    expect(refused).toMatchObject({ ending: "refused", finalStatus: 503 });
  });

  it("is found and taken in when the command that ends them is not sent", async () => {
    const stage = await full(false);
    stage.link.fate = (line) => (/^uuid_kill/.test(line) ? { kind: "not_sent" } : undefined);
    const refused = stage.call("+12125550100");
    pass(stage, 30_000);
    expect(refused.talked).toMatchObject([{ withWhom: "alice-desk", toMs: null }]);
  });
});
