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

/** Each page, on a machine that is busy with other things. */
const SLOW_MS = 240_000;

let world: PageWorld;
beforeAll(async () => {
  world = await pageWorld({ isLive: true });
});
afterAll(() => world.close());

/** Those of English are looked at beside the rest (`every-page.page.test.ts`). */
const OTHERS = Object.keys(LANGUAGES).filter((language) => language !== "en");

it.each(OTHERS)(
  "every page has words in %s",
  async (language) => {
    const page = await world.open("alice.wong", "/", { language });
    const wrongs: Record<string, readonly string[]> = {};
    for (const address of PAGES.map(({ path }) => addressOf(path))) {
      await page.goto(address);
      await untilLoaded(page);
      const raw = await rawWords(page, KEYS);
      if (raw.length > 0) wrongs[address] = raw;
    }
    expect(wrongs).toEqual({});
    expect(await page.evaluate("document.documentElement.lang")).toBe(language);
  },
  SLOW_MS,
);

describe.each([
  ["bob.stone", "reception"],
  ["dan.okafor", "billing"],
])("%s, who may do less", (username, group) => {
  it(
    "sees pages that ask for nothing that is refused",
    async () => {
      const page = await world.open(username, "/");
      const refused: string[] = [];
      page.on("response", (response) => {
        if (response.status() === 403) refused.push(`${page.url()} asks for ${response.url()}`);
      });
      const { operations } = (await page.evaluate("fetch('/api/v1/me').then((me) => me.json())")) as {
        operations: Record<string, string>;
      };
      const own = pagesFor(operations).map(({ path }) =>
        addressOf(path).replace("bob.stone", username).replace("reception", group),
      );
      for (const address of own) {
        await page.goto(address);
        await untilLoaded(page);
      }
      expect(own.length).toBeLessThan(PAGES.length);
      expect(refused).toEqual([]);
    },
    SLOW_MS,
  );
});
