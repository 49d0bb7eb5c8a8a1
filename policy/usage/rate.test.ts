/**
 * Goal: what calls outside cost is exact, whatever their lengths and prices. Method: a table of single calls, months of
 * calls against the sum done by hand, and the property that no second is lost or counted twice.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NumberBlocks } from "../routing/blocks.js";
import { amountText, exactAmount, microsOf } from "./money.js";
import { monthOf } from "./month.js";
import type { Plan } from "./plan.js";
import { countedTo, type OutsideCall, PlanPrices, Rater, secondsOf } from "./rate.js";

const BUSINESS: Plan = {
  id: "business",
  currency: "USD",
  includedMinutes: 2,
  includedPrefixes: ["+1"],
  perMinute: "0.25",
  prices: [
    { number: "+1", perMinute: "0.012" },
    { number: "+1876", perMinute: "0.2" },
    { number: "+44", perMinute: "0.02" },
    { number: "+447", perMinute: "0.07" },
    { number: "411", perMinute: "1.5" },
  ],
};
const WITHOUT_INCLUDED: Plan = { id: "plain", currency: "USD", prices: BUSINESS.prices };

function call(to: string, seconds: number, atMs = 0): OutsideCall & { readonly endedMs: number } {
  return {
    call: "c",
    answeredMs: atMs,
    endedMs: atMs + seconds * 1_000,
    isEndSeen: true,
    to,
    shown: "+12125550100",
    called: null,
    user: null,
  };
}

describe("the price of a minute", () => {
  it.each([
    ["+12125550199", "0.012", "the prefix of the country"],
    ["+18765550199", "0.2", "the longer prefix"],
    ["+442075550199", "0.02", "a prefix of another country"],
    ["+447700900123", "0.07", "the longest of three"],
    ["+4915112345678", "0.25", "none: what the plan says of all others"],
    ["411", "1.5", "a short number as a whole"],
    ["4112", "0.25", "a short number that only begins so"],
    ["+1411", "0.012", "a prefix, not the short number within it"],
  ])("of a call to %s is %s: %s", (to, price) => {
    expect(new PlanPrices(BUSINESS).of(to)).toBe(price);
  });

  it("is not there when no prefix fits and the plan says nothing of all others", () => {
    expect(new PlanPrices(WITHOUT_INCLUDED).of("+4915112345678")).toBeNull();
    const rated = new Rater().rate(call("+4915112345678", 60), WITHOUT_INCLUDED);
    expect(rated).toEqual({ seconds: 60, includedSeconds: 0, perMinute: null, cost: null });
  });
});

describe("the cost of one call", () => {
  it.each([
    [0, "0"],
    [1, "0.000333"],
    [29, "0.009667"],
    [60, "0.02"],
    [61, "0.020333"],
    [90, "0.03"],
    [3_600, "1.2"],
    // 150 days: far behind what a float with millionths of a dollar could add up.
    [12_960_000, "4320"],
  ])("of %d s at 0.02 a minute is %s", (seconds, cost) => {
    const rated = new Rater().rate(call("+442075550199", seconds), WITHOUT_INCLUDED);
    expect(rated.cost).toBe(microsOf(cost));
  });

  it("is rounded half up, to a millionth", () => {
    const plan: Plan = { id: "p", currency: "USD", prices: [{ number: "+1", perMinute: "0.00003" }] };
    // 30 millionths a minute: half a millionth a second.
    expect(new Rater().rate(call("+12125550199", 1), plan).cost).toBe(1n);
    expect(new Rater().rate(call("+12125550199", 3), plan).cost).toBe(2n);
  });

  it.each([
    [0, 0, 0],
    [0, 1, 1],
    [0, 999, 1],
    [0, 1_000, 1],
    [0, 1_001, 2],
    [5_000, 4_000, 0],
  ])("counts each second that has begun: from %d ms to %d ms are %d s", (answeredMs, endedMs, seconds) => {
    expect(secondsOf({ answeredMs, endedMs })).toBe(seconds);
  });
});

describe("included minutes", () => {
  it("are used in the order of answers, shared by all calls of the plan, and only by calls to their prefixes", () => {
    const rater = new Rater();
    const rated = [
      call("+12125550199", 90),
      call("+442075550199", 60),
      call("+12125550198", 50),
      call("+12125550198", 60),
    ].map((each) => rater.rate(each, BUSINESS));
    expect(rated.map(({ includedSeconds }) => includedSeconds)).toEqual([90, 0, 30, 0]);
    expect(rated.map(({ cost }) => exactAmount(cost ?? -1n))).toEqual(["0", "0.02", "0.004", "0.012"]);
    expect(rater.used("business")).toBe(120);
  });

  it("are those of each plan", () => {
    const rater = new Rater();
    rater.rate(call("+12125550199", 500), BUSINESS);
    const other = { ...BUSINESS, id: "other" };
    expect(rater.rate(call("+12125550199", 10), other).includedSeconds).toBe(10);
  });

  it("lose and invent no second, and no price but for what is beyond them", () => {
    const lengths = fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 30 });
    const price = fc.bigInt({ min: 0n, max: 3_000_000n }).map(exactAmount);
    fc.assert(
      fc.property(lengths, fc.integer({ min: 0, max: 300 }), price, (seconds, minutes, perMinute) => {
        const plan: Plan = { id: "p", currency: "EUR", includedMinutes: minutes, perMinute, prices: [] };
        const rater = new Rater();
        const rated = seconds.map((each) => rater.rate(call("+12125550199", each), plan));
        const total = seconds.reduce((sum, each) => sum + each, 0);
        const included = rated.reduce((sum, each) => sum + each.includedSeconds, 0);
        expect(included).toBe(Math.min(total, minutes * 60));
        for (const each of rated) {
          const exact = BigInt(each.seconds - each.includedSeconds) * microsOf(perMinute);
          const twice = 2n * (60n * (each.cost ?? -1n) - exact);
          // Within half a millionth, and never below.
          expect(twice >= -60n && twice <= 60n).toBe(true);
        }
      }),
    );
  });
});

describe("the number to which a call counts", () => {
  const single = new Map([
    ["+12125550100", { number: "+12125550100", leadsTo: null, plan: "business" }],
    ["+12125550101", { number: "+12125550101", leadsTo: null }],
  ]);
  const blocks = new Map([
    ["+12125550200..99", { number: "+12125550200..99", leadsTo: null, plan: "block" }],
    ["any", { number: "any", leadsTo: null, plan: "rest" }],
  ]);
  const office = (withAny: boolean) => {
    const found = new NumberBlocks(withAny ? blocks : new Map([...blocks].slice(0, 1)));
    return {
      number: (number: string) => single.get(number) ?? found.find(number),
      anyNumber: found.any,
    };
  };
  it.each<[string, string | null, string | null, string | null, string | undefined]>([
    ["the number that it showed", "+12125550100", null, "+12125550100", "business"],
    ["a number of a block, by itself", "+12125550217", null, "+12125550217", "block"],
    ["a number without a plan", "+12125550101", "+12125550100", "+12125550101", undefined],
    [
      "the number called, where the caller's own was shown",
      "+16465550111",
      "+12125550100",
      "+12125550100",
      "business",
    ],
    ["the number called, where nobody was shown", null, "+12125550217", "+12125550217", "block"],
    ["no number: nothing of the office was shown or called", "+16465550111", null, null, undefined],
  ])("is %s", (_, shown, called, number, plan) => {
    const counted = countedTo({ ...call("+442075550199", 1), shown, called }, office(false));
    expect(counted).toEqual({ number, plan });
  });

  it("is the number called where the office takes any", () => {
    const any = { ...call("+442075550199", 1), shown: null, called: "+12125559999" };
    expect(countedTo(any, office(true))).toEqual({ number: "+12125559999", plan: "rest" });
    expect(countedTo({ ...any, called: null }, office(true)).number).toBeNull();
  });
});

describe("an amount", () => {
  it.each([
    ["12.345", "USD", "12.35"],
    ["0.005", "USD", "0.01"],
    ["0.004999", "USD", "0.00"],
    ["12.5", "JPY", "13"],
    ["0.0005", "KWD", "0.001"],
    ["1234567.891", "EUR", "1234567.89"],
    ["0", "USD", "0.00"],
  ])("of %s %s is printed as %s", (exact, currency, text) => {
    expect(amountText(microsOf(exact), currency)).toBe(text);
  });

  it("is read as it was written", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), (micros) => {
        expect(microsOf(exactAmount(micros))).toBe(micros);
      }),
    );
  });
});

describe("a month", () => {
  const hours = (month: string, zone: string) => {
    const found = monthOf(month, zone);
    return found === undefined ? undefined : (found.untilMs - found.fromMs) / 3_600_000;
  };
  it.each([
    ["2026-11", "America/New_York", 30 * 24 + 1, "the clock is set back"],
    ["2026-03", "America/New_York", 31 * 24 - 1, "the clock is set forward"],
    ["2026-10", "Europe/Berlin", 31 * 24 + 1, "the clock is set back"],
    ["2026-02", "UTC", 28 * 24, "no clock is set"],
    ["2028-02", "UTC", 29 * 24, "a leap year"],
    ["2026-12", "Asia/Kolkata", 31 * 24, "no clock is set, half an hour beside"],
    ["2026-03", "Asia/Beirut", 31 * 24 - 1, "midnight is skipped"],
    ["2018-11", "America/Sao_Paulo", 30 * 24 - 1, "midnight is skipped"],
  ])("%s in %s has %d hours: %s", (month, zone, expected) => {
    expect(hours(month, zone)).toBe(expected);
  });

  it.each(["2026-13", "2026-00", "2026", "2026-1", "26-11", "", "2026-11-01", "november"])(
    "%j is none",
    (text) => {
      expect(monthOf(text, "UTC")).toBeUndefined();
    },
  );

  it("follows the one before without a gap, in any zone", () => {
    const zone = fc.constantFrom("America/New_York", "Africa/Cairo", "Pacific/Apia", "Australia/Lord_Howe");
    const month = fc.integer({ min: 0, max: 239 }).map((n) => {
      const two = (value: number) => String(value).padStart(2, "0");
      return [
        `${2010 + Math.floor(n / 12)}-${two((n % 12) + 1)}`,
        `${2010 + Math.floor((n + 1) / 12)}-${two(((n + 1) % 12) + 1)}`,
      ] as const;
    });
    fc.assert(
      fc.property(zone, month, (of, [first, second]) => {
        expect(monthOf(first, of)?.untilMs).toBe(monthOf(second, of)?.fromMs);
      }),
    );
  });
});
