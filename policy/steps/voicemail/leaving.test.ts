/**
 * A caller at a mailbox, input by input: what is asked of the switch and of the mailroom, in which order, and
 * that whatever ends the call, what was said is delivered once or known to be nothing.
 */

import { describe, expect, it } from "vitest";
import { NUMBER, office, Scene, sipDevice, user } from "../../../fixtures/core/scene.js";
import {
  ANNOUNCE_MAX_MS,
  ANSWER_MS,
  DELIVERY_MS,
  INSPECTION_MS,
  MENU_WAIT_MS,
  RECORD_BEGINS_MS,
  RECORD_EXTRA_MS,
  TAKES_MAX,
} from "../../call/bounds.js";
import type { Command } from "../../call/command.js";
import type { RecordedGreeting } from "../../call/mailbox-requests.js";
import { MAILBOX_DEFAULTS } from "../../mailbox/mailbox.js";
import type { MailboxSettings } from "../../office/office.js";
import { given } from "../../office/optional.js";
import type { LeavingMessage } from "./state.js";

const BOX = { kind: "user", username: "alice" } as const;

function atMailbox(settings: Partial<MailboxSettings> = {}, extension?: string): Scene {
  const mailbox = { ...MAILBOX_DEFAULTS, ...settings };
  return Scene.begun({
    office: office([{ kind: "voicemail", target: BOX }], {
      users: [
        user("alice", [sipDevice("alice-desk")], {
          voicemail: mailbox,
          ...given({ extension }),
        }),
        user("bobby", [sipDevice("bob-desk")]),
      ],
    }),
  });
}

function leaving(scene: Scene): LeavingMessage {
  const { phase } = scene.state;
  if (phase.kind !== "voicemail") throw new Error(`the call is ${phase.kind}`);
  return phase.leaving;
}

const stage = (scene: Scene) => leaving(scene).stage;

function opens(
  scene: Scene,
  refused: "full" | "unavailable" | null = null,
  greetings: readonly RecordedGreeting[] = [],
) {
  return scene.messageOpened(leaving(scene).message, refused, greetings);
}

function heard(scene: Scene, more: { readonly missing?: true } = {}): readonly Command[] {
  return scene.input({ type: "played", playId: leaving(scene).playId ?? "", ...more });
}

function recorded(scene: Scene): readonly Command[] {
  return scene.input({ type: "recorded", playId: leaving(scene).playId ?? "" });
}

function measured(scene: Scene, soundMs: number): readonly Command[] {
  return scene.messageMeasured(leaving(scene).message, soundMs);
}

function press(scene: Scene, digit: string): readonly Command[] {
  return scene.input({ type: "digit", channel: scene.state.id, digit });
}

/** The sounds of the last input. */
function played(scene: Scene): readonly string[] {
  return scene.commands.flatMap((command) => (command.type === "play" ? command.sounds : []));
}

/** What is queued on the switch. */
function queued(scene: Scene): readonly string[] {
  return scene.commands.flatMap((command) =>
    command.type === "play" ? command.sounds : command.type === "record" ? ["record"] : [],
  );
}

/** The greeting's file is not there, and a message for the next best greeting is opened. */
function missing(scene: Scene): void {
  const before = leaving(scene).message;
  heard(scene, { missing: true });
  expect(scene.types()).toEqual(["stop_playing", "open_message"]);
  expect(leaving(scene).message).not.toBe(before);
  opens(scene);
}

/** A caller who has said something of this length, and stays on the line. */
function said(soundMs: number, settings: Partial<MailboxSettings> = {}): Scene {
  const scene = atMailbox(settings);
  opens(scene);
  heard(scene);
  recorded(scene);
  measured(scene, soundMs);
  return scene;
}

/** What the commands ask of voicemail for a message. */
function asks(commands: readonly Command[], ...kinds: readonly string[]) {
  return commands
    .flatMap((command) => (command.type === "ask" ? [command.ask] : []))
    .filter(({ kind }) => kinds.includes(kind));
}

