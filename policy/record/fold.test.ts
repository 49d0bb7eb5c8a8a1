/** Goal: a record says what its lines say, however they come: doubled, found later, from several engines, in part. */
import { describe, expect, it } from "vitest";
import { fold, recordable, recordOf } from "./fold.js";
import type { Happening, What, WhatOf } from "./happening.js";

const BEGAN: WhatOf<"began"> = {
  kind: "began",
  direction: "in",
  from: "+13105550101",
  name: "Jane",
  isWithheld: false,
  user: null,
  device: null,
  called: "+12125550100",
  revision: 3,
  carrier: "main",
  sipCallId: "a@b",
  partOf: null,
  engine: "1-e",
};
const DIALLED: WhatOf<"leg_dialled"> = {
  kind: "leg_dialled",
  leg: "l1",
  who: "alice",
  device: "desk",
  to: "alice-desk",
  group: null,
  carrier: null,
  shows: null,
  payer: null,
};
const CONNECTED: What = { kind: "connected", leg: "l1", who: "alice", device: "desk" };
const LOST: What = { kind: "ended", ending: { kind: "lost" }, side: "unknown", cause: null, isSeen: false };
const ADOPTED: What = { kind: "adopted", engine: "2-e", revision: 3 };
const legEnded = (more: Partial<WhatOf<"leg_ended">> = {}): What => ({
  kind: "leg_ended",
  leg: "l1",
  cause: "USER_BUSY",
  status: null,
  side: "callee",
  isSeen: true,
  sipCallId: null,
  ...more,
});
const ended = (kind: "missed" | "not_ours" | "shed" | "message"): What => ({
  kind: "ended",
  ending: kind === "message" ? { kind, box: "user:alice" } : { kind },
  side: "caller",
  cause: "ORIGINATOR_CANCEL",
  isSeen: true,
});

const line = (atMs: number, what: What): Happening => ({ call: "c1", atMs, what });
const found = (atMs: number, what: What): Happening => ({ ...line(atMs, what), isFound: true });
const BEGINNING = [line(0, BEGAN), line(0, DIALLED)];
const kinds = (lines: readonly Happening[]) => recordOf(lines).happenings.map(({ what }) => what.kind);

