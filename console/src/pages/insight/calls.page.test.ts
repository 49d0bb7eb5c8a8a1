/**
 * Goal: every call is one line that is found by what people know of it, by a link as well; the export has what the view
 * has; times are the office's, also when its clocks change. Method: a browser on the sample office with a past.
 */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keepPastCall } from "../../../../fixtures/page/past-calls.js";
import { type PageWorld, pageWorld } from "../../../../fixtures/page/world.js";
import {
  answered,
  began,
  connected,
  dialled,
  ended,
  legEnded,
  rings,
  type Told,
} from "../../../../fixtures/records/told-calls.js";

/** At half past one, and an hour later at half past one again: clocks were put back between them. */
const BEFORE = "0000aaaa-0000-4000-8000-000000000001";
const AFTER = "0000aaaa-0000-4000-8000-000000000002";
/** Over the hour that is left out in spring. */
const SPRING = "0000aaaa-0000-4000-8000-000000000003";
/** Carol's phone was not registered. */
const SILENT = "0000aaaa-0000-4000-8000-000000000004";

const talk = (untilMs: number, from = "+13105559901"): readonly Told[] => [
  began({ from, name: "Night Caller", called: "+12125550103" }),
  [
    1,
    { kind: "flow", source: "number:+12125550103", names: ["number:+12125550103"], label: "Carol directly" },
  ],
  [4, dialled("carol.diaz", "desk")],
  [110, rings("carol.diaz", "desk")],
  [5_000, answered("carol.diaz", "desk")],
  [5_030, connected("carol.diaz", "desk")],
  [untilMs, legEnded("carol.diaz", "desk", { cause: "NORMAL_CLEARING", side: "caller" })],
  [untilMs + 10, ended({ kind: "answered", by: "carol.diaz" })],
];

const silent: readonly Told[] = [
  began({ from: "+13105559902", name: "Jo Ten", called: "+12125550103" }),
  [
    1,
    { kind: "flow", source: "number:+12125550103", names: ["number:+12125550103"], label: "Carol directly" },
  ],
  [2, { kind: "not_rung", who: "carol.diaz", device: "desk", reason: "not_registered", group: null }],
  [20_000, { kind: "caller_gone", side: "caller", cause: "ORIGINATOR_CANCEL", isSeen: true }],
  [20_010, ended({ kind: "missed" })],
];

let world: PageWorld;
beforeAll(async () => {
  world = await pageWorld();
  await keepPastCall(world.store, BEFORE, "2026-11-01T05:30:00Z", talk(60_000));
  await keepPastCall(world.store, AFTER, "2026-11-01T06:30:00Z", talk(60_000));
  await keepPastCall(world.store, SPRING, "2026-03-08T06:59:50Z", talk(30_000, "+13105559903"));
  await keepPastCall(world.store, SILENT, "2026-10-20T14:00:00Z", silent);
});
afterAll(() => world.close());

const table = (page: Page) => page.getByRole("table", { name: "Calls" });
/** Rows of the list, its head included; the first is waited for. */
async function rowCount(page: Page): Promise<number> {
  await table(page).waitFor();
  return Number(await table(page).getAttribute("aria-rowcount"));
}
const shownIds = (page: Page): Promise<string[]> =>
  table(page)
    .locator("a.row-link")
    .evaluateAll((links) => links.map((link) => (link.getAttribute("href") ?? "").split("/").at(-1) ?? ""));

async function exported(page: Page): Promise<string[]> {
  const href = await page.getByRole("link", { name: "Export as a table" }).first().getAttribute("href");
  const answer = await page.request.get(href ?? "");
  expect(answer.status()).toBe(200);
  return (await answer.text()).split("\r\n").flatMap((line) => line.match(/^[0-9a-f-]{36}/) ?? []);
}

