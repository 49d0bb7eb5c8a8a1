/**
 * Goal: everybody sees the calls that are theirs or their groups', whoever has the permission sees all, and no road leads to
 * another call. Method: kept calls, asked for by the API as several people; a table of who sees which.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { user } from "../../../../../fixtures/core/scene.js";
import {
  BY_CAROL,
  DAVES_MOBILE,
  keepCalls,
  OF_ERIN,
  OF_SALES,
  WITHIN,
} from "../../../../../fixtures/web/web-calls.js";
import { WEB_OFFICE, type WebWorld, webWorld } from "../../../../../fixtures/web/world.js";

let world: WebWorld;
beforeAll(async () => {
  world = await webWorld();
  await keepCalls(world.store);
});
afterAll(() => world.close());

interface List {
  readonly items: readonly { readonly id: string }[];
  readonly next: string | null;
  readonly scope: string;
}

async function seen(username: string, query: Record<string, string> = {}): Promise<string[]> {
  const { status, body } = await world.as(username).get("/calls", { query });
  expect(status).toBe(200);
  return (body as List).items.map(({ id }) => id);
}

/** Who sees which calls, the newest first. */
const SEES: readonly (readonly [username: string, scope: string, calls: readonly string[]])[] = [
  ["alice.wong", "all", [WITHIN, BY_CAROL, OF_ERIN, OF_SALES]],
  ["bella.ruiz", "groups", []],
  ["carol.diaz", "groups", [BY_CAROL, OF_SALES]],
  ["dave.kim1", "groups", [OF_SALES]],
  ["erin.hall", "groups", [WITHIN, OF_ERIN]],
];

describe("a list of calls", () => {
  it.each(SEES)("%s sees %s", async (username, scope, calls) => {
    expect(await seen(username)).toEqual(calls);
    expect((await world.as(username).get("/calls")).body).toMatchObject({ scope, next: null });
  });

  it.each([
    ["alice.wong", "own", [WITHIN]],
    ["alice.wong", "groups", [WITHIN]],
    ["dave.kim1", "own", [OF_SALES]],
    ["erin.hall", "own", [WITHIN, OF_ERIN]],
  ])("%s may look at %s calls alone", async (username, scope, calls) => {
    expect(await seen(username, { scope })).toEqual(calls);
  });

  it("goes no further than its reader may", async () => {
    const refused = await world.as("erin.hall").get("/calls", { query: { scope: "all" } });
    expect([refused.status, refused.body]).toMatchObject([403, { permission: "call_logs" }]);
  });

  it.each<[Record<string, string>, string[]]>([
    [{ number: "(310) 555-0109" }, [OF_ERIN]],
    [{ number: "0188" }, [BY_CAROL]],
    [{ called: "(212) 555-0100" }, [OF_SALES]],
    [{ called: "101" }, [WITHIN]],
    [{ user: "carol.diaz" }, [BY_CAROL, OF_SALES]],
    [{ group: "sales" }, [OF_SALES]],
    [{ carrier: "main", direction: "out" }, [BY_CAROL]],
    [{ result: "missed" }, [WITHIN, OF_ERIN]],
    [{ about: "user:alice.wong" }, [WITHIN]],
    [{ emergency: "true" }, []],
    [{ emergency: "false", direction: "inside" }, [WITHIN]],
    [{ from: "2026-11-30T14:32:00Z" }, [WITHIN, BY_CAROL]],
    [{ from: "2026-11-30T14:31:12.000Z", until: "2026-11-30T14:32" }, [OF_ERIN]],
    [{ until: "2026-11-29" }, []],
  ])("by %j", async (query, calls) => {
    expect(await seen("alice.wong", query)).toEqual(calls);
  });

  it("by another's name does not lead to calls of others", async () => {
    expect(await seen("erin.hall", { user: "carol.diaz" })).toEqual([]);
    expect(await seen("erin.hall", { group: "sales" })).toEqual([]);
    expect(await seen("erin.hall", { number: "0188" })).toEqual([]);
  });

  it.each([
    [{ from: "never" }, "query/from"],
    [{ until: "2026-11-31" }, "query/until"],
    [{ from: "2026-11-30", until: "2026-11-29" }, "query/from"],
  ])("says what is wrong with %j", async (query, field) => {
    const { status, body } = await world.as("alice.wong").get("/calls", { query });
    expect([status, body]).toMatchObject([400, { errors: [{ field }] }]);
  });

  it("comes in pages, and the last one says so", async () => {
    const first = (await world.as("carol.diaz").get("/calls", { query: { limit: "1" } })).body as List;
    expect(first.items.map(({ id }) => id)).toEqual([BY_CAROL]);
    const query = { limit: "1", after: first.next ?? "" };
    const second = (await world.as("carol.diaz").get("/calls", { query })).body as List;
    expect([second.items.map(({ id }) => id), second.next]).toEqual([[OF_SALES], null]);
  });

  it("has times, lengths and names", async () => {
    const { body } = await world.as("dave.kim1").get("/calls");
    expect(body).toMatchObject({
      timezone: "UTC",
      names: { "user:dave.kim1": "Dave Kim", "group:sales": "sales" },
      items: [
        {
          ...{ direction: "in", from: "+13105550102", called: "+12125550100", withheld: false },
          ...{ began_at: "2026-11-30T14:30:12.000Z", connected_at: "2026-11-30T14:30:16.230Z" },
          ...{ wait_seconds: 4, talk_seconds: 60, result: "answered", answered_by: "dave.kim1" },
        },
      ],
    });
  });
});

