/**
 * Goal: the next carrier is tried when one has failed, and only then, and a person's phone gets the carrier's own answer.
 * Method: a table of answers, for a person who dials and for a leg of a ring step.
 */
import { describe, expect, it } from "vitest";
import { group, NUMBER, office, outsidePhone, Scene, sipDevice, user } from "../../../fixtures/core/scene.js";
import {
  CARRIER_SILENT_MS,
  CARRIERS_TRIED_MS,
  LAST_CARRIER_SILENT_MS,
  LOOK_AGAIN_MS,
  LOOKS_BEFORE_LOST,
} from "../../call/bounds.js";
import type { Command } from "../../call/command.js";
import type { Carrier } from "../../office/office.js";
import { given } from "../../office/optional.js";

const MOBILE = "+19175550777";
const MAIN: Carrier = { id: "main", proxy: "sip.example.net" };
const BACKUP: Carrier = { id: "backup", proxy: "backup.example.net", trusted: true };
const CARRIERS = [MAIN, BACKUP];

function dialling(carriers: readonly Carrier[] = CARRIERS, dialled = MOBILE): Scene {
  const alice = user("alice", [sipDevice("alice-desk")], { outboundNumber: "+12125550177" });
  return Scene.begun({
    office: office([{ kind: "hangup", reason: "no_answer" }], { users: [alice], carriers }),
    arrival: { dialled: [dialled], origin: { kind: "phone", sipName: "alice-desk" } },
  });
}

/** A call from outside to a user whose one phone is a mobile. */
function forwarded(
  more: Parameters<typeof outsidePhone>[1] = {},
  asked = false,
  timeoutMs: number | null = 20_000,
): Scene {
  const target = { kind: "user", username: "alice" } as const;
  const ring = { kind: "ring", target, timeoutMs, skip: false } as const;
  return Scene.begun({
    office: office([ring, { kind: "hangup", reason: "busy" }], {
      users: [user("alice", [outsidePhone(MOBILE, more)])],
      carriers: CARRIERS,
    }),
    asked,
  });
}

/** A phone of the office dials a colleague, a group or a number of the office, and their flow sends the call to a mobile. */
function ledOutside(dialled: string): Scene {
  const flow = [{ kind: "send", target: { kind: "number", number: MOBILE } }] as const;
  return Scene.begun({
    office: office(flow, {
      users: [user("alice", [sipDevice("alice-desk")]), user("bobby", [], { extension: "201", flow })],
      groups: [group("sales", ["bobby"], { extension: "300", flow })],
      carriers: [MAIN],
    }),
    arrival: { dialled: [dialled], origin: { kind: "phone", sipName: "alice-desk" } },
  });
}

function carriersDialled(commands: readonly Command[]): readonly string[] {
  return commands.flatMap((command) =>
    command.type === "dial" && command.dial.kind === "gateway" ? [command.dial.carrier] : [],
  );
}

function ends(scene: Scene, cause: string, status?: number): readonly Command[] {
  const { id } = scene.leg(MOBILE);
  return scene.input({
    type: "leg_ended",
    leg: id,
    cause,
    ...given({ status }),
  });
}

const FAILURES: ReadonlyArray<readonly [cause: string, status: number | undefined]> = [
  ["RECOVERY_ON_TIMER_EXPIRE", 408],
  ["NORMAL_TEMPORARY_FAILURE", 500],
  ["SERVICE_NOT_IMPLEMENTED", 501],
  ["NETWORK_OUT_OF_ORDER", 502],
  ["NORMAL_TEMPORARY_FAILURE", 503],
  ["RECOVERY_ON_TIMER_EXPIRE", 504],
  ["NORMAL_UNSPECIFIED", 580],
  // The Reason header of a 503 may have any cause (sofia.c).
  ["USER_BUSY", 503],
  ["CALL_REJECTED", 401],
  ["CALL_REJECTED", 402],
  ["CALL_REJECTED", 407],
  ["GATEWAY_DOWN", undefined],
  ["INVALID_GATEWAY", undefined],
  ["NETWORK_OUT_OF_ORDER", undefined],
  ["RECOVERY_ON_TIMER_EXPIRE", undefined],
  ["NORMAL_TEMPORARY_FAILURE", undefined],
  ["REFUSED", undefined],
];

