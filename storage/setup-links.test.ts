/**
 * Goal: a link is used once, whoever else asks at the same moment, and its credential is written exactly when it is used.
 * Method: a real database, two connections.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { newStore } from "../fixtures/new-store.js";
import type { NewSetupLink } from "./setup-links.js";
import { openStore, type Store } from "./store.js";

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-links-"));
  store = await newStore(join(folder, "db"));
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const DAY_MS = 86_400_000;

function link(more: Partial<NewSetupLink> = {}): NewSetupLink {
  return {
    tokenHash: "a".repeat(64),
    username: "alice.wong",
    device: "desk",
    sipName: "alice-desk",
    madeFor: "person",
    domain: "ringline",
    server: "203.0.113.5:5060",
    madeMs: 1_000,
    madeBy: "ann",
    expiresMs: 1_000 + DAY_MS,
    ...more,
  };
}

function credential(a1Hash: string) {
  return { sipName: "alice-desk", username: "alice.wong", realm: "ringline", a1Hash, madeMs: 7, madeBy: "x" };
}

const USE = { nowMs: 2_000, from: "198.51.100.7" };
const HASHES = ["1".repeat(32), "2".repeat(32)] as const;

describe("a link for a phone", () => {
  it("is used by one of two who ask at once, and the other's credential is not written", async () => {
    await store.writeSetupLinks([link()]);
    const second = await openStore(join(folder, "db"));
    if (!second.ok) throw new Error("no database");
    const used = await Promise.all([
      store.useSetupLink(link().tokenHash, USE, credential(HASHES[0])),
      second.store.useSetupLink(link().tokenHash, USE, credential(HASHES[1])),
    ]);
    await second.store.close();
    expect(used.filter(Boolean)).toHaveLength(1);
    expect((await store.credentialOf("alice-desk"))?.a1Hash).toBe(HASHES[used[0] ? 0 : 1]);
    expect(await store.setupLink(link().tokenHash)).toMatchObject({
      usedMs: 2_000,
      usedFrom: "198.51.100.7",
    });
  });

  it.each([
    ["its time is over", { nowMs: 1_000 + DAY_MS, from: "x" }],
    ["it was used", USE],
  ])("writes nothing when %s", async (what, use) => {
    await store.writeSetupLinks([link()]);
    if (what === "it was used") await store.useSetupLink(link().tokenHash, USE, credential(HASHES[0]));
    expect(await store.useSetupLink(link().tokenHash, use, credential(HASHES[1]))).toBe(false);
    expect((await store.credentialOf("alice-desk"))?.a1Hash).not.toBe(HASHES[1]);
  });

  it("ends when another is made for the phone, and not when one is made for another phone", async () => {
    await store.writeSetupLinks([
      link(),
      link({ tokenHash: "b".repeat(64), device: "home", sipName: "alice-home" }),
    ]);
    await store.writeSetupLinks([link({ tokenHash: "c".repeat(64) })]);
    expect((await store.setupLinks()).map(({ tokenHash }) => tokenHash[0]).sort()).toEqual(["b", "c"]);
  });

  it("is kept for a while after its use, to say so, and then forgotten", async () => {
    await store.writeSetupLinks([link()]);
    await store.useSetupLink(link().tokenHash, USE, credential(HASHES[0]));
    const later = (days: number) =>
      store.writeSetupLinks([link({ tokenHash: String(days).padStart(64, "0"), madeMs: days * DAY_MS })]);
    await later(29);
    expect(await store.setupLink(link().tokenHash)).toBeDefined();
    await later(40);
    expect(await store.setupLink(link().tokenHash)).toBeUndefined();
  });

  it("is withdrawn once", async () => {
    await store.writeSetupLinks([link()]);
    expect(await store.withdrawSetupLink("alice-desk", 2_000)).toBe(true);
    expect(await store.withdrawSetupLink("alice-desk", 2_000)).toBe(false);
  });
});