function delivered(scene: Scene): unknown {
  return asks(scene.commands, "deliver_message", "drop_message");
}

describe("a caller at a mailbox", () => {
  it("has a row for the message before anything is played or recorded", () => {
    const scene = atMailbox();
    expect(scene.types()).toEqual(["open_message"]);
    expect(stage(scene)).toBe("opening");
  });

  it("is answered, greeted, and recorded right behind the tone", () => {
    const scene = atMailbox();
    opens(scene);
    expect(scene.types()).toEqual(["answer_caller", "prepare_recording", "play", "play", "record"]);
    expect(queued(scene).slice(-2)).toEqual(["beep", "record"]);
    expect(stage(scene)).toBe("greeting");
    expect(heard(scene)).toEqual([]);
    expect(stage(scene)).toBe("recording");
  });

  it("hears the extension when the office has no greeting", () => {
    const scene = atMailbox({}, "101");
    opens(scene);
    expect(played(scene)).toEqual([
      "vm-person-at",
      "digit-1",
      "digit-0",
      "digit-1",
      "vm-is-away",
      "vm-leave-a-message",
      "beep",
    ]);
  });

  const temporary = { kind: "temporary", busy: false, id: "temporary" } as const;
  const own = { kind: "own", busy: false, id: "own" } as const;
  const ownBusy = { kind: "own", busy: true, id: "own-busy" } as const;
  const name = { kind: "name", busy: false, id: "name" } as const;
  it.each([
    ["what is said until further notice first", [name, own, temporary], ["recording:temporary"]],
    ["the owner's own greeting next", [name, ownBusy, own], ["recording:own"]],
    ["then the office's file", [name], ["hello.wav"]],
  ])("hears %s", (_what, greetings, sounds) => {
    const scene = atMailbox({ greeting: "hello.wav", busyGreeting: "busy.wav" });
    opens(scene, null, greetings);
    expect(queued(scene)).toEqual([...sounds, "beep", "record"]);
  });

  it("hears the owner's name within our words, and the next best of whatever file is missing", () => {
    const scene = atMailbox({ greeting: "hello.wav" });
    opens(scene, null, [temporary, name]);
    missing(scene);
    expect(queued(scene)).toEqual(["hello.wav", "beep", "record"]);
    missing(scene);
    expect(queued(scene)).toEqual(["recording:name", "vm-is-away", "vm-leave-a-message", "beep", "record"]);
    heard(scene);
    expect(stage(scene)).toBe("recording");
    expect(leaving(scene).takes).toBe(1);
  });

  it("hears our own greeting when the file is missing, and the tone even when that is missing too", () => {
    const scene = atMailbox({ greeting: "hello.wav" });
    opens(scene);
    missing(scene);
    expect(queued(scene)).toEqual(["vm-nobody-there", "vm-leave-a-message", "beep", "record"]);
    heard(scene, { missing: true });
    expect(stage(scene)).toBe("recording");
  });

  it("hears the greeting for busy lines when every phone was busy", () => {
    const busyGreeting = "busy.wav";
    const scene = Scene.begun({
      office: office(
        [
          { kind: "ring", target: BOX, timeoutMs: 20_000, skip: false },
          { kind: "voicemail", target: BOX },
        ],
        {
          users: [
            user("alice", [sipDevice("alice-desk")], { voicemail: { ...MAILBOX_DEFAULTS, busyGreeting } }),
          ],
        },
      ),
    });
    scene.ends("alice-desk", "USER_BUSY");
    opens(scene, null, [own, ownBusy]);
    expect(played(scene)).toEqual(["recording:own-busy", "beep"]);
    missing(scene);
    expect(played(scene)).toEqual(["recording:own", "beep"]);
    missing(scene);
    expect(played(scene)).toEqual([busyGreeting, "beep"]);
  });

  it.each(["full", "unavailable"] as const)("is told, unanswered, that the mailbox is %s", (why) => {
    const scene = atMailbox();
    opens(scene, why);
    expect(scene.types()).toEqual(["drop_message", "play"]);
    expect(played(scene)).toEqual([`vm-${why}`]);
    heard(scene);
    expect(scene.killed()).toEqual([[scene.state.id, "NORMAL_TEMPORARY_FAILURE"]]);
    expect(scene.notes).toContainEqual({ kind: "mailbox_refused", box: "user:alice", why });
  });

  it("is told so as well when the mailbox does not answer", () => {
    const scene = atMailbox();
    scene.pass(ANSWER_MS);
    expect(stage(scene)).toBe("refusing");
  });
});

