/**
 * Goal: what people do with messages on the web shows on the lamps of their phones within a second. Method: the API in
 * front of a real database, and the engine's lamps behind it, with a virtual clock and a link that notes what is sent.
 */
import { pino } from "pino";
import { afterEach, beforeEach, expect, it } from "vitest";
import { untilTrue } from "../../../../../fixtures/until-true.js";
import { VirtualClock } from "../../../../../fixtures/virtual-clock.js";
import { type VoiceWorld, voiceWorld } from "../../../../../fixtures/web/web-messages.js";
import type { RoutingTable } from "../../../../../policy/routing/table.js";
import { Lamps } from "../../../../voicemail/lamps.js";

let world: VoiceWorld;
let clock: VirtualClock;
let lamps: Lamps;
let told: string[];

beforeEach(async () => {
  world = await voiceWorld();
  const table: RoutingTable = await world.store.loadTable();
  clock = new VirtualClock();
  told = [];
  lamps = new Lamps({
    link: {
      open: () => {},
      close: () => Promise.resolve(),
      send: (command, done) => {
        if (command.verb === "sendevent") told.push(command.headers.map(([, value]) => value).join(" "));
        done({ outcome: "ok", text: "" });
      },
    },
    clock,
    log: pino({ level: "silent" }),
    store: world.store.voicemail,
    table: () => table,
    domain: "ringline",
    registered: () => [["carol-desk", []]],
    isRegistered: (name) => name === "carol-desk",
    isUnsafe: () => false,
  });
});
afterEach(async () => {
  lamps.linkDown();
  await world.close();
});

/** What the phone was told in the next second: the lamps look at the database by themselves, and then wait again. */
async function withinASecond(): Promise<string[]> {
  await untilTrue(() => clock.pending === 1);
  clock.advanceBy(999);
  await untilTrue(() => clock.pending === 1);
  return told.splice(0).filter((line) => !line.includes("nobody"));
}

it("follow what is heard, new again, deleted and put back on the web", async () => {
  await world.leave("one", "user:carol.diaz");
  await world.leave("two", "group:sales");
  lamps.linkUp();
  expect(await withinASecond()).toEqual(["yes sip:carol-desk@ringline 2/0 (0/0)"]);
  const carol = world.as("carol.diaz");
  expect((await carol.patch("/messages/one", { body: { state: "heard" } })).status).toBe(200);
  expect(await withinASecond()).toEqual(["yes sip:carol-desk@ringline 1/1 (0/0)"]);
  expect((await carol.patch("/messages/two", { body: { state: "heard" } })).status).toBe(200);
  expect(await withinASecond()).toEqual(["no sip:carol-desk@ringline 0/2 (0/0)"]);
  expect((await carol.patch("/messages/one", { body: { state: "new" } })).status).toBe(200);
  expect(await withinASecond()).toEqual(["yes sip:carol-desk@ringline 1/1 (0/0)"]);
  expect((await carol.delete("/messages/one")).status).toBe(200);
  expect(await withinASecond()).toEqual(["no sip:carol-desk@ringline 0/1 (0/0)"]);
  expect((await carol.patch("/messages/one", { body: { state: "new" } })).status).toBe(200);
  expect(await withinASecond()).toEqual(["yes sip:carol-desk@ringline 1/1 (0/0)"]);
});
