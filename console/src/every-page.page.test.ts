/**
 * Goal: what holds for every page of the console holds for each: nothing that keeps somebody out, in light and dark; nothing
 * to scroll sideways on a narrow phone; words in every language; and nothing refused of what a page asks for by itself.
 * The pages are those of the page's own table.
 */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { barriers, overflow, rawWords, untilLoaded } from "../../fixtures/page/inspect.js";
import { type PageWorld, pageWorld } from "../../fixtures/page/world.js";
import { PAGES, pagesFor } from "./frame/pages.js";
import { en } from "./words/en.js";
import { LANGUAGES } from "./words/words.js";

/** What stands in the place of `:name` below a path. */
const PLACES: Readonly<Record<string, string>> = {
  "/calls/:id": "1a0a3e19-4f5f-4790-8cd0-6058eadd2e66",
  "/carriers/:id": "main",
  "/flows/:id": "practice",
  "/groups/:id": "reception",
  "/history/:revision": "2",
  "/numbers/:number": "+12125550100",
  "/plans/:id": "business",
  "/schedules/:id": "practice",
  "/users/:username": "bob.stone",
  // Nobody has one: the page says so.
  "/webhooks/:id": "none",
};

/** Pages that need nobody signed in; links in mails lead to some. */
const OUTSIDE = ["/", "/forgotten", "/activate#none", "/new-password#none"];
const KEYS: ReadonlySet<string> = new Set(Object.keys(en).filter((key) => key.includes(".")));
const NARROW = { width: 320, height: 640 };
const WIDE = { width: 1280, height: 800 };

/** `/users/:username/:tab?` -> `/users/bob.stone`. */
function addressOf(path: string): string {
  const needed = path.replaceAll(/\/:\w+\?/g, "");
  const [place] = /^.*?\/:\w+/.exec(needed) ?? [];
  if (place === undefined) return needed;
  const value = PLACES[place];
  if (value === undefined) throw new Error(`say in PLACES what stands for the last part of ${place}`);
  return needed.replace(place, place.replace(/:\w+$/, encodeURIComponent(value)));
}

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
  const dark = await barriers(page);
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(NARROW);
  await untilLoaded(page);
  const narrow = await overflow(page);
  await page.setViewportSize(WIDE);
  return { light, dark, narrow, words: await rawWords(page, KEYS) };
}

const NOTHING = { light: [], dark: [], narrow: [], words: [] };

describe.each(PAGES.map(({ path }) => addressOf(path)))("%s", (address) => {
  it("keeps nobody out, fits on a phone, and has words", async () => {
    const page = await world.open("alice.wong", address, WIDE);
    expect(await wrongs(page)).toEqual(NOTHING);
    for (const tab of await page.getByRole("main").getByRole("tab").all()) {
      await tab.click();
      expect(await wrongs(page), await tab.innerText()).toEqual(NOTHING);
    }
  });

  it("has words in every language", async () => {
    for (const language of Object.keys(LANGUAGES).filter((each) => each !== "en")) {
      const page = await world.open("alice.wong", address, { language });
      await untilLoaded(page);
      expect(await rawWords(page, KEYS), language).toEqual([]);
    }
  });
});

describe.each(OUTSIDE)("%s, for somebody who is not signed in", (address) => {
  it("keeps nobody out, fits on a phone, and has words", async () => {
    const page = await world.open(null, address, WIDE);
    expect(await wrongs(page)).toEqual(NOTHING);
  });
});

describe.each(["bob.stone", "dan.okafor"])("%s, who may do less", (username) => {
  it("sees pages that ask for nothing that is refused", async () => {
    const page = await world.open(username, "/");
    const refused: string[] = [];
    page.on("response", (response) => {
      if (response.status() === 403) refused.push(`${page.url()} asks for ${response.url()}`);
    });
    const { operations } = (await page.evaluate("fetch('/api/v1/me').then((me) => me.json())")) as {
      operations: Record<string, string>;
    };
    const own = pagesFor(operations).map(({ path }) => addressOf(path).replace("reception", "all-users"));
    for (const address of own) {
      await page.goto(address);
      await untilLoaded(page);
    }
    expect(own.length).toBeLessThan(PAGES.length);
    expect(refused).toEqual([]);
  });
});
