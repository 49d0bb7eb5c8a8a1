/**
 * Goal: what phones sign in with is as in the database, also after a backup took its place, and stays while it cannot be
 * read. Method: a store that answers as the test wants, on a virtual clock.
 */
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import type { Credential, CredentialChanges } from "../../storage/credentials.js";
import { LiveCredentials, POLL_MS } from "./live-credentials.js";

function credential(sipName: string, a1Hash: string): Credential {
  return { sipName, username: "alice", realm: "ringline", a1Hash, madeMs: 0, madeBy: "ann" };
}

function scene(first: CredentialChanges) {
  const clock = new VirtualClock();
  const state: { answer: CredentialChanges | Error } = { answer: first };
  const logged: string[] = [];
  const changed: string[][] = [];
  const credentials = new LiveCredentials(
    {
      credentialsSince: async () => {
        if (state.answer instanceof Error) throw state.answer;
        return state.answer;
      },
    },
    clock,
    pino({ level: "info", base: null }, { write: (line) => logged.push(JSON.parse(line).msg) }),
    (names) => changed.push([...names].sort()),
  );
  const polled = async (answer: CredentialChanges | Error) => {
    state.answer = answer;
    clock.advanceBy(POLL_MS);
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  };
  return { credentials, polled, logged, changed, clock };
}

const all = (serial: number, ...held: Credential[]): CredentialChanges => ({
  serial,
  everything: true,
  changes: held.map((one) => ({ sipName: one.sipName, credential: one })),
});

describe("the credentials in memory", () => {
  it("follow single changes, and tell of those that are otherwise", async () => {
    const { credentials, polled, changed } = scene(all(1, credential("desk", "1"), credential("soft", "2")));
    await credentials.open();
    await polled({
      serial: 2,
      everything: false,
      changes: [
        { sipName: "desk", credential: credential("desk", "1") },
        { sipName: "soft", credential: null },
        { sipName: "lobby", credential: credential("lobby", "3") },
      ],
    });
    expect(changed).toEqual([["lobby", "soft"]]);
    expect([credentials.count, credentials.get("soft"), credentials.get("lobby")?.a1Hash]).toEqual([
      2,
      undefined,
      "3",
    ]);
    credentials.close();
  });

  it("are as the database has them after another one took its place", async () => {
    const { credentials, polled, changed } = scene(all(5, credential("desk", "1"), credential("soft", "2")));
    await credentials.open();
    await polled(all(3, credential("desk", "0")));
    expect(changed).toEqual([["desk", "soft"]]);
    expect([credentials.count, credentials.get("desk")?.a1Hash]).toEqual([1, "0"]);
    credentials.close();
  });

  it("stay while they cannot be read, which is said once", async () => {
    const { credentials, polled, logged, changed } = scene(all(1, credential("desk", "1")));
    await credentials.open();
    await polled(new Error("disk I/O error"));
    await polled(new Error("disk I/O error"));
    expect(logged).toEqual(["credentials cannot be read; those in memory stay"]);
    expect(credentials.get("desk")?.a1Hash).toBe("1");
    await polled({ serial: 2, everything: false, changes: [] });
    await polled(new Error("disk I/O error"));
    expect(logged).toHaveLength(2);
    expect(changed).toEqual([]);
    credentials.close();
  });
});
