/** The editor of call flows: by keyboard alone, with undo, with faults where they are, and never onto another flow. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PageWorld, pageWorld } from "../../../../fixtures/page/world.js";
import { exportSteps } from "../../../../policy/office-file/export.js";

let world: PageWorld;
beforeAll(async () => {
  world = await pageWorld();
});
afterAll(() => world.close());

async function liveFlow(id: string): Promise<unknown> {
  const flow = (await world.store.loadOffice())?.flows[id];
  return flow === undefined ? null : exportSteps(flow);
}

const steps = (page: Page) => page.getByRole("list", { name: "Steps" }).locator(".step-open");

describe("the steps of a call flow", () => {
  it("are added, filled in, moved, removed and saved by keyboard alone", async () => {
    const page = await world.open("alice.wong", "/flows/front-desk");
    await steps(page).nth(0).focus();
    const press = (key: string) => page.keyboard.press(key);
    // To the second step, and up with it.
    await press("ArrowDown");
    await press("Alt+ArrowUp");
    await page.getByText("Now step 1 of 3.").waitFor();
    await expect.poll(() => steps(page).nth(0).textContent()).toContain("Reception");
    // Its fields open where it stands; the time is chosen by its letters.
    await press("Enter");
    await page.getByRole("combobox", { name: "Whom to ring" }).waitFor();
    for (let presses = 0; presses < 20; presses += 1) {
      if ((await page.evaluate("document.activeElement.textContent")) === "30 seconds▾") break;
      await press("Tab");
    }
    await press("Enter");
    await page.getByRole("option", { name: "30 seconds" }).waitFor();
    await press("ArrowDown");
    await press("Enter");
    await expect.poll(() => steps(page).nth(0).textContent()).toContain("40 seconds");
    // The step below it goes, and comes back.
    await steps(page).nth(1).focus();
    await press("Delete");
    await expect.poll(() => steps(page).count()).toBe(2);
    await press("Control+z");
    await expect.poll(() => steps(page).count()).toBe(3);
    await press("Control+y");
    await expect.poll(() => steps(page).count()).toBe(2);
    await page.getByRole("button", { name: "Save", exact: true }).focus();
    await press("Enter");
    await page.getByText(/Saved\. Live, revision/).waitFor();
    expect(await liveFlow("front-desk")).toEqual([
      { ring: "group:reception", timeout: 40, accept: "always" },
      { hangup: "no_answer" },
    ]);
  });

  it("have each kind, with its fields", async () => {
    const page = await world.open("alice.wong", "/flows/closed");
    for (const [kind, field] of [
      ["Ring", "Whom to ring"],
      ["Announcement", "Which announcement"],
      ["Opening hours", "Whose opening hours"],
      ["Voicemail", "Whose voicemail"],
      ["Send on", "Where the call goes"],
      ["Hang up", "What the caller hears"],
    ] as const) {
      await page.getByRole("group", { name: "Add a step:" }).getByRole("button", { name: kind }).click();
      await page.getByLabel(field).first().waitFor();
    }
    await page.getByText("never reached").first().waitFor();
  });

  it("show what is wrong at the step where it is", async () => {
    const page = await world.open("alice.wong", "/flows/after-announcement");
    await page.getByRole("group", { name: "Add a step:" }).getByRole("button", { name: "Ring" }).click();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    const wrong = page.getByRole("list", { name: "Steps" }).getByRole("listitem").nth(1);
    await expect.poll(() => wrong.getAttribute("class")).toContain("wrong");
    await wrong.getByText(/user/).first().waitFor();
    expect(await liveFlow("after-announcement")).toHaveLength(2);
  });

  it("are kept as they are typed, until they are saved or discarded", async () => {
    const page = await world.open("alice.wong", "/flows/practice");
    await page.getByRole("button", { name: "Remove step 2" }).click();
    await page.reload();
    await expect.poll(() => steps(page).count()).toBe(2);
    await page.getByRole("button", { name: "Discard" }).click();
    await expect.poll(() => steps(page).count()).toBe(3);
  });

  it("are tried before they are saved", async () => {
    const page = await world.open("alice.wong", "/flows/closed");
    await page.getByRole("button", { name: "Remove step 1" }).click();
    await page.getByText("also those that are not saved yet").waitFor();
    await expect.poll(() => page.locator(".timeline-step").count()).toBe(1);
    await page.getByRole("button", { name: "Discard" }).click();
    await expect.poll(() => page.locator(".timeline-step").count()).toBe(2);
  });
});

describe("several flows", () => {
  it("fast clicking never saves onto the wrong flow", async () => {
    await world.edit((office) => ({
      ...office,
      flows: {
        ...office.flows,
        one: [{ kind: "hangup", reason: "busy" }],
        two: [{ kind: "hangup", reason: "normal" }],
      },
    }));
    const page = await world.open("alice.wong", "/flows/one");
    await steps(page).first().waitFor();
    // The answers of the server come late, while somebody goes on.
    await page.route("**/api/v1/flows/**", async (route) => {
      await new Promise((go) => setTimeout(go, 300));
      await route.continue();
    });
    await page
      .getByRole("group", { name: "Add a step:" })
      .getByRole("button", { name: "Announcement" })
      .click();
    const save = page.getByRole("button", { name: "Save", exact: true });
    await save.dblclick();
    await page.getByRole("navigation").getByRole("link", { name: "Call flows" }).click();
    await page.getByRole("link", { name: "two" }).click();
    await page.getByRole("heading", { name: "two", level: 1 }).waitFor();
    await expect.poll(() => steps(page).count()).toBe(1);
    await expect.poll(() => liveFlow("one")).toEqual([{ announce: "please-hold" }, { hangup: "busy" }]);
    expect(await liveFlow("two")).toEqual([{ hangup: "normal" }]);
    expect(await save.count()).toBe(0);
  });

  it("a name taken loses nothing that was typed", async () => {
    const page = await world.open("alice.wong", "/flows");
    await page.getByRole("button", { name: "Add a call flow" }).click();
    const dialog = page.getByRole("dialog", { name: "Add a call flow" });
    await dialog.getByLabel("Name").fill("closed");
    await dialog.getByRole("button", { name: /Send the call to/ }).click();
    await page.getByRole("option", { name: "a group" }).click();
    await page.getByRole("listbox").waitFor({ state: "detached" });
    await dialog.getByRole("combobox", { name: "Which group" }).fill("recep");
    await page.getByRole("option", { name: /^Reception/ }).click();
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    await dialog
      .getByText(/exists|already/)
      .first()
      .waitFor();
    expect(await dialog.getByRole("combobox", { name: "Which group" }).inputValue()).toBe("Reception");
    await dialog.getByLabel("Name").fill("closed at noon");
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByRole("heading", { name: "closed-at-noon", level: 1 }).waitFor();
    expect(await liveFlow("closed-at-noon")).toEqual([
      { ring: "group:reception", timeout: 20 },
      { voicemail: "group:reception" },
    ]);
  });

  it("one that is in use says what leads to it, and is not removed", async () => {
    const page = await world.open("alice.wong", "/flows/closed");
    await page.getByRole("button", { name: "Remove", exact: true }).click();
    await page.getByRole("dialog").getByText("It is in use").waitFor();
    await page
      .getByRole("dialog")
      .getByText(/practice/)
      .waitFor();
  });

  it("one that is renamed is led to as before", async () => {
    const page = await world.open("alice.wong", "/flows/practice");
    await page.getByRole("button", { name: "Rename" }).click();
    await page.getByRole("dialog").getByRole("textbox", { name: "Name" }).fill("office-hours");
    await page.getByRole("dialog").getByRole("button", { name: "Rename" }).click();
    await page.getByRole("heading", { name: "office-hours", level: 1 }).waitFor();
    const number = (await world.store.loadOffice())?.numbers.find(({ label }) => label === "Practice");
    expect(number?.leadsTo).toEqual({ kind: "flow", flow: "office-hours" });
  });
});

describe("somebody without rights", () => {
  it("sees no flows and no numbers in the menu", async () => {
    const page = await world.open("bob.stone", "/");
    await page.getByRole("heading", { level: 1 }).waitFor();
    expect(await page.getByRole("link", { name: "Call flows" }).count()).toBe(0);
    expect(await page.getByRole("link", { name: "Numbers" }).count()).toBe(0);
  });
});
