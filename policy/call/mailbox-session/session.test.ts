/**
 * Somebody listens to messages, key by key: what they hear, what the mailroom is asked, who is let in, and that
 * nothing that goes wrong leaves them in silence.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { group, NUMBER, office, Scene, sipDevice, user } from "../../../fixtures/core/scene.js";
import { MAILBOX_DEFAULTS } from "../../mailbox/mailbox.js";
import type { MailboxSettings } from "../../office/office.js";
import { ANSWER_MS, ENTRY_DIGIT_WAIT_MS, ENTRY_WAIT_MS, MENU_WAIT_MS } from "../bounds.js";
import type { Command } from "../command.js";
import { violations } from "../invariants.js";
import type { Answer, Ask, HeardMessage } from "../mailbox-requests.js";
import type { MailboxSession } from "./state.js";
import { withoutSecrets } from "./without-secrets.js";

const OWN = { kind: "user", username: "alice" } as const;
const SALES = { kind: "group", id: "sales" } as const;
const NOON = Date.parse("2026-03-03T12:00:00Z");

function offices(alice: Partial<MailboxSettings> = {}) {
  const mailbox = { ...MAILBOX_DEFAULTS, ...alice };
  return office([{ kind: "voicemail", target: OWN }], {
    users: [
      user("alice", [sipDevice("alice-desk")], {
        extension: "101",
        voicemail: mailbox,
        outboundNumber: NUMBER,
      }),
      user("bobby", [sipDevice("bob-desk")], { extension: "102", permissions: { outside_calls: false } }),
      user("carol", [sipDevice("carol-desk")], { extension: "103" }),
      user("david", [sipDevice("david-desk")], { extension: "104", suspended: true }),
    ],
    groups: [group("sales", ["alice", "bobby"], { extension: "100", voicemail: mailbox })],
  });
}

/** A phone of the office dials. */
function dials(dialled: string, sipName = "alice-desk", settings: Partial<MailboxSettings> = {}): Scene {
  const scene = new Scene({
    office: offices(settings),
    arrival: { dialled: [dialled], origin: { kind: "phone", sipName }, callerNumber: sipName },
  });
  scene.atMs = NOON;
  scene.input({ type: "claimed", won: true });
  return scene;
}

/** A call from outside reaches the greeting of alice's mailbox. */
function atGreeting(settings: Partial<MailboxSettings>): Scene {
  const scene = Scene.begun({ office: offices(settings) });
  const { phase } = scene.state;
  if (phase.kind !== "voicemail") throw new Error(phase.kind);
  scene.messageOpened(phase.leaving.message);
  return scene;
}

function at(scene: Scene): MailboxSession {
  const { phase } = scene.state;
  if (phase.kind !== "listening") throw new Error(`the call is ${phase.kind}`);
  return phase.listening;
}

function stage(scene: Scene): string {
  const { stage } = at(scene);
  switch (stage.at) {
    case "menu":
      return stage.menu;
    case "entry":
      return stage.entry;
    case "asking":
      return `asking ${stage.ask.kind}`;
    default:
      return stage.at;
  }
}

/** Everything asked of the mailroom by the last input. */
function asked(scene: Scene): Ask[] {
  return scene.commands.flatMap((command) => (command.type === "ask" ? [command.ask] : []));
}

function answers(scene: Scene, answer: Answer): readonly Command[] {
  const { stage } = at(scene);
  if (stage.at !== "asking") throw new Error(`nothing is asked: ${stage.at}`);
  return scene.input({ type: "answered", id: stage.id, answer });
}

function heard(scene: Scene, more: { readonly missing?: true } = {}): readonly Command[] {
  return scene.input({ type: "played", playId: at(scene).playId ?? "", ...more });
}

/** The switch has stopped the greeting, and what it may have recorded is settled. */
function greetingStopped(scene: Scene): void {
  const { phase } = scene.state;
  if (phase.kind !== "voicemail") throw new Error(phase.kind);
  scene.input({ type: "played", playId: phase.leaving.playId ?? "" });
}

function press(scene: Scene, keys: string): void {
  for (const digit of keys) scene.input({ type: "digit", channel: scene.state.id, digit });
}

function sounds(scene: Scene): readonly string[] {
  return scene.commands.flatMap((command) => (command.type === "play" ? command.sounds : []));
}

function message(id: string, more: Partial<HeardMessage> = {}): HeardMessage {
  return {
    id,
    callerNumber: "+13105550123",
    beganMs: NOON - 3_600_000,
    lengthMs: 20_000,
    urgent: false,
    state: "new",
    claimedBy: null,
    forwardedBy: null,
    playable: true,
    ...more,
  };
}

