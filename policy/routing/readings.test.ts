/**
 * Goal: a number of the office is never misread, in any country and however it is written; a number of somebody else
 * seldom. Method: random valid numbers of every country of the library, in six spellings, dialled by a phone of the office
 * and sent by a carrier. Those of the office must all be found; the others that are misread are listed in a file, with an
 * example of each kind, so that a change of the rules or of the library shows what it does.
 */
import { join } from "node:path";
import type { PhoneNumber } from "libphonenumber-js/max";
import { describe, expect, it } from "vitest";
import { office, sipDevice, user } from "../../fixtures/core/scene.js";
import { expectFile } from "../../fixtures/expected-text.js";
import { COUNTRIES, numbersOf, type Spelling, spellingsOf } from "../../fixtures/numbers/random-numbers.js";
import { resolveArrival } from "../call/dialled.js";
import type { Arrival } from "../call/input.js";
import type { World } from "../call/world.js";
import type { NumberEntry } from "../office/office.js";
import { RoutingTable } from "./table.js";

const NUMBERS_PER_COUNTRY = 12;
const SEED = 16;

/** The countries by their first letter, so that each test is short. */
const LETTERS = [...new Set(COUNTRIES.map((country) => country.charAt(0)))];

interface Case {
  readonly country: string;
  readonly number: PhoneNumber;
  readonly spelling: Spelling;
  readonly text: string;
}

const CASES = new Map(COUNTRIES.map((country) => [country, casesOf(country)]));

function casesOf(country: string): readonly Case[] {
  return numbersOf(country, NUMBERS_PER_COUNTRY, SEED).flatMap((number, index) =>
    spellingsOf(number, country, SEED + index).map(([spelling, text]) => ({
      country,
      number,
      spelling,
      text,
    })),
  );
}

/** An office of the country with one phone that may call outside. */
function worldOf(country: string, numbers: readonly NumberEntry[]): World {
  const alice = user("alice.wong", [sipDevice("alice-desk")], {
    permissions: { outside_calls: true },
    outboundNumber: "+12125550100",
  });
  // None of the digits that are dialled here is an emergency number.
  const made = { ...office([], { country, numbers, users: [alice] }), emergencyNumbers: ["9999999"] };
  return {
    office: RoutingTable.of(made, 1),
    contactsOf: () => [],
    memory: { rungFirst: () => undefined, answeredMs: () => undefined, byHand: () => undefined },
  };
}

function arrival(text: string, origin: Arrival["origin"]): Arrival {
  return {
    id: "11111111-2222-4333-8444-000000000000",
    atMs: 0,
    dialled: [text],
    origin,
    callerNumber: "+12125550199",
    callerName: "",
    media: "none",
    codecs: "",
  };
}

const INSIDE: Arrival["origin"] = { kind: "phone", sipName: "alice-desk" };
const CARRIER: Arrival["origin"] = { kind: "carrier" };

describe("a number of the office", () => {
  it.each(LETTERS)(
    "is found in every spelling, from inside and from a carrier: countries with %s",
    (letter) => {
      const missed: string[] = [];
      for (const country of COUNTRIES.filter((each) => each.startsWith(letter))) {
        let last: PhoneNumber | undefined;
        let world = worldOf(country, []);
        for (const { number, spelling, text } of CASES.get(country) ?? []) {
          // The spellings of a number follow each other.
          if (number !== last)
            world = worldOf(country, [{ number: number.number, leadsTo: { kind: "steps", steps: [] } }]);
          last = number;
          for (const [from, sent] of [
            [INSIDE, text],
            [CARRIER, text],
            [CARRIER, `sip:${encodeURI(text)}@carrier.example;user=phone`],
          ] as const) {
            const { caller, source } = resolveArrival(arrival(sent, from), world);
            if (source.kind !== "number" || caller.called !== number.number)
              missed.push(`${country} ${spelling}: ${sent} is ${caller.called}, not ${number.number}`);
          }
        }
      }
      expect(missed).toEqual([]);
    },
  );
});

describe("a number of somebody else", () => {
  it("is misread as listed, from inside", () => {
    const misread: Misread[] = [];
    let read = 0;
    for (const country of COUNTRIES) {
      const world = worldOf(country, []);
      for (const each of CASES.get(country) ?? []) {
        read += 1;
        const { caller, source } = resolveArrival(arrival(each.text, INSIDE), world);
        // A number that the office may not call was read all the same: the refusal is about what it costs.
        const isRead = source.kind === "dialled" || source.kind === "not_permitted";
        const found = isRead ? caller.called : "none";
        if (found !== each.number.number) misread.push({ ...each, found });
      }
    }
    expectFile(join(import.meta.dirname, "../../fixtures/numbers/misread-inside.txt"), listOf(misread, read));
  });

  it("is misread as listed, from a carrier: the number of a caller whom nobody knows", () => {
    const misread: Misread[] = [];
    let read = 0;
    const any: NumberEntry = { number: "any", leadsTo: { kind: "steps", steps: [] } };
    for (const country of COUNTRIES) {
      const world = worldOf(country, [any]);
      for (const each of CASES.get(country) ?? []) {
        read += 1;
        const found = resolveArrival(arrival(each.text, CARRIER), world).caller.called;
        if (found !== each.number.number) misread.push({ ...each, found });
      }
    }
    expectFile(
      join(import.meta.dirname, "../../fixtures/numbers/misread-carrier.txt"),
      listOf(misread, read),
    );
  });
});

interface Misread extends Case {
  readonly found: string;
}

/** One line for each country and spelling: how many, and an example. */
function listOf(misread: readonly Misread[], read: number): string {
  const groups = new Map<string, Misread[]>();
  for (const each of misread) {
    const key = `${each.country}  ${each.spelling}`;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  const lines = [...groups].map(
    ([key, [first, ...more]]) =>
      `${key}: ${more.length + 1}, ${first?.text} as ${first?.found} for ${first?.number.number}`,
  );
  return `${misread.length} of ${read} numbers are misread\n\n${lines.join("\n")}\n`;
}