describe("a record", () => {
  it("of a call in progress has no end", () => {
    expect(recordOf(BEGINNING)).toMatchObject({ result: "live", endedMs: null, ending: null });
  });

  it("is not changed, but made anew", () => {
    const before = recordOf(BEGINNING);
    const copy = structuredClone(before);
    fold(before, [line(5, legEnded()), line(9, ended("missed"))]);
    expect(before).toEqual(copy);
  });

  it("leaves out what the next engine finds and it has already", () => {
    const lines = [...BEGINNING, line(40, { kind: "leg_rings", leg: "l1" })];
    const again = [
      found(0, { ...BEGAN, engine: "2-e" }),
      line(900, ADOPTED),
      found(900, DIALLED),
      found(900, { kind: "leg_rings", leg: "l1" }),
    ];
    expect(kinds([...lines, ...again])).toEqual(["began", "leg_dialled", "leg_rings", "adopted"]);
    expect(recordOf([...lines, ...again])).toMatchObject({
      engines: ["1-e", "2-e"],
      legs: [{ dialledMs: 0, ringsMs: 40 }],
    });
  });

  it("takes what the next engine finds and it lacks", () => {
    const made = recordOf([found(7, BEGAN), line(900, ADOPTED), found(900, DIALLED), found(900, CONNECTED)]);
    expect(made).toMatchObject({ from: "+13105550101", beganMs: 7, answeredBy: "alice", connectedMs: 900 });
  });

  it("has one end of a leg, with what both events of it say", () => {
    const made = recordOf([
      ...BEGINNING,
      line(40, legEnded()),
      line(42, legEnded({ status: 486, sipCallId: "x" })),
    ]);
    expect(made.legs).toMatchObject([{ endedMs: 40, cause: "USER_BUSY", status: 486, sipCallId: "x" }]);
    expect(made.happenings.slice(2)).toEqual([line(40, legEnded({ status: 486, sipCallId: "x" }))]);
  });

  it("believes an end that was seen more than one that was guessed, whichever comes first", () => {
    const guess = line(40, legEnded({ cause: "LOST", isSeen: false, side: "unknown" }));
    const seen = line(60, legEnded());
    for (const lines of [
      [guess, seen],
      [seen, guess],
    ]) {
      const made = recordOf([...BEGINNING, ...lines]);
      expect(made.legs).toMatchObject([{ endedMs: 60, cause: "USER_BUSY", isEndSeen: true }]);
      expect(made.happenings.slice(2)).toEqual([seen]);
    }
  });

  it("of a caller who was seen to go does not count as lost when the engine dies before the end", () => {
    const gone: What = { kind: "caller_gone", side: "caller", cause: "NORMAL_CLEARING", isSeen: true };
    const record = recordOf([...BEGINNING, line(5_000, gone), line(90_000, LOST)]);
    expect(record).toMatchObject({
      ending: { kind: "missed" },
      result: "missed",
      side: "caller",
      endedMs: 5_000,
      isEndSeen: true,
    });
    expect(record.happenings.at(-1)).toMatchObject({ atMs: 5_000, what: { ending: { kind: "missed" } } });
    expect(recordOf(record.happenings)).toEqual(record);
    const talked = recordOf([...BEGINNING, line(3_000, CONNECTED), line(5_000, gone), line(90_000, LOST)]);
    expect(talked.ending).toEqual({ kind: "answered", by: "alice" });
    const unseen = recordOf([...BEGINNING, line(5_000, { ...gone, isSeen: false }), line(90_000, LOST)]);
    expect(unseen.ending).toEqual({ kind: "lost" });
  });

  it.each([
    ["before", true],
    ["after", false],
  ])("has the message that is found of a lost call, %s the call counts as lost", (_when, isFirst) => {
    const message: What = { ...LOST, ending: { kind: "message", box: "user:alice" } } as What;
    const lines = [line(60_000, message), line(60_000, LOST)];
    const record = recordOf([...BEGINNING, ...(isFirst ? lines : lines.reverse())]);
    expect(record).toMatchObject({
      ending: { kind: "message", box: "user:alice" },
      messageIn: "user:alice",
      result: "message",
      endedMs: 60_000,
    });
    expect(recordOf(record.happenings)).toEqual(record);
  });

  it("of a mailbox session that was lost is no missed call", () => {
    const listens: What = { kind: "listens", username: "alice", box: "user:alice" };
    expect(recordOf([line(0, BEGAN), line(1_000, listens), line(9_000, LOST)]).result).toBe("listened");
  });

  it("of a lost call ends its legs, and counts as answered if somebody talked", () => {
    expect(recordOf([...BEGINNING, line(90, LOST)])).toMatchObject({
      result: "missed",
      isEndSeen: false,
      legs: [{ endedMs: 90, cause: "LOST", isEndSeen: false }],
    });
    expect(recordOf([...BEGINNING, line(50, CONNECTED), line(90, LOST)])).toMatchObject({
      result: "answered",
      answeredBy: "alice",
    });
  });

  it("keeps its first end", () => {
    expect(recordOf([...BEGINNING, line(80, ended("missed")), line(90, LOST)])).toMatchObject({
      endedMs: 80,
      ending: { kind: "missed" },
    });
  });

  it.each([
    ["an engine goes on with it", ADOPTED],
    ["it begins again", BEGAN],
  ])("has no end any more when %s", (_what, what) => {
    const made = recordOf([...BEGINNING, line(90, LOST), line(95, what)]);
    expect(made).toMatchObject({ result: "live", endedMs: null, ending: null, side: null });
    expect(fold(made, [line(99, ended("missed"))])).toMatchObject({ result: "missed", endedMs: 99 });
  });

  it("ends when the caller was gone", () => {
    const gone: What = { kind: "caller_gone", side: "caller", cause: "NORMAL_CLEARING", isSeen: true };
    const over: What = {
      kind: "ended",
      ending: { kind: "missed" },
      side: "unknown",
      cause: null,
      isSeen: true,
    };
    expect(recordOf([...BEGINNING, line(50, gone), line(5_000, over)])).toMatchObject({
      endedMs: 50,
      side: "caller",
      cause: "NORMAL_CLEARING",
    });
  });

  it("has both legs of an id that was used twice", () => {
    expect(
      recordOf([...BEGINNING, line(5, BEGAN), line(5, DIALLED), line(9, legEnded())]).legs,
    ).toMatchObject([
      { dialledMs: 0, endedMs: 5, cause: "LOST" },
      { dialledMs: 5, endedMs: 9, cause: "USER_BUSY" },
    ]);
  });

  it("is made of lines without a beginning, too", () => {
    expect(recordOf([line(90, LOST)])).toMatchObject({ id: "c1", from: "", beganMs: 90, result: "missed" });
  });

  it.each([
    ["lost", [LOST]],
    ["message", [ended("message")]],
    ["shed", [ended("shed")]],
    ["lost, then message", [LOST, ended("message")]],
  ])("is not made of an end alone (%s), of a call that began in another database", (_what, ends) => {
    const lines = ends.map((what, n) => line(90 + n, what));
    const began = [line(95, BEGAN), line(95, DIALLED), line(99, LOST)];
    expect(recordable(lines)).toEqual([]);
    expect(recordable([...lines, ...began])).toEqual(began);
    expect(recordable(began)).toEqual(began);
  });

  it("is bounded, however long a caller presses keys", () => {
    const keys = Array.from({ length: 5_000 }, (_none, n) =>
      line(n, { kind: "digits", leg: null, digits: "4" }),
    );
    const made = recordOf([...BEGINNING, ...keys, line(9_000, ended("missed"))]);
    expect(made.happenings.length).toBeLessThan(1_100);
    expect(made).toMatchObject({ result: "missed", endedMs: 9_000 });
  });
});