const COUNTS: Answer = {
  kind: "boxes",
  boxes: [
    { box: OWN, fresh: 2, old: 1 },
    { box: SALES, fresh: 1, old: 0 },
  ],
};

/** Alice at the main menu of her own mailbox, or at the group's. */
function atMain(dialled = "*97", settings: Partial<MailboxSettings> = {}): Scene {
  const scene = dials(dialled, "alice-desk", settings);
  answers(scene, COUNTS);
  return scene;
}

/** The first of two new messages plays. */
function playing(
  first: Partial<HeardMessage> = {},
  dialled = "*97",
  settings: Partial<MailboxSettings> = {},
): Scene {
  const scene = atMain(dialled, settings);
  press(scene, "1");
  answers(scene, { kind: "listed", messages: ["m1", "m2"] });
  answers(scene, { kind: "looked", message: message("m1", first) });
  if (first.playable === false) return scene;
  heard(scene);
  scene.input({ type: "play_began", channel: scene.state.id });
  return scene;
}

describe("who is let in", () => {
  it("a phone of the office to its user's own mailbox, without a PIN", () => {
    const scene = dials("*97");
    expect(scene.types()).toEqual(["answer_caller", "ask"]);
    expect(asked(scene)).toEqual([{ kind: "boxes", username: "alice" }]);
    answers(scene, COUNTS);
    expect(sounds(scene).slice(0, 6)).toEqual([
      "vm-you-have",
      "digit-2",
      "vm-new-messages",
      "vm-and",
      "digit-1",
      "vm-old-message",
    ]);
  });

  it.each([
    ["little", "vm-nearly-full"],
    ["none", "vm-takes-no-more"],
  ] as const)("is told behind the counts that there is %s room", (room, sound) => {
    const scene = dials("*97");
    answers(scene, { kind: "boxes", boxes: [{ box: OWN, fresh: 0, old: 0, room }] });
    expect(sounds(scene).slice(0, 3)).toEqual(["vm-you-have", "vm-no-new-messages", sound]);
  });

  it("a member to the group's, also without one", () => {
    const scene = atMain("*97100");
    expect(sounds(scene).slice(0, 5)).toEqual([
      "vm-mailbox-of",
      "digit-1",
      "digit-0",
      "digit-0",
      "vm-you-have",
    ]);
  });

  it.each([
    ["who is no member of the group", "*97100", "carol-desk", "telling", ["vm-not-yours", "goodbye"]],
    ["at another's mailbox, without that one's PIN", "*97102", "alice-desk", "pin", ["vm-enter-pin"]],
    ["who asks to be asked", "*98", "alice-desk", "extension", ["vm-enter-extension"]],
    ["whose phone is nobody's", "*97", "nobody", "extension", ["vm-enter-extension"]],
    [
      "at a group's, from nobody's phone",
      "*97100",
      "nobody",
      "extension",
      ["vm-who-are-you", "vm-enter-extension"],
    ],
  ])("nobody %s", (_what, dialled, phone, where, hears) => {
    const scene = dials(dialled, phone);
    expect(stage(scene)).toBe(where);
    expect(sounds(scene)).toEqual(hears);
    expect(asked(scene)).toEqual([]);
  });

  it("nobody by the extension of no one", () => {
    expect(dials("*97999").state.phase.kind).toBe("announcing");
  });

  it("with a PIN, from another's phone: first the extension, then the PIN, neither spoken nor written down", () => {
    const scene = dials("*98", "carol-desk");
    press(scene, "101#");
    expect(sounds(scene)).toEqual(["vm-enter-pin"]);
    press(scene, "7391");
    expect(at(scene).typed).toBe("7391");
    expect(JSON.stringify(withoutSecrets(scene.state))).not.toContain("7391");
    press(scene, "#");
    expect(asked(scene)).toEqual([{ kind: "check_pin", username: "alice", pin: "7391" }]);
    const written = withoutSecrets(scene.state);
    expect(JSON.stringify(written)).not.toContain("7391");
    expect(violations(written)).toEqual([]);
    answers(scene, { kind: "pin", verdict: "right" });
    expect(asked(scene)).toEqual([{ kind: "boxes", username: "alice" }]);
    expect(at(scene).box).toEqual(OWN);
  });

  it("to a group's box, when they have said which and who they are", () => {
    const scene = dials("*98", "carol-desk");
    press(scene, "100#");
    press(scene, "102#");
    press(scene, "7391#");
    answers(scene, { kind: "pin", verdict: "right" });
    expect(at(scene).box).toEqual(SALES);
    expect(at(scene).username).toBe("bobby");
  });

  it("not with a right PIN to a group's box they are not in", () => {
    const scene = dials("*98", "alice-desk");
    press(scene, "100#103#7391#");
    answers(scene, { kind: "pin", verdict: "right" });
    expect(sounds(scene)).toEqual(["vm-not-yours", "goodbye"]);
    heard(scene);
    expect(scene.state.phase.kind).toBe("ending");
  });

  it.each(["wrong", "none"] as const)("not after three times %s, and the call ends", (verdict) => {
    const scene = dials("*97102");
    for (const end of [
      ["vm-wrong-pin", "vm-enter-pin"],
      ["vm-wrong-pin", "vm-enter-pin"],
      ["vm-wrong-pin", "goodbye"],
    ]) {
      press(scene, "1928#");
      answers(scene, { kind: "pin", verdict });
      expect(sounds(scene)).toEqual(end);
    }
    heard(scene);
    expect(scene.state.phase.kind).toBe("ending");
    expect(scene.notes.filter(({ kind }) => kind === "pin_refused")).toHaveLength(3);
  });

  it("not while too many wrong ones are remembered, nor who is suspended, whose PIN is not even looked at", () => {
    const locked = dials("*97102");
    press(locked, "1928#");
    answers(locked, { kind: "pin", verdict: "locked" });
    expect(sounds(locked)).toEqual(["vm-locked", "goodbye"]);
    const suspended = dials("*97104");
    press(suspended, "1928#");
    expect(asked(suspended)).toEqual([]);
    expect(sounds(suspended)).toEqual(["vm-wrong-pin", "vm-enter-pin"]);
  });

  it("from outside by star during the greeting only where the office lets them", () => {
    const closed = atGreeting({});
    press(closed, "*");
    expect(closed.state.phase.kind).toBe("voicemail");
    const open = atGreeting({ remoteAccess: "listen" });
    press(open, "*");
    expect(open.types()).toEqual(["stop_playing", "play"]);
    greetingStopped(open);
    expect(open.types()).toEqual(["deliver_message", "play"]);
    expect(stage(open)).toBe("pin");
    press(open, "7391#");
    answers(open, { kind: "pin", verdict: "right" });
    expect(at(open).remote).toBe(true);
  });

  it("from outside to no mailbox but those that the office opens", () => {
    const own = { ...MAILBOX_DEFAULTS, remoteAccess: "listen" as const };
    const scene = Scene.begun({
      office: office([{ kind: "voicemail", target: OWN }], {
        users: [user("alice", [], { extension: "101", voicemail: own })],
        groups: [group("sales", ["alice"], { extension: "100" })],
      }),
    });
    if (scene.state.phase.kind !== "voicemail") throw new Error(scene.state.phase.kind);
    const { leaving } = scene.state.phase;
    scene.messageOpened(leaving.message);
    press(scene, "*");
    greetingStopped(scene);
    press(scene, "7391#");
    answers(scene, { kind: "pin", verdict: "right" });
    answers(scene, COUNTS);
    expect(at(scene).boxes.map(({ box }) => box)).toEqual([OWN]);
    expect(sounds(scene)).not.toContain("vm-main-boxes");
  });

  it("counts as a call that somebody listened, never as one that was missed", () => {
    const scene = atMain();
    scene.input({ type: "caller_gone", cause: "NORMAL_CLEARING" });
    expect(scene.state.ending).toEqual({ kind: "listened", by: "alice" });
  });
});

