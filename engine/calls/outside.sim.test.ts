/**
 * Goal: a person who dials a number outside hears the carrier and is told its answer, the next carrier is tried when one
 * fails, and keys that are tones in the audio count. Method: the engine on the simulated switch, by both roads.
 */
import { describe, expect, it } from "vitest";
import { type EngineStage, openStage } from "../../fixtures/core/engine-stage.js";
import { office, outsidePhone, sipDevice, user } from "../../fixtures/core/scene.js";
import {
  answers,
  neverAnswers,
  type PhoneScript,
  rejects,
  silent,
} from "../../fixtures/switch/phone-script.js";
import type { CarrierScript } from "../../fixtures/switch/phones.js";
import { CARRIER_SILENT_MS } from "../../policy/call/bounds.js";
import type { Carrier } from "../../policy/office/office.js";
import type { Step } from "../../policy/steps/types.js";

const MOBILE = "+19175550101";
const HANG_UP: Step = { kind: "hangup", reason: "no_answer" };
const ROADS = [
  ["parked", false],
  ["asked", true],
] as const;
const CARRIERS = [
  { id: "main", proxy: "sip.example.net" },
  { id: "backup", proxy: "backup.example.net" },
];

/** Alice's phone dials a number outside. */
function dials(
  asks: boolean,
  mobile: PhoneScript,
  gateways: Readonly<Record<string, CarrierScript | undefined>> = { main: undefined, backup: undefined },
  dialled = MOBILE,
  carriers: readonly Carrier[] = CARRIERS,
): Promise<EngineStage> {
  const alice = user("alice", [sipDevice("alice-desk")], { outboundNumber: "+12125550177" });
  return openStage(
    office([HANG_UP], { users: [alice], carriers }),
    { "alice-desk": neverAnswers() },
    undefined,
    {
      asks,
      gateways,
      outside: { [MOBILE]: mobile, "911": mobile },
      call: { dialled, callerNumber: "alice-desk", context: "phones" },
    },
  );
}

async function pass({ clock }: EngineStage, ms: number): Promise<void> {
  const untilMs = clock.nowMs() + ms;
  while (clock.nowMs() < untilMs) {
    clock.advanceBy(Math.min(50, untilMs - clock.nowMs()));
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  }
}

const talked = ({ caller }: EngineStage) => caller.talked.map(({ withWhom }) => withWhom);
const tried = ({ notes }: EngineStage) =>
  notes.flatMap((note) => (note.kind === "next_carrier" ? [`${note.failed}: ${note.why}`] : []));

