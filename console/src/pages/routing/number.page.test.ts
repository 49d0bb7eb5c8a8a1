/** A user on a number, as people know it from Tresta's pages: each sentence of it is a test with its words. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PageWorld, pageWorld } from "../../../../fixtures/page/world.js";
import { exportSteps } from "../../../../policy/office-file/export.js";

let world: PageWorld;
beforeAll(async () => {
  world = await pageWorld();
});
afterAll(() => world.close());

async function liveSteps(number: string): Promise<unknown> {
  const office = await world.store.loadOffice();
  const leadsTo = office?.numbers.find((entry) => entry.number === number)?.leadsTo;
  if (leadsTo === undefined || leadsTo === null) return null;
  return leadsTo.kind === "steps" ? exportSteps(leadsTo.steps) : leadsTo;
}

async function choose(page: Page, label: string | RegExp, option: string | RegExp): Promise<void> {
  await page.getByRole("button", { name: label }).click();
  await page.getByRole("option", { name: option }).click();
  // The focus goes back to the button once the list is gone.
  await page.getByRole("listbox").waitFor({ state: "detached" });
}

async function chooseUser(page: Page, label: string, typed: string, name: string): Promise<void> {
  await page.getByRole("combobox", { name: label }).fill(typed);
  await page.getByRole("option", { name }).click();
}

async function save(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText(/Saved\. Live, revision/).waitFor();
}

/** A number of the test's own, which leads nowhere. */
async function freshNumber(number: string): Promise<void> {
  await world.edit((office) => ({
    ...office,
    numbers: [...office.numbers, { number, leadsTo: null } as (typeof office.numbers)[number]],
  }));
}