describe("what was said", () => {
  it("is delivered when the caller hangs up, and the call waits for that", () => {
    const scene = atMailbox();
    opens(scene);
    heard(scene);
    const { message } = leaving(scene);
    recorded(scene);
    scene.input({ type: "caller_gone", cause: "NORMAL_CLEARING" });
    expect(delivered(scene)).toEqual([{ kind: "deliver_message", messages: [message], urgent: false }]);
    expect(stage(scene)).toBe("delivering");
    scene.messageDelivered(leaving(scene).message, true);
    expect(scene.state.phase.kind).toBe("ended");
    expect(scene.state.ending).toEqual({ kind: "message", box: "user:alice" });
  });

  it("is no message when nothing was in it", () => {
    const scene = atMailbox();
    opens(scene);
    heard(scene);
    scene.input({ type: "caller_gone", cause: "NORMAL_CLEARING" });
    scene.messageDelivered(leaving(scene).message, false);
    expect(scene.state.ending).toEqual({ kind: "missed" });
  });

  it("ends the call even when the mailroom says nothing", () => {
    const scene = atMailbox();
    opens(scene);
    heard(scene);
    scene.input({ type: "caller_gone", cause: "NORMAL_CLEARING" });
    scene.pass(DELIVERY_MS);
    expect(scene.state.phase.kind).toBe("ended");
    expect(scene.state.ending).toEqual({ kind: "message", box: "user:alice" });
  });

  it("is nothing when the caller hangs up while it is opened", () => {
    const scene = atMailbox();
    scene.input({ type: "caller_gone", cause: "NORMAL_CLEARING" });
    expect(scene.types()).toContain("drop_message");
    expect(scene.state.ending).toEqual({ kind: "missed" });
  });

  it.each([
    ["the mailroom finds nothing", (scene: Scene) => scene.messageDelivered(leaving(scene).message, false)],
    ["the mailroom says nothing", (scene: Scene) => scene.pass(DELIVERY_MS)],
  ])("is looked for when the caller hangs up in the greeting, and %s", (_what, then) => {
    const scene = atMailbox();
    opens(scene);
    const { message } = leaving(scene);
    scene.input({ type: "caller_gone", cause: "NORMAL_CLEARING" });
    expect(delivered(scene)).toMatchObject([{ kind: "deliver_message", messages: [message] }]);
    then(scene);
    expect(scene.state.ending).toEqual({ kind: "missed" });
    expect(scene.notes.map(({ kind }) => kind)).not.toContain("no_message");
  });

  it("is looked for in every take when a greeting was missing, and it was heard of late", () => {
    const scene = atMailbox({ greeting: "hello.wav" });
    opens(scene);
    const first = leaving(scene).message;
    missing(scene);
    const second = leaving(scene).message;
    scene.input({ type: "caller_gone", cause: "NORMAL_CLEARING" });
    expect(delivered(scene)).toMatchObject([{ kind: "deliver_message", messages: [second, first] }]);
  });

  it("is looked for where a greeting was missing when the next take is too short", () => {
    const scene = atMailbox({ greeting: "hello.wav" });
    opens(scene);
    const first = leaving(scene).message;
    missing(scene);
    const second = leaving(scene).message;
    heard(scene);
    recorded(scene);
    measured(scene, 100);
    expect(delivered(scene)).toMatchObject([
      { kind: "deliver_message", messages: [first] },
      { kind: "drop_message", message: second },
    ]);
    heard(scene);
    opens(scene);
    expect(queued(scene)).toEqual(["beep", "record"]);
  });

  it("is measured when it has ended, though nobody heard the greeting end", () => {
    const scene = atMailbox();
    opens(scene);
    const recordId = leaving(scene).recordId ?? "";
    scene.input({ type: "recorded", playId: recordId });
    expect(scene.types()).toEqual(["measure_message"]);
  });

  it("is asked for again by the tone alone when nobody heard the greeting end", () => {
    const scene = atMailbox({ greeting: "hello.wav" });
    opens(scene);
    const recordId = leaving(scene).recordId ?? "";
    scene.input({ type: "recorded", playId: recordId });
    measured(scene, 100);
    heard(scene);
    opens(scene);
    expect(queued(scene)).toEqual(["beep", "record"]);
  });

  it("goes on when the greeting seems to have no end: what would be stopped may be the message", () => {
    const scene = atMailbox();
    opens(scene);
    expect(scene.pass(ANNOUNCE_MAX_MS)).toEqual([]);
    expect(stage(scene)).toBe("recording");
    expect(scene.pass(ANNOUNCE_MAX_MS)).toEqual([]);
  });

  it("is kept when nobody can say how long it is", () => {
    const scene = atMailbox();
    opens(scene);
    heard(scene);
    recorded(scene);
    scene.pass(ANSWER_MS);
    expect(stage(scene)).toBe("menu");
  });

  it("ends at its limit even when the switch says nothing", () => {
    const scene = atMailbox({ limitMs: 60_000 });
    opens(scene);
    heard(scene);
    scene.pass(60_000 + RECORD_EXTRA_MS);
    expect(scene.types()).toContain("measure_message");
  });

  it("is asked for again when it was too short, a few times", () => {
    const scene = atMailbox();
    for (let take = 1; take <= TAKES_MAX; take++) {
      opens(scene);
      if (take === 1) heard(scene);
      recorded(scene);
      measured(scene, 1_999);
      expect(stage(scene)).toBe(take < TAKES_MAX ? "again" : "goodbye");
      heard(scene);
    }
    expect(scene.killed()).toEqual([[scene.state.id, "NORMAL_CLEARING"]]);
    expect(scene.state.ending).toEqual({ kind: "hung_up", reason: "normal" });
  });
});

