/** Goal: only what differs is done. Method: a table of what the switch has, against what the office says. */
import { describe, expect, it } from "vitest";
import { type Gateway, gatewaysOf, markOf } from "./gateway.js";
import { type FoundGateway, type Plan, planFor } from "./plan.js";

function gateway(id: string, proxy = "a.example", isRegistering = false): Gateway {
  const account = isRegistering ? { username: "acme", password: { env: "P" } } : {};
  const [made] = gatewaysOf({ id, proxy, ...account }, { kind: "known", text: "p" }, "key");
  if (made === undefined) throw new Error("no gateway");
  return made;
}

const MAIN = gateway("main");
const TRUNK = gateway("trunk", "b.example", true);
const right = (of: Gateway): FoundGateway => ({ name: of.name, mark: markOf(of), isGoing: false });
const other = (name: string): FoundGateway => ({ name, mark: "of other settings", isGoing: false });
const byHand = (name: string): FoundGateway => ({ name, mark: null, isGoing: false });
const going = (name: string): FoundGateway => ({ name, mark: null, isGoing: true });
const NOTHING: Plan = { kill: [], missing: [], register: [], waits: [], written: [] };

interface Case {
  readonly wanted: readonly Gateway[];
  readonly found: readonly FoundGateway[];
  readonly replaced?: readonly string[];
  readonly untouched?: readonly string[];
}

describe("what is done about the gateways", () => {
  const cases: ReadonlyArray<readonly [what: string, given: Case, plan: Partial<Plan>]> = [
    ["nothing, for an office without carriers", { wanted: [], found: [] }, {}],
    ["nothing about those that are right", { wanted: [MAIN, TRUNK], found: [right(TRUNK), right(MAIN)] }, {}],
    ["a new one is asked for", { wanted: [MAIN, TRUNK], found: [right(MAIN)] }, { missing: ["trunk"] }],
    ["a removed one is deleted", { wanted: [MAIN], found: [right(MAIN), other("old")] }, { kill: ["old"] }],
    [
      "a changed one is deleted, and asked for",
      { wanted: [MAIN], found: [other("main")] },
      { kill: ["main"], missing: ["main"] },
    ],
    [
      "one that is going already is asked for",
      { wanted: [MAIN], found: [going("main")] },
      { missing: ["main"] },
    ],
    [
      "a new one beside the old one that is going is right",
      { wanted: [MAIN], found: [right(MAIN), going("main")] },
      {},
    ],
    [
      "one of a file that the office has too is left alone",
      { wanted: [MAIN], found: [byHand("main")] },
      { written: ["main"] },
    ],
    ["one of a file that the office has not is left alone", { wanted: [], found: [byHand("mine")] }, {}],
    [
      "one whose password cannot be read stays",
      { wanted: [], found: [other("main")], untouched: ["main"] },
      {},
    ],
    [
      "a replaced one is registered again when the old one is gone",
      { wanted: [TRUNK], found: [right(TRUNK)], replaced: ["trunk"] },
      { register: ["trunk"] },
    ],
    [
      "and not before",
      { wanted: [TRUNK], found: [right(TRUNK), going("trunk")], replaced: ["trunk"] },
      { waits: ["trunk"] },
    ],
    ["nor if it does not register", { wanted: [MAIN], found: [right(MAIN)], replaced: ["main"] }, {}],
    ["nor if it is no longer there", { wanted: [], found: [], replaced: ["trunk"] }, {}],
  ];
  it.each(cases)("%s", (_what, { wanted, found, replaced = [], untouched = [] }, plan) => {
    const byName = new Map(wanted.map((each) => [each.name, each]));
    expect(planFor(byName, found, new Set(replaced), new Set(untouched))).toEqual({ ...NOTHING, ...plan });
  });
});