describe("a user on a number", () => {
  it("Phone Numbers, edit, “When this phone number receives a call”", async () => {
    const page = await world.open("alice.wong", "/");
    await page.getByRole("link", { name: "Numbers" }).click();
    await page.getByRole("link", { name: "+1 212 555 0103" }).click();
    await page.getByRole("heading", { name: "When this phone number receives a call …" }).waitFor();
    await expect
      .poll(() => page.getByRole("combobox", { name: "Which user" }).inputValue())
      .toBe("Carol Díaz");
  });

  it("“Send the call to a user”, which user; Save makes it live", async () => {
    await freshNumber("+12125550151");
    const page = await world.open("alice.wong", "/numbers/+12125550151");
    await choose(page, /Send the call to/, "a user");
    await chooseUser(page, "Which user", "díaz", "Carol Díaz");
    await save(page);
    expect(await liveSteps("+12125550151")).toEqual([
      { ring: "user:carol.diaz", timeout: 20 },
      { voicemail: "user:carol.diaz" },
    ]);
  });

  it("or create one by a link right there", async () => {
    await freshNumber("+12125550152");
    const page = await world.open("alice.wong", "/numbers/+12125550152");
    await choose(page, /Send the call to/, "a user");
    await page.getByRole("combobox", { name: "Which user" }).fill("Erin Hall");
    await page.getByRole("option", { name: "Create a user: Erin Hall" }).click();
    const dialog = page.getByRole("dialog", { name: "Create a user" });
    expect(await dialog.getByLabel("Username").inputValue()).toBe("erin.hall");
    await dialog.getByRole("button", { name: "Create" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect
      .poll(() => liveSteps("+12125550152"))
      .toEqual([{ ring: "user:erin.hall", timeout: 20 }, { voicemail: "user:erin.hall" }]);
  });

  it("“Press 1 to Accept” on or off (off: a person cannot be told from a machine)", async () => {
    const page = await world.open("alice.wong", "/numbers/+12125550103");
    const group = page.getByRole("radiogroup", { name: "Press 1 to Accept" });
    await group.locator("label").filter({ hasText: /^Off/ }).click();
    expect(await group.getByText("A person cannot be told from a machine").isVisible()).toBe(true);
    await save(page);
    expect(await liveSteps("+12125550103")).toMatchObject([{ accept: "never" }, {}]);
    await group
      .locator("label")
      .filter({ hasText: /^OnOn every/ })
      .click();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect.poll(() => liveSteps("+12125550103")).toMatchObject([{ accept: "always" }, {}]);
  });

  it("ring for 10, 20, 30, 40, 50, 60 seconds or no timeout", async () => {
    await freshNumber("+12125550153");
    const page = await world.open("alice.wong", "/numbers/+12125550153");
    await choose(page, /Send the call to/, "a user");
    await chooseUser(page, "Which user", "bob", "Bob Stone");
    await page.getByRole("button", { name: /Ring for/ }).click();
    expect(await page.getByRole("option").allTextContents()).toEqual([
      ...["10 seconds", "20 seconds", "30 seconds", "40 seconds", "50 seconds", "60 seconds"],
      "No timeout",
    ]);
    await page.getByRole("option", { name: "40 seconds" }).click();
    await save(page);
    expect(await liveSteps("+12125550153")).toMatchObject([{ timeout: 40 }, {}]);
  });

  it("then: the user's voicemail, hang up, another destination", async () => {
    await freshNumber("+12125550154");
    const page = await world.open("alice.wong", "/numbers/+12125550154");
    await choose(page, /Send the call to/, "a user");
    await chooseUser(page, "Which user", "bob", "Bob Stone");
    await page.getByRole("button", { name: /If nobody answers/ }).click();
    const ends = await page.getByRole("option").allTextContents();
    expect(ends.join("\n")).toMatch(/The user’s voicemail/);
    expect(ends).toContain("Hang up");
    await page.getByRole("option", { name: "Another destination" }).click();
    await page.getByRole("combobox", { name: "Which destination" }).fill("recep");
    await page.getByRole("option", { name: /^Reception/ }).click();
    await save(page);
    expect(await liveSteps("+12125550154")).toMatchObject([
      { ring: "user:bob.stone" },
      { send: "group:reception" },
    ]);
    await choose(page, /If nobody answers/, "Hang up");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect.poll(() => liveSteps("+12125550154")).toMatchObject([{}, { hangup: "no_answer" }]);
  });

  it("reminder: test by dialling", async () => {
    await freshNumber("+12125550155");
    const page = await world.open("alice.wong", "/numbers/+12125550155");
    await choose(page, /Send the call to/, "a group");
    await page.getByRole("combobox", { name: "Which group" }).fill("recep");
    await page.getByRole("option", { name: /^Reception/ }).click();
    await save(page);
    await page.getByText("Test it: dial the number from a phone outside").waitFor();
  });

  it("every number should have a configuration, else callers hear that the call cannot be completed", async () => {
    const page = await world.open("alice.wong", "/numbers");
    await page
      .getByText(/leads? nowhere\. (?:Its|Their) callers hear that the call cannot be completed/)
      .waitFor();
    await page.getByRole("link", { name: "Show them" }).click();
    await page.getByRole("link", { name: "+1 212 555 0109" }).click();
    await page.getByText("This number leads nowhere").waitFor();
    await page
      .getByText("Callers hear that the call cannot be completed. Say below where its calls go.")
      .waitFor();
  });
});

describe("what a number does besides", () => {
  it("is not lost when its ring time is changed", async () => {
    const page = await world.open("alice.wong", "/numbers/+12125550111");
    await choose(page, /Ring for/, "50 seconds");
    await save(page);
    expect(await liveSteps("+12125550111")).toEqual([
      { ring: "extension:200", timeout: 50, strategy: "in_order", skip: true },
      { hangup: "unavailable" },
    ]);
  });

  it("leads to its steps, where the form cannot say it", async () => {
    const page = await world.open("alice.wong", "/numbers/+12125550104");
    await page.getByRole("listitem").filter({ hasText: "Ring Carol Díaz for 20 seconds" }).first().waitFor();
    await page.getByRole("link", { name: "Edit its steps" }).click();
    await page.getByRole("heading", { name: "Steps of +1 212 555 0104" }).waitFor();
    expect(await page.getByRole("list", { name: "Steps" }).getByRole("listitem").count()).toBe(3);
  });

  it("stays for others that use its flow, unless somebody says otherwise", async () => {
    await world.edit((office) => ({
      ...office,
      numbers: [
        ...office.numbers,
        {
          number: "+12125550156",
          leadsTo: { kind: "flow", flow: "after-announcement" },
        } as (typeof office.numbers)[number],
      ],
    }));
    const page = await world.open("alice.wong", "/numbers/+12125550156");
    await page.getByText("This comes first, and stays").waitFor();
    await choose(page, /Send the call to/, "a user");
    await chooseUser(page, "Which user", "bob", "Bob Stone");
    await page.getByText("Change the flow for all of them").waitFor();
    await save(page);
    expect(await liveSteps("+12125550106")).toEqual({ kind: "flow", flow: "after-announcement" });
    expect(await liveSteps("+12125550156")).toMatchObject([
      { announce: "please-hold" },
      { ring: "user:bob.stone" },
      {},
    ]);
  });

  it("is found by a part of the number", async () => {
    const page = await world.open("alice.wong", "/numbers");
    await page.getByRole("searchbox", { name: "Search" }).fill("0110");
    await expect.poll(() => page.getByRole("row").count()).toBe(2);
    expect(new URL(page.url()).searchParams.get("q")).toBe("0110");
  });
});

describe("many numbers", () => {
  it("come from a table, with a plan first, as one revision", async () => {
    const page = await world.open("alice.wong", "/numbers");
    await page.getByRole("button", { name: "Add from a table" }).click();
    const dialog = page.getByRole("dialog", { name: "Add from a table" });
    await dialog.getByLabel("Table").setInputFiles({
      name: "numbers.csv",
      mimeType: "text/csv",
      buffer: Buffer.from(
        "number,label,flow\n+12125550161,First,front-desk\n+12125550162,Second,front-desk\n",
      ),
    });
    await dialog.getByText("2 entries would change").waitFor();
    const before = await world.store.currentRevision();
    expect((await world.store.loadOffice())?.numbers.some(({ number }) => number === "+12125550161")).toBe(
      false,
    );
    await dialog.getByRole("button", { name: "Make these changes" }).click();
    await page.getByText(/Saved\. Live, revision/).waitFor();
    expect(await world.store.currentRevision()).toBe(before + 1);
    expect(await liveSteps("+12125550162")).toEqual({ kind: "flow", flow: "front-desk" });
  });
});

describe("two people at once", () => {
  it("a conflict shows what the other person changed, and loses nothing that was typed", async () => {
    await freshNumber("+12125550157");
    const page = await world.open("alice.wong", "/numbers/+12125550157");
    await page.getByLabel("Label").fill("Mine");
    await world.edit((office) => ({
      ...office,
      numbers: office.numbers.map((entry) =>
        entry.number === "+12125550157" ? { ...entry, label: "Theirs" } : entry,
      ),
    }));
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("Somebody else has changed this meanwhile").waitFor();
    await page.getByText("Theirs", { exact: true }).waitFor();
    expect(await page.getByLabel("Label").inputValue()).toBe("Mine");
    await save(page);
    const office = await world.store.loadOffice();
    expect(office?.numbers.find(({ number }) => number === "+12125550157")?.label).toBe("Mine");
  });
});