const ANSWERS: ReadonlyArray<readonly [cause: string, status: number, ending: string]> = [
  ["NORMAL_TEMPORARY_FAILURE", 400, "unavailable"],
  ["CALL_REJECTED", 403, "declined"],
  ["UNALLOCATED_NUMBER", 404, "unassigned"],
  ["NUMBER_CHANGED", 410, "unassigned"],
  ["NO_USER_RESPONSE", 480, "no_answer"],
  ["INVALID_NUMBER_FORMAT", 484, "unassigned"],
  ["USER_BUSY", 486, "busy"],
  ["INCOMPATIBLE_DESTINATION", 488, "unavailable"],
  ["USER_BUSY", 600, "busy"],
  ["CALL_REJECTED", 603, "declined"],
  ["NO_ROUTE_DESTINATION", 604, "unassigned"],
  ["INCOMPATIBLE_DESTINATION", 606, "declined"],
  // A wrong cause in the Reason header changes nothing.
  ["NORMAL_TEMPORARY_FAILURE", 486, "busy"],
];

describe("a carrier that has failed", () => {
  it.each(FAILURES)("%s %s: the next one is tried", (cause, status) => {
    for (const scene of [dialling(), forwarded(), forwarded({ accept: "never" }, true)]) {
      expect(carriersDialled(ends(scene, cause, status))).toEqual(["backup"]);
      expect(scene.notes).toContainEqual(
        expect.objectContaining({
          kind: "next_carrier",
          failed: "main",
          why: String(status ?? cause),
          carrier: "backup",
        }),
      );
      expect(carriersDialled(ends(scene, cause, status))).toEqual([]);
    }
  });

  it.each(FAILURES)("%s %s from all: the phone gets 503, or the last carrier's own 5xx", (cause, status) => {
    const scene = dialling([MAIN]);
    const own = status !== undefined && status >= 500 ? status : 503;
    expect(ends(scene, cause, status)).toMatchObject([
      { type: "refuse_caller", status: own },
      { type: "kill", cause: "NORMAL_TEMPORARY_FAILURE" },
    ]);
  });

  it("is no second call outside", () => {
    for (const scene of [dialling(), forwarded()]) {
      const first = scene.commands.find(({ type }) => type === "dial");
      expect(first).toMatchObject({ dial: { carrier: "main" } });
      expect(first).not.toHaveProperty("isAgain");
      const [again] = ends(scene, "NORMAL_TEMPORARY_FAILURE", 503).filter(({ type }) => type === "dial");
      expect(again).toHaveProperty("isAgain", true);
    }
  });

  it("shows the next carrier what it may know", () => {
    const target = { kind: "user", username: "alice" } as const;
    const ring = { kind: "ring", target, timeoutMs: 20_000, skip: false } as const;
    const scene = Scene.begun({
      office: office([ring, { kind: "hangup", reason: "busy" }], {
        users: [user("alice", [outsidePhone(MOBILE)])],
        carriers: CARRIERS,
      }),
      arrival: { privacy: "number", callerNumber: "+12125550123" },
    });
    const before = scene.state.phase.kind === "ringing" ? scene.state.phase.ring.stations[0] : undefined;
    expect(before?.asserted).toBe("+12125550100");
    const [dial] = ends(scene, "NORMAL_TEMPORARY_FAILURE", 503).filter(({ type }) => type === "dial");
    expect(dial).toMatchObject({ callerNumber: "anonymous", isPrivate: true, asserted: "+12125550123" });
  });

  it("is silent: the next one is tried after a while, and the first is given up", () => {
    const scene = dialling();
    const first = scene.leg(MOBILE).id;
    expect(scene.pass(CARRIER_SILENT_MS - 1)).toEqual([]);
    const commands = scene.pass(1);
    expect(carriersDialled(commands)).toEqual(["backup"]);
    expect(commands).toContainEqual({ type: "kill", channel: first, cause: "NO_ANSWER" });
    scene.input({ type: "leg_ended", leg: first, cause: "NO_ANSWER" });
    expect(scene.pass(LAST_CARRIER_SILENT_MS - 1)).toEqual([]);
    expect(scene.pass(1)).toContainEqual(expect.objectContaining({ type: "refuse_caller", status: 503 }));
  });

  it.each([
    [5_000, null, 4_000],
    [6_000, null, 4_000],
    [8_000, null, 4_000],
    [12_000, null, 6_000],
    [20_000, null, 10_000],
    [24_000, null, CARRIER_SILENT_MS],
    [60_000, null, CARRIER_SILENT_MS],
    [60_000, 10_000, 5_000],
    [null, 12_000, 6_000],
    [null, null, CARRIER_SILENT_MS],
  ])(
    "is silent in a step of %s ms, in which the phone rings %s ms: it has %s ms",
    (timeoutMs, ringMs, hasMs) => {
      const scene = forwarded({ ringMs }, false, timeoutMs);
      expect(scene.pass(hasMs - 1)).toEqual([]);
      expect(carriersDialled(scene.pass(1))).toEqual(["backup"]);
    },
  );

  it("is followed by two others within a short step", () => {
    const target = { kind: "user", username: "alice" } as const;
    const ring = { kind: "ring", target, timeoutMs: 16_000, skip: false } as const;
    const third = { id: "third", proxy: "third.example.net" };
    const short = Scene.begun({
      office: office([ring, { kind: "hangup", reason: "busy" }], {
        users: [user("alice", [outsidePhone(MOBILE)])],
        carriers: [...CARRIERS, third],
      }),
    });
    expect(carriersDialled(short.pass(8_000))).toEqual(["backup"]);
    expect(carriersDialled(short.pass(4_000))).toEqual(["third"]);
  });

  it.each([
    ["911", { type: "play", sounds: ["cannot-be-completed"] }],
    [MOBILE, { type: "refuse_caller", status: 503 }],
  ])("is the only one for %s: its caller does not hear ringing for ever", (number, told) => {
    const scene = dialling([MAIN], number);
    const { id } = scene.leg(number);
    expect(scene.pass(LAST_CARRIER_SILENT_MS - 1)).toEqual([]);
    const commands = scene.pass(1);
    expect(commands).toContainEqual({ type: "kill", channel: id, cause: "NO_ANSWER" });
    expect(commands).toContainEqual(expect.objectContaining(told));
  });

  it("is the only one, and may ring for long", () => {
    const scene = dialling([MAIN]);
    scene.input({ type: "leg_ringing", leg: scene.leg(MOBILE).id });
    expect(scene.pass(120_000)).toEqual([]);
  });

  it("is not followed by another when too much time has gone", () => {
    const many = Array.from({ length: 5 }, (_, n) => ({ id: `carrier-${n}`, proxy: "sip.example.net" }));
    const scene = dialling(many);
    const commands = scene.pass(CARRIERS_TRIED_MS - 1);
    expect(carriersDialled(commands)).toEqual(["carrier-1", "carrier-2"]);
    scene.pass(1);
    expect(carriersDialled(ends(scene, "NORMAL_TEMPORARY_FAILURE", 503))).toEqual([]);
  });
});

