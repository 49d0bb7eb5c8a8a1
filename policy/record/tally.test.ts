/**
 * Goal: a call counts once for each whom it came to, as people understand it: who answered, who missed it, how long the
 * caller waited. Method: a table of stories, told with few words, and what they count for.
 */
import { describe, expect, it } from "vitest";
import {
  began,
  GROUP_ANSWERED,
  recordOfTold,
  TAKEN_OVER,
  TRANSFERRED,
} from "../../fixtures/records/told-calls.js";
import { recordOf } from "./fold.js";
import type { Happening, RecordEnding, What } from "./happening.js";
import { talliesOf, tallyTime } from "./tally.js";

const BEGAN: What = {
  ...{ kind: "began", direction: "in", from: "+13105550101", name: "", isWithheld: false, user: null },
  ...{
    device: null,
    called: "+12125550100",
    revision: 1,
    carrier: null,
    sipCallId: null,
    partOf: null,
    engine: "e",
  },
};
const FLOW: What = {
  ...{ kind: "flow", source: "number:+12125550100", names: ["number:+12125550100"], label: null },
};

function rings(who: string, group: string | null = "sales"): What {
  const party = { leg: who, who, device: "desk", to: who, group };
  return { kind: "leg_dialled", ...party, carrier: null, shows: null, payer: null };
}

function connected(who: string): What {
  return { kind: "connected", leg: who, who, device: "desk" };
}

function ended(ending: RecordEnding): What {
  return { kind: "ended", ending, side: "caller", cause: null, isSeen: true };
}

/** One happening a second, from 0 on. */
function counted(...whats: What[]): Record<string, string> {
  const happenings: Happening[] = whats.map((what, second) => ({ call: "c", atMs: second * 1_000, what }));
  const tallies = talliesOf(recordOf(happenings));
  return Object.fromEntries(
    tallies.map((tally) => {
      const words = [
        ...(tally.isAnswered ? ["answered"] : []),
        ...(tally.isMissed ? ["missed"] : []),
        ...(tally.isMessage ? ["message"] : []),
        ...(tally.isRefused ? ["refused"] : []),
      ];
      const waits = tally.waitMs === null ? "" : ` wait ${tally.waitMs / 1_000}`;
      return [`${tally.kind}:${tally.name}`, `${words.join("+")}${waits} talk ${tally.talkMs / 1_000}`];
    }),
  );
}

describe("what a call counts for", () => {
  it("answered: for who took it; for a colleague whose phone rang it is neither answered nor missed", () => {
    const step: What = { kind: "step", text: "", names: ["group:sales", "schedule:practice"] };
    const taken = [rings("alice"), rings("bob"), connected("bob"), ended({ kind: "answered", by: "bob" })];
    expect(counted(BEGAN, FLOW, step, ...taken)).toEqual({
      "all:in": "answered wait 5 talk 1",
      "number:+12125550100": "answered wait 5 talk 1",
      "group:sales": "answered wait 5 talk 1",
      "schedule:practice": "answered wait 5 talk 1",
      "user:alice": " talk 0",
      "user:bob": "answered wait 5 talk 1",
    });
  });

  it("missed: for everybody whose phone rang, with how long the caller waited", () => {
    expect(counted(BEGAN, rings("alice"), rings("bob", null), ended({ kind: "missed" }))).toEqual({
      "all:in": "missed wait 3 talk 0",
      "user:alice": "missed wait 3 talk 0",
      "group:sales": "missed wait 3 talk 0",
      "user:bob": "missed wait 3 talk 0",
    });
  });

  it("a message: the wait ends with the greeting", () => {
    const box = "group:sales";
    const left: What[] = [
      { kind: "greeting", box },
      { kind: "recording", box },
    ];
    expect(counted(BEGAN, rings("alice"), ...left, ended({ kind: "message", box }))).toMatchObject({
      "all:in": "message wait 2 talk 0",
      "group:sales": "message wait 2 talk 0",
    });
  });

  it("a message behind another mailbox: the wait ends with the greeting of the one that has it", () => {
    const box = "group:sales";
    const left: What[] = [
      { kind: "greeting", box: "user:alice" },
      rings("bob"),
      { kind: "greeting", box },
      { kind: "recording", box },
    ];
    expect(counted(BEGAN, ...left, ended({ kind: "message", box }))).toMatchObject({
      "all:in": "message wait 3 talk 0",
    });
  });

  it("refused: nobody waits", () => {
    const refused: What = { kind: "refused", number: "+1900", why: "not_permitted" };
    const over = ended({ kind: "hung_up", reason: "unassigned" });
    expect(counted(BEGAN, refused, over)).toEqual({ "all:in": "refused talk 0" });
  });

  it("a call that a user makes counts for the user as caller, and to outside for nobody else", () => {
    const out: What = { ...BEGAN, direction: "out", user: "alice" } as What;
    const leg = rings("+13105550199", null);
    const taken = [leg, connected("+13105550199"), ended({ kind: "answered", by: "+13105550199" })];
    expect(counted(out, ...taken)).toEqual({
      "all:out": "answered wait 2 talk 1",
      "caller:alice": "answered wait 2 talk 1",
    });
  });

  it.each<[string, What[]]>([
    ["in progress", [BEGAN, rings("alice")]],
    ["of another engine", [BEGAN, ended({ kind: "not_ours" })]],
    ["of a person who listens to messages", [BEGAN, ended({ kind: "listened", by: "alice" })]],
  ])("nothing for a call %s", (_what, whats) => {
    expect(counted(...whats)).toEqual({});
  });
});

it("a call belongs to the day and hour of the office's clock in which it began", () => {
  const record = recordOf([{ call: "c", atMs: Date.UTC(2026, 11, 1, 4, 59, 59), what: BEGAN }]);
  const { day, hour } = tallyTime(record, "America/New_York");
  expect([new Date(day * 86_400_000).toISOString().slice(0, 10), hour]).toEqual(["2026-11-30", 23]);
});

function tallyOf(told: Parameters<typeof recordOfTold>[0], kind: string, name: string) {
  return talliesOf(recordOfTold(told)).find((tally) => tally.kind === kind && tally.name === name);
}

it("a caller who is transferred waits from the end of the conversation before, not through it", () => {
  expect(tallyOf(TRANSFERRED, "user", "dan.okafor")).toMatchObject({ isAnswered: true, waitMs: 18_540 });
  expect(tallyOf(TRANSFERRED, "user", "carol.diaz")).toMatchObject({ isAnswered: true, waitMs: 8_940 });
  expect(tallyOf(TRANSFERRED, "all", "in")).toMatchObject({ isAnswered: true, waitMs: 18_540 });
});

it("a caller waits from the beginning where nobody talked with them before", () => {
  expect(tallyOf(GROUP_ANSWERED, "user", "bob.stone")).toMatchObject({ isAnswered: true, waitMs: 4_230 });
});

it("calls to outside count for the user who makes them; those to a colleague, for the colleague alone", () => {
  expect(tallyOf(TAKEN_OVER, "caller", "carol.diaz")).toMatchObject({ isAnswered: true });
  const [, ...others] = GROUP_ANSWERED;
  const inside = [began({ direction: "inside", user: "dan.okafor", called: "200" }), ...others];
  expect(tallyOf(inside, "caller", "dan.okafor")).toBeUndefined();
  expect(tallyOf(inside, "user", "bob.stone")).toMatchObject({ isAnswered: true });
});
