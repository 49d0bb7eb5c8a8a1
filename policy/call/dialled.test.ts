/**
 * Goal: a phone of the office reaches what its user means: an extension of any length, a short number, a number that the
 * plans have; nothing else is dialled. Method: calls from a phone, in the words that phones send.
 */
import { describe, expect, it } from "vitest";
import { NUMBER, office, Scene, sipDevice, user } from "../../fixtures/core/scene.js";
import type { Office } from "../office/office.js";
import { OFFICE } from "../outside/payer.js";
import { callBackSource } from "./dialled.js";

function house(country: string, mayCallOutside = true): Office {
  const users = [
    user("alice", [sipDevice("alice-desk")], {
      outboundNumber: NUMBER,
      permissions: { outside_calls: mayCallOutside },
    }),
    ...["42", "110118", "7700"].map((extension) =>
      user(`user-${extension}`, [sipDevice(`desk-${extension}`)], { extension }),
    ),
  ];
  return office([], { country, users, outsideCalls: { countries: ["GB", "SG"] } });
}

function calls(dialled: string, where: Office): Scene {
  const origin = { kind: "phone", sipName: "alice-desk" } as const;
  return Scene.begun({ office: where, arrival: { dialled: [dialled], origin } });
}

describe("a phone that dials an extension", () => {
  it.each(["42", "42#", "4\u200b2", "４２", "110118", "7700#", "7700"])("%s reaches it", (dialled) => {
    const scene = calls(dialled, house("DE"));
    expect(scene.dialled()).toEqual([`desk-${dialled.normalize("NFKC").replace(/[^0-9]/g, "")}`]);
  });

  it.each(["4", "421", "1101", "77000"])("%s reaches nobody", (dialled) => {
    expect(calls(dialled, house("DE")).dialled()).toEqual([]);
  });
});

describe("a phone that dials a number outside", () => {
  it.each([
    ["030 901820#", "DE", "+4930901820"],
    ["0011 44 20 7183 8750", "AU", "+442071838750"],
    ["0016561234567", "HK", "+6561234567"],
    ["11833", "DE", "11833"],
    ["411", "US", "411"],
    ["411#", "US", "411"],
  ])("%s in %s calls %s", (dialled, country, number) => {
    expect(calls(dialled, house(country)).dialled()).toEqual([number]);
  });

  it.each([
    // No plan has them: an area code that nobody was given, a country code without a country.
    ["+1 555 000 1111", "US"],
    ["0012 345 678 9012", "DE"],
    ["+999 12345678", "DE"],
    ["0999 555010", "DE"],
    ["24280", "US"],
    ["118500", "US"],
  ])("%s in %s is not dialled", (dialled, country) => {
    const scene = calls(dialled, house(country));
    expect(scene.dialled()).toEqual([]);
    expect(scene.commands).toMatchObject([{ type: "play", sounds: ["cannot-be-completed"] }]);
  });

  it.each(["11833", "030 901820"])("%s is refused to a user who may not call outside", (dialled) => {
    const scene = calls(dialled, house("DE", false));
    expect(scene.dialled()).toEqual([]);
    expect(scene.commands).toMatchObject([{ type: "play", sounds: ["not-permitted"] }]);
  });
});

it("a caller of a carrier cannot fill the call's state with what the request says", () => {
  const words = {
    places: {
      diversion: `"${"x".repeat(500)}" <tel:${NUMBER}>`,
      from: "9".repeat(5_000),
      to: "9".repeat(5_000),
    },
  };
  const arrival = { dialled: ["trunk"], words, callerNumber: "9".repeat(5_000) };
  const carriers = [{ id: "main", proxy: "sip.example.net", callerNumber: "from" }] as const;
  const numbers = [{ number: NUMBER, leadsTo: { kind: "steps", steps: [] } }] as const;
  const scene = Scene.begun({ office: office([], { carriers, numbers }), arrival });
  expect(scene.state.caller.called).toBe(NUMBER);
  expect(JSON.stringify(scene.state).length).toBeLessThan(1_000);
});

it("a call back never reaches a short number: callers choose the number that they show", () => {
  const { world } = calls("42", house("DE"));
  expect(callBackSource("11833", world, OFFICE).source).toEqual({ kind: "unassigned" });
  expect(callBackSource("030 901820", world, OFFICE).called).toBe("+4930901820");
});
