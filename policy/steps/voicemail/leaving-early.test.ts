/**
 * A caller presses 0 or star during the greeting. Tone and recording are queued behind it, so whatever the connection
 * does, nothing is settled before the switch has stopped recording.
 */
import { describe, expect, it } from "vitest";
import { office, Scene, sipDevice, user } from "../../../fixtures/core/scene.js";
import { STOP_MS, STOPS_MAX } from "../../call/bounds.js";
import { MAILBOX_DEFAULTS } from "../../mailbox/mailbox.js";
import type { LeavingMessage } from "./state.js";

const HERE = {
  media: "answered",
  parked: true,
  playing: false,
  transferredTo: null,
  bridgedTo: null,
} as const;

const KEYS = [
  ["0", (scene: Scene) => scene.dialled().join()],
  ["*", (scene: Scene) => scene.state.phase.kind],
] as const;
const LED_TO = { "0": "bob-desk", "*": "listening" } as const;

function greeted(): Scene {
  const voicemail = {
    ...MAILBOX_DEFAULTS,
    greeting: "hello.wav",
    operator: { kind: "user", username: "bobby" },
    remoteAccess: "listen",
  } as const;
  const scene = Scene.begun({
    office: office([{ kind: "voicemail", target: { kind: "user", username: "alice" } }], {
      users: [user("alice", [], { voicemail, extension: "101" }), user("bobby", [sipDevice("bob-desk")])],
    }),
  });
  scene.messageOpened(leaving(scene).message);
  return scene;
}

function leaving(scene: Scene): LeavingMessage {
  const { phase } = scene.state;
  if (phase.kind !== "voicemail") throw new Error(`the call is ${phase.kind}`);
  return phase.leaving;
}

function pressed(key: string): Scene {
  const scene = greeted();
  scene.input({ type: "digit", channel: scene.state.id, digit: key });
  return scene;
}

const settled = (scene: Scene) =>
  scene.commands.flatMap((command) => (command.type === "ask" ? [command.ask] : []));
const stopHeard = (scene: Scene) => scene.input({ type: "played", playId: leaving(scene).playId ?? "" });

describe.each(KEYS)("key %s during the greeting", (key, ledTo) => {
  it("stops everything, and leads on when the switch has confirmed that", () => {
    const scene = pressed(key);
    expect(scene.commands).toMatchObject([{ type: "stop_playing" }, { type: "play", sounds: ["nothing"] }]);
    const { message } = leaving(scene);
    stopHeard(scene);
    expect(settled(scene)).toMatchObject([{ kind: "deliver_message", messages: [message] }]);
    expect(ledTo(scene)).toBe(LED_TO[key]);
  });

  it("leads on when the first stop is confirmed after more stops were sent, since events may come late", () => {
    const scene = pressed(key);
    const { playId, message } = leaving(scene);
    for (let late = 0; late < 2; late++) scene.pass(STOP_MS);
    scene.input({ type: "played", playId: playId ?? "" });
    expect(settled(scene)).toMatchObject([{ kind: "deliver_message", messages: [message] }]);
    expect(ledTo(scene)).toBe(LED_TO[key]);
  });

  it("settles nothing by the end of another sound, which may have come before the break", () => {
    const scene = greeted();
    const { playId } = leaving(scene);
    scene.input({ type: "digit", channel: scene.state.id, digit: key });
    scene.input({ type: "played", playId: playId ?? "" });
    expect(scene.commands).toEqual([]);
    expect(scene.state.phase.kind).toBe("voicemail");
  });

  it.each([
    ["records", { recording: true }],
    ["plays", { playing: true }],
    ["shows nothing", {}],
  ] as const)("after the connection was lost, stops once more though the switch %s", (_what, seen) => {
    const scene = pressed(key);
    scene.input({ type: "resync", caller: { ...HERE, ...seen }, legs: [] });
    expect(scene.types()).toEqual(["stop_playing", "play"]);
    stopHeard(scene);
    expect(settled(scene)).toMatchObject([{ kind: "deliver_message" }]);
  });

  it("goes on when the recording has ended, which was going on all the time", () => {
    const scene = pressed(key);
    const { message, recordId } = leaving(scene);
    scene.input({ type: "resync", caller: { ...HERE, recording: true }, legs: [] });
    scene.input({ type: "recorded", playId: recordId ?? "" });
    expect(settled(scene)).toMatchObject([{ kind: "deliver_message", messages: [message] }]);
    expect(ledTo(scene)).toBe(LED_TO[key]);
  });

  it("stops again and again while the switch says nothing, then leads on and settles nothing", () => {
    const scene = pressed(key);
    for (let n = 1; n < STOPS_MAX; n++) {
      scene.pass(STOP_MS);
      expect(scene.types()).toEqual(["stop_playing", "play"]);
    }
    scene.pass(STOP_MS);
    expect(settled(scene)).toEqual([]);
    expect(ledTo(scene)).toBe(LED_TO[key]);
    expect(scene.notes).toContainEqual({ kind: "bound_reached", bound: "time to stop a recording" });
  });

  it.each([
    ["at once", { type: "caller_gone", cause: "NORMAL_CLEARING" }],
    ["later", { type: "resync", caller: null, legs: [] }],
  ] as const)("has its recording delivered when the caller hangs up, known %s", (_when, gone) => {
    const scene = pressed(key);
    const { message } = leaving(scene);
    scene.input(gone);
    expect(settled(scene)).toMatchObject([{ kind: "deliver_message", messages: [message] }]);
    expect(leaving(scene).stage).toBe("delivering");
  });
});

it("a recording that may be of a greeting before is stopped and measured after the connection was lost", () => {
  const scene = greeted();
  const first = leaving(scene).message;
  scene.input({ type: "played", playId: leaving(scene).playId ?? "", missing: true });
  scene.messageOpened(leaving(scene).message);
  expect(scene.types()).toEqual(["stop_playing", "play", "play", "record"]);
  scene.input({ type: "resync", caller: { ...HERE, recording: true }, legs: [] });
  expect(scene.types()).toEqual(["stop_playing", "play"]);
  stopHeard(scene);
  expect(settled(scene)).toMatchObject([{ kind: "measure_message" }]);
  scene.messageMeasured(leaving(scene).message, 0);
  expect(settled(scene)).toMatchObject([
    { kind: "deliver_message", messages: [first] },
    { kind: "drop_message" },
  ]);
});
