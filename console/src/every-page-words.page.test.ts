/**
 * Goal: every page has words in every language; and somebody who may do less sees pages that ask for nothing that is refused.
 * The pages are those of the page's own table.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addressOf } from "../../fixtures/page/addresses.js";
import { rawWords, untilLoaded } from "../../fixtures/page/inspect.js";
import { type PageWorld, pageWorld } from "../../fixtures/page/world.js";
import { PAGES, pagesFor } from "./frame/pages.js";
import { en } from "./words/en.js";
import { LANGUAGES } from "./words/words.js";

const KEYS: ReadonlySet<string> = new Set(Object.keys(en).filter((key) => key.includes(".")));

let world: PageWorld;
beforeAll(async () => {
  world = await pageWorld({ isLive: true });
});
afterAll(() => world.close());

describe.each(Object.keys(LANGUAGES))("in %s", (language) => {
  it.each(PAGES.map(({ path }) => addressOf(path)))("%s has words", async (address) => {
    const page = await world.open("alice.wong", address, { language });
    await untilLoaded(page);
    expect(await page.evaluate("document.documentElement.lang")).toBe(language);
    expect(await rawWords(page, KEYS)).toEqual([]);
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
    const own = pagesFor(operations).map(({ path }) => addressOf(path).replace("bob.stone", username));
    for (const address of own) {
      await page.goto(address);
      await untilLoaded(page);
    }
    expect(own.length).toBeLessThan(PAGES.length);
    expect(refused).toEqual([]);
  });
});
