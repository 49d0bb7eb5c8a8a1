/** Goal: a large office is no other office: its users scroll, and are found while one types. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PageWorld, pageWorld } from "../../../../fixtures/page/world.js";

let world: PageWorld;
beforeAll(async () => {
  world = await pageWorld({ users: 10_000 });
}, 120_000);
afterAll(() => world.close());

/** A machine that does other things besides takes its time. */
function eventually<T>(read: () => T) {
  return expect.poll(read, { timeout: 20_000 });
}

describe("10,000 users", () => {
  it("scroll: only the rows that are seen are in the page, and more come as one scrolls", async () => {
    const page = await world.open("alice.wong", "/users");
    const rows = page.getByRole("row");
    await eventually(() => rows.count()).toBeGreaterThan(10);
    const first = await rows.nth(1).innerText();
    for (let times = 0; times < 12; times++) {
      await page.mouse.wheel(0, 9_000);
      await eventually(() => rows.count()).toBeLessThan(80);
    }
    await eventually(async () => (await rows.nth(1).getAttribute("aria-rowindex")) ?? "0").not.toBe("2");
    expect(await rows.nth(5).innerText()).not.toBe(first);
    const place = Number(await rows.last().getAttribute("aria-rowindex"));
    expect(place).toBeGreaterThan(500);
  });

  it("are found by a part of the extension, and the address keeps what was looked for", async () => {
    const page = await world.open("alice.wong", "/users");
    await page.getByRole("searchbox").fill("carol");
    await page.getByRole("link", { name: /Carol Díaz/ }).waitFor();
    await eventually(() => new URL(page.url()).search).toContain("q=carol");
    await page.reload();
    expect(await page.getByRole("searchbox").inputValue()).toBe("carol");
    await page.getByRole("link", { name: /Carol Díaz/ }).waitFor();
  });
});
