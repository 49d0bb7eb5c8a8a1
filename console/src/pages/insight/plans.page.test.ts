/**
 * Goal: usage says what calls to outside come to, and a plan is made, priced, put on a number and removed, with conflicts
 * seen and nothing typed lost. Method: a browser on the sample office.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PageWorld, pageWorld } from "../../../../fixtures/page/world.js";

let world: PageWorld;
beforeAll(async () => {
  world = await pageWorld();
});
afterAll(() => world.close());

describe("plans", () => {
  it("are added, priced, put on a number, and removed", async () => {
    const page = await world.open("alice.wong", "/plans?add");
    const dialog = page.getByRole("dialog", { name: "Add a plan" });
    await dialog.getByLabel("Name").fill("Winter Sale");
    expect(await dialog.getByLabel("Id").inputValue()).toBe("winter-sale");
    await dialog.getByRole("button", { name: "Add a plan" }).click();
    await page.getByRole("heading", { name: "Winter Sale", level: 1 }).waitFor();
    await page.getByLabel("All other numbers, a minute").fill("0.015");
    await page.getByRole("button", { name: "Add a price" }).click();
    await page.getByLabel("Number", { exact: true }).fill("+44");
    await page.getByLabel("A minute", { exact: true }).fill("lots");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText(/a price in quotes, such as/).waitFor();
    await page.getByLabel("A minute", { exact: true }).fill("0.02");
    await page.getByRole("button", { name: "Save" }).click();
    await page
      .getByText(/Saved\. Live, revision/)
      .first()
      .waitFor();
    await page.getByRole("combobox", { name: "Put a number on this plan" }).click();
    await page.keyboard.type("0103");
    await page.getByRole("option", { name: /0103/ }).click();
    await page
      .getByRole("region", { name: "Numbers" })
      .getByRole("link", { name: "+1 212 555 0103" })
      .waitFor();
    const office = await world.store.loadOffice();
    expect(office?.numbers.find(({ number }) => number === "+12125550103")).toMatchObject({
      plan: "winter-sale",
    });
    await page.getByRole("button", { name: "Remove +1 212 555 0103 from this plan" }).click();
    await page.getByText("No number is on this plan yet.").waitFor();
    await page.getByRole("button", { name: "Remove the plan" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove the plan" }).click();
    await page.getByRole("heading", { name: "Plans", level: 1 }).waitFor();
    await expect.poll(() => page.getByRole("link", { name: "Winter Sale" }).count()).toBe(0);
  });
});

describe("usage", () => {
  it("of a month is in the address, and its exports are of the same month", async () => {
    const page = await world.open("alice.wong", "/usage");
    await page.getByRole("heading", { name: "In total" }).waitFor();
    await page.getByRole("tab", { name: "By person" }).click();
    await page.getByRole("button", { name: "Month" }).click();
    const earlier = page.getByRole("option").nth(2);
    await earlier.click();
    await expect.poll(() => new URL(page.url()).searchParams.get("month")).toMatch(/^\d{4}-\d{2}$/);
    const month = new URL(page.url()).searchParams.get("month");
    const href = await page.getByRole("link", { name: "Export people" }).getAttribute("href");
    const asked = new URL(href ?? "", world.base).searchParams;
    expect([asked.get("month"), asked.get("by")]).toEqual([month, "user"]);
    expect((await page.request.get(href ?? "")).status()).toBe(200);
  });

  it("is not offered to who may not see it", async () => {
    const page = await world.open("bob.stone", "/usage");
    await page.getByText("There is no such page.").waitFor();
  });
});
