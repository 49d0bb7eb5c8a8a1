/** Waits, ringing, legs and accept prompts are counted from what is kept of each call, and nothing of a call stays behind. */
import fc from "fast-check";
import { Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { sampleRecords } from "../../fixtures/records/sample-records.js";
import type { RecordEnding, What } from "../../policy/record/happening.js";
import { CallMetrics } from "./call-metrics.js";
import { causeLabel, LEG_CAUSES } from "./metric-catalogue.js";
import { MetricMakers } from "./metric-makers.js";

const CALL = "11111111-2222-4333-8444-000000000000";
const began: What = {
  kind: "began",
  direction: "in",
  from: "+19175550199",
  name: "",
  isWithheld: false,
  user: null,
  device: null,
  called: "+12125550100",
  revision: 1,
  carrier: null,
  sipCallId: null,
  partOf: null,
  engine: "e",
};
const dialled = (leg: string): What => ({
  kind: "leg_dialled",
  leg,
  to: "alice-desk",
  who: "alice",
  device: "desk",
  group: null,
  carrier: null,
  shows: null,
  payer: null,
});
const legEnded = (leg: string, cause = "LOSE_RACE"): What => ({
  kind: "leg_ended",
  leg,
  cause,
  status: null,
  side: "office",
  isSeen: true,
  sipCallId: null,
});
const ended = (ending: RecordEnding): What => ({
  kind: "ended",
  ending,
  side: "caller",
  cause: null,
  isSeen: true,
});

function counting() {
  const registry = new Registry();
  const metrics = new CallMetrics(new MetricMakers(registry));
  const tell = (...told: ReadonlyArray<readonly [ms: number, what: What]>) => {
    for (const [atMs, what] of told) metrics.happened({ call: CALL, atMs, what });
  };
  const values = async () =>
    (await registry.metrics()).split("\n").filter((line) => !/^$|^#| 0$|_bucket/.test(line));
  return { metrics, tell, values };
}

describe("the metrics of calls", () => {
  it("tell of a call that one of two phones takes by pressing 1", async () => {
    const { tell, values } = counting();
    tell(
      [0, began],
      [10, dialled("a")],
      [10, dialled("b")],
      [500, { kind: "leg_rings", leg: "a" }],
      [700, { kind: "leg_rings", leg: "b" }],
      [4_500, { kind: "leg_answered", leg: "a" }],
      [4_500, { kind: "leg_asked", leg: "a" }],
      [6_000, { kind: "leg_accepts", leg: "a" }],
      [6_100, { kind: "connected", leg: "a", who: "alice", device: "desk" }],
      [6_200, legEnded("b")],
      [60_000, legEnded("a", "NORMAL_CLEARING")],
      [60_000, ended({ kind: "answered", by: "alice" })],
    );
    expect(await values()).toEqual([
      'ringline_call_wait_seconds_sum{result="answered"} 6.1',
      'ringline_call_wait_seconds_count{result="answered"} 1',
      "ringline_call_first_ring_seconds_sum 0.5",
      "ringline_call_first_ring_seconds_count 1",
      'ringline_leg_ring_seconds_sum{outcome="answered"} 4',
      'ringline_leg_ring_seconds_count{outcome="answered"} 1',
      'ringline_leg_ring_seconds_sum{outcome="unanswered"} 5.5',
      'ringline_leg_ring_seconds_count{outcome="unanswered"} 1',
      'ringline_legs_ended_total{cause="NORMAL_CLEARING"} 1',
      'ringline_legs_ended_total{cause="LOSE_RACE"} 1',
      'ringline_prompts_total{result="accepted"} 1',
    ]);
  });

  it.each<[string, RecordEnding, string[]]>([
    ["given up", { kind: "missed" }, ['ringline_call_wait_seconds_count{result="missed"} 1']],
    [
      "ended by the flow",
      { kind: "hung_up", reason: "busy" },
      ['ringline_call_wait_seconds_count{result="other"} 1'],
    ],
    ["of which nobody saw the end", { kind: "lost" }, ['ringline_adoptions_total{result="lost"} 1']],
    ["that another engine has", { kind: "not_ours" }, []],
    ["of a person who listens to messages", { kind: "listened", by: "alice" }, []],
  ])("tell how long the wait of a call was that was %s", async (_what, ending, expected) => {
    const { tell, values } = counting();
    tell([0, began], [20_000, ended(ending)]);
    expect((await values()).filter((line) => !line.includes("_sum"))).toEqual(expected);
  });

  it("count the wait until a message is asked for, and not the message", async () => {
    const { tell, values } = counting();
    tell(
      [0, began],
      [20_000, { kind: "recording", box: "user:alice" }],
      [50_000, ended({ kind: "message", box: "user:alice" })],
    );
    expect(await values()).toContain('ringline_call_wait_seconds_sum{result="message"} 20');
  });

  it("count the wait until the greeting of the mailbox that then asks for a message", async () => {
    const { tell, values } = counting();
    tell(
      [0, began],
      [12_000, { kind: "greeting", box: "user:bob" }],
      [20_000, { kind: "greeting", box: "user:alice" }],
      [26_000, { kind: "recording", box: "user:alice" }],
      [50_000, ended({ kind: "message", box: "user:alice" })],
    );
    expect(await values()).toContain('ringline_call_wait_seconds_sum{result="message"} 20');
    const gaveUp = counting();
    gaveUp.tell(
      [0, began],
      [12_000, { kind: "greeting", box: "user:bob" }],
      [15_000, ended({ kind: "missed" })],
    );
    expect(await gaveUp.values()).toContain('ringline_call_wait_seconds_sum{result="missed"} 15');
  });

  it("count an accept prompt that ended without a key", async () => {
    const { tell, values } = counting();
    tell(
      [0, began],
      [1, { kind: "leg_asked", leg: "a" }],
      [2, legEnded("a")],
      [3, { kind: "leg_asked", leg: "b" }],
      [4, { kind: "leg_declines", leg: "b" }],
      [5, legEnded("b")],
    );
    expect(await values()).toEqual(
      expect.arrayContaining([
        'ringline_prompts_total{result="gone"} 1',
        'ringline_prompts_total{result="declined"} 1',
      ]),
    );
  });

  it("count calls of another engine, and no wait that began there", async () => {
    const { tell, values } = counting();
    tell(
      [0, { kind: "adopted", engine: "f", revision: 1 }],
      [10, { kind: "connected", leg: "a", who: "alice", device: "desk" }],
      [20, ended({ kind: "answered", by: "alice" })],
    );
    expect(await values()).toEqual(['ringline_adoptions_total{result="taken_over"} 1']);
  });

  it("count announcements, also those without a file", async () => {
    const { tell, values } = counting();
    tell([0, { kind: "prompt", text: "a" }], [1, { kind: "prompt", text: "b", isMissing: true }]);
    expect(await values()).toEqual([
      'ringline_announcements_total{result="played"} 1',
      'ringline_announcements_total{result="missing"} 1',
    ]);
  });

  it("have a bounded set of causes, whatever a switch says", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom(...LEG_CAUSES)), (cause) => {
        const label = causeLabel(cause);
        return label === "other" || (label === cause && (LEG_CAUSES as readonly string[]).includes(cause));
      }),
    );
  });

  it("forget calls of which no end ever comes, and never count a time twice or below 0", async () => {
    const { metrics } = counting();
    for (let n = 0; n < 25_000; n += 1) metrics.happened({ call: `call-${n}`, atMs: n, what: began });
    expect(metrics.remembered).toBe(20_000);
    const over = counting().metrics;
    for (let n = 0; n < 500; n += 1)
      for (const what of [began, ended({ kind: "missed" })])
        over.happened({ call: `call-${n}`, atMs: n, what });
    expect(over.remembered).toBe(100);
    const what = fc.constantFrom<What>(
      began,
      { kind: "leg_rings", leg: "a" },
      { kind: "leg_answered", leg: "a" },
      { kind: "connected", leg: "a", who: "x", device: "y" },
      legEnded("a"),
      ended({ kind: "missed" }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.integer({ min: 0, max: 1e6 }), what)), async (told) => {
        const { tell, values } = counting();
        tell(...told);
        const all = await values();
        expect(all.filter((line) => / -/.test(line))).toEqual([]);
        const waits = all.filter((line) => line.startsWith("ringline_call_wait_seconds_count"));
        const calls = told.filter(([, { kind }]) => kind === "began").length;
        const counted = waits.reduce((sum, line) => sum + Number(line.split(" ")[1]), 0);
        expect(counted).toBeLessThanOrEqual(calls);
      }),
      { numRuns: 50 },
    );
  });
});

describe("the metrics of the sample calls", () => {
  it("agree with their records", async () => {
    const { happenings, records } = await sampleRecords();
    const registry = new Registry();
    const metrics = new CallMetrics(new MetricMakers(registry));
    for (const happening of happenings) metrics.happened(happening);
    const sum = async (name: string) => {
      const found = await registry.getSingleMetric(`ringline_${name}`)?.get();
      return (found?.values ?? []).reduce(
        (total, { value, ...one }) =>
          "metricName" in one && !String(one.metricName).endsWith("_count") ? total : total + value,
        0,
      );
    };
    const legs = records.flatMap((record) => record.legs);
    expect(await sum("legs_ended_total")).toBe(legs.filter(({ endedMs }) => endedMs !== null).length);
    expect(await sum("leg_ring_seconds")).toBe(
      legs.filter(({ ringsMs, answeredMs, endedMs }) => ringsMs !== null && (answeredMs ?? endedMs) !== null)
        .length,
    );
    expect(await sum("call_first_ring_seconds")).toBe(
      records.filter(({ firstRingMs }) => firstRingMs !== null).length,
    );
  });
});