describe("the menu after a message", () => {
  it("saves with 1, says so, and hangs up", () => {
    const scene = said(3_000);
    const { message } = leaving(scene);
    press(scene, "1");
    expect(delivered(scene)).toEqual([{ kind: "deliver_message", messages: [message], urgent: false }]);
    expect(played(scene)).toEqual(["vm-saved", "goodbye"]);
    heard(scene);
    expect(scene.state.ending).toEqual({ kind: "message", box: "user:alice" });
  });

  it("saves after a while without any key", () => {
    const scene = said(3_000);
    heard(scene);
    scene.pass(MENU_WAIT_MS);
    expect(stage(scene)).toBe("menu");
    heard(scene);
    const commands = scene.pass(MENU_WAIT_MS);
    expect(asks(commands, "deliver_message")).toHaveLength(1);
  });

  it("plays the message with 2, and takes keys meanwhile", () => {
    const scene = said(3_000);
    const { message } = leaving(scene);
    press(scene, "2");
    expect(played(scene)).toEqual([`recording:${message}`]);
    press(scene, "1");
    expect(stage(scene)).toBe("goodbye");
  });

  it("marks it urgent with 4, and takes that back", () => {
    const scene = said(3_000);
    const { message } = leaving(scene);
    const marks = () => asks(scene.commands, "mark_urgent");
    press(scene, "4");
    expect(marks()).toEqual([{ kind: "mark_urgent", message, urgent: true }]);
    expect(played(scene)).toEqual(["vm-urgent"]);
    press(scene, "4");
    expect(marks()).toEqual([{ kind: "mark_urgent", message, urgent: false }]);
    expect(played(scene)).toEqual(["vm-not-urgent"]);
    press(scene, "4");
    press(scene, "#");
    expect(delivered(scene)).toMatchObject([{ urgent: true }]);
  });

  it("records again with 3, and has both takes to choose from until one is in the mailbox", () => {
    const scene = said(3_000);
    const first = leaving(scene).message;
    press(scene, "3");
    expect(scene.types()).toContain("open_message");
    opens(scene);
    expect(stage(scene)).toBe("recording");
    const second = leaving(scene).message;
    recorded(scene);
    measured(scene, 4_000);
    expect(delivered(scene)).toEqual([]);
    scene.input({ type: "caller_gone", cause: "NORMAL_CLEARING" });
    expect(delivered(scene)).toMatchObject([{ messages: [second, first] }]);
  });

  it("keeps the first take when the second is too short, or its caller hangs up in it", () => {
    const scene = said(3_000);
    const first = leaving(scene).message;
    press(scene, "3");
    opens(scene);
    recorded(scene);
    measured(scene, 100);
    expect(stage(scene)).toBe("menu");
    expect(leaving(scene).kept).toBe(first);
    press(scene, "3");
    opens(scene);
    const third = leaving(scene).message;
    scene.input({ type: "caller_gone", cause: "NORMAL_CLEARING" });
    expect(delivered(scene)).toMatchObject([{ messages: [third, first] }]);
  });

  it("sends on with 0, and the message stays", () => {
    const scene = said(3_000, { operator: { kind: "user", username: "bobby" } });
    expect(played(scene)).toEqual(["vm-save-or-change", "vm-press-0"]);
    const { message } = leaving(scene);
    press(scene, "0");
    expect(delivered(scene)).toMatchObject([{ messages: [message] }]);
    expect(scene.dialled()).toEqual(["bob-desk"]);
    expect(scene.types()).toContain("ringback");
  });

  it("has no 0 where the office names nobody", () => {
    const scene = said(3_000);
    press(scene, "0");
    expect(scene.types()).toEqual([]);
    expect(stage(scene)).toBe("menu");
  });
});

