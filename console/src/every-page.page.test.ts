/**
 * Goal: what holds for every page of the console holds for each: nothing that keeps somebody out, in light and dark, and
 * nothing to scroll sideways on a narrow phone. The pages are those of the page's own table.
 */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addressOf } from "../../fixtures/page/addresses.js";
import { barriers, overflow, untilLoaded } from "../../fixtures/page/inspect.js";
import { type PageWorld, pageWorld } from "../../fixtures/page/world.js";
import { PAGES } from "./frame/pages.js";

/** Pages that need nobody signed in; links in mails lead to some. */
const OUTSIDE = ["/", "/forgotten", "/activate#none", "/new-password#none"];
const NARROW = { width: 320, height: 640 };
const WIDE = { width: 1280, height: 800 };

let world: PageWorld;
beforeAll(async () => {
  world = await pageWorld({ isLive: true });
});
afterAll(() => world.close());

/** Everything that is wrong with a page, by what it is. */
async function wrongs(page: Page): Promise<Readonly<Record<string, readonly string[]>>> {
  await untilLoaded(page);
  const light = await barriers(page);
  await page.emulateMedia({ colorScheme: "dark" });
  await untilLoaded(page);
  const dark = await barriers(page, ["color-contrast"]);
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(NARROW);
  await untilLoaded(page);
  const narrow = await overflow(page);
  await page.setViewportSize(WIDE);
  return { light, dark, narrow };
}

const NOTHING = { light: [], dark: [], narrow: [] };

describe.each(PAGES.map(({ path }) => addressOf(path)))("%s", (address) => {
  it("keeps nobody out, and fits on a phone", async () => {
    const page = await world.open("alice.wong", address, WIDE);
    expect(await wrongs(page)).toEqual(NOTHING);
    for (const tab of await page.getByRole("main").getByRole("tab").all()) {
      await tab.click();
      expect(await wrongs(page), await tab.innerText()).toEqual(NOTHING);
    }
  });
});

describe.each(OUTSIDE)("%s, for somebody who is not signed in", (address) => {
  it("keeps nobody out, and fits on a phone", async () => {
    const page = await world.open(null, address, WIDE);
    expect(await wrongs(page)).toEqual(NOTHING);
  });
});
