/** Schedules: a week by keyboard, holidays, and open or closed by hand; and what would happen to a call at such times. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PageWorld, pageWorld } from "../../../../fixtures/page/world.js";
import type { Schedule } from "../../../../policy/steps/schedule/step.js";

let world: PageWorld;
beforeAll(async () => {
  world = await pageWorld();
});
afterAll(() => world.close());

async function liveSchedule(id: string): Promise<Schedule | undefined> {
  const all = (await world.store.loadOffice())?.sections?.["schedules"] as readonly Schedule[] | undefined;
  return all?.find((each) => each.id === id);
}

describe("a schedule", () => {
  it("gets hours over midnight by keyboard", async () => {
    const page = await world.open("alice.wong", "/schedules/practice");
    await page.getByRole("button", { name: "Add hours on Saturday" }).focus();
    await page.keyboard.press("Enter");
    const saturday = page.getByRole("group", { name: "Saturday" });
    await saturday.getByLabel("Saturday, from").focus();
    await page.keyboard.type("1000PM");
    await saturday.getByLabel("Saturday, to").focus();
    await page.keyboard.type("0230AM");
    await saturday.getByText("the next day").waitFor();
    await page.getByRole("button", { name: "Save", exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.getByText(/Saved\. Live, revision/).waitFor();
    expect((await liveSchedule("practice"))?.open).toContainEqual({
      days: ["sat"],
      fromMinute: 1320,
      toMinute: 150,
    });
  });

  it("has the hours of one day copied to others", async () => {
    const page = await world.open("alice.wong", "/schedules/practice");
    await page.getByRole("button", { name: "Copy to … (the hours of Friday)" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.locator("label").filter({ hasText: "Sunday" }).click();
    for (const day of ["Monday", "Tuesday", "Wednesday", "Thursday"])
      await dialog.locator("label").filter({ hasText: day }).click();
    await dialog.getByRole("button", { name: "Copy to …" }).click();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText(/Saved\. Live, revision/).waitFor();
    expect((await liveSchedule("practice"))?.open).toContainEqual({
      days: ["fri", "sun"],
      fromMinute: 480,
      toMinute: 960,
    });
  });

  it("gets a holiday", async () => {
    const page = await world.open("alice.wong", "/schedules/practice");
    await page.getByRole("button", { name: "Add a holiday" }).click();
    const holiday = page.locator(".holiday").last();
    await holiday.getByLabel("From").fill("2027-07-04");
    await holiday.getByLabel("Name").fill("Independence Day");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText(/Saved\. Live, revision/).waitFor();
    expect((await liveSchedule("practice"))?.closed).toContainEqual({
      from: "2027-07-04",
      to: "2027-07-04",
      name: "Independence Day",
    });
  });

  it("is opened or closed by hand until a time, and taken back", async () => {
    const page = await world.open("alice.wong", "/schedules/practice");
    await page.getByRole("button", { name: /^(Open|Close) now$/ }).click();
    const dialog = page.getByRole("dialog");
    await dialog.locator("label").filter({ hasText: "For one hour" }).click();
    await dialog.getByRole("button", { name: /^(Open|Close) now$/ }).click();
    await page.getByText(/(Opened|Closed) by hand by/).waitFor();
    expect(await world.store.readByHand()).toHaveLength(1);
    await page.getByRole("button", { name: "Back to its hours" }).click();
    await page.getByText(/^By its hours/).waitFor();
    expect(await world.store.readByHand()).toHaveLength(0);
  });

  it("says what asks it", async () => {
    const page = await world.open("alice.wong", "/schedules/practice");
    await page
      .getByRole("region", { name: "What asks it" })
      .getByText(/practice, step 1/)
      .waitFor();
  });
});

describe("trying a call", () => {
  it("who would ring if so-and-so called at that time", async () => {
    const page = await world.open("alice.wong", "/numbers/+12125550105");
    await page.getByRole("textbox", { name: /^When/ }).fill("2026-11-30T10:00");
    await page.getByRole("region", { name: "Try it" }).getByRole("button", { name: "Try it" }).click();
    await page
      .getByText("Alice Wong desk rings from second 0 to 20: time over.")
      .waitFor({ state: "attached" });
    await page.getByText(/Nobody answers; the call ends at 50 s/).waitFor();
  });

  it("who answers, and when", async () => {
    const page = await world.open("alice.wong", "/numbers/+12125550105");
    const region = page.getByRole("region", { name: "Try it" });
    await region.getByRole("button", { name: /Who answers/ }).click();
    await page.getByRole("option", { name: "Somebody" }).click();
    await page.getByRole("listbox").waitFor({ state: "detached" });
    await region.getByRole("combobox", { name: "Which user" }).fill("alice");
    await page.getByRole("option", { name: "Alice Wong" }).click();
    await region.getByLabel("At which second").fill("7");
    await region.getByRole("button", { name: "Try it" }).click();
    await region.getByText("Alice Wong answers at 7 s.").waitFor();
  });

  it("from inside, an extension; and kept as a test that runs", async () => {
    const page = await world.open("alice.wong", "/try?number=%2B12125550103");
    await page.getByRole("button", { name: "Try it" }).click();
    await page.getByRole("button", { name: "Keep this as a test" }).click();
    await page.getByRole("link", { name: "Routing tests" }).last().click();
    await page.getByRole("button", { name: "Run them" }).click();
    await page.getByText("1 test, and it passes").waitFor();
  });
});
