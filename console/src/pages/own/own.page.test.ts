/** Goal: people look after their own phones and settings, and see nothing that would be refused. */
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PASSWORD, type PageWorld, pageWorld } from "../../../../fixtures/page/world.js";
import { toneWav } from "../../../../fixtures/tone-wav.js";

let world: PageWorld;
beforeAll(async () => {
  world = await pageWorld();
});
afterAll(() => world.close());

const saved = (page: Page) =>
  page
    .getByText(/^Saved\. Live, revision \d+/)
    .last()
    .waitFor();

describe("Home", () => {
  it("says what is new, which phones can be reached, and what happens when one does not answer", async () => {
    const page = await world.open("bob.stone", "/");
    await page.getByRole("region", { name: "New messages" }).getByText("Ruth Klein").waitFor();
    await page.getByRole("region", { name: "Missed calls" }).waitFor();
    await page.getByRole("region", { name: "My phones" }).getByText("Desk phone").waitFor();
    const rule = page.getByRole("region", { name: "When I do not answer" });
    await rule.getByText("My phones ring for 20 seconds.").waitFor();
    await rule.getByText("Then my voicemail takes a message.").waitFor();
    expect(await page.getByText("Needs attention").count()).toBe(0);
  });

  it("tells an administrator what needs attention", async () => {
    const page = await world.open("alice.wong", "/");
    await page.getByRole("region", { name: "Needs attention" }).getByText("1 number leads nowhere").waitFor();
  });
});

describe("my phones", () => {
  it("one is added with a QR code, and its sign-in is shown once", async () => {
    const page = await world.open("bob.stone", "/phones");
    await page.getByRole("link", { name: "Add a phone" }).click();
    await page.getByText("App on a computer or mobile").click();
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByRole("button", { name: "Show the sign-in" }).click();
    await page.getByRole("img", { name: "QR code with the phone’s sign-in" }).waitFor();
    await page.getByText("This is shown once.").waitFor();
    const password = await page.getByRole("group", { name: "Password" }).locator("code").innerText();
    expect(password.length).toBeGreaterThan(15);
    await page.getByRole("button", { name: "The phone is set up" }).click();
    await page.getByRole("listitem", { name: "App", exact: true }).waitFor();
    expect(await page.getByText(password).count()).toBe(0);
  });

  it("one rings later, and for a time of its own; whoever answers presses 1; the order changes", async () => {
    const page = await world.open("bob.stone", "/phones");
    const desk = page.getByRole("listitem", { name: "Desk phone" });
    await desk.getByRole("button", { name: "When it rings" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: /Begins to ring/ }).click();
    await page.getByRole("option", { name: "After 10 seconds" }).click();
    await dialog.getByRole("button", { name: /Rings for/ }).click();
    await page.getByRole("option", { name: "30 seconds at most" }).click();
    await dialog.getByText("Always").click();
    await dialog.getByRole("button", { name: "Save" }).click();
    await saved(page);
    await desk
      .getByText("Rings after 10 seconds. Rings for 30 seconds at most. Whoever answers presses 1.")
      .waitFor();
    await desk.getByRole("button", { name: "Desk phone: ring later in the order" }).click();
    await expect
      .poll(() =>
        page.getByRole("list", { name: "Phones in ringing order" }).getByRole("heading").first().innerText(),
      )
      .toBe("Softphone");
  });

  it("one is removed after a question that says what is lost", async () => {
    const page = await world.open("carol.diaz", "/phones");
    await page.getByRole("listitem", { name: "Desk phone" }).getByRole("button", { name: "Remove" }).click();
    await page.getByRole("dialog").getByText("your calls ring there no longer").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Remove the phone" }).click();
    await page.getByRole("heading", { name: "You have no phone yet" }).waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("listitem", { name: "Desk phone" }).waitFor();
  });

  it("an outside number that is none is said beside it", async () => {
    const page = await world.open("bob.stone", "/phones/add");
    await page.getByText("Outside number", { exact: true }).click();
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByLabel("Telephone number").fill("12");
    await page.getByRole("button", { name: "Call me now" }).click();
    await page.getByText("this is no telephone number").waitFor();
  });
});

