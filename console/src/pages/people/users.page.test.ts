/** Goal: what people know from the screens of other phone systems about users works here in the same words. */
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

/** A button with all of this name. */
function press(page: Page, name: string): Promise<void> {
  return page.getByRole("button", { name, exact: true }).click();
}

function fill(page: Page, label: string, text: string): Promise<void> {
  return page.getByLabel(label, { exact: true }).fill(text);
}

/** Turns a switch or box: what can be pressed is its text, as the input itself is not seen. */
function turn(page: Page, text: string): Promise<void> {
  return page.locator(".switch, .checkbox").filter({ hasText: text }).first().click();
}

async function addUser(page: Page, first: string, last: string, email: string): Promise<void> {
  await fill(page, "First name", first);
  await fill(page, "Last name", last);
  if (email !== "") await fill(page, "E-mail", email);
  await eventually(() => page.getByLabel("Username", { exact: true }).inputValue()).not.toBe("");
  await eventually(() => page.getByLabel("Extension", { exact: true }).inputValue()).not.toBe("");
}

async function live(username: string) {
  const office = await world.store.loadOffice();
  return office?.users.find((user) => user.username === username);
}

async function membersOf(id: string): Promise<readonly string[]> {
  const office = await world.store.loadOffice();
  return office?.groups.find((group) => group.id === id)?.members.map(({ username }) => username) ?? [];
}

describe("adding a user", () => {
  it('"+Add User": e-mail, extension, switches for System and Billing Admin; "Invite User" sends a mail', async () => {
    const page = await world.open(ADMIN, "/users");
    await page.getByRole("link", { name: "+ Add User" }).click();
    await addUser(page, "Erin", "Park", "erin@example.com");
    await turn(page, "System Admin");
    await turn(page, "Billing Admin");
    await press(page, "Invite User");
    await page.getByText("A mail with the invitation is on its way to Erin Park").waitFor();
    await eventually(() => world.mails.flatMap(({ to }) => to).join()).toContain("erin@example.com");
    expect(await live("erin.park")).toMatchObject({ name: "Erin Park", email: "erin@example.com" });
    expect(await membersOf("system-admins")).toContain("erin.park");
    expect(await membersOf("billing-admins")).toContain("erin.park");
  });

  it('if the mail is lost: edit the user, "Resend Invitation" under the e-mail address, confirm', async () => {
    const page = await world.open(ADMIN, "/users/new");
    await addUser(page, "Fay", "Lost", "fay@example.com");
    await press(page, "Invite User");
    await page.getByText("A mail with the invitation is on its way to Fay Lost").waitFor();
    const sent = () => world.mails.filter(({ to }) => [to].flat().join().includes("fay@example.com")).length;
    await eventually(sent).toBe(1);
    await page.getByRole("link", { name: /Fay Lost/ }).click();
    await page.getByText("Not followed yet").waitFor();
    await press(page, "Resend Invitation");
    await page.getByRole("dialog").getByRole("button", { name: "Resend Invitation" }).click();
    await eventually(sent).toBe(2);
  });

  it("until the person has followed the invitation they cannot sign in anywhere; following it lets them add the devices on which they take calls", async () => {
    const page = await world.open(ADMIN, "/users/new");
    await addUser(page, "Gus", "Newman", "gus@example.com");
    await press(page, "Invite User");
    const mail = () => world.mails.find(({ to }) => [to].flat().join().includes("gus@example.com"));
    await eventually(mail).toBeDefined();
    const refused = await fetch(`${world.base}/api/v1/sign-in`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Origin: world.base },
      body: JSON.stringify({ username: "gus.newman", password: "any password 1" }),
    });
    expect(refused.status).toBe(401);
    const [path] = /\/activate#[\w-]+/.exec(JSON.stringify(mail()).replaceAll("=\\r\\n", "")) ?? [];
    const theirs = await world.open(null, path ?? "/");
    await theirs.locator('input[type="password"]').first().fill("correct horse 9");
    await theirs.locator('button[type="submit"]').click();
    await theirs.getByRole("banner").waitFor();
    await theirs.goto("/users/gus.newman/devices");
    await press(theirs, "Add device");
    await theirs.getByRole("dialog").getByRole("button", { name: "Add", exact: true }).click();
    await theirs.getByText("QR code and settings, now").waitFor();
    expect((await live("gus.newman"))?.devices).toHaveLength(1);
  });

  it('username of 5 to 30 characters (never changes), first and last name, outbound phone number, extension of 3 or 4 digits, group, permissions, a box "Send Credentials", then back to the list', async () => {
    const page = await world.open(ADMIN, "/users/new");
    await addUser(page, "Ivo", "Jansen", "ivo@example.com");
    expect(await page.getByLabel("Username", { exact: true }).inputValue()).toBe("ivo.jansen");
    expect(await page.getByLabel("Extension", { exact: true }).inputValue()).toMatch(/^\d{3,4}$/);
    await page.getByText("More: groups, outbound number, permissions").click();
    await turn(page, "Reception");
    // A list closes when the page scrolls, as it does to a field that was out of sight.
    const outbound = page.getByRole("combobox", { name: "Outbound phone number" });
    await outbound.click();
    await outbound.fill("5550109");
    await page.getByRole("option", { name: "+1 212 555 0109" }).click();
    await turn(page, "Call logs");
    expect(await page.getByText("Send Credentials").count()).toBe(1);
    await press(page, "Invite User");
    await page.getByRole("heading", { name: "Users" }).waitFor();
    expect(await live("ivo.jansen")).toMatchObject({
      outboundNumber: "+12125550109",
      permissions: { call_logs: true },
    });
    expect(await membersOf("reception")).toContain("ivo.jansen");
    await page.goto("/users/ivo.jansen");
    expect(await page.getByLabel("Username", { exact: true }).count()).toBe(0);
  });

  it("without an e-mail address the link is shown, to be copied or scanned", async () => {
    const page = await world.open(ADMIN, "/users/new");
    await addUser(page, "Kai", "Silent", "");
    await press(page, "Invite User");
    await page.getByRole("heading", { name: "Kai Silent is added" }).waitFor();
    expect(await page.getByRole("main").innerText()).toContain(`${world.base}/activate#`);
    await page.getByRole("img", { name: "QR code of the link for Kai Silent" }).waitFor();
  });

  it("a name that is taken loses nothing of what was typed", async () => {
    const page = await world.open(ADMIN, "/users/new");
    await addUser(page, "Bob", "Other", "bob2@example.com");
    await fill(page, "Username", "bob.stone");
    await press(page, "Invite User");
    await page.getByRole("alert").waitFor();
    expect(await page.getByLabel("E-mail", { exact: true }).inputValue()).toBe("bob2@example.com");
    await page.reload();
    expect(await page.getByLabel("First name").inputValue()).toBe("Bob");
  });
});