describe("an entry", () => {
  it("ends with pound or after a pause; without a key it is asked once more, then the call ends", () => {
    const scene = dials("*98");
    press(scene, "101");
    scene.pass(ENTRY_DIGIT_WAIT_MS);
    expect(stage(scene)).toBe("pin");
    heard(scene);
    scene.pass(ENTRY_WAIT_MS);
    expect(sounds(scene)).toEqual(["vm-enter-pin"]);
    heard(scene);
    scene.pass(ENTRY_WAIT_MS);
    expect(sounds(scene)).toEqual(["goodbye"]);
  });

  it("takes no end of keys, and asks again for what is nobody's extension", () => {
    const scene = dials("*98");
    press(scene, "1".repeat(200));
    expect(at(scene).typed.length).toBeLessThan(30);
    press(scene, "#");
    expect(sounds(scene)).toEqual(["vm-unknown-extension", "vm-enter-extension"]);
  });
});

describe("going through the messages", () => {
  it("says what is special of each, plays it, and counts it as heard at its end", () => {
    const scene = atMain();
    press(scene, "1");
    expect(asked(scene)).toEqual([{ kind: "list", box: OWN, username: "alice", list: "new" }]);
    answers(scene, { kind: "listed", messages: ["m1", "m2"] });
    answers(scene, { kind: "looked", message: message("m1", { urgent: true }) });
    expect(sounds(scene)).toEqual(["vm-message", "digit-1", "vm-is-urgent"]);
    heard(scene);
    expect(sounds(scene)).toEqual(["recording:m1"]);
    heard(scene);
    expect(asked(scene)).toEqual([{ kind: "mark", message: "m1", username: "alice", state: "heard" }]);
    expect(stage(scene)).toBe("message");
  });

  it("leaves it new when the line breaks in the middle", () => {
    const scene = playing();
    scene.input({ type: "caller_gone", cause: "NORMAL_CLEARING" });
    expect(asked(scene)).toEqual([]);
  });

  it.each([
    ["back five seconds", 12_000, "*", "recording:m1@7000"],
    ["back to the beginning", 3_000, "*", "recording:m1"],
    ["forward five seconds", 12_000, "#", "recording:m1@17000"],
    ["from the beginning", 12_000, "1", "recording:m1"],
  ])("goes %s", (_what, ms, key, sound) => {
    const scene = playing();
    scene.atMs += ms;
    press(scene, key);
    expect(scene.types()).toEqual(["stop_playing", "play"]);
    expect(sounds(scene)).toEqual([sound]);
  });

  it("keeps its place over several steps", () => {
    const scene = playing();
    scene.atMs += 6_000;
    press(scene, "#");
    scene.input({ type: "play_began", channel: scene.state.id });
    scene.atMs += 1_000;
    press(scene, "*");
    expect(sounds(scene)).toEqual(["recording:m1@7000"]);
  });

  it("is at the message's end when it goes forward past it", () => {
    const scene = playing();
    scene.atMs += 16_000;
    press(scene, "#");
    expect(stage(scene)).toBe("message");
    expect(asked(scene)).toEqual([{ kind: "mark", message: "m1", username: "alice", state: "heard" }]);
    press(scene, "#");
    expect(asked(scene)).toEqual([{ kind: "look", message: "m2", username: "alice" }]);
  });

  it("goes to the next and the previous, and says when there is none", () => {
    const scene = playing();
    press(scene, "6");
    expect(asked(scene)).toEqual([
      { kind: "mark", message: "m1", username: "alice", state: "heard" },
      { kind: "look", message: "m2", username: "alice" },
    ]);
    answers(scene, { kind: "looked", message: message("m2") });
    press(scene, "4");
    expect(asked(scene)).toEqual([{ kind: "look", message: "m1", username: "alice" }]);
    answers(scene, { kind: "looked", message: message("m1", { state: "heard" }) });
    press(scene, "6");
    answers(scene, { kind: "looked", message: message("m2") });
    press(scene, "6");
    expect(sounds(scene)).toEqual(["vm-no-more"]);
    heard(scene);
    expect(asked(scene)).toEqual([{ kind: "boxes", username: "alice" }]);
  });

  it.each([
    ["2", "saved", "vm-msg-saved"],
    ["7", "deleted", "vm-msg-deleted"],
  ])("key %s makes it %s, says so when it is so, and goes on", (key, state, said) => {
    const scene = playing();
    press(scene, key);
    expect(asked(scene)).toEqual([{ kind: "mark", message: "m1", username: "alice", state }]);
    answers(scene, { kind: "done" });
    expect(sounds(scene)).toEqual([said]);
    heard(scene);
    expect(asked(scene)).toEqual([{ kind: "look", message: "m2", username: "alice" }]);
  });

  it("brings back what was deleted", () => {
    const scene = playing({ state: "deleted" });
    press(scene, "7");
    expect(asked(scene)).toEqual([{ kind: "mark", message: "m1", username: "alice", state: "heard" }]);
    answers(scene, { kind: "done" });
    expect(sounds(scene)[0]).toBe("vm-msg-undeleted");
    expect(at(scene).current?.state).toBe("heard");
  });

  it("never says that something was done which was not", () => {
    for (const answer of [{ kind: "failed" }, { kind: "refused", why: "gone" }] as const) {
      const scene = playing();
      press(scene, "7");
      answers(scene, answer);
      expect(sounds(scene)[0]).toBe(answer.kind === "failed" ? "vm-not-now" : "vm-gone");
      expect(at(scene).current?.state).toBe("new");
    }
  });

  it("speaks the caller's number and the time", () => {
    const scene = playing({ callerNumber: "102", beganMs: NOON - 1 });
    press(scene, "3");
    expect(sounds(scene)).toEqual([
      "from",
      "digit-1",
      "digit-0",
      "digit-2",
      "day-today",
      "time-at",
      "num-11",
      "num-50",
      "digit-9",
      "time-am",
    ]);
  });

  it.each([
    ["a file that is not there", { playable: false }],
    ["a file that is gone when it is to be played", {}],
  ])("is not trapped by %s", (_what, more) => {
    const scene = playing(more);
    if (!("playable" in more)) heard(scene, { missing: true });
    expect(sounds(scene)).toContain("vm-damaged");
    expect(stage(scene)).toBe("message");
    // It can be deleted, and is never counted as heard.
    press(scene, "7");
    expect(asked(scene)).toEqual([{ kind: "mark", message: "m1", username: "alice", state: "deleted" }]);
  });

  it("goes past a message that somebody removed meanwhile", () => {
    const scene = atMain();
    press(scene, "1");
    answers(scene, { kind: "listed", messages: ["m1", "m2"] });
    answers(scene, { kind: "looked", message: null });
    expect(sounds(scene)).toEqual(["vm-gone"]);
    heard(scene);
    expect(asked(scene)).toEqual([{ kind: "look", message: "m2", username: "alice" }]);
  });

  it("claims in a group's box alone, and tells who was first", () => {
    const own = playing();
    press(own, "9");
    expect(asked(own)).toEqual([]);
    const shared = playing({}, "*97100");
    press(shared, "9");
    expect(asked(shared)).toEqual([{ kind: "claim", message: "m1", username: "alice", give: false }]);
    answers(shared, { kind: "claimed", done: false, by: "bobby" });
    expect(sounds(shared)[0]).toBe("vm-claimed-by-other");
    const mine = playing({ claimedBy: "alice" }, "*97100");
    press(mine, "9");
    expect(asked(mine)).toEqual([{ kind: "claim", message: "m1", username: "alice", give: true }]);
    answers(mine, { kind: "claimed", done: true, by: null });
    expect(sounds(mine)[0]).toBe("vm-unclaimed");
  });

  it("goes to another mailbox", () => {
    const scene = atMain();
    press(scene, "9");
    expect(sounds(scene).slice(0, 6)).toEqual([
      "vm-for-box-of",
      "digit-1",
      "digit-0",
      "digit-0",
      "vm-press",
      "digit-1",
    ]);
    press(scene, "1");
    answers(scene, COUNTS);
    expect(at(scene).box).toEqual(SALES);
    expect(sounds(scene)).toContain("vm-mailbox-of");
  });
});

