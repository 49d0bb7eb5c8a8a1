/**
 * Goal: a transfer that nobody takes brings the caller back to whoever transferred them, and the phone is told the truth.
 * Method: a call is connected with Alice, whose phone transfers the caller.
 */
import { describe, expect, it } from "vitest";
import { CALL_ID, NUMBER, office, outsidePhone, Scene, sipDevice, user } from "../../fixtures/core/scene.js";
import type { Office } from "../office/office.js";
import { given } from "../office/optional.js";
import type { Step } from "../steps/types.js";
import { HOPS_MAX, LAST_CARRIER_SILENT_MS, TRANSFER_RING_MS } from "./bounds.js";

const OUTSIDE = "+19175550144";
const RING_ALICE: Step = {
  kind: "ring",
  target: { kind: "user", username: "alice" },
  timeoutMs: 20_000,
  skip: false,
};
const VOICEMAIL: Step = { kind: "voicemail", target: { kind: "user", username: "alice" } };
const NO_ANSWER: Step = { kind: "hangup", reason: "no_answer" };

function house(more: Partial<Office> = {}): Office {
  return office([RING_ALICE, NO_ANSWER], {
    users: [
      user("alice", [sipDevice("alice-desk")], {
        extension: "101",
        permissions: { outside_calls: true },
        flow: [RING_ALICE, VOICEMAIL],
      }),
      user("bobby", [sipDevice("bob-desk")], { extension: "102" }),
      user("carla", [outsidePhone(OUTSIDE)], { extension: "103" }),
      user("davis", [], { extension: "104", flow: [{ kind: "announce", sound: "closed" }, NO_ANSWER] }),
    ],
    ...more,
  });
}

/** The caller talks to Alice. */
function talking(where: Office = house(), contacts: Readonly<Record<string, readonly string[]>> = {}): Scene {
  const scene = Scene.begun({ office: where, contacts });
  scene.answers("alice-desk");
  scene.bridges("alice-desk");
  return scene;
}

/** Alice's phone transfers the caller, and waits for the outcome. */
function transfers(scene: Scene, to: string): string {
  const { id } = scene.leg("alice-desk");
  scene.input({ type: "caller_parked", transferredTo: to, transferredBy: id });
  return id;
}

function told(scene: Scene): unknown[] {
  return scene.commands.flatMap((command) => (command.type === "tell_transfer" ? [command.status] : []));
}

/** The phone hangs up when it has been told. */
function hangsUp(scene: Scene, leg: string): void {
  scene.input({ type: "leg_ended", leg, cause: "NORMAL_CLEARING" });
}

/** What the caller hears ends. */
function heard(scene: Scene): void {
  const play = scene.commands.find((command) => command.type === "play");
  scene.input({ type: "played", playId: play?.type === "play" ? play.playId : "" });
}

function ringsOn(scene: Scene): void {
  scene.input({ type: "leg_ringing", leg: scene.leg(OUTSIDE).id });
  scene.pass(TRANSFER_RING_MS);
}

describe("a transfer that a colleague takes", () => {
  it("leaves nothing to wait for when caller and phones have gone while no engine was there", () => {
    const scene = talking();
    transfers(scene, "102");
    scene.answers("bob-desk");
    scene.bridges("bob-desk");
    scene.input({ type: "resync", caller: null, legs: [] });
    expect(scene.state).toMatchObject({ phase: { kind: "ended" }, legs: [] });
  });
});