describe.each(ROADS)("a person who dials (%s)", (_road, asks) => {
  const early = { ringMs: null, earlyMediaMs: 200 } as const;

  it("hears the carrier before the number answers, and is answered with it", async () => {
    const stage = await dials(asks, { ...early, outcome: { kind: "answer", afterMs: 3_000 } });
    await pass(stage, 1_000);
    expect(stage.caller).toMatchObject({ answeredAtMs: null });
    expect(stage.caller.earlyMediaAtMs).not.toBeNull();
    expect(talked(stage)).toEqual([MOBILE]);
    await pass(stage, 3_000);
    expect(stage.caller.answeredAtMs).not.toBeNull();
    expect(stage.notes).toContainEqual(expect.objectContaining({ kind: "connected", who: MOBILE }));
    // The far end hangs up, and the caller is not parked again.
    stage.sw.outsidePhone(MOBILE).legs[0]?.hangup();
    await pass(stage, 3_000);
    expect(stage.caller.ending).toBe("bye");
    expect(stage.engine.calls.count).toBe(0);
  });

  it.each([403, 404, 480, 484, 486, 600, 603])("hears the carrier, and is told %s", async (status) => {
    const stage = await dials(asks, { ...early, outcome: { kind: "reject", afterMs: 2_000, status } });
    await pass(stage, 6_000);
    expect(stage.caller.finalStatus).toBe(status);
    expect(tried(stage)).toEqual([]);
    expect(stage.engine.calls.count).toBe(0);
  });

  it.each([408, 500, 503])(
    "hears a carrier that fails with %s, and is connected by the next one",
    async (status) => {
      const failing: PhoneScript = { ...early, outcome: { kind: "reject", afterMs: 2_000, status } };
      const second: PhoneScript = { ...early, outcome: { kind: "answer", afterMs: 1_000 } };
      const stage = await dials(asks, second, { main: failing, backup: undefined });
      await pass(stage, 6_000);
      expect(tried(stage)).toEqual([`main: ${status}`]);
      expect(stage.caller.answeredAtMs).not.toBeNull();
      expect(talked(stage).at(-1)).toBe(MOBILE);
    },
  );

  it("hears two carriers that fail, and is told 503", async () => {
    const failing: PhoneScript = { ...early, outcome: { kind: "reject", afterMs: 2_000, status: 503 } };
    const stage = await dials(asks, failing);
    await pass(stage, 8_000);
    expect(stage.caller.finalStatus).toBe(503);
    expect(tried(stage)).toEqual(["main: 503"]);
    expect(stage.engine.calls.count).toBe(0);
  });

  it.each([403, 404, 480, 484, 486, 600, 603, 606])("is told %s at once", async (status) => {
    const stage = await dials(asks, rejects(status));
    await pass(stage, 2_000);
    expect(stage.caller.finalStatus).toBe(status);
    expect(tried(stage)).toEqual([]);
  });

  it.each([
    ["503", rejects(503, 0)],
    ["408", rejects(408)],
    ["GATEWAY_DOWN", "down"],
  ] as const)("is connected through the next carrier after %s", async (why, main) => {
    const stage = await dials(asks, answers({ afterMs: 500 }), { main, backup: undefined });
    await pass(stage, 3_000);
    expect(tried(stage)).toEqual([`main: ${why}`]);
    expect(talked(stage)).toEqual([MOBILE]);
  });

  it.each([
    [["main: GATEWAY_DOWN"], { main: "down", "main.2": undefined, backup: undefined }],
    [["main: GATEWAY_DOWN", "main.2: 503"], { main: "down", "main.2": rejects(503, 0), backup: undefined }],
  ] as const)(
    "is connected through the carrier's next proxy, and then the next carrier: %s",
    async (why, gateways) => {
      const carriers = CARRIERS.map((each) =>
        each.id === "main" ? { ...each, moreProxies: ["two.example.net"] } : each,
      );
      const stage = await dials(asks, answers({ afterMs: 500 }), gateways, MOBILE, carriers);
      await pass(stage, 3_000);
      expect(tried(stage)).toEqual(why);
      expect(talked(stage)).toEqual([MOBILE]);
      expect(stage.engine.figures().carriers.map(({ id, callsOut }) => [id, callsOut])).toEqual([
        ["main", 2],
        ["backup", why.length - 1],
      ]);
    },
  );

  it("is connected through the next carrier when the first is silent", async () => {
    const stage = await dials(asks, answers({ afterMs: 500 }), { main: silent(), backup: undefined });
    await pass(stage, CARRIER_SILENT_MS + 3_000);
    expect(talked(stage)).toEqual([MOBILE]);
  });

  it("is told 503 when no carrier can be reached", async () => {
    const stage = await dials(asks, neverAnswers(), { main: "down", backup: "down" });
    await pass(stage, 2_000);
    expect(stage.caller.finalStatus).toBe(503);
  });

  it("gives up while hearing the carrier", async () => {
    const stage = await dials(asks, { ...early, outcome: { kind: "ring" } });
    await pass(stage, 2_000);
    stage.caller.hangup();
    await pass(stage, 2_000);
    expect(stage.sw.outsidePhone(MOBILE).legs[0]?.ending).toBe("cancelled");
    expect(stage.engine.calls.count).toBe(0);
    expect(stage.sw.channels.size).toBe(0);
  });

  it("for help goes by the next carrier after early media, and hears that one", async () => {
    const failing: PhoneScript = { ...early, outcome: { kind: "reject", afterMs: 1_000, status: 404 } };
    const stage = await dials(
      asks,
      { ...early, outcome: { kind: "answer", afterMs: 2_000 } },
      { main: failing, backup: undefined },
      "911",
    );
    await pass(stage, 6_000);
    expect(tried(stage)).toEqual(["main: 404"]);
    expect(stage.caller.answeredAtMs).not.toBeNull();
    expect(talked(stage).at(-1)).toBe("911");
  });

  it.each(["CHANNEL_BRIDGE", "CHANNEL_ANSWER", "CHANNEL_PARK"])(
    "loses nothing when %s is lost",
    async (lost) => {
      const stage = await dials(asks, { ...early, outcome: { kind: "answer", afterMs: 3_000 } });
      stage.link.loses = (event) => event["Event-Name"] === lost && event["Unique-ID"] !== stage.caller.uuid;
      await pass(stage, 60_000);
      expect(stage.caller).toMatchObject({ answeredAtMs: expect.any(Number), ending: null });
      expect(talked(stage).at(-1)).toBe(MOBILE);
    },
  );

  it("talks on when the engine dies while the carrier is heard, and the next one knows the call", async () => {
    const stage = await dials(asks, { ...early, outcome: { kind: "answer", afterMs: 5_000 } });
    await pass(stage, 1_000);
    stage.die();
    await pass(stage, 500);
    const { engine } = await stage.start();
    await pass(stage, 20_000);
    expect(stage.caller).toMatchObject({ answeredAtMs: expect.any(Number), ending: null });
    expect(engine.calls.list().map(({ state }) => state.phase.kind)).toEqual(["connected"]);
    stage.sw.outsidePhone(MOBILE).legs[0]?.hangup();
    await pass(stage, 5_000);
    expect(stage.caller.ending).toBe("bye");
    expect(stage.sw.channels.size).toBe(0);
  });
});

