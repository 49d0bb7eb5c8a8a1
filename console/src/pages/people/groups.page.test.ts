/** Goal: what people know from the screens of other phone systems about user groups works here in the same words. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PageWorld, pageWorld } from "../../../../fixtures/page/world.js";

let world: PageWorld;
beforeAll(async () => {
  world = await pageWorld();
}, 120_000);
afterAll(() => world.close());

const ADMIN = "alice.wong";

/** A machine that does other things besides takes its time. */
function eventually<T>(read: () => T) {
  return expect.poll(read, { timeout: 20_000 });
}

async function group(id: string) {
  const office = await world.store.loadOffice();
  return office?.groups.find((each) => each.id === id);
}

async function member(id: string, username: string) {
  return (await group(id))?.members.find((each) => each.username === username);
}

async function addMember(page: Page, part: string, name: RegExp): Promise<void> {
  await page.getByRole("button", { name: "+ Add Member" }).first().click();
  await page.getByRole("combobox", { name: "Who" }).fill(part);
  await page.getByRole("option", { name }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
}

describe("user groups", () => {
  it("three always exist: All Users, Billing Admins, System Admins; any number of own ones", async () => {
    const page = await world.open(ADMIN, "/groups");
    for (const name of ["All Users", "Billing Admins", "System Admins", "Reception"])
      await page.getByRole("link", { name }).first().waitFor();
    await page.getByRole("link", { name: "+ Add Group" }).click();
    await page.getByLabel("Name", { exact: true }).fill("Night shift");
    await page.getByRole("combobox", { name: "Add a member" }).fill("carol");
    await page.getByRole("option", { name: /Carol Díaz/ }).click();
    await page.locator(".lines").getByText("Carol Díaz").waitFor();
    await page.getByRole("button", { name: "Add Group", exact: true }).click();
    await page.getByRole("heading", { name: "Night shift" }).waitFor();
    expect(await group("night-shift")).toMatchObject({ members: [{ username: "carol.diaz" }] });
  });

  it('making somebody an admin: edit "System Admins", "+Add Member", Save', async () => {
    const page = await world.open(ADMIN, "/groups");
    await page.getByRole("link", { name: /^System Admins/ }).click();
    await addMember(page, "carol", /Carol Díaz/);
    await eventually(() => member("system-admins", "carol.diaz")).toBeDefined();
    await page.getByRole("table").getByText("Carol Díaz").waitFor();
  });

  it("members of a group share its calls and its mailbox; an administrator switches single members' receiving on or off at any time", async () => {
    const page = await world.open(ADMIN, "/groups/reception");
    const row = page.getByRole("row", { name: /Bob Stone/ });
    await row.locator(".switch").first().click();
    await eventually(async () => (await member("reception", "bob.stone"))?.calls).toBe(false);
    await row.locator(".switch").nth(1).click();
    await eventually(async () => (await member("reception", "bob.stone"))?.voicemail).toBe(false);
    await row.locator(".switch").first().click();
    await eventually(async () => (await member("reception", "bob.stone"))?.calls).toBe(true);
    await page.getByRole("tab", { name: "Shared mailbox" }).click();
    await page.getByText("Messages for the group;").waitFor();
  });

  it("members have an order, where the group rings them one after the other", async () => {
    const page = await world.open(ADMIN, "/groups/billing");
    await page.getByRole("button", { name: "Actions for Carol Díaz" }).click();
    await page.getByRole("menuitem", { name: "Move up" }).click();
    await eventually(async () => (await group("billing"))?.members.map(({ username }) => username)).toEqual([
      "carol.diaz",
      "dan.okafor",
    ]);
  });

  it("members begin to ring later, where the group rings all at once", async () => {
    const page = await world.open(ADMIN, "/groups/reception");
    await page.getByRole("button", { name: "Actions for Alice Wong" }).click();
    await page.getByRole("menuitem", { name: "Times and place" }).click();
    await page.getByLabel("Rings later by (seconds)").fill("7");
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await eventually(async () => (await member("reception", "alice.wong"))?.delayMs).toBe(7_000);
  });

  it("a group without an answer sends the call where one says", async () => {
    const page = await world.open(ADMIN, "/groups/reception/calls");
    await page.getByRole("button", { name: /If nobody answers/ }).click();
    await page.getByRole("option", { name: "Hang up" }).click();
    await page.getByRole("button", { name: "Save" }).click();
    await eventually(async () => JSON.stringify((await group("reception"))?.flow)).toContain("hangup");
  });

  it("is removed, with what that affects, and another group takes over", async () => {
    const page = await world.open(ADMIN, "/groups/billing");
    await page.getByRole("button", { name: "Remove", exact: true }).click();
    await page.getByRole("combobox", { name: "Group that takes over" }).fill("recep");
    await page.getByRole("option", { name: /Reception/ }).click();
    await page.getByRole("heading", { name: "Reception will get" }).waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Remove Group" }).click();
    await eventually(() => group("billing")).toBeUndefined();
  });
});
