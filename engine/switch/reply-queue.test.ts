/** Replies are matched to commands on a virtual clock: in time, late, missing, and in the wrong order. */
import { describe, expect, it } from "vitest";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import { DEADLINES_UNTIL_STUCK, ReplyQueue, readReply } from "./reply-queue.js";
import type { Reply } from "./wire.js";

const DEADLINE_MS = 1_000;

function setUp() {
  const clock = new VirtualClock();
  const told: string[] = [];
  const queue = new ReplyQueue({ clock, deadlineMs: DEADLINE_MS, stuck: () => told.push("stuck") });
  const note = (name: string) => (reply: Reply) => told.push(`${name} ${reply.outcome} ${reply.text}`);
  return { clock, told, queue, note };
}

describe("the queue of replies", () => {
  it("gives each command its own reply, whatever its kind", () => {
    const { clock, told, queue, note } = setUp();
    queue.push("command/reply", note("sendmsg"));
    queue.push("api/response", note("api"));
    queue.push("command/reply", note("bgapi"));
    expect(queue.match("command/reply", "-ERR invalid session id [x]\n")).toBe("matched");
    expect(queue.match("api/response", "true\n")).toBe("matched");
    expect(queue.match("command/reply", "+OK Job-UUID: j")).toBe("matched");
    expect(told).toEqual([
      "sendmsg refused -ERR invalid session id [x]",
      "api ok true",
      "bgapi ok +OK Job-UUID: j",
    ]);
    expect(clock.pending).toBe(0);
  });

  it("swallows a late reply instead of giving it to the next command", () => {
    const { clock, told, queue, note } = setUp();
    queue.push("api/response", note("slow"));
    clock.advanceBy(DEADLINE_MS);
    queue.push("api/response", note("next"));
    expect(queue.match("api/response", "slow's answer")).toBe("late");
    expect(queue.match("api/response", "next's answer")).toBe("matched");
    expect(told).toEqual([`slow unknown no reply within ${DEADLINE_MS} ms`, "next ok next's answer"]);
  });

  it("answers every late command at its own deadline", () => {
    const { clock, told, queue, note } = setUp();
    queue.push("api/response", note("one"));
    clock.advanceBy(600);
    queue.push("api/response", note("two"));
    clock.advanceBy(399);
    expect(told).toEqual([]);
    clock.advanceBy(1);
    expect(told).toHaveLength(1);
    clock.advanceBy(600);
    expect(told).toHaveLength(2);
  });

  it("is stuck when the oldest reply is still missing after three deadlines", () => {
    const { clock, told, queue, note } = setUp();
    queue.push("api/response", note("lost"));
    clock.advanceBy(DEADLINES_UNTIL_STUCK * DEADLINE_MS - 1);
    expect(told).not.toContain("stuck");
    clock.advanceBy(1);
    expect(told).toContain("stuck");
  });

  it.each(["api/response", "command/reply"] as const)("does not match a %s nobody waits for", (kind) => {
    const { queue, note } = setUp();
    expect(queue.match(kind, "+OK")).toBe("unmatched");
    queue.push(kind === "api/response" ? "command/reply" : "api/response", note("other"));
    expect(queue.match(kind, "+OK")).toBe("unmatched");
  });

  it("answers everything pending unknown, in order, once, when the connection goes", () => {
    const { clock, told, queue, note } = setUp();
    queue.push("api/response", note("late"));
    clock.advanceBy(DEADLINE_MS);
    queue.push("api/response", note("one"));
    queue.push("command/reply", note("two"));
    queue.failAll("gone");
    queue.failAll("gone again");
    expect(told.slice(1)).toEqual(["one unknown gone", "two unknown gone"]);
    expect(clock.pending).toBe(0);
    expect(queue.length).toBe(0);
  });

  it("takes commands from within a reply", () => {
    const { told, queue, note } = setUp();
    queue.push("api/response", () => queue.push("api/response", note("second")));
    queue.match("api/response", "first");
    queue.match("api/response", "second's");
    expect(told).toEqual(["second ok second's"]);
  });

  it.each([
    ["+OK accepted", "ok"],
    ["true", "ok"],
    ["", "ok"],
    ["-ERR No such channel!\n", "refused"],
    ["-ERROR", "refused"],
    ["-USAGE: <uuid>", "refused"],
    ["  -ERR spaced", "refused"],
  ] as const)("reads %j as %s", (text, outcome) => {
    expect(readReply(text)).toEqual({ outcome, text: text.trim() });
  });
});
