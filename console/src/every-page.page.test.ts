/**
 * Goal: what holds for every page of the console holds for each: nothing that keeps somebody out, in light and dark, and
 * nothing to scroll sideways on a narrow phone, and words. The pages are those of the page's own table.
 */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addressOf } from "../../fixtures/page/addresses.js";
import { barriers, overflow, rawWords, untilLoaded } from "../../fixtures/page/inspect.js";
import { type PageWorld, pageWorld } from "../../fixtures/page/world.js";
import { PAGES } from "./frame/pages.js";
import { en } from "./words/en.js";

/** Pages that need nobody signed in; links in mails lead to some. */
const OUTSIDE = ["/", "/forgotten", "/activate#none", "/new-password#none"];
const KEYS: ReadonlySet<string> = new Set(Object.keys(en).filter((key) => key.includes(".")));
/** Each page, on a machine that is busy with other things. */
const SLOW_MS = 240_000;
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
  return { light, dark, narrow, words: await rawWords(page, KEYS) };
}

/** @returns what is wrong, by address; a page's tabs are opened, too */
async function wrongsOf(
  page: Page,
  addresses: readonly string[],
): Promise<Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>> {
  const found: Record<string, Readonly<Record<string, readonly string[]>>> = {};
  const look = async (what: string) => {
    const wrong = Object.entries(await wrongs(page)).filter(([, each]) => each.length > 0);
    if (wrong.length > 0) found[what] = Object.fromEntries(wrong);
  };
  for (const address of addresses) {
    await page.goto(address);
    await look(address);
    const tabs = await page.getByRole("main").getByRole("tab").all();
    for (const tab of tabs.slice(1)) {
      await tab.click();
      await look(`${address}, ${await tab.innerText()}`);
    }
  }
  return found;
}

it(
  "every page keeps nobody out, fits on a phone, and has words",
  async () => {
    const page = await world.open("alice.wong", "/", WIDE);
    const addresses = PAGES.map(({ path }) => addressOf(path));
    expect(addresses.length).toBeGreaterThan(30);
    expect(await wrongsOf(page, addresses)).toEqual({});
  },
  SLOW_MS,
);

it(
  "every page for somebody who is not signed in keeps nobody out, fits on a phone, and has words",
  async () => {
    const page = await world.open(null, "/", WIDE);
    expect(await wrongsOf(page, OUTSIDE)).toEqual({});
  },
  SLOW_MS,
);