describe.each(ROADS)("a mobile that sends keys as tones (%s)", (_road, asks) => {
  it.each([true, false])(
    "%s: accepts with 1, and nobody listens for its tones then",
    async (pressesTones) => {
      const target = { kind: "user", username: "alice" } as const;
      const ring: Step = { kind: "ring", target, timeoutMs: 20_000, skip: false };
      const stage = await openStage(
        office([ring, HANG_UP], { users: [user("alice", [outsidePhone(MOBILE)])] }),
        {},
        undefined,
        { asks, outside: { [MOBILE]: answers({ afterMs: 500, keys: [{ afterMs: 2_000, digit: "1" }] }) } },
      );
      stage.sw.outside(
        MOBILE,
        answers({ afterMs: 500, keys: [{ afterMs: 2_000, digit: "1" }] }),
      ).pressesTones = pressesTones;
      await pass(stage, 5_000);
      expect(talked(stage)).toEqual([MOBILE]);
      const listens = [...stage.sw.channels.values()].filter(({ detectsTones }) => detectsTones);
      expect(listens).toEqual([]);
    },
  );
});

describe("a caller whom a flow leads outside, and of whom the switch gets the engine's answer too late", () => {
  it.each([0, 500, 990, 1_010, 2_500])(
    "after %d ms: the next carrier's phone gets the call",
    async (answerTakesMs) => {
      const send = { kind: "send", target: { kind: "number", number: MOBILE }, accept: "never" } as const;
      const stage = await openStage(office([send], { carriers: CARRIERS }), {}, undefined, {
        ...{ asks: true, answerTakesMs },
        gateways: { main: rejects(502), backup: undefined },
        outside: { [MOBILE]: answers({ afterMs: 4_000, hangupAfterMs: 12_000 }) },
      });
      await pass(stage, 30_000);
      const claims = stage.link.lines.filter((line) =>
        line.startsWith("hash insert_ifempty/ringline-claim/"),
      );
      expect(claims.length).toBe(answerTakesMs > 1_000 ? 1 : 0);
      const [talk] = stage.caller.talked;
      expect((talk?.toMs ?? 0) - (talk?.fromMs ?? 0)).toBeGreaterThan(11_000);
      expect(tried(stage)).toEqual(["main: 502"]);
      expect(talked(stage)).toEqual([MOBILE]);
      expect(stage.caller.ending).toBe("bye");
    },
  );
});
