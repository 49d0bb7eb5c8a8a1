/**
 * Goal: a caller who withholds the number is anonymous everywhere but to a carrier that the office trusts; a user's number
 * is hidden when the user wants it; nobody outside is taken for an extension. Method: calls, and what each place is told.
 */
import { describe, expect, it } from "vitest";
import { NUMBER, office, outsidePhone, Scene, sipDevice, user } from "../../fixtures/core/scene.js";
import type { Office, User } from "../office/office.js";
import type { Step } from "../steps/types.js";
import type { Arrival } from "./input.js";

const SECRET = "+19175550133";
const NAME = "Sam Secret";
const MOBILE = "+19175550144";
const HANG_UP: Step = { kind: "hangup", reason: "no_answer" };
const RING: readonly Step[] = [
  { kind: "ring", target: { kind: "user", username: "alice" }, timeoutMs: 20_000, skip: false },
  HANG_UP,
];

function house(more: Partial<Office> = {}, alice: Partial<User> = {}): Office {
  const devices = [sipDevice("alice-desk"), outsidePhone(MOBILE)];
  const users = [user("alice", devices, { extension: "101", outboundNumber: NUMBER, ...alice })];
  return office(RING, { users, ...more });
}

function dials(scene: Scene) {
  return Object.fromEntries(
    scene.commands.flatMap((command) =>
      command.type === "dial" ? [[command.dial.kind, command] as const] : [],
    ),
  );
}

const withheld: Partial<Arrival> = { callerNumber: SECRET, callerName: NAME, privacy: "number" };
const TRUSTED = { carriers: [{ id: "main", proxy: "sip.example.net", trusted: true }] } as const;

describe("a caller who withholds the number", () => {
  it("is in no command and no note, and a phone and a carrier are shown nobody", () => {
    const scene = Scene.begun({ office: house(), arrival: withheld });
    const { contact, gateway } = dials(scene);
    expect(contact).toMatchObject({ callerNumber: "anonymous", callerName: "" });
    expect(gateway).toMatchObject({
      callerNumber: "anonymous",
      callerName: "",
      asserted: NUMBER,
      isPrivate: true,
    });
    scene.answers(MOBILE);
    const prompt = scene.commands.find(({ type }) => type === "play");
    expect(prompt).toMatchObject({ sounds: expect.arrayContaining(["unknown-caller"]) });
    expect(JSON.stringify([scene.notes, scene.commands])).not.toMatch(/9175550133|Secret/);
  });

  it("is told to a carrier that the office trusts, as private", () => {
    const { contact, gateway } = dials(Scene.begun({ office: house(TRUSTED), arrival: withheld }));
    expect(gateway).toMatchObject({
      callerNumber: "anonymous",
      callerName: "",
      asserted: SECRET,
      isPrivate: true,
    });
    expect(contact).toMatchObject({ callerNumber: "anonymous" });
  });

  it.each(["called", "fixed"] as const)("is hidden behind the office's number where it shows %s", (kind) => {
    const outsideCallerId = kind === "called" ? ({ kind } as const) : ({ kind, number: NUMBER } as const);
    const { gateway } = dials(Scene.begun({ office: house({ outsideCallerId }), arrival: withheld }));
    expect(gateway).toMatchObject({ callerNumber: NUMBER, callerName: "" });
    expect(JSON.stringify(gateway)).not.toMatch(/9175550133|Secret/);
  });

  it.each(["", "anonymous", "Restricted", "unavailable"])("may come without a number: %j", (callerNumber) => {
    const scene = Scene.begun({ office: house(), arrival: { callerNumber, callerName: "Anonymous" } });
    expect(scene.state.caller).toMatchObject({ number: "anonymous", name: "", withheld: { number: null } });
  });

  it("of the name alone is shown by number", () => {
    const arrival = { ...withheld, privacy: "name" } as const;
    expect(Scene.begun({ office: house(), arrival }).state.caller).toMatchObject({
      number: SECRET,
      name: "",
    });
  });
});