describe("the list of calls", () => {
  it("finds a call by a part of its number, and the link of that shows the same", async () => {
    const page = await world.open("alice.wong", "/calls");
    await table(page).waitFor();
    await page.getByLabel("Part of a number").fill("(310) 555-99");
    await expect.poll(() => new URL(page.url()).searchParams.get("number")).toBe("(310) 555-99");
    await expect.poll(() => rowCount(page)).toBe(5);
    const other = await world.open("alice.wong", new URL(page.url()).pathname + new URL(page.url()).search);
    expect(await rowCount(other)).toBe(5);
    expect(await other.getByLabel("Part of a number").inputValue()).toBe("(310) 555-99");
  });

  it("has its filters in the address, and going back takes one back", async () => {
    const page = await world.open("alice.wong", "/calls?number=99");
    await table(page).waitFor();
    await page.getByRole("button", { name: "What became of it" }).click();
    await page.getByRole("option", { name: "Missed" }).click();
    await expect.poll(() => new URL(page.url()).searchParams.get("result")).toBe("missed");
    await expect.poll(() => shownIds(page)).toEqual([SILENT]);
    await page.goBack();
    await expect.poll(() => new URL(page.url()).searchParams.get("result")).toBeNull();
    await expect.poll(async () => (await shownIds(page)).length).toBeGreaterThan(1);
  });

  it("is exported as it is seen", async () => {
    for (const path of ["/calls?number=%28310%29%20555-99", "/calls?result=message&user=bob.stone"]) {
      const page = await world.open("alice.wong", path);
      const rows = await rowCount(page);
      const ids = await exported(page);
      expect(ids.length).toBe(rows - 1);
      const shown = await shownIds(page);
      expect(ids.slice(0, shown.length)).toEqual(shown);
    }
  });

  it("shows somebody without rights their own calls and those of their groups, and exports no others", async () => {
    const page = await world.open("carol.diaz", "/calls");
    await table(page).waitFor();
    const mine = await exported(page);
    expect(mine).toContain(SILENT);
    const all = await world.open("alice.wong", "/calls");
    await table(all).waitFor();
    const every = await exported(all);
    expect(mine.length).toBeLessThan(every.length);
    const others = every.find((id) => !mine.includes(id));
    const hidden = await world.open("carol.diaz", `/calls/${others}`);
    await hidden.getByText("There is no such page.").waitFor();
  });

  it("tells the two half past one apart when clocks are put back", async () => {
    const page = await world.open("alice.wong", "/calls?from=2026-11-01&until=2026-11-01&number=9901");
    await table(page).waitFor();
    expect(await shownIds(page)).toEqual([AFTER, BEFORE]);
    const times = await table(page).locator("time").allInnerTexts();
    expect(times.map((text) => text.replaceAll(" ", " "))).toEqual([
      "Nov 1, 2026, 1:30 AM EST",
      "Nov 1, 2026, 1:30 AM EDT",
    ]);
  });

  it("says what to do when nothing is found", async () => {
    const page = await world.open("alice.wong", "/calls?number=000000000");
    await page.getByRole("heading", { name: "No call is like this" }).waitFor();
    await page.getByRole("button", { name: "Show all calls" }).click();
    await table(page).waitFor();
    expect(new URL(page.url()).search).toBe("");
  });
});

describe("a call", () => {
  it("is told over the hour that is left out in spring, in the office's time", async () => {
    const page = await world.open("alice.wong", `/calls/${SPRING}`);
    await page.getByRole("heading", { name: /called \+1 212 555 0103/, level: 1 }).waitFor();
    const times = await page.locator(".story time").allInnerTexts();
    expect(times.map((text) => text.replaceAll(" ", " "))).toEqual(
      expect.arrayContaining(["1:59:50 AM", "3:00:20 AM"]),
    );
  });

  it("says why Carol's phone did not ring at ten, and leads to who would ring then", async () => {
    const page = await world.open("alice.wong", `/calls/${SILENT}`);
    await page
      .getByRole("region", { name: "Phones" })
      .getByText(/was not registered/)
      .waitFor();
    const href = await page.getByRole("link", { name: "Who would ring now?" }).getAttribute("href");
    const asked = new URL(href ?? "", world.base);
    expect(asked.pathname).toBe("/try");
    expect(asked.searchParams.get("number")).toBe("+12125550103");
    expect(asked.searchParams.get("at")).toBe("2026-10-20T14:00:00.000Z");
  });

  it.each(["light", "dark"] as const)("is drawn in the colours of the %s page", async (theme) => {
    const page = await world.open("alice.wong", `/calls/${SILENT}`, { theme });
    const drawing = page.getByRole("img", { name: /A drawing of the call/ });
    await drawing.waitFor();
    await expect.poll(() => drawing.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
    const [paper, card] = await drawing.evaluate((img: HTMLImageElement) => {
      const canvas = Object.assign(document.createElement("canvas"), { width: 20, height: 20 });
      const drawn = canvas.getContext("2d", { willReadFrequently: true });
      drawn?.drawImage(img, 0, 0);
      const [red, green, blue] = drawn?.getImageData(4, 4, 1, 1).data ?? [];
      const around = img.closest(".card");
      return [
        `rgb(${red}, ${green}, ${blue})`,
        around === null ? "" : getComputedStyle(around).backgroundColor,
      ];
    });
    expect(paper).toBe(card);
  });
});