describe("a user", () => {
  it("System Admins edit for each user, in tabs: voicemail greetings, devices, subscriptions, user groups, caller id", async () => {
    const page = await world.open(ADMIN, "/users/carol.diaz");
    for (const [tab, shows] of [
      ["Greetings", "Voicemail greetings"],
      ["Devices", "Where calls ring."],
      ["Notifications", "For each new message"],
      ["User groups", "Reception"],
      ["Caller ID", "Outbound phone number"],
      ["Call handling", "When somebody calls Carol Díaz"],
      ["Permissions", "Nobody has given it."],
      ["Account", "Sign-in"],
    ] as const) {
      await page.getByRole("tab", { name: tab }).click();
      await page.getByRole("tabpanel").getByText(shows).first().waitFor();
    }
    expect(new URL(page.url()).pathname).toBe("/users/carol.diaz/account");
  });

  it("users can be signed in on several devices at once", async () => {
    const page = await world.open(ADMIN, "/users/dan.okafor/devices");
    await press(page, "Add device");
    await page.getByRole("dialog").getByRole("button", { name: "Add", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Show" }).click();
    await page.getByText("The password is shown now, and never again.").waitFor();
    await page.getByRole("img", { name: /QR code/ }).waitFor();
    await press(page, "Done");
    expect((await live("dan.okafor"))?.devices.length).toBeGreaterThan(2);
  });

  it("permissions, each given or not, with the reason why somebody has them", async () => {
    const page = await world.open(ADMIN, "/users/bob.stone/permissions");
    await page.getByText("Nobody has given it.").first().waitFor();
    expect(await page.locator(".permissions li").count()).toBe(15);
    await turn(page, "Call logs");
    await press(page, "Save");
    await page.getByText("Given by name.").waitFor();
    expect((await live("bob.stone"))?.permissions).toEqual({ call_logs: true });
    await press(page, "Call logs: back to default");
    await press(page, "Save");
    await eventually(async () => (await live("bob.stone"))?.permissions ?? {}).toEqual({});
  });

  it("a user rings for some seconds, then: the user's voicemail, hang up, another destination", async () => {
    const page = await world.open(ADMIN, "/users/carol.diaz/calls");
    await page.getByRole("button", { name: /If nobody answers/ }).click();
    await page.getByRole("option", { name: "Hang up" }).click();
    await page.getByRole("button", { name: /Ring for/ }).click();
    await page.getByRole("option", { name: "40 seconds" }).click();
    await press(page, "Save");
    await page.getByText("Ring for 40 seconds").first().waitFor();
    await eventually(async () => JSON.stringify((await live("carol.diaz"))?.flow)).toContain("40000");
  });

  it("is suspended, with what that means, and comes back", async () => {
    const page = await world.open(ADMIN, "/users/carol.diaz");
    await press(page, "Suspend");
    await page.getByText("They are signed out here at once, on all devices.").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Suspend", exact: true }).click();
    await page.getByText("This user is suspended:").waitFor();
    expect((await live("carol.diaz"))?.suspended).toBe(true);
    await press(page, "End suspension");
    await page.getByRole("dialog").getByRole("button", { name: "End suspension" }).click();
    await eventually(async () => (await live("carol.diaz"))?.suspended ?? false).toBe(false);
  });

  it("what happens when two administrators change it at once: the other's change is shown, and nothing typed is lost", async () => {
    const page = await world.open(ADMIN, "/users/carol.diaz");
    await fill(page, "Location", "Room 5");
    await world.edit((office) => ({
      ...office,
      users: office.users.map((user) =>
        user.username === "carol.diaz" ? { ...user, email: "carol@elsewhere.example" } : user,
      ),
    }));
    await press(page, "Save");
    const alert = page.getByRole("alert");
    await alert.getByText("Somebody else has changed this meanwhile").waitFor();
    expect(await alert.innerText()).toContain("carol@elsewhere.example");
    expect(await page.getByLabel("Location", { exact: true }).inputValue()).toBe("Room 5");
    await press(page, "Save");
    await eventually(async () => (await live("carol.diaz"))?.location).toBe("Room 5");
    expect((await live("carol.diaz"))?.email).toBe("carol@elsewhere.example");
  });
});

describe("a user to whom something leads", () => {
  it("without a replacement it says what still leads there, and removes nothing", async () => {
    const page = await world.open(ADMIN, "/users/dan.okafor");
    await press(page, "Remove");
    await page.locator(".radio").filter({ hasText: "Nobody takes over" }).click();
    await page.getByText("something still leads to the user").waitFor();
    expect(await page.getByRole("button", { name: "Remove User" }).isDisabled()).toBe(true);
  });
});

describe("many users from a table", () => {
  it("are planned first, line by line, applied as one revision, and invited at once", async () => {
    const page = await world.open(ADMIN, "/users/import");
    await fill(
      page,
      "Paste it",
      "Name,E-mail,Extension\nLena Adler,lena@example.com,301\nMilo Brandt,milo@example.com,301\n",
    );
    await press(page, "Show the plan");
    await page.getByRole("alert", { name: "What is wrong with the table" }).waitFor();
    await fill(
      page,
      "Paste it",
      "Name,E-mail,Extension\nLena Adler,lena@example.com,301\nMilo Brandt,milo@example.com,302\n",
    );
    await press(page, "Show the plan");
    await page.getByText("2 users are new").waitFor();
    expect(await live("lena.adler")).toBeUndefined();
    await press(page, "Apply as one revision");
    await press(page, "Invite 2 users");
    await page.getByText("2 invitations are on their way by mail.").waitFor();
    expect(await live("lena.adler")).toMatchObject({ extension: "301" });
  });
});

describe("somebody without rights", () => {
  it("sees no button that would be refused", async () => {
    const page = await world.open("bob.stone", "/users");
    await page.getByRole("main").getByText("There is no such page.").waitFor();
    expect(await page.getByRole("link", { name: "Users", exact: true }).count()).toBe(0);
    await page.goto("/groups/reception");
    await page.getByText("Carol Díaz").waitFor();
    for (const name of ["+ Add Member", "Remove", "Save"])
      expect(await page.getByRole("button", { name, exact: true }).count()).toBe(0);
    // Their own part they do switch.
    const switches = page.getByRole("switch", { name: /Calls of the group ring/ });
    expect(
      await switches.evaluateAll((all) => all.filter((each) => !(each as HTMLInputElement).disabled).length),
    ).toBe(1);
    await page.goto("/users/bob.stone");
    await page.getByLabel("Location").waitFor();
    for (const name of ["Suspend", "Remove", "Resend Invitation"])
      expect(await page.getByRole("button", { name, exact: true }).count()).toBe(0);
    expect(await page.getByLabel("Extension", { exact: true }).isDisabled()).toBe(true);
  });
});

describe("removing a user", () => {
  it("a replacement must be picked, which takes over call flows, voicemail and recordings", async () => {
    const page = await world.open(ADMIN, "/users/bob.stone");
    await press(page, "Remove");
    const dialog = page.getByRole("dialog");
    expect(await dialog.getByRole("button", { name: "Remove User" }).isDisabled()).toBe(true);
    await dialog.getByRole("combobox", { name: "Replacement" }).fill("Carol");
    await page.getByRole("option", { name: /Carol Díaz/ }).click();
    await dialog.getByRole("heading", { name: "Carol Díaz will get" }).waitFor();
    await dialog.getByText("Number +1 212 555 0108").waitFor();
    await dialog.getByRole("button", { name: "Remove User" }).click();
    await page.getByText("Bob Stone is removed.").waitFor();
    const office = await world.store.loadOffice();
    expect(office?.users.some(({ username }) => username === "bob.stone")).toBe(false);
    const number = office?.numbers.find((each) => each.number === "+12125550108");
    expect(JSON.stringify(number)).toContain("carol.diaz");
  });
});