describe("a transfer that nobody takes", () => {
  it.each<[string, string, number, (scene: Scene) => void]>([
    ["to an extension that does not exist", "999", 404, () => {}],
    ["to a colleague who declines", "102", 480, (scene) => scene.ends("bob-desk", "CALL_REJECTED")],
    ["to a colleague who is busy", "102", 486, (scene) => scene.ends("bob-desk", "USER_BUSY")],
    ["to a colleague who does not answer", "102", 480, (scene) => scene.pass(20_000)],
    ["to a number outside that is busy", OUTSIDE, 486, (scene) => scene.ends(OUTSIDE, "USER_BUSY")],
    ["to a number outside that rings on", OUTSIDE, 480, ringsOn],
    [
      "to a number outside whose carrier is silent",
      OUTSIDE,
      480,
      (scene) => scene.pass(LAST_CARRIER_SILENT_MS),
    ],
    ["to a flow that only announces", "104", 480, heard],
  ])("%s brings the caller back, and the phone hears so", (_what, to, status, fails) => {
    const scene = talking();
    const leg = transfers(scene, to);
    fails(scene);
    expect(told(scene)).toEqual([status]);
    expect(scene.state.caller.ringback).toBe(true);
    hangsUp(scene, leg);
    expect(scene.dialled()).toEqual(["alice-desk"]);
    expect(scene.commands).toContainEqual(
      expect.objectContaining({ type: "dial", callerNumber: "+19175550199", callerName: "Caller" }),
    );
    expect(scene.notes).toContainEqual(expect.objectContaining({ kind: "transfer_failed", to, by: "alice" }));
    expect(scene.state.caller.called).toBe(NUMBER);
    scene.answers("alice-desk");
    scene.bridges("alice-desk");
    expect(scene.state).toMatchObject({ phase: { kind: "connected" }, transfer: null });
    expect(told(scene)).toEqual([]);
  });

  it("to where its user may not call says so, and brings the caller back", () => {
    const users = house().users.map((each) => ({ ...each, permissions: { outside_calls: false } }));
    const scene = talking(house({ users }));
    const leg = transfers(scene, OUTSIDE);
    heard(scene);
    expect(told(scene)).toEqual([403]);
    hangsUp(scene, leg);
    expect(scene.dialled()).toEqual(["alice-desk"]);
  });

  it("to a colleague whose phones are off brings the caller back at once", () => {
    const scene = talking(house(), { "bob-desk": [] });
    transfers(scene, "102");
    expect(told(scene)).toEqual([480]);
  });

  it("goes on with the user's own flow, when they do not take the caller back", () => {
    const scene = talking();
    hangsUp(scene, transfers(scene, "999"));
    scene.pass(20_000);
    expect(scene.state.phase.kind).toBe("voicemail");
  });

  it.each<[string, readonly Step[], string]>([
    [
      "rings the user, whatever their flow does first",
      [{ kind: "announce", sound: "hello" }, RING_ALICE, VOICEMAIL],
      "voicemail",
    ],
    ["rings the user, whose flow does not", [VOICEMAIL], "voicemail"],
  ])("%s, and goes on after that", (_what, flow, then) => {
    const users = house().users.map((each) => (each.username === "alice" ? { ...each, flow } : each));
    const scene = talking(house({ users }));
    hangsUp(scene, transfers(scene, "999"));
    expect(scene.dialled()).toEqual(["alice-desk"]);
    scene.pass(20_000);
    expect(scene.state.phase.kind).toBe(then);
  });

  it("by a phone that is gone goes on with the user's own flow", () => {
    const scene = talking();
    const leg = transfers(scene, "102");
    hangsUp(scene, leg);
    scene.contacts.set("alice-desk", []);
    scene.ends("bob-desk", "USER_BUSY");
    expect(told(scene)).toEqual([]);
    expect(scene.state.phase.kind).toBe("voicemail");
  });

  it("ends the old leg of a phone that does not hang up when it was told, and rings it", () => {
    const scene = talking();
    const leg = transfers(scene, "999");
    scene.pass(400);
    expect(scene.killed()).toEqual([[leg, "BLIND_TRANSFER"]]);
    hangsUp(scene, leg);
    expect(scene.dialled()).toEqual(["alice-desk"]);
  });

  it("rings the phone even if nothing is heard of its old leg", () => {
    const scene = talking();
    transfers(scene, "999");
    scene.pass(1_000);
    expect(scene.dialled()).toEqual(["alice-desk"]);
  });

  it("ends when the caller hangs up meanwhile", () => {
    const scene = talking();
    const leg = transfers(scene, "999");
    scene.input({ type: "caller_gone", cause: "NORMAL_CLEARING" });
    expect(scene.killed()).toEqual([[leg, "NORMAL_CLEARING"]]);
    hangsUp(scene, leg);
    expect(scene.state.ending).toEqual({ kind: "answered", by: "alice" });
  });

  it("to a user whose flow sends in circles brings the caller back instead of an apology", () => {
    const send = (username: string): Step => ({ kind: "send", target: { kind: "user", username } });
    const users = house().users.map((each) =>
      each.username === "bobby"
        ? { ...each, flow: [send("carla")] }
        : each.username === "carla"
          ? { ...each, flow: [send("bobby")] }
          : each,
    );
    const scene = talking(house({ users }));
    transfers(scene, "102");
    expect(scene.state.hops).toBe(HOPS_MAX);
    expect(told(scene)).toEqual([503]);
  });

  it("by a phone outside brings the caller back to that phone, which is asked to accept", () => {
    const scene = Scene.begun({
      office: office([
        {
          kind: "ring",
          target: { kind: "number", number: OUTSIDE },
          timeoutMs: 20_000,
          accept: "never",
          skip: false,
        },
        NO_ANSWER,
      ]),
    });
    scene.answers(OUTSIDE);
    scene.bridges(OUTSIDE);
    scene.input({ type: "caller_parked", transferredTo: "999", transferredBy: scene.leg(OUTSIDE).id });
    hangsUp(scene, scene.leg(OUTSIDE).id);
    expect(scene.dialled()).toEqual([OUTSIDE]);
    scene.answers(OUTSIDE);
    expect(scene.commands).toContainEqual(expect.objectContaining({ type: "play" }));
  });
});