describe("a call", () => {
  it.each(
    SEES.flatMap(([username, , calls]) =>
      [OF_SALES, OF_ERIN, BY_CAROL, WITHIN].map((id) => [username, id, calls.includes(id)] as const),
    ),
  )("%s asks for %s: %s", async (username, id, isSeen) => {
    const { status, body } = await world.as(username).get(`/calls/${id}`);
    expect(status).toBe(isSeen ? 200 : 404);
    if (isSeen) expect(body).toMatchObject({ id, story: { headline: expect.any(String) } });
    else expect(JSON.stringify(body)).not.toContain("+1");
  });

  it("is found by its whole id only", async () => {
    expect((await world.as("alice.wong").get(`/calls/${OF_SALES.slice(0, 8)}`)).status).toBe(404);
  });

  it("tells its story in sentences, with what became of each phone", async () => {
    const { body } = await world.as("carol.diaz").get(`/calls/${OF_SALES}`);
    expect(body).toMatchObject({
      story: {
        lines: expect.arrayContaining([
          { at: "2026-11-30T14:30:16.230Z", text: expect.stringContaining("Dave Kim"), tone: "good" },
        ]),
        phones: expect.arrayContaining([expect.objectContaining({ who: "carol.diaz", device: "desk" })]),
      },
    });
  });

  it.each([
    ["carol.diaz", false],
    ["dave.kim1", true],
    ["alice.wong", true],
  ])("shows %s the number of Dave's mobile: %s", async (username, shows) => {
    const story = await world.as(username).get(`/calls/${OF_SALES}`);
    const national = DAVES_MOBILE.slice(-4);
    expect(story.text.includes(national)).toBe(shows);
    const drawing = await world.as(username).get(`/calls/${OF_SALES}/drawing`);
    expect([drawing.status, drawing.headers["content-type"]]).toEqual([200, "image/svg+xml; charset=utf-8"]);
    expect(drawing.text.includes(national)).toBe(shows);
    expect(drawing.text).toMatch(/^<svg/);
  });

  it("is not drawn for others", async () => {
    expect((await world.as("erin.hall").get(`/calls/${OF_SALES}/drawing`)).status).toBe(404);
  });
});

describe("a user who has somebody else's name of before", () => {
  it("has none of their calls", async () => {
    const later = await webWorld();
    await keepCalls(later.store);
    later.pass(3_600_000);
    await later.apply({
      ...WEB_OFFICE,
      users: WEB_OFFICE.users.filter(({ username }) => username !== "erin.hall"),
    });
    await later.apply({ ...WEB_OFFICE, users: [...WEB_OFFICE.users, user("erin.hall", [])].slice(-6) });
    const { status, body } = await later.as("erin.hall").get("/calls");
    expect([status, body]).toMatchObject([200, { items: [] }]);
    expect((await later.as("erin.hall").get(`/calls/${OF_ERIN}`)).status).toBe(404);
    await later.close();
  });
});

describe("an export", () => {
  const ids = (text: string) =>
    text
      .split("\r\n")
      .slice(1)
      .flatMap((line) => line.match(/^[0-9a-f-]{36}/) ?? []);

  it.each(SEES)("of %s has what the list has: %s", async (username, _scope, calls) => {
    const { status, text, headers } = await world.as(username).get("/calls/export");
    expect([status, ids(text)]).toEqual([200, calls]);
    expect(headers["content-type"]).toBe("text/csv; charset=utf-8");
    expect(headers["content-disposition"]).toContain("calls.csv");
  });

  it("is asked for as the list is", async () => {
    const query = { result: "missed", direction: "in" };
    expect(ids((await world.as("alice.wong").get("/calls/export", { query })).text)).toEqual([OF_ERIN]);
    const refused = await world.as("erin.hall").get("/calls/export", { query: { scope: "all" } });
    expect(refused.status).toBe(403);
  });

  it("has no cell that a spreadsheet carries out", async () => {
    const { text } = await world.as("erin.hall").get("/calls/export");
    expect(text).toContain(`"'=HYPERLINK(""http://x"")"`);
    expect(text).not.toMatch(/(^|,)"?[=+@]/m);
  });

  it("is kept in the audit: who, and what", async () => {
    await world.as("dave.kim1").get("/calls/export", { query: { result: "answered" } });
    const [entry] = await world.store.audit.list({ actor: "dave.kim1" }, { limit: 1 });
    expect(entry).toMatchObject({
      ...{ action: "exported", subject: "calls", address: "127.0.0.1" },
      detail: { scope: "groups", result: "answered" },
    });
  });
});

it.each(["/calls", "/calls/export", `/calls/${OF_SALES}`])(
  "%s is for people of the office alone",
  async (path) => {
    expect((await world.as(null).get(path)).status).toBe(401);
    expect((await world.as("frank.lee").get(path)).status).toBe(403);
    expect((await world.as("alice.wong", ["users"]).get(path)).status).toBe(403);
  },
);
