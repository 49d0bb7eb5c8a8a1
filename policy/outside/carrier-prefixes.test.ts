/** Goal: each number goes through the carriers that take it, in the office's order. Method: a table, and random offices. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Carrier } from "../office/office.js";
import { exportOffice } from "../office-file/export.js";
import { resolveOffice } from "../office-file/resolve.js";
import { carriersFor, firstWayOut, wayOutAfter } from "./carriers.js";

function carrier(id: string, ...prefixes: string[]): Carrier {
  return { id, proxy: "sip.example.net", ...(prefixes.length === 0 ? {} : { prefixes }) };
}

const some = fc.uniqueArray(
  fc.tuple(fc.stringMatching(/^[a-z]{1,8}$/), fc.subarray(["+1", "+12", "+44", "+4420", "+9"])),
  { selector: ([id]) => id, maxLength: 6 },
);
const numbers = fc.oneof(
  fc.stringMatching(/^\+[1-9][0-9]{6,14}$/),
  fc.constantFrom("911", "112", "411", "+442079460000"),
);

describe("the carriers of a number", () => {
  it("are those that take it, in the order of the office; for help, all of them", () => {
    fc.assert(
      fc.property(some, numbers, (drawn, number) => {
        const all = drawn.map(([id, prefixes]) => carrier(id, ...prefixes));
        const order = carriersFor(number, all);
        const takes = ({ prefixes = ["+"] }: Carrier) => prefixes.some((prefix) => number.startsWith(prefix));
        if (number.startsWith("+")) expect(order).toEqual(all.filter(takes));
        else {
          const forAll = all.filter(({ prefixes }) => prefixes === undefined);
          expect(order).toEqual([...forAll, ...all.filter((each) => !forAll.includes(each))]);
        }
        // One after the other, each once.
        const tried: string[] = [];
        for (let way = firstWayOut(number, all); way !== undefined; ) {
          tried.push(way.carrier.id);
          way = wayOutAfter(way.gateway, number, all);
        }
        expect(tried).toEqual(order.map(({ id }) => id));
      }),
    );
  });
});

function read(carriers: readonly object[], phone: string) {
  return resolveOffice([
    {
      office: { name: "Test", country: "US", timezone: "UTC", outside_calls: { countries: ["GB"] } },
      carriers,
      users: [
        {
          username: "alice.wong",
          name: "Alice",
          devices: [{ id: "cell", phone }],
          no_answer: [{ ring: `number:${phone}` }, { hangup: "busy" }],
        },
      ],
    },
  ]);
}

const US = { id: "us", proxy: "us.example.net", prefixes: ["+1", "+1"] };
const ALL = { id: "all", proxy: "sip.example.net" };

describe("a file", () => {
  it("says for which numbers a carrier is, and what is written is read as the same", () => {
    const { office } = read([US, ALL], "+12125550144");
    expect(office?.carriers).toEqual([{ id: "us", proxy: "us.example.net", prefixes: ["+1"] }, ALL]);
    expect(office && resolveOffice([exportOffice(office)]).office?.carriers).toEqual(office?.carriers);
  });

  it.each([
    [[US], "+442079460000", 2],
    [[US], "+12125550144", 0],
    [[US, ALL], "+442079460000", 0],
    [[], "+442079460000", 0],
  ])("%#: is warned of devices and steps whose number no carrier takes", (carriers, phone, warnings) => {
    const { problems } = read(carriers, phone);
    expect(problems.filter(({ code }) => code === "never_called")).toHaveLength(warnings);
  });

  it.each([[[]], [["44"]], [["+0"]], ["+44"]])("does not have the prefixes %j", (prefixes) => {
    expect(read([{ ...ALL, prefixes }], "+12125550144").office).toBeUndefined();
  });
});
