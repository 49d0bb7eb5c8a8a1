/**
 * Goal: statistics and usage are what the commands say, for people with the permission alone; what shows single calls needs
 * the permission for those, too. Method: the kept calls of the web's office, asked for by the API.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BY_CAROL, keepCalls } from "../../../../../fixtures/web/web-calls.js";
import { WEB_OFFICE, type WebWorld, webWorld } from "../../../../../fixtures/web/world.js";
import type { Plan } from "../../../../../policy/usage/plan.js";

const PLAN: Plan = { id: "standard", currency: "USD", perMinute: "0.02", prices: [] };

let world: WebWorld;
beforeAll(async () => {
  const [number] = WEB_OFFICE.numbers;
  if (number === undefined) throw new Error("the office has no number");
  world = await webWorld({
    ...WEB_OFFICE,
    numbers: [{ ...number, plan: "standard", label: "Main line" }],
    sections: { plans: [PLAN] },
  });
  await keepCalls(world.store);
});
afterAll(() => world.close());

describe("statistics", () => {
  it("count calls from outside unless a direction is asked for", async () => {
    const { status, body } = await world.as("alice.wong").get("/statistics");
    expect([status, body]).toMatchObject([
      200,
      {
        ...{ from_day: "2026-11-01", until_day: "2026-11-30", timezone: "UTC", by: null, rows: [] },
        total: { calls: 2, answered: 1, missed: 1, talk_seconds: 60, offered: 2, answered_in_time: 1 },
      },
    ]);
  });

  it.each([
    [{ by: "user" }, "dave.kim1", "Dave Kim"],
    [{ by: "number" }, "+12125550100", "Main line"],
    [{ by: "hour" }, "14", undefined],
    [{ by: "weekday" }, "monday", undefined],
    [{ by: "day", from_day: "2026-11-29" }, "2026-11-30", undefined],
  ])("by %j have a row for %s", async (query, name, label) => {
    const { body } = await world.as("alice.wong").get("/statistics", { query });
    const { rows } = body as { rows: readonly { name: string; label?: string; answered: number }[] };
    const row = rows.find((each) => each.name === name);
    expect([row?.answered, row?.label]).toEqual([1, label]);
  });

  it("count the calls of each hour of the week, and how often each weekday was", async () => {
    const query = { from_day: "2026-11-29", until_day: "2026-12-07" };
    const { status, body } = await world.as("alice.wong").get("/statistics/week", { query });
    const days = [2, 1, 1, 1, 1, 1, 2];
    expect([status, body]).toEqual([
      200,
      {
        ...{ timezone: "UTC", from_day: "2026-11-29", until_day: "2026-12-07" },
        of: { kind: "all", name: "in" },
        hours: [{ weekday: "monday", hour: 14, calls: 2, answered: 1, missed: 1, messages: 0 }],
        weekdays: "monday tuesday wednesday thursday friday saturday sunday"
          .split(" ")
          .map((weekday, nth) => ({ weekday, days: days[nth] })),
      },
    ]);
    const sales = await world.as("alice.wong").get("/statistics/week", { query: { group: "sales" } });
    expect(sales.body).toMatchObject({ hours: [{ calls: 1, answered: 1 }] });
    expect(
      (await world.as("alice.wong").get("/statistics/week", { query: { user: "dave.kim" } })).status,
    ).toBe(404);
    expect((await world.as("erin.hall").get("/statistics/week")).status).toBe(403);
  });

  it.each([
    [{ from_day: "2026-11-31" }, 400],
    [{ from_day: "2026-11-30", until_day: "2026-11-29" }, 400],
    [{ by: "user", group: "sales" }, 400],
    [{ user: "dave.kim" }, 404],
    [{ within_seconds: "0" }, 400],
  ])("%j is refused with its reason", async (query, status) => {
    expect((await world.as("alice.wong").get("/statistics", { query })).status).toBe(status);
  });

  it("are exported as the command does it", async () => {
    const { text } = await world.as("alice.wong").get("/statistics/export", { query: { by: "number" } });
    expect(text.split("\r\n")[1]).toMatch(/^'\+12125550100|^"'\+12125550100",Main line,1,1/);
  });
});

describe("usage", () => {
  it("is reckoned for whoever has to do with bills", async () => {
    const { status, body } = await world.as("bella.ruiz").get("/usage", { query: { month: "2026-11" } });
    expect([status, body]).toMatchObject([
      200,
      {
        ...{ month: "2026-11", running: true, in_progress: 0, kept_since_at: null },
        numbers: expect.arrayContaining([expect.objectContaining({ calls: 1 })]),
      },
    ]);
  });

  it.each([
    [{ month: "2026-13" }, 400],
    [{ revision: "99" }, 404],
  ])("of %j is refused", async (query, status) => {
    expect((await world.as("bella.ruiz").get("/usage", { query })).status).toBe(status);
  });

  it("call by call needs the permission for calls, too", async () => {
    const query = { by: "call" };
    const refused = await world.as("bella.ruiz").get("/usage/export", { query });
    expect([refused.status, refused.body]).toMatchObject([403, { permission: "call_logs" }]);
    const { status, text } = await world.as("alice.wong").get("/usage/export", { query });
    expect([status, text.split("\r\n").length]).toEqual([200, 4]);
    expect(text).toContain(BY_CAROL);
  });
});

it.each([
  ["/statistics", "bella.ruiz", "analytics"],
  ["/statistics/export", "carol.diaz", "analytics"],
  ["/usage", "carol.diaz", "billing"],
  ["/usage/export", "erin.hall", "billing"],
])("%s is not for %s", async (path, username, permission) => {
  const { status, body } = await world.as(username).get(path);
  expect([status, body]).toMatchObject([403, { permission }]);
});
