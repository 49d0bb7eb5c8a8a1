/**
 * Goal: a caller whose mailbox call was begun by the first engines, which queued no recording behind the greeting, can
 * leave a message with today's engine. Method: the state as those engines wrote it is upgraded, and the core goes on
 * from it. No such state was recorded (`fixtures/saved-states`), so it is made here from today's.
 */
import { describe, expect, it } from "vitest";
import { office, Scene, sipDevice, user } from "../../fixtures/core/scene.js";
import type { LeavingMessage } from "../steps/voicemail/state.js";
import { ANSWER_MS } from "./bounds.js";
import { savedCall } from "./saved.js";
import { upgradeState } from "./saved-upgrades.js";

const BOX = { kind: "user", username: "alice" } as const;
const HERE = { media: "answered", parked: true, transferredTo: null, bridgedTo: null } as const;

function leaving(scene: Scene): LeavingMessage {
  const { phase } = scene.state;
  if (phase.kind !== "voicemail") throw new Error(`the call is ${phase.kind}`);
  return phase.leaving;
}

/** A caller in the greeting, with today's engine. */
function greeted(): Scene {
  const scene = Scene.begun({
    office: office([{ kind: "voicemail", target: BOX }], { users: [user("alice", [sipDevice("desk")])] }),
  });
  scene.messageOpened(leaving(scene).message, null, [{ kind: "own", busy: false, id: "hello" }]);
  return scene;
}

/** Puts the call where the first engines would have left it, with what they kept; then today's engine takes it over. */
function takenOver(scene: Scene, at: Readonly<Record<string, unknown>>): void {
  const { recordId: _none, earlier: _nor, ...kept } = leaving(scene);
  const taking = { ...kept, greetings: [["vm-nobody-there", "vm-leave-a-message"]], ...at };
  const dueMs = scene.atMs + ANSWER_MS;
  const timers = taking.stage === "opening" ? { desk: dueMs } : { say: dueMs };
  const before = { ...scene.state, v: 1, timers, phase: { kind: "voicemail", taking } };
  scene.state = savedCall.parse(upgradeState(before, 1));
}

/** What the caller hears and when they are recorded, by the last input. */
function heard(scene: Scene): string[] {
  return scene.commands.flatMap((command) =>
    command.type === "play" ? command.sounds : command.type === "record" ? ["RECORD"] : [],
  );
}

function asked(scene: Scene): string[] {
  return scene.commands.flatMap((command) => (command.type === "ask" ? [command.ask.kind] : []));
}

describe("a caller in the greeting of a first engine", () => {
  it.each([
    ["whose greeting has ended meanwhile", false],
    ["who still hears the greeting", true],
  ])("%s hears the tone, no second greeting, and is recorded", (_who, playing) => {
    const scene = greeted();
    takenOver(scene, { stage: "greeting" });
    const { message, playId } = leaving(scene);
    scene.input({ type: "resync", caller: { ...HERE, playing }, legs: [] });
    if (playing) scene.input({ type: "played", playId: playId ?? "" });
    expect(asked(scene)).toEqual(["open_message"]);
    scene.messageOpened(leaving(scene).message);
    expect(heard(scene)).toEqual(["beep", "RECORD"]);
    expect(leaving(scene)).toMatchObject({ stage: "recording", earlier: [message] });
  });

  it("whose message is long enough has left it, and nothing is left of the one that was opened before", () => {
    const scene = greeted();
    takenOver(scene, { stage: "greeting" });
    const { message } = leaving(scene);
    scene.input({ type: "resync", caller: { ...HERE, playing: false }, legs: [] });
    scene.messageOpened(leaving(scene).message);
    const spoken = leaving(scene).message;
    scene.input({ type: "caller_gone", cause: "NORMAL_CLEARING" });
    expect(scene.commands).toContainEqual(
      expect.objectContaining({
        ask: { kind: "deliver_message", messages: [spoken, message], urgent: false },
      }),
    );
    scene.messageDelivered(spoken, true);
    expect(scene.state.ending).toEqual({ kind: "message", box: "user:alice" });
  });

  it("who hangs up has left no message", () => {
    const scene = greeted();
    takenOver(scene, { stage: "greeting" });
    const { message } = leaving(scene);
    scene.input({ type: "caller_gone", cause: "NORMAL_CLEARING" });
    expect(asked(scene)).toEqual(["deliver_message"]);
    scene.messageDelivered(message, false);
    expect(scene.state.ending).toEqual({ kind: "missed" });
  });
});

describe("a caller whom a first engine has greeted", () => {
  it.each([
    ["whose message was too short", { stage: "again" }],
    ["who was recording a second time", { stage: "opening", takes: 2 }],
  ])("%s is not greeted once more", (_who, at) => {
    const scene = greeted();
    takenOver(scene, at);
    scene.input({ type: "resync", caller: { ...HERE, playing: false }, legs: [] });
    scene.messageOpened(leaving(scene).message);
    expect(heard(scene)).toEqual(["beep", "RECORD"]);
  });

  it("who chooses from the menu to record again is not greeted once more", () => {
    const scene = greeted();
    takenOver(scene, { stage: "menu", kept: leaving(scene).message, repeats: 1 });
    scene.input({ type: "digit", channel: scene.state.id, digit: "3" });
    scene.messageOpened(leaving(scene).message);
    expect(heard(scene)).toEqual(["beep", "RECORD"]);
  });
});

describe("a phone that had handed over under an earlier engine", () => {
  it("waits on, though nobody knows for whom", () => {
    const upgraded = upgradeState({ v: 1, phase: { kind: "handed_over" } }, 1);
    expect(upgraded).toMatchObject({ phase: { kind: "handed_over", leg: null } });
  });
});