describe("what happens when I do not answer", () => {
  it.each([
    ["10 seconds", "My voicemail", "My phones ring for 10 seconds.", "Then my voicemail takes a message."],
    ["20 seconds", "Hang up", "My phones ring for 20 seconds.", "Then the caller hears that nobody answers."],
  ])("own rings for %s, then: %s", async (time, then, rings, after) => {
    const page = await world.open("alice.wong", "/account");
    await page.getByRole("button", { name: /Ring for/ }).click();
    await page.getByRole("option", { name: time }).click();
    await page.getByRole("button", { name: /If nobody answers/ }).click();
    await page.getByRole("option", { name: then }).first().click();
    await page.getByRole("button", { name: "Save" }).click();
    await saved(page);
    await page.goto("/");
    await page.getByText(rings).waitFor();
    await page.getByText(after).waitFor();
  });

  it("keep ringing", async () => {
    const page = await world.open("alice.wong", "/account");
    await page.getByRole("button", { name: /If nobody answers/ }).click();
    await page.getByRole("option", { name: "Keep ringing until the caller gives up" }).click();
    await page.getByRole("button", { name: "Save" }).click();
    await saved(page);
    await page.goto("/");
    await page.getByText("My phones ring until the caller gives up.").waitFor();
  });

  it.each([
    ["a user", "bob", /Bob Stone/, "Then the call goes to Bob Stone."],
    ["a group", "reception", /^Reception/, "Then the call goes to the group Reception."],
    ["a call flow", "front-desk", /front-desk/, "Then the call flow front-desk takes over."],
    ["an outside number", "+13105550199", /310 555 0199/, "Then +1 310 555 0199 is called."],
  ])("send the call to %s", async (_what, typed, option, words) => {
    const page = await world.open("alice.wong", "/account");
    await page.getByRole("button", { name: /If nobody answers/ }).click();
    await page.getByRole("option", { name: "Another destination" }).click();
    await page.getByRole("combobox", { name: "Which destination" }).fill(typed);
    await page.getByRole("option", { name: option }).first().click();
    await page.getByRole("button", { name: "Save" }).click();
    await saved(page);
    await page.goto("/");
    await page.getByText(words).waitFor();
  });

  it("is told in words to somebody who may not change it", async () => {
    const page = await world.open("bob.stone", "/account");
    await page.getByText("Then my voicemail takes a message.").waitFor();
    await page.getByText("A System Admin sets this for you.").waitFor();
    expect(await page.getByRole("button", { name: /Ring for/ }).count()).toBe(0);
  });
});