describe("anonymous callers are refused", () => {
  const refuse = { refusesAnonymous: true } as const;
  it.each([
    [
      "by a number",
      house({ numbers: [{ number: NUMBER, leadsTo: { kind: "steps", steps: RING }, ...refuse }] }),
    ],
    [
      "by a user",
      house(
        {
          numbers: [
            {
              number: NUMBER,
              leadsTo: {
                kind: "steps",
                steps: [{ kind: "send", target: { kind: "user", username: "alice" } }],
              },
            },
          ],
        },
        refuse,
      ),
    ],
    [
      "by a group",
      house({
        groups: [
          { id: "sales", name: "Sales", strategy: "simultaneous", members: [], flow: RING, ...refuse },
        ],
        numbers: [
          {
            number: NUMBER,
            leadsTo: { kind: "steps", steps: [{ kind: "send", target: { kind: "group", id: "sales" } }] },
          },
        ],
      }),
    ],
  ])("%s, in words, and others are not", (_what, where) => {
    const scene = Scene.begun({ office: where, arrival: withheld });
    expect(scene.state.legs).toEqual([]);
    expect(scene.commands).toContainEqual(expect.objectContaining({ sounds: ["number-withheld"] }));
    expect(scene.notes).toContainEqual({ kind: "refused", number: NUMBER, why: "anonymous" });
    expect(Scene.begun({ office: where }).state.legs).not.toEqual([]);
  });

  it("by a user whom a step rings", () => {
    const scene = Scene.begun({ office: house({}, refuse), arrival: withheld });
    expect(scene.state.legs).toEqual([]);
  });
});

describe("a user's own number", () => {
  const call = (dialled: string, where: Office, more: Partial<Arrival> = {}) =>
    dials(
      Scene.begun({
        office: where,
        arrival: { dialled: [dialled], origin: { kind: "phone", sipName: "alice-desk" }, ...more },
      }),
    )["gateway"];
  const OUT = "+12125550177";
  const always = house({}, { hidesNumber: true });

  it.each([
    ["always", OUT, always],
    ["for one call", `*67${OUT}`, house()],
    ["for one call", "*672125550177", house()],
    ["for one call, by the code of GSM", `*31#${OUT}`, house()],
    ["for one call, by Britain's code", "14102079460000", house({ country: "GB" })],
  ])("is hidden %s: %s", (_what, dialled, where) => {
    expect(call(dialled, where)).toMatchObject({
      callerNumber: "anonymous",
      callerName: "",
      asserted: null,
      isPrivate: true,
    });
  });

  it("is hidden when the phone asks for it", () => {
    expect(call(OUT, house(), { privacy: "number" })).toMatchObject({ isPrivate: true });
  });

  it.each([
    ["otherwise", OUT, house()],
    ["for one call though it is always hidden", `*82${OUT}`, always],
  ])("is shown %s", (_what, dialled, where) => {
    const shown = call(dialled, where);
    expect(shown).toMatchObject({ callerNumber: NUMBER, asserted: NUMBER });
    expect(shown).not.toHaveProperty("isPrivate");
  });

  it("is asserted to a carrier that the office trusts", () => {
    expect(call(OUT, { ...always, ...TRUSTED })).toMatchObject({
      callerNumber: "anonymous",
      asserted: NUMBER,
      isPrivate: true,
    });
  });

  it.each(["911", "*67911"])("is never hidden from the emergency service: %s", (dialled) => {
    const shown = call(dialled, always);
    expect(shown).toMatchObject({ callerNumber: NUMBER });
    expect(shown).not.toHaveProperty("isPrivate");
  });
});

describe("a caller from outside whose number looks like one inside", () => {
  it.each([
    ["an extension", "101", "Alice"],
    ["an extension as name", "101", "101"],
    ["a code", "*97101", "x"],
  ])("%s is shown as nobody", (_what, callerNumber, callerName) => {
    const { caller } = Scene.begun({ office: house(), arrival: { callerNumber, callerName } }).state;
    expect(caller.number).toBe("anonymous");
    expect(caller.name).not.toBe("101");
  });

  it("is none from inside either: a phone of a user without an extension is shown by its own name", () => {
    const users = [
      user("alice", [sipDevice("alice-desk")], { extension: "101" }),
      user("bobby", [sipDevice("bob-desk")]),
    ];
    const scene = Scene.begun({
      office: office(RING, { users }),
      arrival: { dialled: ["101"], origin: { kind: "phone", sipName: "bob-desk" }, callerNumber: "101" },
    });
    expect(scene.state.caller.number).toBe("bob-desk");
  });
});