describe("a transfer by a colleague to whom another had handed the caller over", () => {
  const BOBS_LEG = "99999999-2222-4333-8444-000000000000";

  it("brings the caller back to the colleague, and their phone is told", () => {
    const scene = talking();
    scene.input({ type: "bridged", leg: BOBS_LEG, who: "bobby" });
    hangsUp(scene, scene.leg("alice-desk").id);
    scene.input({ type: "caller_parked", transferredTo: "999", transferredBy: BOBS_LEG });
    expect(scene.commands).toContainEqual({ type: "tell_transfer", channel: BOBS_LEG, status: 404 });
    scene.pass(1_000);
    expect(scene.dialled()).toEqual(["bob-desk"]);
    expect(scene.state.legs.map(({ who }) => who)).toEqual(["bobby"]);
  });
});

describe("a transfer by a phone of which the call does not know whose it is", () => {
  const STRANGE = "99999999-2222-4333-8444-000000000000";
  const bridged = (who?: string) => (scene: Scene) => {
    scene.input({ type: "bridged", leg: STRANGE, ...given({ who }) });
    hangsUp(scene, scene.leg("alice-desk").id);
  };
  const found = (scene: Scene) =>
    scene.input({
      type: "resync",
      caller: { media: "answered", parked: false, playing: false, transferredTo: null, bridgedTo: STRANGE },
      legs: [],
    });

  describe.each<[string, (scene: Scene) => void]>([
    ["handed over to an unknown channel", bridged()],
    ["handed over to a user who was removed meanwhile", bridged("ghost.user")],
    ["found to talk to an unknown channel when the connection was back", found],
  ])("the caller was %s", (_how, handOver) => {
    function transferred(to: string): Scene {
      const scene = talking();
      handOver(scene);
      scene.input({ type: "caller_parked", transferredTo: to, transferredBy: STRANGE });
      return scene;
    }

    it("takes no user who had answered before for the one who transfers: the caller is told what is wrong", () => {
      const scene = transferred("999");
      expect(scene.commands).toContainEqual(expect.objectContaining({ sounds: ["cannot-be-completed"] }));
      heard(scene);
      expect(told(scene)).toEqual([404]);
      scene.pass(1_000);
      expect(scene.dialled()).toEqual([]);
      expect(scene.killed()).toContainEqual([CALL_ID, "UNALLOCATED_NUMBER"]);
    });

    it("may not lead outside, though the user who had answered before may call there", () => {
      const scene = transferred(OUTSIDE);
      expect(scene.dialled()).toEqual([]);
      expect(scene.commands).toContainEqual(expect.objectContaining({ sounds: ["not-permitted"] }));
    });
  });

  it("is still the user's who answered, when the end of their leg was heard first", () => {
    const scene = talking();
    hangsUp(scene, scene.leg("alice-desk").id);
    scene.input({ type: "caller_parked", transferredTo: OUTSIDE });
    expect(scene.dialled()).toEqual([OUTSIDE]);
  });
});

describe("a transfer that somebody takes", () => {
  it("keeps the phone until then, and ends its leg only if the phone does not", () => {
    const scene = talking();
    const leg = transfers(scene, "102");
    expect(scene.killed()).toEqual([]);
    scene.answers("bob-desk");
    scene.bridges("bob-desk");
    expect(told(scene)).toEqual([null]); // The switch has said 200.
    expect(scene.killed()).toEqual([]);
    scene.pass(1_000);
    expect(scene.killed()).toEqual([[leg, "BLIND_TRANSFER"]]);
    expect(scene.state.transfer).toBeNull();
  });

  it("counts as taken when a mailbox takes it", () => {
    const users = house().users.map((each) =>
      each.username === "davis" ? { ...each, flow: [VOICEMAIL] } : each,
    );
    const scene = talking(house({ users }));
    transfers(scene, "104");
    const { phase } = scene.state;
    scene.messageOpened(phase.kind === "voicemail" ? phase.leaving.message : "");
    expect(told(scene)).toEqual([200]);
  });

  it("is over when the caller hangs up before", () => {
    const scene = talking();
    const leg = transfers(scene, "102");
    scene.input({ type: "caller_gone", cause: "NORMAL_CLEARING" });
    expect(told(scene)).toEqual([487]);
    expect(scene.killed()).toEqual([[expect.any(String), "ORIGINATOR_CANCEL"]]);
    expect(scene.killed()).not.toContainEqual([leg, expect.anything()]);
  });
});

