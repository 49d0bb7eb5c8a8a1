/**
 * Silence ends a recording: the runner listens for as long as something is being recorded, tells the switch to stop, and
 * an engine that takes the call over listens too.
 */
import { expect, it } from "vitest";
import { openStage } from "../../fixtures/core/engine-stage.js";
import { office, user } from "../../fixtures/core/scene.js";
import type { OpenRecording } from "../../policy/call/phase-run.js";
import { MAILBOX_DEFAULTS } from "../../policy/mailbox/mailbox.js";
import { NO_VOICEMAIL, type VoicemailPort } from "../voicemail/voicemail-port.js";

interface Listened {
  readonly recording: OpenRecording;
  readonly silent: () => void;
  isOver: boolean;
}

/** A mailbox that takes every message, and writes down what is listened to. */
function mailbox(listened: Listened[]): VoicemailPort {
  return {
    ...NO_VOICEMAIL,
    folder: "/recordings",
    ask: (ask, _asker, done) => {
      if (ask.kind === "open_message") done({ kind: "opened", greetings: [] });
      else if (ask.kind === "measure_message") done({ kind: "measured", soundMs: 5_000 });
      else done({ kind: "failed" });
    },
    listen: (recording, silent) => {
      const one: Listened = { recording, silent, isOver: false };
      listened.push(one);
      return () => {
        one.isOver = true;
      };
    },
  };
}

async function leaving(listened: Listened[]) {
  const target = { kind: "user", username: "alice" } as const;
  const voicemail = { ...MAILBOX_DEFAULTS, silenceMs: 7_000, silenceLevel: 90 };
  const users = [user("alice", [], { voicemail })];
  const stage = await openStage(office([{ kind: "voicemail", target }], { users }), {}, mailbox(listened));
  for (let waited = 0; stage.sw.recordingNow.size === 0 && waited < 60; waited++)
    stage.clock.advanceBy(1_000);
  return stage;
}

/** The paths of what the switch has recorded, and of what it records now. */
const recorded = ({ sw }: Awaited<ReturnType<typeof leaving>>) => [
  sw.recordings.map(({ path }) => path),
  [...sw.recordingNow.keys()],
];

it("silence is listened for by the rule of the mailbox, and ends the recording", async () => {
  const listened: Listened[] = [];
  const stage = await leaving(listened);
  const [one, ...more] = listened;
  expect(more).toEqual([]);
  expect(one?.recording).toMatchObject({ silenceMs: 7_000, silenceLevel: 90 });
  const path = `/recordings/${one?.recording.id}.wav`;
  expect(recorded(stage)).toEqual([[], [path]]);
  one?.silent();
  stage.clock.advanceBy(200);
  expect(recorded(stage)).toEqual([[path], []]);
  expect(one?.isOver).toBe(true);
});

it("an engine that takes the call over listens too, and nobody does when the caller is gone", async () => {
  const listened: Listened[] = [];
  const stage = await leaving(listened);
  stage.die();
  await stage.start();
  for (let turn = 0; turn < 20; turn++) {
    stage.clock.advanceBy(200);
    await Promise.resolve();
  }
  const [before, after] = listened;
  expect(after?.recording).toEqual(before?.recording);
  expect(after?.isOver).toBe(false);
  stage.caller.hangup();
  stage.clock.advanceBy(1_000);
  expect(after?.isOver).toBe(true);
});
