/** Goal: a number goes by the carriers and proxies that may have it, in the order of the office. */
import { expect, it } from "vitest";
import type { Carrier } from "../office/office.js";
import { firstWayOut, wayOutAfter } from "./carriers.js";

const CARRIERS: readonly Carrier[] = [
  { id: "far", proxy: "far.example.net", prefixes: ["+49", "+44"] },
  { id: "main", proxy: "one.example.net", moreProxies: ["two.example.net", "three.example.net"] },
  { id: "backup", proxy: "backup.example.net" },
];

/** The gateways by which a number is tried, one after the other. */
function tried(number: string, carriers = CARRIERS): string[] {
  const gateways: string[] = [];
  for (let way = firstWayOut(number, carriers); way !== undefined; ) {
    gateways.push(way.gateway);
    way = wayOutAfter(way.gateway, number, carriers);
  }
  return gateways;
}

it.each([
  ["a number of a prefix", "+4930231250", ["far", "main", "main.2", "main.3", "backup"]],
  ["another number", "+12125550199", ["main", "main.2", "main.3", "backup"]],
  ["an emergency number", "911", ["main", "main.2", "main.3", "backup", "far"]],
])("%s goes by every proxy of a carrier before the next carrier", (_what, number, gateways) => {
  expect(tried(number)).toEqual(gateways);
});

it("no carrier takes a number without its prefix", () => {
  expect(tried("+12125550199", CARRIERS.slice(0, 1))).toEqual([]);
});

it("nothing follows a gateway that the office does not have", () => {
  expect(wayOutAfter("main.4", "+12125550199", CARRIERS)).toBeUndefined();
});
