/**
 * Goal: a report says what the API counts, by a link as well; each chart has its table; it is compared with the period
 * before; who may not see reports is not offered them. Method: a browser on the sample office with a past.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PageWorld, pageWorld } from "../../../../fixtures/page/world.js";

let world: PageWorld;
beforeAll(async () => {
  world = await pageWorld();
});
afterAll(() => world.close());

describe("reports", () => {
  it("count what the API counts, and the chart has a table with a line for each day", async () => {
    const page = await world.open("alice.wong", "/reports?period=week");
    const calls = page.locator(".stat", { hasText: "Calls" }).locator("dd").first();
    await calls.waitFor();
    const days = await page.evaluate(async () => {
      const text = document.querySelector("a[download]")?.getAttribute("href") ?? "";
      return [...new URL(text, location.href).searchParams];
    });
    const answer = await page.request.get(`/api/v1/statistics?${new URLSearchParams(days)}`);
    const { total, rows } = (await answer.json()) as { total: { calls: number }; rows: readonly unknown[] };
    expect(rows.length).toBe(7);
    expect(total.calls).toBeGreaterThan(0);
    await expect.poll(() => calls.innerText()).toContain(total.calls.toLocaleString("en"));
    await page.getByText("Show as a table").click();
    const table = page.getByRole("table", { name: "Calls: Day" });
    await expect.poll(() => table.getByRole("row").count()).toBe(8);
  });

  it("have their period, their calls and what is chosen in the address", async () => {
    const page = await world.open("alice.wong", "/reports");
    await page.getByRole("heading", { name: "When calls came" }).waitFor();
    await page.getByRole("button", { name: "Period" }).click();
    await page.getByRole("option", { name: "Last 7 days" }).click();
    await page.getByRole("radio", { name: "Weekday" }).check({ force: true });
    await page.getByRole("tab", { name: "People" }).click();
    await expect
      .poll(() => [...new URL(page.url()).searchParams].sort())
      .toEqual([
        ["by", "user"],
        ["per", "weekday"],
        ["period", "week"],
      ]);
    await page.reload();
    await page.getByRole("table", { name: "People" }).getByRole("link", { name: "Carol Díaz" }).waitFor();
    expect(await page.getByRole("radio", { name: "Weekday" }).isChecked()).toBe(true);
  });

  it("lead from a person's figures to the calls that they count", async () => {
    const page = await world.open("alice.wong", "/reports?by=user");
    const row = page.getByRole("table", { name: "People" }).getByRole("row", { name: /Carol Díaz/ });
    await row.getByRole("link").click();
    await page.getByRole("table", { name: "Calls" }).waitFor();
    expect(new URL(page.url()).searchParams.get("user")).toBe("carol.diaz");
    await page
      .getByRole("row", { name: /Carol Díaz|Carol directly/ })
      .first()
      .waitFor();
  });

  it("show the busiest hours as a table with a line for each weekday", async () => {
    const page = await world.open("alice.wong", "/reports");
    const heat = page.getByRole("table", { name: /How many calls come in each hour/ });
    await heat.waitFor();
    await expect
      .poll(() => heat.getByRole("rowheader").allInnerTexts())
      .toEqual(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]);
    expect((await heat.getByRole("cell").allInnerTexts()).some((text) => Number(text) > 1)).toBe(true);
  });

  it("are not offered to who may not see them", async () => {
    const page = await world.open("bob.stone", "/reports");
    await page.getByText("There is no such page.").waitFor();
    expect(await page.getByRole("link", { name: "Reports" }).count()).toBe(0);
  });

  it.each([360, 1280])("fit a screen of %s pixels", async (width) => {
    const page = await world.open("alice.wong", "/reports", { width });
    await page.getByRole("table", { name: /How many calls come in each hour/ }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  });
});
