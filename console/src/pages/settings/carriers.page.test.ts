/**
 * Goal: carriers and webhooks are added, ordered and changed, wrong settings are told beside their fields, and no secret is
 * ever typed or shown. Method: a browser on the sample office.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PageWorld, pageWorld } from "../../../../fixtures/page/world.js";

let world: PageWorld;
beforeAll(async () => {
  world = await pageWorld();
});
afterAll(() => world.close());

describe("carriers", () => {
  it("are added, tried in another order, changed and removed", async () => {
    const page = await world.open("alice.wong", "/carriers?add");
    const dialog = page.getByRole("dialog", { name: "Add a carrier" });
    await dialog.getByLabel("Id").fill("second");
    await dialog.getByRole("button", { name: "Add a carrier" }).click();
    await dialog
      .getByText(/a host name or address/i)
      .last()
      .waitFor();
    await dialog.getByLabel("Proxy").fill("sip.second.example");
    await dialog.getByRole("button", { name: "Add a carrier" }).click();
    await page.getByRole("heading", { name: "second", level: 1 }).waitFor();
    await page.getByLabel("For numbers that begin with").fill("+44, +49");
    await page.getByRole("button", { name: "Save" }).click();
    await page
      .getByText(/Saved\. Live, revision/)
      .first()
      .waitFor();
    await page.getByRole("link", { name: "Back to Carriers" }).click();
    await page.getByRole("button", { name: "Try second earlier" }).click();
    await page.getByRole("link", { name: "1. second" }).waitFor();
    const office = await world.store.loadOffice();
    expect(office?.carriers.map(({ id }) => id)).toEqual(["second", "main"]);
    await page.getByRole("link", { name: "1. second" }).click();
    await page.getByRole("button", { name: "Remove the carrier" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove the carrier" }).click();
    await page.getByRole("heading", { name: "Carriers", level: 1 }).waitFor();
    await expect.poll(() => page.getByRole("link", { name: /second/ }).count()).toBe(0);
  });

  it("have no field for a password, only for where it is kept", async () => {
    const page = await world.open("alice.wong", "/carriers/main");
    expect(await page.getByLabel("Name of the variable").inputValue()).toBe("CARRIER_PASSWORD");
    expect(await page.locator("input[type=password]").count()).toBe(0);
  });

  it("are not offered to who may not change them", async () => {
    const page = await world.open("bob.stone", "/carriers");
    await page.getByText("There is no such page.").waitFor();
  });
});

describe("webhooks", () => {
  it("are added with where their secret is kept, and told of chosen events alone", async () => {
    const page = await world.open("alice.wong", "/webhooks?add");
    const dialog = page.getByRole("dialog", { name: "Add a webhook" });
    await dialog.getByLabel("Id").fill("crm");
    await dialog.getByLabel("Address").fill("https://crm.example.com/calls");
    await dialog.getByLabel("Name of the variable").fill("CRM_WEBHOOK_SECRET");
    await dialog.getByRole("button", { name: "Add a webhook" }).click();
    await page.getByRole("heading", { name: "crm", level: 1 }).waitFor();
    const some = page.getByText("All, also those of later versions");
    await some.click();
    await page.getByText("a call has come in, or a phone has dialled").click();
    await page.getByRole("button", { name: "Save" }).click();
    // What was told of adding is still to be read: the change is known by what it did.
    const events = async () => {
      const answer = await page.request.get("/api/v1/webhooks/crm");
      return ((await answer.json()) as { readonly events?: readonly string[] }).events ?? [];
    };
    await expect.poll(events).toContain("call.ended");
    expect(await events()).not.toContain("call.started");
    await page.getByText("Nothing waits: every event was taken.").waitFor();
  });
});
