/** Goal: outside phones are shown the right number, and the right number is asserted for it. */
import { describe, expect, it } from "vitest";
import { office } from "../../fixtures/core/scene.js";
import { RoutingTable } from "../routing/table.js";
import { type Showing, showOutside } from "./caller-id.js";

const FROM_OUTSIDE: Showing = {
  callerNumber: "anonymous",
  callerName: "",
  called: null,
  prefix: null,
  payer: "office",
  emergency: false,
  from: null,
};

describe("P-Asserted-Identity towards a carrier", () => {
  it.each([
    ["a caller who shows no number", FROM_OUTSIDE, null],
    ["a phone known by its sign-in name alone", { ...FROM_OUTSIDE, callerNumber: "dan.okafor-0" }, null],
    ["an extension", { ...FROM_OUTSIDE, callerNumber: "101" }, null],
    ["a public number", { ...FROM_OUTSIDE, callerNumber: "+12125550100" }, "+12125550100"],
    ["an own number", { ...FROM_OUTSIDE, called: "+12125550101" }, "+12125550101"],
  ])("of %s", (_whom, show, asserted) => {
    const table = RoutingTable.of(office([], { outsideCallerId: { kind: "called" } }), 1);
    expect(showOutside(show, table, false).asserted).toBe(asserted);
    const from = { username: "dan.okafor", device: "desk" };
    const fromInside = showOutside({ ...show, from, called: null }, table, false);
    expect(fromInside.asserted).toBe(show.callerNumber.startsWith("+") ? show.callerNumber : null);
  });
});