describe("a leg that was dialled by an engine that has died, and of which the switch shows nothing", () => {
  it.each(["911", MOBILE])("has failed, and %s is called by the next carrier", (number) => {
    const scene = dialling(CARRIERS, number);
    const caller = {
      media: "none",
      parked: true,
      playing: false,
      transferredTo: null,
      bridgedTo: null,
    } as const;
    scene.input({ type: "resync", caller, legs: [] });
    for (let look = 2; look <= LOOKS_BEFORE_LOST; look += 1) {
      scene.pass(LOOK_AGAIN_MS);
      scene.input({ type: "resync", isInspection: true, caller, legs: [] });
    }
    expect(carriersDialled(scene.commands)).toEqual(["backup"]);
  });
});

describe("an answer about the number", () => {
  it.each(ANSWERS)("%s %s: no other carrier is tried, and the phone gets it", (cause, status, ending) => {
    const scene = dialling();
    const commands = ends(scene, cause, status);
    expect(carriersDialled(commands)).toEqual([]);
    expect(commands[0]).toEqual({ type: "refuse_caller", status });
    scene.input({ type: "caller_gone", cause });
    expect(scene.state.ending).toEqual({ kind: "hung_up", reason: ending });
  });

  it.each(ANSWERS)("%s %s: a leg of a ring step ends, and the flow goes on", (cause, status) => {
    for (const scene of [forwarded(), forwarded({ accept: "never" }, true)]) {
      const commands = ends(scene, cause, status);
      expect(commands).toMatchObject([{ type: "kill", cause: "USER_BUSY" }]);
    }
  });

  it.each([
    ["CALL_REJECTED", undefined, 603],
    ["USER_BUSY", undefined, 486],
    ["UNALLOCATED_NUMBER", undefined, 404],
    // What would send the phone elsewhere is not passed on.
    ["REQUESTED_CHAN_UNAVAIL", 302, undefined],
    ["REQUESTED_CHAN_UNAVAIL", undefined, undefined],
  ])("%s %s: %s", (cause, status, told) => {
    const [command] = ends(dialling(), cause, status);
    if (told === undefined) expect(command).toMatchObject({ type: "kill", cause: "NO_ANSWER" });
    else expect(command).toEqual({ type: "refuse_caller", status: told });
  });

  it.each(["201", "300", NUMBER])(
    "%s was dialled, whose flow leads outside: the flow says how it ends",
    (dialled) => {
      for (const [cause, status] of [...ANSWERS, ...FAILURES]) {
        const scene = ledOutside(dialled);
        expect(scene.leg(MOBILE).dial).toMatchObject({ kind: "gateway", number: MOBILE });
        const commands = ends(scene, cause, status);
        expect(commands).toMatchObject([{ type: "kill", cause: "NO_ANSWER" }]);
        scene.input({ type: "caller_gone", cause: "NO_ANSWER" });
        expect(scene.state.ending).toEqual({ kind: "hung_up", reason: "no_answer" });
      }
    },
  );

  it("outweighs that of a carrier which failed before or after", () => {
    const scene = dialling([MAIN, BACKUP], "911");
    const leg = () => scene.leg("911").id;
    scene.input({ type: "leg_ended", leg: leg(), cause: "USER_BUSY", status: 486 });
    scene.input({ type: "leg_ended", leg: leg(), cause: "NORMAL_TEMPORARY_FAILURE", status: 503 });
    const [play] = scene.commands;
    expect(play).toMatchObject({ type: "play", sounds: ["cannot-be-completed"] });
    const playId = play?.type === "play" ? play.playId : "";
    expect(scene.input({ type: "played", playId })).toMatchObject([
      { type: "refuse_caller", status: 486 },
      { type: "kill", cause: "USER_BUSY" },
    ]);
  });
});

