/**
 * Goal: a phone of the office reaches help whatever its user may do, as it was dialled, and can be called back.
 * Method: calls from phones in a table, and in random offices.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NUMBER, office, Scene, sipDevice, user } from "../../fixtures/core/scene.js";
import { officeArbitrary } from "../../fixtures/offices/arbitrary.js";
import type { Office, User } from "../office/office.js";
import { given } from "../office/optional.js";
import { emergencyNumbers } from "../routing/emergency.js";
import { RoutingTable } from "../routing/table.js";

const OWN = "+12125550177";
const OTHER = "+12125550188";
const CARRIERS = [
  { id: "main", proxy: "sip.example.net" },
  { id: "backup", proxy: "backup.example.net" },
];

function house(alice: Partial<User>, more: Partial<Office> = {}): Office {
  const users = [user("alice", [sipDevice("alice-desk")], alice)];
  return office([{ kind: "hangup", reason: "no_answer" }], { users, carriers: CARRIERS, ...more });
}

function calls(dialled: string, where: Office, sipName = "alice-desk"): Scene {
  return Scene.begun({ office: where, arrival: { dialled: [dialled], origin: { kind: "phone", sipName } } });
}

function dial(scene: Scene) {
  const [command, ...more] = scene.commands.filter((each) => each.type === "dial");
  expect(more).toEqual([]);
  return command?.type === "dial" ? command : undefined;
}

const DENIED = { permissions: { outside_calls: false } } as const;

describe("a phone that calls for help", () => {
  it.each([
    ["its user may not call outside", house(DENIED), "alice-desk"],
    ["its user is suspended", house({ suspended: true }), "alice-desk"],
    ["it is nobody's", house({}), "stranger"],
    ["an old revision has a colleague by that extension", house({ extension: "911" }), "stranger"],
  ])("reaches it at once though %s", (_though, where, phone) => {
    const scene = calls("911", where, phone);
    expect(dial(scene)?.dial).toEqual({ kind: "gateway", carrier: "main", number: "911" });
    expect(scene.notes).toContainEqual(expect.objectContaining({ kind: "emergency", number: "911" }));
  });

  it.each([
    ["its user's own", house({ ...DENIED, outboundNumber: OWN }), OWN],
    ["the one of the whole office", house({}, { outsideCallerId: { kind: "fixed", number: OTHER } }), OTHER],
    [
      "its user's own rather than the office's",
      house({ outboundNumber: OWN }, { outsideCallerId: { kind: "fixed", number: OTHER } }),
      OWN,
    ],
    ["any the office owns", house({}), NUMBER],
    [
      "the lowest that leads somewhere",
      house(
        {},
        {
          numbers: [
            { number: "+12125550001", leadsTo: null },
            { number: OTHER, leadsTo: { kind: "flow", flow: "f" } },
            { number: OWN, leadsTo: { kind: "flow", flow: "f" } },
          ],
          flows: { f: [{ kind: "hangup", reason: "busy" }] },
        },
      ),
      OWN,
    ],
    [
      "one that leads nowhere, if there is no other",
      house({}, { numbers: [{ number: OWN, leadsTo: null }] }),
      OWN,
    ],
  ])("shows a number that can be called back: %s", (_which, where, shown) => {
    expect(dial(calls("911", where))).toMatchObject({
      callerNumber: shown,
      asserted: shown,
      diversion: null,
    });
  });

  it("rings until it is answered, and nobody there has to press 1", () => {
    const scene = calls("911", house(DENIED));
    scene.input({ type: "leg_ringing", leg: scene.leg("911").id });
    scene.pass(600_000);
    expect(scene.killed()).toEqual([]);
    const commands = scene.answers("911").map(({ type }) => type);
    expect(commands).toContain("bridge");
    expect(commands).not.toContain("play");
  });

  it("goes by the next carrier when one fails, and is told when all have", () => {
    const scene = calls("911", house(DENIED));
    scene.ends("911", "NORMAL_TEMPORARY_FAILURE");
    expect(dial(scene)?.dial).toMatchObject({ carrier: "backup", number: "911" });
    scene.ends("911", "NORMAL_TEMPORARY_FAILURE");
    expect(scene.commands).toMatchObject([{ type: "play", sounds: ["cannot-be-completed"] }]);
  });

  it.each([
    ["where the country has it", house(DENIED), "933", true],
    ["where the office names it", house(DENIED, { emergency: { testNumbers: ["5550"] } }), "5550", true],
    ["and the real number beside it", house(DENIED), "911", undefined],
  ])(
    "tries it with a number that only tests, dialled alike and told apart: %s",
    (_where, where, number, isTest) => {
      const scene = calls(number, where);
      expect(dial(scene)).toMatchObject({
        dial: { kind: "gateway", carrier: "main", number },
        callerNumber: NUMBER,
        asserted: NUMBER,
      });
      const told = scene.notes.filter(({ kind }) => kind === "emergency");
      expect(told).toEqual([expect.objectContaining({ number, by: "alice" })]);
      expect(told.map((note) => "isTest" in note && note.isTest === true)).toEqual([isTest === true]);
      scene.ends(number, "NORMAL_TEMPORARY_FAILURE");
      expect(dial(scene)?.dial).toMatchObject({ carrier: "backup", number });
    },
  );

  it("reaches no test where neither country nor office has one: the office's own may be dialled there", () => {
    const scene = calls("933", house(DENIED, { country: "GB" }));
    expect(scene.notes.some(({ kind }) => kind === "emergency")).toBe(false);
  });

  it("is told when the office has no carrier", () => {
    const scene = calls("911", house(DENIED, { carriers: [] }));
    expect(scene.commands).toMatchObject([{ type: "play", sounds: ["cannot-be-completed"] }]);
    expect(scene.notes).toContainEqual({
      kind: "not_rung",
      whom: { who: "911", device: null, reason: "no_carrier" },
    });
  });

  it("may send a caller there, whom the number they called is shown for", () => {
    const ring = {
      kind: "ring",
      target: { kind: "user", username: "alice" },
      timeoutMs: null,
      skip: false,
    } as const;
    const users = [user("alice", [sipDevice("alice-desk")], DENIED)];
    const scene = Scene.begun({ office: office([ring, { kind: "hangup", reason: "busy" }], { users }) });
    scene.answers("alice-desk");
    scene.bridges("alice-desk");
    scene.input({ type: "caller_parked", transferredTo: "911" });
    expect(dial(scene)).toMatchObject({ dial: { number: "911" }, callerNumber: NUMBER });
    expect(scene.notes).toContainEqual({ kind: "emergency", number: "911", by: "alice", device: null });
  });

  it.each([
    [
      "by a phone of the house, which may have been transferred there too",
      "alice-desk",
      "bob-desk",
      "alice",
      "alice-desk",
    ],
    ["by whoever transferred a caller from outside", undefined, "bob-desk", "bobby", null],
  ])("says who calls for help: %s", (_who, from, answeredBy, by, device) => {
    const ring = {
      kind: "ring",
      target: { kind: "user", username: "bobby" },
      timeoutMs: null,
      skip: false,
    } as const;
    const users = [
      user("alice", [sipDevice("alice-desk")]),
      user("bobby", [sipDevice("bob-desk")], {
        extension: "102",
        flow: [ring, { kind: "hangup", reason: "busy" }],
      }),
    ];
    const where = office([ring, { kind: "hangup", reason: "busy" }], { users, carriers: CARRIERS });
    const scene = Scene.begun({
      office: where,
      ...given({
        arrival:
          from === undefined
            ? undefined
            : ({ dialled: ["102"], origin: { kind: "phone", sipName: from } } as const),
      }),
    });
    scene.answers(answeredBy);
    scene.bridges(answeredBy);
    scene.input({ type: "caller_parked", transferredTo: "911", transferredBy: scene.leg(answeredBy).id });
    expect(scene.notes.filter(({ kind }) => kind === "emergency")).toEqual([
      { kind: "emergency", number: "911", by, device },
    ]);
  });

  it("names nobody where it is not known whose phone has transferred the caller", () => {
    const ring = {
      kind: "ring",
      target: { kind: "user", username: "alice" },
      timeoutMs: null,
      skip: false,
    } as const;
    const users = [user("alice", [sipDevice("alice-desk")])];
    const scene = Scene.begun({
      office: office([ring, { kind: "hangup", reason: "busy" }], { users, carriers: CARRIERS }),
    });
    scene.answers("alice-desk");
    scene.bridges("alice-desk");
    // Alice has handed the caller over to a channel of which this call knows nothing.
    const strange = "99999999-2222-4333-8444-000000000000";
    scene.input({ type: "bridged", leg: strange });
    scene.input({ type: "caller_parked", transferredTo: "911", transferredBy: strange });
    expect(scene.notes.filter(({ kind }) => kind === "emergency")).toEqual([
      { kind: "emergency", number: "911", by: null, device: null },
    ]);
  });

  it("reaches it in any office, from any phone, by any of its numbers, and shows an own number", () => {
    fc.assert(
      fc.property(officeArbitrary, fc.nat(), fc.nat(), (where, which, whose) => {
        const numbers = emergencyNumbers(where);
        const number = numbers[which % numbers.length] ?? "";
        const names = where.users.flatMap(({ devices }) =>
          devices.flatMap(({ at }) => (at.kind === "sip" ? [at.name] : [])),
        );
        const scene = calls(number, where, names[whose % Math.max(1, names.length)] ?? "stranger");
        const command = dial(scene);
        expect(command?.dial).toEqual(
          where.carriers[0] === undefined
            ? undefined
            : { kind: "gateway", carrier: where.carriers[0].id, number },
        );
        if (command !== undefined && where.numbers.some((entry) => entry.number !== "any"))
          expect(RoutingTable.of(where, 1).lookupNumber(command.callerNumber)).toBeDefined();
      }),
    );
  });
});

describe("a caller from outside", () => {
  it("reaches no emergency service by calling the office", () => {
    const scene = Scene.begun({ office: house({}), arrival: { dialled: ["911"] } });
    expect(scene.dialled()).toEqual([]);
  });
});