describe("calling back", () => {
  it.each([
    ["a colleague", "102", ["bob-desk"]],
    ["a number outside, from the phone of a user who may call outside", "+13105550123", ["+13105550123"]],
    ["nobody who showed no number", "anonymous", []],
    ["nobody who showed a code", "*98", []],
  ])("reaches %s", (_what, callerNumber, dialled) => {
    const scene = playing({ callerNumber }, "*97");
    press(scene, "5");
    expect(scene.dialled()).toEqual(dialled);
    if (dialled.length === 0) expect(sounds(scene)[0]).toBe("vm-cannot-call");
    else expect(scene.state.phase.kind).toBe("ringing");
  });

  it.each([
    ["listen", []],
    ["call_back", ["+13105550123"]],
  ] as const)("from outside with remote_access %s calls outside: %s", (remoteAccess, dialled) => {
    const scene = atGreeting({ remoteAccess });
    press(scene, "*");
    greetingStopped(scene);
    press(scene, "7391#");
    answers(scene, { kind: "pin", verdict: "right" });
    answers(scene, COUNTS);
    press(scene, "1");
    answers(scene, { kind: "listed", messages: ["m1"] });
    answers(scene, { kind: "looked", message: message("m1") });
    press(scene, "5");
    expect(scene.dialled()).toEqual(dialled);
    // The user's number is shown, not that of the phone they call from.
    for (const command of scene.commands)
      if (command.type === "dial") expect(command.callerNumber).toBe(NUMBER);
  });

  const refused: ReadonlyArray<readonly [what: string, callerNumber: string, why: string]> = [
    ["a premium number", "+19005551234", "premium"],
    ["a premium number, as a caller may show it", "1 (900) 555-1234", "premium"],
    ["a satellite", "+881612345678", "premium"],
    ["a number abroad", "+442079460000", "place"],
    ["a number abroad with the home country's code", "+18765550100", "place"],
    ["a number abroad, as it is dialled", "011 44 20 7946 0000", "place"],
  ];
  const listeners = (callerNumber: string): ReadonlyArray<readonly [from: string, Scene]> => {
    const remote = atGreeting({ remoteAccess: "call_back" });
    press(remote, "*");
    greetingStopped(remote);
    press(remote, "7391#");
    answers(remote, { kind: "pin", verdict: "right" });
    answers(remote, COUNTS);
    press(remote, "1");
    answers(remote, { kind: "listed", messages: ["m1"] });
    answers(remote, { kind: "looked", message: message("m1", { callerNumber }) });
    return [
      ["the own phone", playing({ callerNumber })],
      ["outside", remote],
    ];
  };
  it.each(refused)("to %s (%s) is refused, told and noted: %s", (_what, callerNumber, why) => {
    for (const [from, scene] of listeners(callerNumber)) {
      press(scene, "5");
      expect(scene.dialled(), from).toEqual([]);
      expect(sounds(scene)[0], from).toBe("vm-cannot-call");
      expect(scene.notes, from).toContainEqual(expect.objectContaining({ kind: "refused", why }));
      // The listener stays in the mailbox, and may try again in vain.
      press(scene, "5");
      expect(scene.dialled(), from).toEqual([]);
      expect(scene.state.phase.kind, from).toBe("listening");
    }
  });

  it("not outside by way of the own number and a second time through the PIN", () => {
    const scene = atGreeting({ remoteAccess: "listen" });
    press(scene, "*");
    greetingStopped(scene);
    press(scene, "7391#");
    answers(scene, { kind: "pin", verdict: "right" });
    answers(scene, COUNTS);
    press(scene, "1");
    answers(scene, { kind: "listed", messages: ["m1"] });
    // Whoever left it showed a number of the office's that leads back to the mailbox.
    answers(scene, { kind: "looked", message: message("m1", { callerNumber: NUMBER }) });
    press(scene, "5");
    const { phase } = scene.state;
    if (phase.kind !== "voicemail") throw new Error(phase.kind);
    scene.messageOpened(phase.leaving.message);
    press(scene, "*");
    greetingStopped(scene);
    press(scene, "7391#");
    answers(scene, { kind: "pin", verdict: "right" });
    expect(at(scene).remote).toBe(true);
    answers(scene, COUNTS);
    press(scene, "1");
    answers(scene, { kind: "listed", messages: ["m2"] });
    answers(scene, { kind: "looked", message: message("m2") });
    press(scene, "5");
    expect(scene.dialled()).toEqual([]);
  });

  it("not outside from the phone of a user who may not, whoever's PIN was typed there", () => {
    const scene = dials("*98", "bob-desk");
    press(scene, "101#7391#");
    answers(scene, { kind: "pin", verdict: "right" });
    answers(scene, COUNTS);
    press(scene, "1");
    answers(scene, { kind: "listed", messages: ["m1"] });
    answers(scene, { kind: "looked", message: message("m1") });
    press(scene, "5");
    expect(scene.dialled()).toEqual([]);
  });
});

