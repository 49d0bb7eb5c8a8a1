/**
 * Goal: behind a proxy a person has one address, however the proxy writes it, and what is no address is nobody's. Method: a
 * table of headers, and sign-ins through a proxy that is believed.
 */
import { expect, it } from "vitest";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import { signIn, withAccounts } from "../../fixtures/web/accounts.js";
import { browser } from "../../fixtures/web/browser.js";
import { webWorld } from "../../fixtures/web/world.js";
import { authenticator } from "./api/authenticate.js";
import { forwardedAddresses } from "./forwarded.js";
import { webServer } from "./server.js";

it.each<[header: string | string[] | undefined, is: string | undefined]>([
  [undefined, undefined],
  ["", undefined],
  ["198.51.100.1", "198.51.100.1"],
  ["203.0.113.9, 198.51.100.1", "203.0.113.9, 198.51.100.1"],
  [["203.0.113.9", "198.51.100.1"], "203.0.113.9, 198.51.100.1"],
  ["198.51.100.1:49152", "198.51.100.1"],
  ["[2001:db8::1]:49152", "2001:db8::1"],
  ["[2001:db8::1]", "2001:db8::1"],
  ["2001:db8::1", "2001:db8::1"],
  ["<b>Your bank</b>", undefined],
  ["unknown, 198.51.100.1", "198.51.100.1"],
  ["1.2.3.4.5:6", undefined],
])("%j has the addresses %j", (header, is) => {
  expect(forwardedAddresses(header)).toBe(is);
});

it("guesses through a proxy that writes ports get slow, and no word of theirs is taken for an address", async () => {
  const world = await webWorld();
  await withAccounts(world, "carol.diaz");
  const { services } = world;
  const server = await webServer({
    ...{ host: "127.0.0.1", port: 0, log: services.log, deps: services.deps, templates: new Map() },
    trustedProxies: ["192.0.2.10"],
    api: { services, ...authenticator(services), clock: new VirtualClock(0) },
  });
  const through = (forwarded: string) => ({ "x-forwarded-for": forwarded });
  const statuses = new Set<number>();
  for (let guess = 0; guess < 21; guess += 1) {
    const body = { username: `nobody${guess}`, password: "wrong horse 9" };
    const own = browser({ server });
    statuses.add((await own.ask("POST", "/sign-in", body, through(`198.51.100.1:${49_152 + guess}`))).status);
  }
  expect([...statuses]).toEqual([401, 429]);
  const own = browser({ server });
  const words = through("<b>Your bank</b>");
  expect(
    (await own.ask("POST", "/sign-in", { username: "carol.diaz", password: "wrong" }, words)).status,
  ).toBe(401);
  expect((await signIn(own, "carol.diaz")).status).toBe(200);
  const { body } = await own.ask("GET", "/me/sessions", undefined, words);
  expect(body.items).toMatchObject([{ address: "192.0.2.10" }]);
  await server.close();
  await world.close();
});