/** 183 or 180. */
function sounds(scene: Scene, isMedia: boolean): void {
  const { id } = scene.leg(MOBILE);
  scene.input({ type: "leg_ringing", leg: id, ...(isMedia ? { isMedia } : {}) });
}

describe("a carrier that is heard (183), and of which nothing rings", () => {
  it.each(FAILURES)("and then fails with %s %s: the next one is tried", (cause, status) => {
    for (const scene of [dialling(), forwarded(), forwarded({ accept: "never" }, true)]) {
      sounds(scene, true);
      // Half of the step's time.
      scene.pass(9_999);
      expect(carriersDialled(ends(scene, cause, status))).toEqual(["backup"]);
    }
  });

  it("may be heard for long; when it fails then, its tone counts as ringing", () => {
    const scene = dialling();
    sounds(scene, true);
    expect(scene.pass(60_000)).toEqual([]);
    expect(carriersDialled(ends(scene, "NORMAL_TEMPORARY_FAILURE", 503))).toEqual([]);
  });

  it("is heard by the caller, who parks before the next one can be heard", () => {
    const scene = dialling();
    const first = scene.leg(MOBILE).id;
    scene.input({ type: "leg_parked", leg: first, isEarly: true });
    scene.input({ type: "bridged", leg: first });
    expect(carriersDialled(ends(scene, "NORMAL_TEMPORARY_FAILURE", 503))).toEqual(["backup"]);
    const second = scene.leg(MOBILE).id;
    expect(scene.input({ type: "leg_parked", leg: second, isEarly: true })).toEqual([]);
    const commands = scene.input({ type: "caller_parked", transferredTo: null });
    expect(commands).toContainEqual({ type: "bridge", leg: second });
  });

  it("is not heard by a person who has dialled a colleague whose flow leads outside", () => {
    const early = (scene: Scene) =>
      scene.commands.some((command) => command.type === "dial" && command.isHeardEarly === true);
    expect(early(dialling())).toBe(true);
    for (const dialled of ["201", "300", NUMBER]) expect(early(ledOutside(dialled))).toBe(false);
  });

  it("says that the number is busy: no other carrier is tried", () => {
    const scene = dialling();
    sounds(scene, true);
    expect(carriersDialled(ends(scene, "USER_BUSY", 486))).toEqual([]);
  });
});

