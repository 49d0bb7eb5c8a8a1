/**
 * Goal: what takes long in a large office keeps nobody else waiting, few wait for it, and its end is told whatever becomes of
 * it. Method: the API with a worker that the test holds back.
 */

import { afterEach, describe, expect, it } from "vitest";
import { untilTrue } from "../../../../fixtures/until-true.js";
import { WEB_OFFICE, type WebWorld, webWorld } from "../../../../fixtures/web/world.js";
import { SqlError } from "../../../../storage/database.js";
import { ROUTES } from "../routes.js";
import { carryOut } from "./carry-out.js";
import { type LongWork, longWork } from "./long-work.js";
import type { LongAnswered, LongAsked } from "./messages.js";

let world: WebWorld;
afterEach(() => world.close());

/** Carries out nothing before it is told to. */
function heldBack() {
  const waiting: (() => void)[] = [];
  const carry = async (asked: LongAsked): Promise<LongAnswered> => {
    await new Promise<void>((go) => waiting.push(go));
    return structuredClone(await carryOut(world.services, structuredClone(asked)));
  };
  const work = longWork(world.services, { carry, large: 0 });
  return { work, goOn: () => waiting.shift()?.(), waiting };
}

function requestOf(more: object): Parameters<LongWork>[1] {
  return {
    ...{ params: {}, query: {}, body: undefined, reach: "all", address: "192.0.2.1", userAgent: "" },
    ...{ origin: "https://phones.example.com", ifMatch: undefined, cookies: {}, headers: {} },
    actor: {
      user: WEB_OFFICE.users[0],
      office: {
        group: (id: string) => WEB_OFFICE.groups.find((each) => each.id === id),
        settings: WEB_OFFICE,
      },
      keyPowers: null,
      via: { kind: "session", sessionId: "1", signedInMs: 0 },
    },
    signal: new AbortController().signal,
    services: world.services,
    ...more,
  } as never;
}

const TABLE = {
  query: {},
  body: { type: "text/csv", bytes: Buffer.from("username,name\nwanda.moore,Wanda Moore\n") },
};

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

describe("a table", () => {
  it("is brought in elsewhere; the answer comes as the text that is sent", async () => {
    world = await webWorld();
    const { work, goOn, waiting } = heldBack();
    const answer = work(ROUTES.importUsers, requestOf(TABLE));
    await untilTrue(() => waiting.length > 0);
    expect((await world.as("carol.diaz").get("/me")).status).toBe(200);
    goOn();
    const made = await answer;
    expect(made).toMatchObject({ kind: "ok", revision: 2, value: null });
    expect(made !== undefined && "json" in made && JSON.parse(made.json)).toMatchObject({
      outcome: "applied",
      changes: [{ kind: "user", id: "wanda.moore", change: "added" }],
    });
  });

  it("is brought in where it is asked for when it and the office are small", async () => {
    world = await webWorld();
    const carry = () => Promise.reject(new Error("this is not long"));
    const work = longWork(world.services, { carry });
    expect(await work(ROUTES.importUsers, requestOf(TABLE))).toBeUndefined();
    const rows = Array.from({ length: 2_000 }, (_, nth) => `person.${nth},Person ${nth}\n`);
    const large = { type: "text/csv", bytes: Buffer.from(`username,name\n${rows.join("")}`) };
    await expect(work(ROUTES.importUsers, requestOf({ ...TABLE, body: large }))).rejects.toThrow("not long");
  });
});

describe("long work", () => {
  it("waits for few others; more are told to ask again", async () => {
    world = await webWorld();
    const { work, goOn, waiting } = heldBack();
    const dry = { ...TABLE, query: { dry_run: true } };
    const all = Array.from({ length: 17 }, () => work(ROUTES.importUsers, requestOf(dry)));
    expect(await all[16]).toMatchObject({ kind: "problem", body: { type: "overloaded", retry_after: 5 } });
    await untilTrue(() => waiting.length >= 16);
    while (waiting.length > 0) goOn();
    const ended = await Promise.all(all.slice(0, 16));
    expect(ended.map((each) => each?.kind)).toEqual(Array.from({ length: 16 }, () => "ok"));
  });

  it.each([
    ["a failure of the database", { message: "locked", stack: undefined, sqlCode: "SQLITE_BUSY" }, SqlError],
    ["a mistake of ours", { message: "oh", stack: "Error: oh", sqlCode: undefined }, Error],
  ])("hands on %s", async (_what, failure, kind) => {
    world = await webWorld();
    const work = longWork(world.services, { carry: async () => ({ failure }), large: 0 });
    const rejected = work(ROUTES.importUsers, requestOf(TABLE));
    await expect(rejected).rejects.toBeInstanceOf(kind);
    await expect(rejected).rejects.toThrow(failure.message);
  });
});

describe("of the operations", () => {
  it("all that change the office, and those that compare and write whole offices, are handled so", async () => {
    world = await webWorld();
    const seen: string[] = [];
    const carry = async ({ operation }: LongAsked): Promise<LongAnswered> => {
      seen.push(operation);
      return { answer: { kind: "ok", value: null, json: "{}" } };
    };
    const work = longWork(world.services, { carry, large: 0 });
    for (const route of Object.values(ROUTES)) await work(route, requestOf({}));
    await settled();
    const changing = Object.entries(ROUTES).flatMap(([id, route]) =>
      "isChangingOffice" in route && route.isChangingOffice === true ? [id] : [],
    );
    expect(seen.sort()).toEqual([...changing, "compareRevisions", "exportRevision", "writeBack"].sort());
  });
});