describe("forwarding", () => {
  function toBob(): Scene {
    const scene = playing();
    press(scene, "8");
    press(scene, "102#");
    return scene;
  }

  it("as it is", () => {
    const scene = toBob();
    press(scene, "2");
    expect(asked(scene)).toMatchObject([
      {
        kind: "forward",
        message: "m1",
        to: { kind: "user", username: "bobby" },
        intro: null,
        username: "alice",
      },
    ]);
    answers(scene, { kind: "done" });
    expect(sounds(scene)[0]).toBe("vm-forwarded");
    expect(stage(scene)).toBe("message");
  });

  it("with a spoken introduction, which may be heard and spoken again, and is thrown away afterwards", () => {
    const scene = toBob();
    press(scene, "1");
    const [first] = asked(scene);
    if (first?.kind !== "open_draft") throw new Error("no draft");
    answers(scene, { kind: "done" });
    heard(scene);
    expect(scene.types()).toEqual(["prepare_recording", "flush_digits", "play", "record"]);
    scene.input({ type: "recorded", playId: at(scene).playId ?? "" });
    expect(stage(scene)).toBe("review");
    press(scene, "2");
    expect(sounds(scene)).toEqual([`recording:${first.draft}`]);
    press(scene, "1");
    expect(asked(scene)).toMatchObject([{ kind: "forward", intro: first.draft }]);
    answers(scene, { kind: "done" });
    expect(asked(scene)).toEqual([{ kind: "drop_draft", draft: first.draft }]);
  });

  it.each([
    [{ kind: "refused", why: "full" }, "vm-their-box-full", "message"],
    [{ kind: "refused", why: "gone" }, "vm-gone", "message"],
    [{ kind: "failed" }, "vm-not-now", "intro"],
  ] as const)("tells when it was not: %j", (answer, said, where) => {
    const scene = toBob();
    press(scene, "2");
    answers(scene, answer);
    expect(sounds(scene)[0]).toBe(said);
    expect(stage(scene)).toBe(where);
  });

  it("is there once, however often it is sent, and its introduction is not taken from under it", () => {
    const scene = toBob();
    press(scene, "2");
    const [first] = asked(scene);
    answers(scene, { kind: "failed" });
    press(scene, "2");
    expect(asked(scene)).toEqual([first]);
    const recorded = toBob();
    press(recorded, "1");
    answers(recorded, { kind: "done" });
    heard(recorded);
    recorded.input({ type: "recorded", playId: at(recorded).playId ?? "" });
    press(recorded, "1");
    recorded.input({ type: "caller_gone", cause: "NORMAL_CLEARING" });
    expect(asked(recorded)).toEqual([]);
  });

  it("to nobody's extension leads back", () => {
    const scene = playing();
    press(scene, "8999#");
    expect(sounds(scene)).toEqual(["vm-unknown-extension"]);
  });
});