describe("a number that rings", () => {
  it.each([486, 503, 408])("and fails with %s then is not rung again through another carrier", (status) => {
    const scene = dialling();
    scene.input({ type: "leg_ringing", leg: scene.leg(MOBILE).id });
    expect(scene.pass(60_000)).toEqual([]);
    const commands = ends(scene, "NORMAL_TEMPORARY_FAILURE", status);
    expect(carriersDialled(commands)).toEqual([]);
    expect(commands[0]).toEqual({ type: "refuse_caller", status: status === 408 ? 503 : status });
  });

  it.each([
    ["183, then 180", [true, false]],
    ["180, then 183", [false, true]],
  ])("after %s then is not rung again through another carrier", (_what, media) => {
    const scene = dialling();
    for (const isMedia of media) sounds(scene, isMedia);
    expect(carriersDialled(ends(scene, "NORMAL_TEMPORARY_FAILURE", 503))).toEqual([]);
  });

  it("is dialled for help, and the next carrier is tried all the same", () => {
    const scene = dialling(CARRIERS, "911");
    scene.input({ type: "leg_ringing", leg: scene.leg("911").id });
    const commands = scene.input({
      type: "leg_ended",
      leg: scene.leg("911").id,
      cause: "USER_BUSY",
      status: 486,
    });
    expect(carriersDialled(commands)).toEqual(["backup"]);
  });
});

describe("prefixes", () => {
  const EUROPE: Carrier = { id: "europe", proxy: "eu.example.net", prefixes: ["+44", "+49"] };
  const AMERICA: Carrier = { id: "america", proxy: "us.example.net", prefixes: ["+1"] };

  it.each([
    [[EUROPE, MAIN, AMERICA], MOBILE, ["main", "america"]],
    [[EUROPE, AMERICA], MOBILE, ["america"]],
    [[EUROPE], MOBILE, []],
    [[EUROPE, MAIN, AMERICA], "911", ["main", "europe", "america"]],
    [[EUROPE, MAIN, AMERICA], "411", ["main", "europe", "america"]],
  ])(
    "%#: carriers are tried in the order of the office, where they take the number",
    (carriers, number, order) => {
      const scene = dialling(carriers, number);
      const tried = [...carriersDialled(scene.commands)];
      for (let leg = scene.state.legs.at(-1); leg !== undefined; leg = scene.state.legs.at(-1))
        tried.push(
          ...carriersDialled(
            scene.input({ type: "leg_ended", leg: leg.id, cause: "NORMAL_TEMPORARY_FAILURE", status: 503 }),
          ),
        );
      expect(tried).toEqual(order);
    },
  );
});
