/** Goal: people hear their messages and those of their groups as they know it, and what they do with them can be taken back. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PageWorld, pageWorld } from "../../../../fixtures/page/world.js";

let world: PageWorld;
beforeAll(async () => {
  world = await pageWorld();
});
afterAll(() => world.close());

const list = (page: Page) => page.getByRole("list", { name: "Messages" });
const line = (page: Page, caller: string) => list(page).getByRole("link", { name: new RegExp(caller) });
const opened = (page: Page, caller: string) => page.getByRole("article", { name: new RegExp(caller) });

describe("messages", () => {
  it("of one's own and of one's groups are one list, and one chooses the mailbox", async () => {
    const page = await world.open("bob.stone", "/messages");
    await line(page, "Ruth Klein").waitFor();
    await line(page, "Eve Adams").waitFor();
    await page.getByRole("button", { name: /Mailbox/ }).click();
    await page.getByRole("option", { name: /Reception/ }).click();
    await line(page, "Eve Adams").waitFor();
    await expect.poll(() => line(page, "Ruth Klein").count()).toBe(0);
    expect(page.url()).toContain("box=group%3Areception");
    await page.reload();
    await line(page, "Eve Adams").waitFor();
    expect(await line(page, "Ruth Klein").count()).toBe(0);
  });

  it("are played with seeking and speed, and count as heard then", async () => {
    const page = await world.open("bob.stone", "/messages");
    await line(page, "Li Wei").click();
    const message = opened(page, "Li Wei");
    await message.getByText("New", { exact: true }).waitFor();
    const position = message.getByRole("slider", { name: "Position" });
    await message.getByRole("button", { name: /^Speed, now 1 times/ }).click();
    await message.getByRole("button", { name: "Play" }).click();
    await message.getByRole("button", { name: "Pause" }).click();
    await message.getByText("New", { exact: true }).waitFor({ state: "detached" });
    await position.fill("9");
    await expect
      .poll(() =>
        page
          .locator("audio")
          .first()
          .evaluate((audio) => (audio as HTMLAudioElement).currentTime),
      )
      .toBe(9);
    await message.getByRole("button", { name: /^Speed, now 1.25 times/ }).waitFor();
    await expect
      .poll(() =>
        page
          .locator("audio")
          .first()
          .evaluate((audio) => (audio as HTMLAudioElement).playbackRate),
      )
      .toBe(1.25);
  });

  it("are saved, deleted, and taken back", async () => {
    const page = await world.open("bob.stone", "/messages");
    await line(page, "Paul Green").click();
    await opened(page, "Paul Green").getByRole("button", { name: "Save", exact: true }).click();
    await opened(page, "Paul Green").getByText("Saved", { exact: true }).first().waitFor();
    await page.getByRole("button", { name: /Show/ }).click();
    await page.getByRole("option", { name: "Saved" }).click();
    await expect.poll(() => list(page).getByRole("link").count()).toBe(1);
    await opened(page, "Paul Green").getByRole("button", { name: "Delete" }).click();
    await page.getByRole("heading", { name: "Nothing saved" }).waitFor();
    await page.getByText("Deleted.").waitFor();
    await page.getByRole("button", { name: "Undo" }).last().click();
    await line(page, "Paul Green").waitFor();
  });

  it("of a group show which members have heard them, and who calls back", async () => {
    const bob = await world.open("bob.stone", "/messages?box=group%3Areception");
    await line(bob, "Eve Adams").click();
    const message = opened(bob, "Eve Adams");
    await message.getByText("Urgent").waitFor();
    await message.getByRole("button", { name: "Play" }).click();
    const heard = message.getByRole("list", { name: "Who has heard it" });
    await heard
      .getByRole("listitem")
      .filter({ hasText: "You" })
      .getByText("Heard", { exact: true })
      .waitFor();
    await message.getByRole("button", { name: "I call back" }).click();
    await message.getByText("You call back.").waitFor();

    const carol = await world.open("carol.diaz", bob.url().slice(world.base.length));
    const theirs = opened(carol, "Eve Adams");
    await theirs.getByText("Bob Stone calls back.").waitFor();
    expect(await theirs.getByRole("button", { name: "I call back" }).count()).toBe(0);
    expect(await theirs.getByRole("button", { name: "Leave it to others" }).count()).toBe(0);
    const seen = theirs.getByRole("list", { name: "Who has heard it" });
    await seen
      .getByRole("listitem")
      .filter({ hasText: "Bob Stone" })
      .getByText("Heard", { exact: true })
      .waitFor();
    await seen.getByRole("listitem").filter({ hasText: "You" }).getByText("Not heard").waitFor();

    await message.getByRole("button", { name: "Leave it to others" }).click();
    await message.getByText("Nobody has said yet that they call back.").waitFor();
  });

  it("are forwarded to people and groups", async () => {
    const page = await world.open("bob.stone", "/messages");
    await line(page, "Ruth Klein").click();
    await opened(page, "Ruth Klein").getByRole("button", { name: "Forward" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("combobox", { name: "To" }).fill("díaz");
    await page.getByRole("option", { name: /Carol Díaz/ }).click();
    await dialog.getByRole("combobox", { name: "To" }).fill("billing");
    await page
      .getByRole("option", { name: /^Billing/ })
      .first()
      .click();
    await dialog.getByRole("button", { name: "Forward" }).click();
    await page.getByText(/^Forwarded to Carol Díaz, Billing/).waitFor();
    const carol = await world.open("carol.diaz", "/messages");
    await line(carol, "Ruth Klein").first().click();
    await opened(carol, "Ruth Klein").getByText("bob.stone").waitFor();
  });

  it("are downloaded", async () => {
    const page = await world.open("bob.stone", "/messages");
    await line(page, "Ruth Klein").click();
    const download = page.waitForEvent("download");
    await opened(page, "Ruth Klein").getByRole("link", { name: "Download" }).click();
    expect((await download).suggestedFilename()).toMatch(/^message-\d{4}-\d\d-\d\d-\d{6}\.wav$/);
  });

  it("are walked through and deleted by keyboard", async () => {
    const page = await world.open("carol.diaz", "/messages");
    await line(page, "Ida Berg").focus();
    await page.keyboard.press("Delete");
    await page.getByText("Deleted.").waitFor();
    await expect.poll(() => line(page, "Ida Berg").count()).toBe(0);
    await page.getByRole("button", { name: "Undo" }).last().click();
    await line(page, "Ida Berg").waitFor();
  });

  it("are one or the other on a phone: the list, or the message with the way back", async () => {
    const page = await world.open("bob.stone", "/messages", { width: 320, height: 640 });
    await line(page, "Li Wei").click();
    await opened(page, "Li Wei").waitFor();
    await expect.poll(() => list(page).isVisible()).toBe(false);
    const overflow = () =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(await overflow()).toBe(0);
    await page.getByRole("link", { name: "Back to Messages" }).click();
    await line(page, "Li Wei").waitFor();
    expect(await overflow()).toBe(0);
  });
});