describe("greetings", () => {
  it("are recorded in the browser, heard, and used from the next call on", async () => {
    const page = await world.open("bob.stone", "/account/voicemail", { permissions: ["microphone"] });
    const own = page.getByRole("listitem", { name: "Greeting", exact: true });
    await own.getByRole("button", { name: "Record" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Start recording" }).click();
    await dialog.getByText("0:02").waitFor();
    await dialog.getByRole("button", { name: "Stop" }).click();
    await dialog.getByRole("group", { name: "Your recording" }).getByRole("button", { name: "Play" }).click();
    await dialog.getByRole("button", { name: "Use this" }).click();
    await page.getByText("Greeting: saved. The next caller hears it.").waitFor();
    await own.getByText("Callers hear this now").waitFor();
    await own.getByRole("button", { name: "Play" }).click();
    await own.getByRole("button", { name: "Pause" }).waitFor();
    await own.getByRole("button", { name: "Remove" }).click();
    await dialog.getByRole("button", { name: "Remove" }).click();
    await page.getByText("Callers hear the usual words.").waitFor();
  });

  it("are uploaded, and a file that is no sound is refused in words", async () => {
    const page = await world.open("carol.diaz", "/account/voicemail");
    const file = join(tmpdir(), `greeting-${process.pid}.wav`);
    writeFileSync(file, toneWav(2_000));
    const temporary = page.getByRole("listitem", { name: "Temporary greeting", exact: true });
    await temporary.locator("input[type=file]").setInputFiles(file);
    await temporary.getByText("Callers hear this now").waitFor();
    const other = page.getByRole("listitem", { name: "Greeting", exact: true });
    await other
      .locator("input[type=file]")
      .setInputFiles({ name: "notes.wav", mimeType: "audio/wav", buffer: Buffer.from("no sound at all") });
    await other.getByText(/this is no sound/).waitFor();
  });
});

describe("own settings", () => {
  it("the PIN is set, a weak one refused with the reason, and taken away", async () => {
    const page = await world.open("bob.stone", "/account/voicemail");
    const pin = page.getByRole("region", { name: "Voicemail PIN" });
    await pin.getByRole("textbox", { name: "PIN" }).fill("1234");
    await pin.getByRole("button", { name: "Save the PIN" }).click();
    await pin.getByText(/its digits follow each other/).waitFor();
    await pin.getByRole("textbox", { name: "PIN" }).fill("739184");
    await pin.getByRole("button", { name: "Save the PIN" }).click();
    await pin.getByText("A PIN is set").waitFor();
    await pin.getByRole("button", { name: "Take the PIN away" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Take the PIN away" }).click();
    await pin.getByText("No PIN yet").waitFor();
  });

  it("mails about messages and missed calls are chosen", async () => {
    const page = await world.open("bob.stone", "/account/voicemail");
    await page.getByText("A mail with the message itself").click();
    await page.getByText("A mail for each missed call").click();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await saved(page);
    await page.reload();
    await page.getByRole("radio", { name: "A mail with the message itself", checked: true }).waitFor();
    await page.getByRole("switch", { name: "A mail for each missed call", checked: true }).waitFor();
  });

  it("the own number is hidden, and what others change is shown as a fact", async () => {
    const page = await world.open("bob.stone", "/account/profile");
    await page.getByText("Hide my number").click();
    await page.getByRole("button", { name: "Save" }).click();
    await saved(page);
    expect(await page.getByLabel("E-mail address").count()).toBe(0);
    await page.getByText("bob@example.com").waitFor();
  });

  it("a new password ends the other sessions", async () => {
    const other = await world.open("dan.okafor", "/");
    await other.getByRole("heading", { name: "Hello, Dan Okafor" }).waitFor();
    const page = await world.open("dan.okafor", "/account/sign-in");
    await page.getByRole("button", { name: "Change the password" }).click();
    await page.getByLabel("Password until now").fill("not this 1");
    await page.getByRole("textbox", { name: "New password" }).fill("another day 77");
    await page.getByRole("button", { name: "Save the new password" }).click();
    await page.getByText("this is not your password").first().waitFor();
    await page.getByLabel("Password until now").fill(PASSWORD);
    await page.getByRole("button", { name: "Save the new password" }).click();
    await page.getByText("Your other sessions have ended.").waitFor();
    await other.reload();
    await other.getByRole("heading", { name: "Sign in" }).waitFor();
  });

  it("sessions are listed, and the others ended", async () => {
    const other = await world.open("carol.diaz", "/");
    await other.getByRole("heading", { name: /^Hello/ }).waitFor();
    const page = await world.open("carol.diaz", "/account/sign-in");
    await page.getByText("This browser").waitFor();
    await page.getByRole("button", { name: "End all others" }).click();
    await page.getByText(/sessions? ha(?:s|ve) ended/).waitFor();
    await other.reload();
    await other.getByRole("heading", { name: "Sign in" }).waitFor();
  });

  it("permissions are shown with their reasons", async () => {
    const page = await world.open("bob.stone", "/account/permissions");
    const users = page.getByRole("listitem").filter({ hasText: "Add, change, suspend and remove users." });
    await users.getByText("No", { exact: true }).waitFor();
    await users.getByText("It is so for everybody.").waitFor();
  });

  it("a key of the API is made with a part of one's permissions, shown once, and ended", async () => {
    const page = await world.open("alice.wong", "/keys");
    await page.getByRole("button", { name: "Make a key" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("wallboard");
    await dialog.getByText("Live reports").click();
    await dialog.getByRole("button", { name: "Make a key" }).click();
    const text = await dialog.getByRole("group", { name: "Key" }).locator("code").innerText();
    expect(text).toMatch(/^rk_/);
    await dialog.getByRole("button", { name: "I have kept it" }).click();
    await page
      .getByRole("row", { name: /wallboard/ })
      .getByText("Never used")
      .waitFor();
    await page.getByRole("button", { name: "End wallboard" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "End" }).click();
    await page.getByText("The key has ended.").waitFor();
  });

  it("somebody without the permission is offered no key", async () => {
    const page = await world.open("bob.stone", "/keys");
    await page.getByRole("heading", { name: "No keys yet" }).waitFor();
    expect(await page.getByRole("button", { name: "Make a key" }).count()).toBe(0);
  });

  it.each(["no-answer", "voicemail", "profile", "sign-in", "permissions"])(
    "%s fits on a phone",
    async (tab) => {
      const page = await world.open("alice.wong", `/account/${tab}`, { width: 320, height: 640 });
      await page.getByRole("tabpanel").waitFor();
      await expect
        .poll(() =>
          page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
        )
        .toBe(0);
    },
  );
});