describe("a phone that calls and transfers the other party", () => {
  it("waits until the outcome is known, and is not hung up by its own call", () => {
    const scene = Scene.begun({
      office: house(),
      arrival: { dialled: ["102"], origin: { kind: "phone", sipName: "alice-desk" } },
    });
    scene.answers("bob-desk");
    scene.bridges("bob-desk");
    scene.input({ type: "caller_parked", transferredTo: null, handsOver: "" });
    scene.input({ type: "leg_ended", leg: scene.leg("bob-desk").id, cause: "BLIND_TRANSFER" });
    scene.pass(60_000);
    expect(scene.killed()).toEqual([]);
    scene.input({ type: "caller_gone", cause: "NORMAL_CLEARING" });
    expect(scene.state.ending).toEqual({ kind: "answered", by: "bobby" });
  });

  const HERE = {
    media: "answered",
    parked: true,
    playing: false,
    transferredTo: null,
    bridgedTo: null,
  } as const;

  it.each([
    [
      "while the bridge's event was lost",
      () => ({ type: "caller_parked", transferredTo: null, handsOver: "" }),
    ],
    [
      "while no engine was there, which had not learned of the bridge",
      () => ({ type: "resync", caller: { ...HERE, handsOver: "" }, legs: [] }),
    ],
    [
      "while no engine was there, which had not learned of the answer either",
      (bob: string) => ({ type: "resync", caller: { ...HERE, handsOver: bob }, legs: [] }),
      false,
    ],
    [
      "while no engine was there, and the other party is seen as a caller",
      (bob: string) => ({
        type: "resync",
        caller: { ...HERE, handsOver: "" },
        legs: [{ id: bob, state: "answered", parked: true, playing: false, bridgedTo: null, isCaller: true }],
      }),
    ],
  ] as ReadonlyArray<[string, (bob: string) => Parameters<Scene["input"]>[0], boolean?]>)(
    "waits for the outcome also when it did so %s",
    (_when, input, isAnswerSeen = true) => {
      const scene = Scene.begun({
        office: house(),
        arrival: { dialled: ["102"], origin: { kind: "phone", sipName: "alice-desk" } },
      });
      if (isAnswerSeen) scene.answers("bob-desk");
      const bob = scene.leg("bob-desk").id;
      expect(scene.state.phase.kind).toBe("ringing");
      const commands = scene.input(input(bob));
      expect(scene.state.phase).toMatchObject({ kind: "handed_over", leg: bob });
      expect(commands.map(({ type }) => type)).not.toContain("kill");
      expect(commands.map(({ type }) => type)).not.toContain("bridge");
      scene.pass(60_000);
      expect(scene.killed()).toEqual([]);
    },
  );

  it("gets the other party back when nobody takes them", () => {
    const phone = "99999999-2222-4333-8444-000000000000";
    const scene = Scene.begun({
      office: house(),
      arrival: {
        dialled: ["999"],
        origin: { kind: "phone", sipName: "bob-desk" },
        media: "answered",
        transfer: { by: "alice", channel: phone },
      },
    });
    expect(scene.commands).toContainEqual({ type: "tell_transfer", channel: phone, status: 404 });
    scene.pass(400);
    expect(scene.killed()).toEqual([[phone, "BLIND_TRANSFER"]]);
    scene.pass(600);
    expect(scene.dialled()).toEqual(["alice-desk"]);
    expect(scene.state.id).toBe(CALL_ID);
  });

  it("is told why nobody takes the other party, who is hung up when the phone is an outside caller's", () => {
    const phone = "99999999-2222-4333-8444-000000000000";
    const scene = Scene.begun({
      office: house(),
      arrival: {
        dialled: ["999"],
        media: "answered",
        origin: { kind: "phone", sipName: "bob-desk" },
        transfer: { by: null, channel: phone },
      },
    });
    heard(scene);
    expect(told(scene)).toEqual([404]);
    scene.pass(1_000);
    expect(scene.killed()).toContainEqual([CALL_ID, "UNALLOCATED_NUMBER"]);
  });
});
