/**
 * Goal: the board shows a call as it happens, says so when it does not know, catches up by itself, and moves nothing under a
 * hand. Method: a browser beside the engine on the simulated switch; the engine's own times of what happened are compared
 * with when the page had drawn it, by one clock.
 */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { LiveCall } from "../../../../console/src/office/live.js";
import { type PageWorld, pageWorld } from "../../../../fixtures/page/world.js";
import { answers, neverAnswers } from "../../../../fixtures/switch/phone-script.js";

const CAROL = "+12125550103";
const DRAWN_WITHIN_MS = 300;
/** So many calls are measured: one alone says as much about what else the machine does. */
const MEASURED = 5;
/** A machine that is busy with other things draws late, whatever is drawn; it is measured again. */
const AGAIN = 3;
let callers = 0;

let world: PageWorld;
beforeAll(async () => {
  world = await pageWorld({ isLive: true });
});
afterAll(() => world.close());

/** When the page had first drawn each line with each state, by the machine's clock. */
async function watchLines(page: Page): Promise<() => Promise<Readonly<Record<string, number>>>> {
  await page.getByRole("heading", { name: "Calls now" }).waitFor();
  await page.evaluate(() => {
    const seen: Record<string, number> = {};
    const look = () => {
      for (const line of document.querySelectorAll<HTMLElement>("[data-call]"))
        seen[`${line.dataset["call"]} ${line.dataset["state"]}`] ??= Date.now();
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
    Object.assign(window, { seenLines: seen });
  });
  return () => page.evaluate(() => (window as unknown as { seenLines: Record<string, number> }).seenLines);
}

interface Moment {
  readonly call: string;
  readonly state: string;
  /** By the engine. */
  readonly atMs: number;
}

/** What the engine says of calls from a number, as it says it. */
function watchEngine(from: string): readonly Moment[] {
  const { hub } = world.services.voice;
  if (hub === null) throw new Error("there is no live feed");
  const end = new AbortController();
  onTestFinished(() => end.abort());
  const sight = { username: "alice.wong", groups: null, carriers: true };
  const events = hub.watch(sight, () => Promise.resolve(sight), end.signal);
  const moments: Moment[] = [];
  const calls = new Set<string>();
  const read = async () => {
    for await (const { event, data } of events ?? []) {
      const { call, id, at } = data as {
        readonly call?: LiveCall;
        readonly id?: string;
        readonly at?: string;
      };
      if (event === "call" && call?.from === from) {
        calls.add(call.id);
        moments.push({
          call: call.id,
          state: call.state,
          atMs: Date.parse(call.state_since_at ?? call.since_at),
        });
      } else if (event === "call_ended" && id !== undefined && at !== undefined && calls.has(id))
        moments.push({ call: id, state: "over", atMs: Date.parse(at) });
    }
  };
  void read();
  return moments;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

describe("the board", () => {
  it("has a call that appears, rings, connects and goes within 300 ms", { retry: AGAIN }, async () => {
    const page = await world.open("alice.wong", "/live");
    const drawn = await watchLines(page);
    const late: Record<string, number[]> = { ringing: [], talking: [], over: [] };
    for (let nth = 0; nth < MEASURED; nth += 1) {
      callers += 1;
      const callerNumber = `+13105556${String(callers).padStart(3, "0")}`;
      const callerName = `Quick Caller ${callers}`;
      const moments = watchEngine(callerNumber);
      world.call({
        ...{ dialled: CAROL, callerNumber, callerName, talkMs: 1_000 },
        phones: { "carol-desk": answers({ afterMs: 700 }) },
      });
      await expect.poll(() => moments.map(({ state }) => state), { timeout: 15_000 }).toContain("over");
      await page.getByText(callerName, { exact: true }).first().waitFor();
      for (const state of Object.keys(late)) {
        const moment = moments.find((each) => each.state === state);
        if (moment === undefined) throw new Error(`the engine has not told ${state}`);
        const key = `${moment.call} ${state}`;
        await expect.poll(async () => Object.keys(await drawn()), { timeout: 5_000 }).toContain(key);
        late[state]?.push(((await drawn())[key] ?? Number.NaN) - moment.atMs);
      }
    }
    for (const [state, all] of Object.entries(late))
      expect(median(all), `${state}: drawn after ${all.join(", ")} ms`).toBeLessThanOrEqual(DRAWN_WITHIN_MS);
  });

  it("says that it reconnects and how old it is while offline, and shows by itself what came meanwhile", async () => {
    const page = await world.open("alice.wong", "/live", { expects: [/ERR_INTERNET_DISCONNECTED/] });
    await page
      .getByRole("status")
      .filter({ hasText: /^Live$/ })
      .waitFor();
    await page.context().setOffline(true);
    await page.getByText("The connection is lost; it is tried again.").waitFor();
    await page.getByText(/What you see is \d+:\d\d old\./).waitFor();
    world.call({
      dialled: CAROL,
      callerNumber: "+13105550811",
      callerName: "Meanwhile",
      phones: { "carol-desk": neverAnswers() },
    });
    await page.context().setOffline(false);
    await page.getByRole("link", { name: /Meanwhile/ }).waitFor();
    expect(await page.getByText("The connection is lost; it is tried again.").count()).toBe(0);
  });

  it("moves nothing under a pointer: a call that has ended stays until the pointer goes", async () => {
    const page = await world.open("alice.wong", "/live");
    await page
      .getByRole("status")
      .filter({ hasText: /^Live$/ })
      .waitFor();
    await page.clock.install();
    for (const [callerNumber, callerName, talkMs] of [
      ["+13105550821", "First Caller", 1_500],
      ["+13105550822", "Second Caller", 60_000],
    ] as const)
      world.call({
        ...{ dialled: "+12125550103", callerNumber, callerName, talkMs },
        phones: { "carol-desk": answers({ afterMs: 300 }) },
      });
    const second = page.locator("[data-call]", { hasText: "Second Caller" });
    await second.waitFor();
    await second.hover();
    const place = await second.boundingBox();
    const first = page.locator("[data-call]", { hasText: "First Caller" });
    await expect.poll(() => first.getAttribute("data-state"), { timeout: 20_000 }).toBe("over");
    // Longer than the end of a call is told without a pointer on it.
    await page.clock.runFor(15_000);
    expect(await first.count()).toBe(1);
    expect((await second.boundingBox())?.y).toBe(place?.y);
    await page.getByRole("heading", { level: 1 }).hover();
    await expect.poll(() => first.count()).toBe(0);
  });

  it("shows somebody without rights their own calls and those of their groups alone", async () => {
    const page = await world.open("dan.okafor", "/live");
    const all = await world.open("alice.wong", "/live");
    await page
      .getByText("Your own calls and those of your groups, as they happen.", { exact: false })
      .waitFor();
    world.call({ dialled: CAROL, callerNumber: "+13105550831", callerName: "For Carol", phones: {} });
    world.call({ dialled: "+12125550104", callerNumber: "+13105550832", callerName: "For Dan", phones: {} });
    await all.getByRole("link", { name: /For Carol/ }).waitFor();
    await page.getByRole("link", { name: /For Dan/ }).waitFor();
    expect(await page.getByRole("link", { name: /For Carol/ }).count()).toBe(0);
  });

  it("leads to the story of a call that goes on", async () => {
    const page = await world.open("alice.wong", "/live");
    world.call({
      dialled: CAROL,
      callerNumber: "+13105550841",
      callerName: "Story Teller",
      phones: { "carol-desk": answers({ afterMs: 200 }) },
    });
    await page.getByRole("link", { name: /Story Teller/ }).click();
    await page.getByRole("heading", { level: 1, name: /Story Teller .* called/ }).waitFor();
    await page
      .getByText("The caller was connected with Carol Díaz", { exact: false })
      .first()
      .waitFor({ timeout: 20_000 });
  });
});

it("what others change in the office is read anew without being asked for", async () => {
  const page = await world.open("alice.wong", "/carriers");
  await page.getByRole("table", { name: "Carriers" }).waitFor();
  const plans = await world.open("alice.wong", "/numbers-of-nobody");
  await plans.getByText("There is no such page.").waitFor();
  await world.edit((office) => ({ ...office, name: "Acme Renamed" }));
  await page.getByRole("banner").getByText("Acme Renamed").waitFor();
  await plans.getByRole("banner").getByText("Acme Renamed").waitFor();
});