describe("an engine that comes back", () => {
  const here = {
    media: "answered",
    parked: true,
    playing: false,
    transferredTo: null,
    bridgedTo: null,
  } as const;

  function recording(): Scene {
    const scene = atMailbox();
    opens(scene);
    heard(scene);
    return scene;
  }

  /** The switch shows nothing of a recording, is told to stop whatever there is, and still shows nothing. */
  function showsNothing(scene: Scene): void {
    for (let look = 1; look <= 3; look += 1) {
      scene.input({ type: "resync", caller: here, legs: [] });
      expect(stage(scene)).not.toBe("measuring");
      if (look < 3) expect(scene.pass(RECORD_BEGINS_MS)).toEqual([{ type: "inspect" }]);
    }
    expect(scene.commands).toEqual([{ type: "inspect", stopFirst: true }]);
    scene.input({ type: "resync", isStopped: true, caller: here, legs: [] });
  }

  it("goes on while the switch still records", () => {
    const scene = recording();
    scene.input({ type: "resync", caller: { ...here, recording: true }, legs: [] });
    expect(stage(scene)).toBe("recording");
    recorded(scene);
    expect(stage(scene)).toBe("measuring");
  });

  it("looks at what is there when the recording ended meanwhile", () => {
    const scene = recording();
    showsNothing(scene);
    expect(scene.types()).toEqual(["measure_message"]);
  });

  it("drops no message because inspections have fallen between greeting, tone and recording", () => {
    const scene = atMailbox();
    opens(scene);
    const { message, recordId } = leaving(scene);
    for (let look = 1; look <= 2; look += 1) {
      scene.input({ type: "resync", caller: here, legs: [] });
      expect(scene.pass(RECORD_BEGINS_MS)).toEqual([{ type: "inspect" }]);
    }
    scene.input({ type: "resync", caller: { ...here, recording: true }, legs: [] });
    expect([stage(scene), leaving(scene).message]).toEqual(["recording", message]);
    scene.pass(17_000);
    scene.input({ type: "recorded", playId: recordId ?? "" });
    expect(asks(scene.commands, "measure_message")).toMatchObject([{ message }]);
  });

  it("does not believe a look from before the recording began, and looks until it has seen it", () => {
    const scene = recording();
    scene.input({ type: "resync", caller: here, legs: [] });
    expect(scene.types()).toEqual([]);
    expect(stage(scene)).toBe("recording");
    // A second look that was asked for before the first was answered proves no more than that one.
    scene.input({ type: "resync", caller: here, legs: [] });
    expect(stage(scene)).toBe("recording");
    expect(scene.pass(RECORD_BEGINS_MS).map(({ type }) => type)).toEqual(["inspect"]);
    // News came first, so nobody answered: it looks again.
    expect(scene.pass(INSPECTION_MS).map(({ type }) => type)).toEqual(["inspect"]);
    scene.input({ type: "resync", caller: { ...here, recording: true }, legs: [] });
    expect(scene.pass(5 * INSPECTION_MS)).toEqual([]);
    expect(stage(scene)).toBe("recording");
  });

  it("measures what is there when the recording was asked for and never began", () => {
    const scene = recording();
    scene.input({ type: "resync", caller: { ...here, playing: true }, legs: [] });
    scene.pass(100);
    scene.input({ type: "played", playId: "the tone" });
    expect(scene.pass(RECORD_BEGINS_MS)).toEqual([{ type: "inspect" }]);
    scene.input({ type: "resync", caller: here, legs: [] });
    expect(scene.pass(RECORD_BEGINS_MS)).toEqual([{ type: "inspect" }]);
    scene.input({ type: "resync", caller: here, legs: [] });
    expect(scene.commands).toEqual([{ type: "inspect", stopFirst: true }]);
    scene.input({ type: "resync", isStopped: true, caller: here, legs: [] });
    expect(scene.types()).toEqual(["measure_message"]);
  });

  it("delivers what is there when the caller is gone", () => {
    const scene = recording();
    const { message } = leaving(scene);
    scene.input({ type: "resync", caller: null, legs: [] });
    expect(delivered(scene)).toMatchObject([{ messages: [message] }]);
  });

  it("keeps both takes for the mailroom to choose when nobody can say how long the second is", () => {
    const scene = said(5_000);
    const first = leaving(scene).message;
    press(scene, "3");
    opens(scene);
    recorded(scene);
    const second = leaving(scene).message;
    expect(asks(scene.pass(ANSWER_MS), "drop_message")).toEqual([]);
    expect(delivered(scene)).toMatchObject([{ kind: "deliver_message", messages: [second, first] }]);
  });

  it("asks once more for the mailbox, the measure, the delivery", () => {
    const opening = atMailbox();
    opening.input({ type: "resync", caller: here, legs: [] });
    expect(opening.types()).toEqual(["open_message"]);
    const measuring = recording();
    recorded(measuring);
    measuring.input({ type: "resync", caller: here, legs: [] });
    expect(measuring.types()).toEqual(["measure_message"]);
    measuring.input({ type: "caller_gone", cause: "NORMAL_CLEARING" });
    measuring.input({ type: "resync", caller: null, legs: [] });
    expect(measuring.types()).toEqual(["deliver_message"]);
  });

  it("gives the mailbox its whole time again after a time without an engine", () => {
    const opening = atMailbox();
    opening.atMs += 2 * ANSWER_MS;
    opening.input({ type: "resync", caller: here, legs: [] });
    opening.pass(ANSWER_MS - 1);
    expect(stage(opening)).toBe("opening");
    opens(opening);
    expect(stage(opening)).toBe("greeting");
    const measuring = recording();
    recorded(measuring);
    measuring.atMs += 2 * ANSWER_MS;
    measuring.input({ type: "resync", caller: here, legs: [] });
    measuring.pass(ANSWER_MS - 1);
    expect(stage(measuring)).toBe("measuring");
    measuring.input({ type: "caller_gone", cause: "NORMAL_CLEARING" });
    measuring.atMs += 2 * DELIVERY_MS;
    measuring.input({ type: "resync", caller: null, legs: [] });
    measuring.pass(DELIVERY_MS - 1);
    expect(stage(measuring)).toBe("delivering");
  });

  it.each([
    ["goes on with the recording that has begun behind the greeting", { recording: true }, "recording"],
    ["waits while the greeting plays", { playing: true }, "greeting"],
  ] as const)("%s", (_what, seen, then) => {
    const scene = atMailbox();
    opens(scene);
    scene.input({ type: "resync", caller: { ...here, ...seen }, legs: [] });
    scene.pass(RECORD_BEGINS_MS);
    scene.input({ type: "resync", caller: { ...here, ...seen }, legs: [] });
    expect(stage(scene)).toBe(then);
    expect(scene.types()).not.toContain("stop_playing");
  });

  it("measures what is there when greeting and recording are over", () => {
    const scene = atMailbox();
    opens(scene);
    showsNothing(scene);
    expect(stage(scene)).toBe("measuring");
    expect(scene.types()).not.toContain("stop_playing");
  });

  it("looks again when the greeting has ended: the recording behind it may have been lost on the way", () => {
    const scene = atMailbox();
    opens(scene);
    scene.input({ type: "resync", caller: { ...here, playing: true }, legs: [] });
    expect(scene.pass(10_000)).toEqual([]);
    heard(scene);
    expect(stage(scene)).toBe("recording");
    expect(scene.pass(RECORD_BEGINS_MS).map(({ type }) => type)).toEqual(["inspect"]);
    scene.input({ type: "resync", caller: here, legs: [] });
    expect(scene.pass(RECORD_BEGINS_MS)).toEqual([{ type: "inspect" }]);
    scene.input({ type: "resync", caller: here, legs: [] });
    expect(scene.commands).toEqual([{ type: "inspect", stopFirst: true }]);
    scene.input({ type: "resync", isStopped: true, caller: here, legs: [] });
    expect(scene.types()).toEqual(["measure_message"]);
  });

  it("does not believe one look between greeting and tone, though there was one before", () => {
    const scene = atMailbox();
    opens(scene);
    scene.input({ type: "resync", caller: { ...here, playing: true }, legs: [] });
    scene.input({ type: "resync", caller: here, legs: [] });
    expect(stage(scene)).toBe("greeting");
    scene.input({ type: "resync", caller: { ...here, recording: true }, legs: [] });
    expect(stage(scene)).toBe("recording");
  });

  it("goes on from last words", () => {
    const goodbye = said(3_000);
    press(goodbye, "1");
    goodbye.input({ type: "resync", caller: here, legs: [] });
    expect(goodbye.state.phase.kind).toBe("ending");
    expect(goodbye.state.ending).toEqual({ kind: "message", box: "user:alice" });
  });
});

it("a mailbox that nobody owns any more is an apology, never silence", () => {
  const scene = Scene.begun({
    office: office([{ kind: "voicemail", target: { kind: "user", username: "nobody" } }]),
    arrival: { dialled: [NUMBER] },
  });
  expect(played(scene)).toEqual(["apology"]);
});
