/**
 * Goal: an engine that asks for changes knows exactly what the database has, whatever was written in between and however
 * often it asks. Method: random writes on a real database, compared with a plain map.
 */

import { chmodSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EMPTY_OFFICE } from "../fixtures/empty-office.js";
import type { Credential } from "./credentials.js";
import { openStore, type Store } from "./store.js";

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-credentials-"));
  store = await opened("db");
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

async function opened(name: string): Promise<Store> {
  const result = await openStore(join(folder, name));
  if (!result.ok) throw new Error("no database");
  return result.store;
}

function credential(sipName: string, hash: number): Credential {
  const a1Hash = hash.toString(16).padStart(32, "0");
  return { sipName, username: "alice.wong", realm: "ringline", a1Hash, madeMs: 7, madeBy: "ann" };
}

const BY = { author: "ann", nowMs: 8 };

/** Applies one answer after the other, as an engine does. */
async function learn(known: Map<string, Credential>, serial: number, from = store): Promise<number> {
  const said = await from.credentialsSince(serial);
  if (said.everything) known.clear();
  for (const { sipName, credential: held } of said.changes) {
    if (held === null) known.delete(sipName);
    else known.set(sipName, held);
  }
  return said.serial;
}

describe("what phones sign in with", () => {
  it("is known to whoever asks for what is new, after any writes", async () => {
    const write = fc.record({
      name: fc.constantFrom("a-desk", "b-desk", "c-desk"),
      what: fc.constantFrom("write", "remove", "ask"),
      hash: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(write, { maxLength: 12 }), async (writes) => {
        for (const name of ["a-desk", "b-desk", "c-desk"]) await store.removeCredential(name, BY);
        const truth = new Map<string, Credential>();
        const known = new Map<string, Credential>();
        let serial = await learn(known, 0);
        for (const { name, what, hash } of writes) {
          if (what === "ask") serial = await learn(known, serial);
          else if (what === "write") {
            truth.set(name, credential(name, hash));
            await store.writeCredentials([credential(name, hash)]);
          } else expect(await store.removeCredential(name, BY)).toBe(truth.delete(name));
        }
        await learn(known, serial);
        expect([...known].sort()).toEqual([...truth].sort());
        for (const name of ["a-desk", "b-desk", "c-desk"])
          expect(await store.credentialOf(name)).toEqual(truth.get(name));
      }),
      { numRuns: 30 },
    );
  });

  it("is nothing new when nothing was written", async () => {
    await store.writeCredentials([credential("a-desk", 1)]);
    const { serial } = await store.credentialsSince(0);
    expect(await store.credentialsSince(serial)).toEqual({ serial, changes: [], everything: false });
  });

  it("is all handed out to somebody who knows another, newer database", async () => {
    for (let hash = 0; hash < 5; hash++) await store.writeCredentials([credential("gone-desk", hash)]);
    const known = new Map<string, Credential>();
    const serial = await learn(known, 0);
    const older = await opened("older");
    await older.writeCredentials([credential("a-desk", 1)]);
    await learn(known, serial, older);
    await older.close();
    expect([...known.keys()]).toEqual(["a-desk"]);
  });

  it("makes a database that others could read private, and its copy is so too", async () => {
    const path = join(folder, "db");
    chmodSync(path, 0o644);
    await store.writeCredentials([credential("a-desk", 1)]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await store.backup(join(folder, "copy"))).toEqual({ outcome: "written" });
    expect(statSync(join(folder, "copy")).mode & 0o777).toBe(0o600);
  });

  it("is not touched by a rollback of the EMPTY_OFFICE", async () => {
    await store.writeCredentials([credential("a-desk", 1)]);
    const how = { author: "ann", message: "", sourceHash: "00ff", nowMs: 1 };
    await store.applyOffice(EMPTY_OFFICE, how);
    await store.writeCredentials([credential("a-desk", 2)]);
    await store.applyOffice({ ...EMPTY_OFFICE, name: "Acme again" }, how);
    const first = await store.loadOffice(1);
    if (first === undefined) throw new Error("no EMPTY_OFFICE");
    await store.applyOffice(first, how);
    expect((await store.credentialOf("a-desk"))?.a1Hash).toBe(credential("a-desk", 2).a1Hash);
  });
});
