/** Goal: people get in as they know it from elsewhere, and are told in plain words what to do when they do not. */
import { Secret, TOTP } from "otpauth";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { beginSession } from "../../../../engine/accounts/sessions.js";
import { cookieName } from "../../../../engine/web/api/cookies.js";
import { PASSWORD, type PageWorld, pageWorld } from "../../../../fixtures/page/world.js";

let world: PageWorld;
beforeAll(async () => {
  world = await pageWorld();
});
afterAll(() => world.close());

async function signIn(page: Page, username: string, password: string): Promise<void> {
  await page.getByLabel("Username or e-mail address").fill(username);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

async function isIn(page: Page, name: string): Promise<void> {
  await page.getByRole("heading", { level: 1, name: `Hello, ${name}` }).waitFor();
}

/** The link of the newest mail to somebody. */
async function linkTo(address: string): Promise<string> {
  const mails = () => world.mails.filter(({ to }) => to.includes(address));
  await expect.poll(() => mails().length).toBeGreaterThan(0);
  const found = /https?:\/\/\S+#\S+/.exec(mails().at(-1)?.text ?? "")?.[0];
  if (found === undefined) throw new Error("the mail has no link");
  return found.slice(found.indexOf("/", "https://".length));
}

describe("signing in", () => {
  it("takes the username or the e-mail address, and the password", async () => {
    const page = await world.open(null, "/");
    await signIn(page, "bob.stone", PASSWORD);
    await isIn(page, "Bob Stone");
    const other = await world.open(null, "/");
    await signIn(other, "bob@example.com", PASSWORD);
    await isIn(other, "Bob Stone");
  });

  it("leads to the page that was asked for", async () => {
    const page = await world.open(null, "/phones");
    await signIn(page, "bob.stone", PASSWORD);
    await page.getByRole("heading", { level: 1, name: "My phones" }).waitFor();
  });

  it("says that it is not right, and after many tries how long to wait", async () => {
    const page = await world.open(null, "/");
    await signIn(page, "nobody.here", "wrong 1234");
    await page.getByText("That is not right").waitFor();
    await expect
      .poll(async () => {
        await page.getByRole("button", { name: "Sign in", exact: true }).click();
        return page.getByText(/Try again in \d+ (?:second|minute)/).count();
      })
      .toBe(1);
    await page.getByText("Too many tries").waitFor();
  });

  it("tells somebody who is suspended whom to ask", async () => {
    await world.edit((office) => ({
      ...office,
      users: office.users.map((each) =>
        each.username === "dan.okafor" ? { ...each, suspended: true as const } : each,
      ),
    }));
    const page = await world.open(null, "/");
    await signIn(page, "dan.okafor", PASSWORD);
    await page.getByText("Ask a System Admin of your office to let you in again.").waitFor();
    await world.edit((office) => ({
      ...office,
      users: office.users.map(({ suspended: _none, ...each }) => each),
    }));
  });

  it("works by keyboard alone, through to the messages", async () => {
    const page = await world.open(null, "/");
    await page.getByLabel("Username or e-mail address").waitFor();
    await page.keyboard.type("bob.stone");
    await page.keyboard.press("Tab");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await isIn(page, "Bob Stone");
    await tabTo(page, "Messages");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Messages" }).waitFor();
    await page.getByRole("list", { name: "Messages" }).waitFor();
    await tabTo(page, /Ruth Klein/);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByRole("article", { name: /Eve Adams/ }).waitFor();
    await tabTo(page, "Play");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Pause" }).waitFor();
  });

  it("has the words of the browser's language, and of the one that is chosen", async () => {
    const page = await world.open(null, "/", { locale: "de-DE" });
    await page.getByRole("heading", { name: "Anmelden" }).waitFor();
    await page.getByRole("button", { name: "English" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
  });

  it("fits on a phone", async () => {
    const page = await world.open(null, "/", { width: 320, height: 640 });
    await page.getByLabel("Password", { exact: true }).waitFor();
    expect(await overflow(page)).toBe(0);
  });
});

/** Goes on with Tab until something of this name has the focus. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(
      () => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent ?? "",
    );
    if (typeof name === "string" ? focused.trim() === name : name.test(focused)) return;
  }
  throw new Error(`no ${String(name)} is reached by keyboard`);
}

function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

describe("a forgotten password", () => {
  it("is replaced by the link of a mail, with its rules ticked off as one types", async () => {
    const page = await world.open(null, "/");
    await page.getByRole("link", { name: "Forgotten your password?" }).click();
    await page.getByLabel("Username or e-mail address").fill("alice@example.com");
    await page.getByRole("button", { name: "Send the link" }).click();
    await page.getByText("a mail with a link is on its way").waitFor();
    const link = await linkTo("alice@example.com");
    expect(link).toMatch(/^\/new-password#/);

    await page.goto(link);
    await page.getByText("For Alice Wong, username alice.wong.").waitFor();
    const field = page.getByRole("textbox", { name: "New password" });
    const rules = page.getByRole("list", { name: "What a password needs" });
    const kept = () => rules.locator("li.kept").allInnerTexts();
    await field.fill("short");
    await expect.poll(async () => (await kept()).length).toBe(2);
    await field.fill("password1");
    await expect.poll(async () => (await kept()).join()).not.toContain("many people choose");
    await field.fill("alice.wong1");
    await expect.poll(async () => (await kept()).join()).not.toContain("username");
    await field.fill("a fine day 42");
    await expect.poll(async () => (await kept()).length).toBe(4);
    await page.getByRole("button", { name: "Save the password" }).click();
    await page.getByRole("heading", { name: "Your password is new" }).waitFor();
    await page.getByRole("link", { name: "Sign in" }).click();
    await signIn(page, "alice.wong", "a fine day 42");
    await isIn(page, "Alice Wong");

    const again = await world.open(null, link);
    await again.getByRole("heading", { name: "This link was used already" }).waitFor();
    await again.getByRole("link", { name: "Ask for a new link" }).waitFor();
  });

  it.each([
    ["/activate#nothing", "Otherwise ask a System Admin to send the invitation again."],
    ["/new-password#nothing", "Otherwise ask for a new link."],
    ["/activate", "Perhaps a part of it is missing"],
  ])("a link that is none, %s, says what to do", async (path, words) => {
    const page = await world.open(null, path);
    await page.getByRole("heading", { name: "This link does not work" }).waitFor();
    await page.getByText(words).waitFor();
  });
});

describe("a second step", () => {
  it("an authenticator app is added with a QR code, and asked for from then on; a recovery code takes its place", async () => {
    const page = await world.open("carol.diaz", "/account/sign-in");
    await page.getByRole("button", { name: "Add an app" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("img", { name: "QR code for the app" }).waitFor();
    const secret = await dialog.locator("code").innerText();
    const app = new TOTP({ secret: Secret.fromBase32(secret) });
    await dialog.getByLabel("The code that the app shows now").fill("000000");
    await dialog.getByRole("button", { name: "Use this app" }).click();
    await dialog.getByText("the app shows another code now").waitFor();
    await dialog.getByLabel("The code that the app shows now").fill(app.generate());
    await dialog.getByRole("button", { name: "Use this app" }).click();
    await page.getByRole("heading", { name: "Your recovery codes" }).waitFor();
    const [recovery = ""] = (await page.getByRole("dialog").locator("code").innerText()).split("\n");
    // They are not lost by a key that closes other dialogs.
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "I have kept them" }).click();
    await page.getByText("Asked for when you sign in").waitFor();

    const later = await world.open(null, "/");
    await signIn(later, "carol.diaz", PASSWORD);
    await later.getByLabel("Code from your authenticator app").fill("123456");
    await later.getByRole("button", { name: "Go on" }).click();
    await later.getByText("That is not right").waitFor();
    await later
      .getByLabel("Code from your authenticator app")
      .fill(app.generate({ timestamp: Date.now() + 30_000 }));
    await later.getByRole("button", { name: "Go on" }).click();
    await isIn(later, "Carol Díaz");

    const lost = await world.open(null, "/");
    await signIn(lost, "carol.diaz", PASSWORD);
    await lost.getByRole("button", { name: "Use a recovery code instead" }).click();
    await lost.getByLabel("Recovery code").fill(recovery);
    await lost.getByRole("button", { name: "Go on" }).click();
    await isIn(lost, "Carol Díaz");
    await lost.goto("/account/sign-in");
    await lost.getByText("9 recovery codes are left.").waitFor();
    await lost.getByRole("button", { name: "Remove" }).first().click();
    await lost.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await lost.getByText("Not in use").waitFor();
  });

  it("a passkey signs in alone, and is the second step where that is wanted", async () => {
    const page = await world.open("dan.okafor", "/account/sign-in");
    await withAuthenticator(page);
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await page.getByRole("dialog").getByLabel("Name").fill("blue key");
    await page.getByRole("dialog").getByText("Also ask for it after the password").click();
    await page.getByRole("dialog").getByRole("button", { name: "Go on" }).click();
    await page.getByRole("button", { name: "I have kept them" }).click();
    await page.getByText("blue key").waitFor();
    await signOut(page);

    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await isIn(page, "Dan Okafor");
    await signOut(page);

    await signIn(page, "dan.okafor", PASSWORD);
    await page.getByRole("button", { name: "Use your passkey" }).click();
    await isIn(page, "Dan Okafor");
    await page.goto("/account/sign-in");
    await page.getByRole("button", { name: "Remove blue key" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await page.getByText("The passkey is removed.").waitFor();
  });
});

/** A device with passkeys inside the browser, whose sensor is touched at once. */
async function withAuthenticator(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Signed in as/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
}

describe("a session that ends while somebody works", () => {
  it("brings the sign-in over the page, and nothing that was typed is lost", async () => {
    const page = await world.open("bob.stone", "/account/profile");
    await page.getByLabel("Name").fill("Robert Stone");
    await page.context().clearCookies();
    await page.getByRole("button", { name: "Save" }).click();
    const dialog = page.getByRole("dialog", { name: "You are signed out" });
    await dialog.waitFor();
    await dialog.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await dialog.getByRole("button", { name: "Sign in", exact: true }).click();
    await dialog.waitFor({ state: "hidden" });
    expect(await page.getByLabel("Name").inputValue()).toBe("Robert Stone");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText(/^Saved\. Live/).waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => page.getByLabel("Name").inputValue()).toBe("Bob Stone");
  });
});

describe("what changes how one signs in", () => {
  it("asks first whether it is still the same person, and goes on by itself", async () => {
    const page = await world.open(null, "/");
    const { deps, sessionLimits } = world.services;
    const hourAgo = { ...deps, clock: { ...deps.clock, nowMs: () => Date.now() - 3_600_000 } };
    const session = await beginSession(hourAgo, {
      ...{ username: "bob.stone", way: "password", limits: await sessionLimits() },
      from: { address: "127.0.0.1", userAgent: "a test", browser: undefined },
    });
    if (session.outcome !== "signed_in") throw new Error(session.outcome);
    const cookie = { name: cookieName("session", world.base), value: session.secret, url: world.base };
    await page.context().addCookies([{ ...cookie, httpOnly: true, sameSite: "Strict" }]);
    await page.goto("/account/sign-in");
    await page.getByRole("button", { name: "Add an app" }).click();
    const question = page.getByRole("dialog", { name: "Show that it is you" });
    await question.getByLabel("Password", { exact: true }).fill("not this 1");
    await question.getByRole("button", { name: "Go on" }).click();
    await question.getByText("This is not your password or passkey.").waitFor();
    await question.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await question.getByRole("button", { name: "Go on" }).click();
    await page
      .getByRole("dialog", { name: "Add an app" })
      .getByRole("img", { name: "QR code for the app" })
      .waitFor();
  });
});
