/**
 * Goal: an event that is lost while a caller is being connected costs them a second of ringing and nothing else.
 * Method: the engine on the simulated switch, one event of the winner's or the caller's is lost on the way.
 */

import { describe, expect, it } from "vitest";
import { type EngineStage, openStage } from "../../fixtures/core/engine-stage.js";
import { office, sipDevice, user } from "../../fixtures/core/scene.js";
import { answers } from "../../fixtures/switch/phone-script.js";
import { CONNECT_INSPECT_MS } from "../../policy/call/bounds.js";
import type { Note } from "../../policy/call/command.js";
import { given } from "../../policy/office/optional.js";

const ANSWERED_MS = 2_000;
/** The answer reaches the caller, and the bridge stands, within this. */
const SWITCH_MS = 300;

/** One phone, and nothing after it: whoever is lost here is lost. */
function stage(talkMs?: number): Promise<EngineStage> {
  const target = { kind: "user", username: "alice" } as const;
  const where = office(
    [
      { kind: "ring", target, timeoutMs: null, skip: false },
      { kind: "hangup", reason: "no_answer" },
    ],
    { users: [user("alice", [sipDevice("alice-desk")])] },
  );
  const hangup = given({ hangupAfterMs: talkMs });
  return openStage(where, { "alice-desk": answers({ afterMs: ANSWERED_MS, ...hangup }) });
}

const of = (notes: readonly Note[], kind: Note["kind"]) => notes.filter((note) => note.kind === kind);

describe("an event that is lost while a caller is being connected", () => {
  it.each([
    ["that the two are bridged", "CHANNEL_BRIDGE"],
    ["that the winner waits to be bridged", "CHANNEL_PARK"],
  ])("%s: they talk all the same, and the call knows", async (_what, name) => {
    const { clock, caller, link, notes } = await stage();
    clock.advanceBy(ANSWERED_MS - 100);
    link.loses = (event) => event["Event-Name"] === name;
    clock.advanceBy(100 + CONNECT_INSPECT_MS + SWITCH_MS);
    expect(of(notes, "connected")).toHaveLength(1);
    link.loses = () => false;
    clock.advanceBy(60_000);
    expect(of(notes, "winner_lost")).toEqual([]);
    expect(caller.ending).toBeNull();
  });

  it("that the winner has died: what is left of the step goes on, and not after the whole time for connecting", async () => {
    const { clock, link, notes, caller } = await stage(10);
    clock.advanceBy(ANSWERED_MS - 100);
    link.loses = (event) =>
      ["CHANNEL_PARK", "CHANNEL_HANGUP_COMPLETE", "BACKGROUND_JOB"].includes(event["Event-Name"] ?? "");
    clock.advanceBy(100 + CONNECT_INSPECT_MS + SWITCH_MS);
    expect(of(notes, "winner_lost")).toHaveLength(1);
    link.loses = () => false;
    clock.advanceBy(1_000);
    expect(caller.ending).not.toBeNull();
  });

  it("asks nothing when all goes as it should", async () => {
    const { clock, link, notes } = await stage();
    clock.advanceBy(ANSWERED_MS + 60_000);
    expect(of(notes, "connected")).toHaveLength(1);
    expect(link.lines.filter((line) => line.startsWith("uuid_dump"))).toEqual([]);
  });
});
