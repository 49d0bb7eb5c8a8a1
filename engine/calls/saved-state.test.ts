/** The saved state: nothing is lost, little is written, and what others wrote is refused. */
import { describe, expect, it } from "vitest";
import { CALL_ID, office, Scene, sipDevice, user } from "../../fixtures/core/scene.js";
import { readState, writeState } from "./saved-state.js";

const RINGING = Scene.begun({
  office: office(
    [{ kind: "ring", target: { kind: "user", username: "alice.wong" }, timeoutMs: 20_000, skip: false }],
    {
      users: [user("alice.wong", [sipDevice("alice-desk")])],
    },
  ),
}).state;

describe("the saved state", () => {
  it("is read back whole", () => {
    expect(readState(writeState(RINGING), CALL_ID)).toEqual(RINGING);
  });

  it("holds nothing that the switch would split a command at", () => {
    expect(writeState(RINGING)).toMatch(/^[A-Za-z0-9_-]+$/);
  });

  it("is short for an ordinary call, since the switch pays for each byte", () => {
    expect(writeState(RINGING).length).toBeLessThan(300);
  });

  it.each([
    ["nothing", ""],
    ["a stranger's text", "AAAA"],
    ["half a state", writeState(RINGING).slice(0, 100)],
  ])("is not taken from %s", (_what, text) => {
    expect(readState(text, CALL_ID)).toBeUndefined();
  });

  it("of another call is not taken", () => {
    expect(readState(writeState(RINGING), "22222222-2222-4333-8444-000000000000")).toBeUndefined();
  });

  // A controller must be able to read what one of an earlier release wrote: a change of the dictionary or of
  // the state needs another version.
  it("written by an earlier release is still read", () => {
    expect(readState(WRITTEN_BEFORE, CALL_ID)?.phase.kind).toBe("ringing");
  });
});

const WRITTEN_BEFORE =
  "1dZRC8IgEAfwT6TcnSd2PQV9khYrgqjHvn7k3HZW5mANykf5o-KdP8zQwTQMEZFh55xZMbMBNT7B1CUKOgkG7z2gyNjf2y6YaUVIMRe3-mW31EGXFuzVp935tG_t7Xo5PkmVXKo6pBZQTyfOmqpLKvY9oQqtkvk1NMySYvVtPLAF6VLn21V6YdK6EKSRcODmrW8TylUxL8sW9BszGxSyYMnin4DY1yiqOOma1wiPTybM4fMO";
