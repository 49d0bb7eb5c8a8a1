/** Goal: the addresses of a carrier's host outlive the engine, and an answer replaces what was kept of its host alone. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openStore } from "./store.js";

it("replaces what is kept of the hosts that are written, and nothing else", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ringline-addresses-"));
  const opened = await openStore(join(folder, "db"));
  if (!opened.ok) throw new Error(opened.failure.reason);
  const { store } = opened;
  const a = { host: "a.example.net", address: "192.0.2.1", namedMs: 5 };
  const b = { host: "b.example.net", address: "2001:db8::1", namedMs: 6 };
  await store.writeCarrierAddresses(["a.example.net", "b.example.net"], [a, b]);
  const moved = { ...a, address: "192.0.2.2", namedMs: 7 };
  await store.writeCarrierAddresses(["a.example.net"], [moved, { ...moved, namedMs: 8 }]);
  expect(await store.readCarrierAddresses()).toEqual([{ ...moved, namedMs: 8 }, b]);
  await store.close();
  rmSync(folder, { recursive: true });
});
