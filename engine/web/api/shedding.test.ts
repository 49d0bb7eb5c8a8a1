/**
 * Goal: requests that would wait for more than about a second are refused at once, a few slow ones are not taken for that,
 * and whoever is refused is told when to ask again. Method: requests counted by hand, and the server with a handler that
 * never ends.
 */

import { afterEach, expect, it } from "vitest";
import { z } from "zod";
import { untilTrue } from "../../../fixtures/until-true.js";
import { WEB_OFFICE, type WebWorld, webWorld } from "../../../fixtures/web/world.js";
import { ok, route } from "./route.js";
import { Shedding } from "./shedding.js";

it.each([
  ["nothing is worked on", 0, 0, true],
  ["many have just come", 300, 999, true],
  ["many wait for a second", 300, 1_000, false],
  ["few wait for ever", 63, 3_600_000, true],
  ["there are far too many", 1_000, 0, false],
])("%s: another one is taken: %o, %o, %o", (_what, count, waitedMs, takes) => {
  const shedding = new Shedding();
  for (let nth = 0; nth < count; nth += 1) shedding.begin(0);
  expect(shedding.takes(waitedMs)).toBe(takes);
});

it("single requests that take long keep nobody out", () => {
  const shedding = new Shedding();
  for (let nth = 0; nth < 30; nth += 1) shedding.begin(0);
  for (let nth = 0; nth < 100; nth += 1) shedding.begin(10_000);
  expect(shedding.takes(10_500)).toBe(true);
});

it("a request that has ended is not counted", () => {
  const shedding = new Shedding();
  const all = Array.from({ length: 100 }, () => shedding.begin(0));
  expect(shedding.takes(5_000)).toBe(false);
  for (const over of all) over();
  expect(shedding.takes(5_000)).toBe(true);
});

let world: WebWorld | undefined;
afterEach(() => world?.close());

it("the server says so, with Retry-After, and answers again when it has caught up", async () => {
  let goOn = () => {};
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  let arrived = 0;
  world = await webWorld(WEB_OFFICE, {}, [
    route({
      method: "GET",
      path: "/held",
      tag: "Test",
      summary: "Wait",
      access: { needs: "own" },
      answer: z.object({}),
      handle: async () => {
        arrived += 1;
        await held;
        return ok({});
      },
    }),
  ]);
  const carol = world.as("carol.diaz");
  const all = Array.from({ length: 80 }, () => carol.get("/held"));
  await untilTrue(() => arrived === all.length);
  world.pass(1_500);
  const refused = await carol.get("/held");
  expect([refused.status, refused.headers["retry-after"]]).toEqual([503, "2"]);
  expect(refused.body).toMatchObject({ type: "overloaded", retry_after: 2 });
  goOn();
  expect((await Promise.all(all)).map(({ status }) => status)).toEqual(all.map(() => 200));
  expect((await carol.get("/held")).status).toBe(200);
});