describe("greetings and PIN", () => {
  it("records one, and uses it when told to", () => {
    const scene = atMain();
    press(scene, "53");
    expect(asked(scene)).toEqual([{ kind: "greetings", box: OWN }]);
    answers(scene, { kind: "greetings", greetings: [] });
    press(scene, "1");
    answers(scene, { kind: "done" });
    heard(scene);
    scene.input({ type: "recorded", playId: at(scene).playId ?? "" });
    press(scene, "1");
    const slot = { box: OWN, kind: "temporary", busy: false };
    expect(asked(scene)).toMatchObject([{ kind: "keep_greeting", slot, username: "alice" }]);
    answers(scene, { kind: "done" });
    expect(sounds(scene)[0]).toBe("vm-greeting-kept");
    // Kept: nothing is thrown away at the end.
    scene.input({ type: "caller_gone", cause: "NORMAL_CLEARING" });
    expect(asked(scene)).toEqual([]);
  });

  it("is asked for once more when nothing was said", () => {
    const scene = atMain();
    press(scene, "51");
    answers(scene, { kind: "greetings", greetings: [] });
    press(scene, "1");
    answers(scene, { kind: "done" });
    heard(scene);
    scene.input({ type: "recorded", playId: at(scene).playId ?? "" });
    press(scene, "1");
    answers(scene, { kind: "refused", why: "too_short" });
    expect(sounds(scene)[0]).toBe("vm-nothing-heard");
    expect(stage(scene)).toBe("greeting");
  });

  it("throws a recording away with the call that nobody kept", () => {
    const scene = atMain();
    press(scene, "51");
    answers(scene, { kind: "greetings", greetings: [] });
    press(scene, "1");
    answers(scene, { kind: "done" });
    heard(scene);
    scene.input({ type: "caller_gone", cause: "NORMAL_CLEARING" });
    expect(asked(scene)).toMatchObject([{ kind: "drop_draft" }]);
  });

  it("plays and removes the one in use", () => {
    const scene = atMain();
    press(scene, "52");
    answers(scene, { kind: "greetings", greetings: [{ kind: "own", busy: true, id: "g1" }] });
    press(scene, "2");
    expect(sounds(scene)).toEqual(["recording:g1"]);
    press(scene, "7");
    expect(asked(scene)).toMatchObject([
      { kind: "remove_greeting", slot: { box: OWN, kind: "own", busy: true } },
    ]);
  });

  it("is not any member's to change in a group's box", () => {
    const scene = atMain("*97100");
    press(scene, "5");
    expect(sounds(scene)).toEqual(["vm-settings-pin", "vm-key-main"]);
    press(scene, "1");
    expect(asked(scene)).toEqual([]);
  });

  it("changes a PIN that was typed twice and is not easy to guess", () => {
    const scene = atMain();
    press(scene, "55");
    press(scene, "1111#");
    expect(sounds(scene)).toEqual(["vm-pin-weak", "vm-new-pin"]);
    press(scene, "7391#");
    expect(JSON.stringify(withoutSecrets(scene.state))).not.toContain("7391");
    press(scene, "7392#");
    expect(sounds(scene)).toEqual(["vm-pin-differs", "vm-new-pin"]);
    press(scene, "7391#7391#");
    expect(asked(scene)).toEqual([{ kind: "set_pin", username: "alice", pin: "7391" }]);
    answers(scene, { kind: "done" });
    expect(sounds(scene)[0]).toBe("vm-pin-set");
    expect(JSON.stringify(scene.state)).not.toContain("7391");
  });
});

