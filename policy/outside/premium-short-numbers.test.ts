/**
 * Goal: no premium short number is called unless it is named, and numbers for help always are. Method: a table of countries;
 * random numbers of the patterns of every country; an office's file.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NUMBER, office, outsidePhone, Scene, sipDevice, user } from "../../fixtures/core/scene.js";
import type { Office } from "../office/office.js";
import { exportOffice } from "../office-file/export.js";
import { resolveOffice } from "../office-file/resolve.js";
import { emergencyNumbersOf } from "../routing/emergency.js";
import { PREMIUM_SHORT_NUMBER_PATTERNS } from "../routing/premium-short-number-patterns.js";
import { shortNumber } from "../routing/short-numbers.js";
import { RoutingTable } from "../routing/table.js";
import type { Step } from "../steps/types.js";
import { OFFICE, userPays, whyNotOutside } from "./payer.js";
import type { OutsidePlaces } from "./settings.js";

function house(country: string, alice: OutsidePlaces = {}, more: Partial<Office> = {}): Office {
  const users = [
    user("alice", [sipDevice("alice-desk")], {
      outboundNumber: NUMBER,
      extension: "42",
      outsideCalls: alice,
    }),
  ];
  return office([], { country, users, ...more });
}

const why = (number: string, where: Office, payer = userPays("alice")) =>
  whyNotOutside(number, payer, true, RoutingTable.of(where, 1));

describe("a short number that a user dials", () => {
  it.each([
    ["SE", "118118", "premium"],
    ["SE", "118119", "premium"],
    ["SE", "11414", null],
    ["SE", "112", null],
    ["FR", "118500", "premium"],
    ["FR", "3635", "premium"],
    ["FR", "116117", null],
    ["CH", "1811", "premium"],
    ["CH", "144", null],
    ["ES", "11818", "premium"],
    ["HR", "11888", "premium"],
    ["LV", "1180", "premium"],
    ["TW", "106", "premium"],
    ["TW", "119", null],
    // The metadata says nothing of what these cost.
    ["GB", "118118", null],
    ["DE", "11880", null],
    ["US", "411", null],
    ["US", "911", null],
  ])("in %s: %s is refused as %s", (country, number, refusal) => {
    expect(why(number, house(country))).toBe(refusal);
    expect(why(number, house(country), OFFICE)).toBe(refusal);
    const origin = { kind: "phone", sipName: "alice-desk" } as const;
    const scene = Scene.begun({ office: house(country), arrival: { dialled: [number], origin } });
    expect(scene.dialled()).toEqual(refusal === null ? [number] : []);
  });

  it.each([
    ["the office names it", {}, { outsideCalls: { shortNumbers: ["118118"] } }, null],
    ["the user's own settings name it", { shortNumbers: ["118118"] }, {}, null],
    ["only another one is named", { shortNumbers: ["118119"] }, {}, "premium"],
    ["its country is named", { countries: ["SE"] }, { outsideCalls: { countries: ["SE"] } }, "premium"],
    ["only numbers in E.164 are named", { prefixes: ["+46", "+1"] }, {}, "premium"],
    ["the office names it as a number for help", {}, { emergencyNumbers: ["112", "118118"] }, null],
  ] as const)("118118 in Sweden where %s", (_what, alice, more, refusal) => {
    expect(why("118118", house("SE", alice, more))).toBe(refusal);
  });
});

describe("every way to a premium short number", () => {
  const DIRECTORY = "118118";
  const ring: Step = {
    kind: "ring",
    target: { kind: "number", number: DIRECTORY },
    timeoutMs: 20_000,
    skip: false,
  };
  const hangup: Step = { kind: "hangup", reason: "no_answer" };
  const toAlice: Step = {
    kind: "ring",
    target: { kind: "user", username: "alice" },
    timeoutMs: 20_000,
    skip: false,
  };
  const begin = (steps: readonly Step[], named: readonly string[], devices = [sipDevice("alice-desk")]) =>
    office(steps, {
      country: "SE",
      users: [user("alice", devices, { outboundNumber: NUMBER })],
      outsideCalls: { shortNumbers: named },
    });

  const WAYS: readonly (readonly [string, (named: readonly string[]) => Scene])[] = [
    [
      "a phone dials",
      (named) =>
        Scene.begun({
          office: begin([], named),
          arrival: { dialled: [DIRECTORY], origin: { kind: "phone", sipName: "alice-desk" } },
        }),
    ],
    [
      "a phone transfers a mobile",
      (named) =>
        Scene.begun({
          office: begin([], named),
          arrival: {
            dialled: [DIRECTORY],
            origin: { kind: "transferred" },
            media: "answered",
            transfer: { by: "alice", channel: null },
          },
        }),
    ],
    [
      "a user's outside device",
      (named) => Scene.begun({ office: begin([toAlice, hangup], named, [outsidePhone(DIRECTORY)]) }),
    ],
    ["a flow rings it", (named) => Scene.begun({ office: begin([ring, hangup], named) })],
    [
      "a flow sends there",
      (named) => Scene.begun({ office: begin([{ kind: "send", target: ring.target }], named) }),
    ],
  ];

  it.each(WAYS)("%s: it is refused with its reason, unless it is named", (_what, play) => {
    const refused = play([]);
    expect(refused.state.legs).toEqual([]);
    const reasons = refused.notes.flatMap((note) =>
      note.kind === "refused" ? [note.why] : note.kind === "not_rung" ? [note.whom.reason] : [],
    );
    expect(reasons).toEqual(["premium"]);
    expect(play([DIRECTORY]).dialled()).toEqual([DIRECTORY]);
  });
});

describe("every country", () => {
  const premium = fc
    .constantFrom(...PREMIUM_SHORT_NUMBER_PATTERNS)
    .chain(([country, pattern]) =>
      fc.tuple(fc.constant(country), fc.stringMatching(new RegExp(`^(?:${pattern})$`))),
    );

  it("refuses its premium short numbers unless they are named or dialled for help", () => {
    fc.assert(
      fc.property(premium, ([country, number]) => {
        expect(why(number, house(country))).toBe("premium");
        expect(why(number, house(country), OFFICE)).toBe("premium");
        expect(why(number, house(country, { shortNumbers: [number] }))).toBeNull();
        expect(why(number, house(country, {}, { emergencyNumbers: [number] }))).toBeNull();
      }),
    );
  });

  it("lets everybody dial for help", () => {
    for (const [country] of PREMIUM_SHORT_NUMBER_PATTERNS)
      for (const number of emergencyNumbersOf(country)) expect(why(number, house(country))).toBeNull();
  });

  it("reads a named number from a file, if people call it there, and writes it again", () => {
    fc.assert(
      fc.property(premium, ([country, number]) => {
        const { office: read, problems } = file(country, [number]);
        if (shortNumber(number, country) === undefined) {
          expect(problems).toMatchObject([{ code: "wrong_value" }]);
          return;
        }
        expect(problems).toEqual([]);
        expect(read?.outsideCalls?.shortNumbers).toEqual([number]);
        expect(read && resolveOffice([exportOffice(read)]).office).toEqual(read);
      }),
    );
  });
});

function file(country: string, shortNumbers: readonly unknown[]) {
  return resolveOffice([
    { office: { name: "Test", country, timezone: "UTC", outside_calls: { short_numbers: shortNumbers } } },
  ]);
}

describe("a file", () => {
  it("may say a short number without quotes, and twice", () => {
    expect(file("SE", [118118, "118118"]).office?.outsideCalls).toEqual({ shortNumbers: ["118118"] });
  });

  it.each([
    ["a number of another country", "US", ["118500"]],
    ["a number that is only texted", "US", ["24280"]],
    ["a public number", "SE", ["+468123456"]],
    ["the beginning of numbers", "FR", ["118"]],
    ["words", "FR", ["directory"]],
    ["no list", "FR", "118500"],
  ])("does not have %s", (_what, country, numbers) => {
    const { office: read, problems } = resolveOffice([
      { office: { name: "Test", country, timezone: "UTC", outside_calls: { short_numbers: numbers } } },
    ]);
    expect(read).toBeUndefined();
    expect(problems.map(({ expected }) => expected).join()).toMatch(/short number/);
  });

  it("has no device and no step with a short number, so that none needs a warning", () => {
    const user = {
      username: "alice.wong",
      name: "Alice",
      devices: [{ id: "cell", phone: "118118" }],
      no_answer: [{ ring: "number:118118" }, { hangup: "busy" }],
    };
    const { office: read, problems } = resolveOffice([
      { office: { name: "Test", country: "SE", timezone: "UTC" }, users: [user] },
    ]);
    expect(read).toBeUndefined();
    expect(problems.filter(({ severity }) => severity === "error")).toHaveLength(2);
  });
});
