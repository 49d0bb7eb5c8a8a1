/** Goal: from the invitation to the first message heard, and the calls that people ask for in the page, with the engine running. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type PageWorld, pageWorld } from "../../../../fixtures/page/world.js";

let world: PageWorld;
beforeAll(async () => {
  world = await pageWorld({ isLive: true });
});
afterAll(() => world.close());

/** As an administrator's page would. */
async function asked(page: Page, method: string, path: string, body: unknown): Promise<void> {
  const status = await page.evaluate(
    async ([how, where, what]) =>
      (
        await fetch(`/api/v1${where}`, {
          method: how ?? "GET",
          headers: { "Content-Type": "application/json" },
          body: what ?? null,
        })
      ).status,
    [method, path, JSON.stringify(body)] as const,
  );
  expect(status).toBeLessThan(300);
}

async function invitationTo(address: string): Promise<string> {
  const mail = () => world.mails.filter(({ to }) => to.includes(address)).at(-1);
  await expect.poll(() => mail()).toBeDefined();
  const found = /\/activate#\S+/.exec(mail()?.text ?? "")?.[0];
  if (found === undefined) throw new Error("the mail has no link");
  return found;
}

describe("somebody who is invited", () => {
  it("follows the link, chooses a password, adds a phone, is called, and hears the message", async () => {
    const alice = await world.open("alice.wong", "/");
    await alice.getByRole("heading", { name: "Hello, Alice Wong" }).waitFor();
    const username = "nina.park";
    await asked(alice, "POST", "/users", {
      username,
      name: "Nina Park",
      email: "nina@example.com",
      extension: "177",
    });
    await asked(alice, "POST", "/invitations", { usernames: [username] });
    await asked(alice, "PATCH", "/numbers/%2B12125550109", { route: { to: `user:${username}`, ring: 10 } });

    const page = await world.open(null, await invitationTo("nina@example.com"));
    await page.getByText("Nina Park, you are invited to the phone system of Acme Dental.").waitFor();
    await page.getByRole("textbox", { name: "New password" }).fill("a fine day 42");
    await page.getByRole("button", { name: "Save and go on" }).click();
    await page.getByRole("heading", { level: 1, name: "Welcome, Nina Park" }).waitFor();
    await page.getByText("App on a computer or mobile").click();
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByRole("button", { name: "Show the sign-in" }).click();
    await page.getByRole("img", { name: "QR code with the phone’s sign-in" }).waitFor();
    await page.getByRole("button", { name: "The phone is set up" }).click();
    await page.getByText("nina-park-app").waitFor();
    await page.getByRole("button", { name: "Go on" }).click();

    // It may be left here, and come back to.
    await page.goto("/");
    await page.getByRole("heading", { name: "Hello, Nina Park" }).waitFor();
    await page.goto("/welcome/voicemail");
    await page.getByRole("link", { name: "Go on" }).click();
    await page.getByText("Colleagues reach you at extension 177.").waitFor();
    await page.getByRole("main").getByRole("link", { name: "To Home" }).click();

    world.call({
      dialled: "+12125550109",
      callerNumber: "+13105550123",
      callerName: "Zoe Hill",
      talkMs: 60_000,
      hangupAfterMs: 14_000,
    });
    const fresh = page.getByRole("region", { name: "New messages" });
    await fresh.getByText("Zoe Hill").waitFor({ timeout: 60_000 });
    await fresh.getByRole("link", { name: "Zoe Hill" }).click();
    const message = page.getByRole("article", { name: /Zoe Hill/ });
    await message.getByRole("button", { name: "Play" }).click();
    await message.getByText("New", { exact: true }).waitFor({ state: "detached" });
    await page.goto("/");
    await fresh.getByText("You have heard them all.").waitFor();

    const again = await world.open(null, await invitationTo("nina@example.com"));
    await again.getByRole("heading", { name: "This link was used already" }).waitFor();
    await again.getByText("Sign in with the password that you chose.").waitFor();
  }, 120_000);
});

describe("a call that is asked for in the page", () => {
  it("rings my phone first, then the caller, until both talk", async () => {
    const page = await world.open("alice.wong", "/messages");
    await page.getByRole("link", { name: /Omar Said/ }).click();
    await page.getByRole("button", { name: "Call back Omar Said" }).click();
    const dialog = page.getByRole("dialog", { name: "Call Omar Said" });
    await dialog.getByText("Your phone rings. Answer it.").waitFor({ timeout: 20_000 });
    await dialog.getByText(/ is called\.$/).waitFor({ timeout: 20_000 });
    await dialog.getByText("You are connected. Hang up on the phone.").waitFor({ timeout: 20_000 });
  });

  it("is not offered to somebody who may not call outside", async () => {
    const page = await world.open("bob.stone", "/messages");
    await page.getByRole("link", { name: /Ruth Klein/ }).click();
    await page
      .getByRole("article", { name: /Ruth Klein/ })
      .getByRole("link", { name: "Call from this device" })
      .waitFor();
    expect(await page.getByRole("button", { name: /^Call back/ }).count()).toBe(0);
  });
});

describe("an outside number", () => {
  it("becomes one's phone when the call has said a code, and the code was typed in", async () => {
    const added = vi.spyOn(world.store.numberProofs, "add");
    const page = await world.open("carol.diaz", "/phones/add");
    await page.getByText("Outside number", { exact: true }).click();
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByLabel("Telephone number").fill("310 555 0142");
    await page.getByRole("button", { name: "Call me now" }).click();
    await page.getByText("Listen to the code, and type it here.").waitFor({ timeout: 30_000 });
    const code = added.mock.calls.at(-1)?.[0].code ?? "";
    await page.getByLabel("Code").fill(code === "000000" ? "111111" : "000000");
    await page.getByRole("button", { name: "Add this number" }).click();
    await page.getByText("this is not the code; 4 more tries").waitFor();
    await page.getByLabel("Code").fill(code);
    await page.getByRole("button", { name: "Add this number" }).click();
    await page.getByText("is one of your phones now.").waitFor();
    await page.getByRole("listitem", { name: "Mobile" }).getByText("+1 310 555 0142").waitFor();
  });
});