describe("nobody is left to silence", () => {
  it("a menu without a key is said once more; then the call ends", () => {
    const scene = atMain();
    heard(scene);
    scene.pass(MENU_WAIT_MS);
    expect(stage(scene)).toBe("main");
    heard(scene);
    scene.pass(MENU_WAIT_MS);
    expect(sounds(scene)).toEqual(["goodbye"]);
    heard(scene);
    expect(scene.state.phase.kind).toBe("ending");
  });

  it("a mailroom that does not answer is told of, and its late answer changes nothing", () => {
    const scene = dials("*97");
    const { stage: waiting } = at(scene);
    scene.pass(ANSWER_MS);
    expect(sounds(scene)).toEqual(["vm-not-now", "goodbye"]);
    if (waiting.at === "asking") scene.input({ type: "answered", id: waiting.id, answer: COUNTS });
    expect(stage(scene)).toBe("telling");
  });

  it("a sound whose end is never told is over at its bound", () => {
    const scene = playing();
    scene.pass(40_000);
    expect(scene.types()).toContain("stop_playing");
    expect(stage(scene)).toBe("message");
  });

  const keys = fc.constantFrom("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#");
  const events = fc.oneof(
    { weight: 6, arbitrary: keys.map((key) => ({ kind: "key" as const, key })) },
    { weight: 4, arbitrary: fc.constant({ kind: "heard" as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: "missing" as const }) },
    {
      weight: 4,
      arbitrary: fc
        .constantFrom("good" as const, "bad" as const)
        .map((how) => ({ kind: "answer" as const, how })),
    },
    {
      weight: 2,
      arbitrary: fc.integer({ min: 1, max: 20_000 }).map((ms) => ({ kind: "pass" as const, ms })),
    },
    { weight: 1, arbitrary: fc.boolean().map((playing) => ({ kind: "resync" as const, playing })) },
    { weight: 1, arbitrary: fc.constant({ kind: "taken over" as const }) },
  );

  it("whatever is pressed, answered, lost, or taken over: the state is sound, and the call ends by itself", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("*97", "*98", "*97100", "*97102"),
        fc.array(events, { maxLength: 60 }),
        (dialled, happens) => {
          const scene = dials(dialled, "alice-desk", { remoteAccess: "call_back" });
          for (const event of happens) {
            if (scene.state.phase.kind !== "listening") break;
            happen(scene, event);
          }
          if (scene.state.phase.kind !== "listening") return;
          // Nobody presses anything any more.
          for (let turns = 0; turns < 40 && scene.state.phase.kind === "listening"; turns++)
            scene.pass(130_000);
          expect(scene.state.phase.kind).not.toBe("listening");
        },
      ),
      { numRuns: 400 },
    );
  });

  type Event = (typeof events)["generate"] extends (...a: never[]) => { value: infer V } ? V : never;

  function happen(scene: Scene, event: Event): void {
    switch (event.kind) {
      case "key":
        press(scene, event.key);
        return;
      case "heard":
        heard(scene);
        return;
      case "missing":
        heard(scene, { missing: true });
        return;
      case "answer": {
        const { stage } = at(scene);
        if (stage.at === "asking") answers(scene, event.how === "bad" ? { kind: "failed" } : good(stage.ask));
        else if (stage.at === "recording") scene.input({ type: "recorded", playId: at(scene).playId ?? "" });
        return;
      }
      case "pass":
        scene.pass(event.ms);
        return;
      case "resync":
        scene.input({
          type: "resync",
          caller: {
            media: "answered",
            parked: true,
            playing: event.playing,
            transferredTo: null,
            bridgedTo: null,
          },
          legs: [],
        });
        return;
      case "taken over":
        scene.state = withoutSecrets(scene.state);
        expect(violations(scene.state)).toEqual([]);
        return;
    }
  }

  function good(ask: Ask): Answer {
    switch (ask.kind) {
      case "boxes":
        return COUNTS;
      case "list":
        return { kind: "listed", messages: ["m1", "m2"] };
      case "look":
        return { kind: "looked", message: message(ask.message) };
      case "claim":
        return { kind: "claimed", done: true, by: ask.give ? null : ask.username };
      case "check_pin":
        return { kind: "pin", verdict: ask.pin.length % 2 === 0 ? "right" : "wrong" };
      case "greetings":
        return { kind: "greetings", greetings: [{ kind: "own", busy: false, id: "g1" }] };
      default:
        return { kind: "done" };
    }
  }
});

it("a number of the office is what a call from outside has to dial", () => {
  expect(atGreeting({ remoteAccess: "listen" }).state.caller.called).toBe(NUMBER);
});
