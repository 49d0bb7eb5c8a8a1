/**
 * Goal: whoever watches the office sees what the rule of the lists of calls lets them see, at the beginning and when the office
 * has changed. Method: the real server with a hub that writes down with which sight it was asked.
 */
import { afterEach, expect, it } from "vitest";
import { type WebWorld, webWorld } from "../../../../../fixtures/web/world.js";
import { systemClock } from "../../../../clock.js";
import type { LiveHub } from "../../../live/hub.js";
import type { Sight } from "../../../live/sight.js";
import { plainVoice } from "../../voice.js";

let world: WebWorld | undefined;
afterEach(() => world?.close());

interface Watched {
  readonly sight: Sight;
  readonly lookUp: () => Promise<Sight | undefined>;
}

/** @param isFull it takes no more viewers */
function hubOf(watched: Watched[], isFull = false): LiveHub {
  const watch = (sight: Sight, lookUp: Watched["lookUp"]) => {
    if (isFull) return undefined;
    watched.push({ sight, lookUp });
    return (async function* () {})();
  };
  return { watch } as unknown as LiveHub;
}

function worldWith(hub: LiveHub | null): Promise<WebWorld> {
  return webWorld(undefined, { voice: { ...plainVoice(systemClock), hub } });
}

it("an employee sees their own and their groups' calls, an administrator the office and its carriers", async () => {
  const watched: Watched[] = [];
  world = await worldWith(hubOf(watched));
  expect((await world.as("carol.diaz").get("/live")).status).toBe(200);
  expect((await world.as("alice.wong").get("/live")).status).toBe(200);
  const [carol, alice] = watched.map(({ sight }) => sight);
  expect(carol).toMatchObject({ username: "carol.diaz", carriers: false });
  expect(carol?.groups?.has("sales")).toBe(true);
  expect(alice).toEqual({ username: "alice.wong", groups: null, carriers: true });
  expect(await watched[0]?.lookUp()).toEqual(carol);
});

it("a server that knows no engine says so, and a hub that is full asks to come back", async () => {
  world = await worldWith(null);
  expect((await world.as("alice.wong").get("/live")).body).toMatchObject({ type: "not_available" });
  await world.close();
  world = await worldWith(hubOf([], true));
  expect((await world.as("alice.wong").get("/live")).body).toMatchObject({ type: "busy", retry_after: 10 });
});
