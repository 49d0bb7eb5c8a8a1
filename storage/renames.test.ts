/**
 * Goal: what is kept under the id of a group goes with it when it is renamed, in the same revision, and comes back with a
 * rollback; whoever knows an old id is led to the new one. Method: a real database.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { group, office, user } from "../fixtures/core/scene.js";
import { newStore } from "../fixtures/new-store.js";
import type { Rename } from "../policy/change/renaming.js";
import type { Office } from "../policy/office/office.js";
import type { Apply } from "./apply.js";
import type { Store } from "./store.js";

const FILES: Apply = { author: "ann", message: "", sourceHash: "00ff", nowMs: 1_700_000_000_000 };
const COMMAND: Apply = { ...FILES, author: "ben", sourceHash: "" };
const CALLER = { callerNumber: "", callerName: "", called: "" };

const g = (from: string, to: string): Rename => ({ kind: "group", from, to });
const of = (...ids: string[]): Office =>
  office([{ kind: "hangup", reason: "busy" }], {
    users: [user("alice", [])],
    groups: [...ids].sort().map((id) => group(id, ["alice"])),
    flows: { front: [{ kind: "hangup", reason: "busy" }] },
  });

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-renames-"));
  store = await newStore(join(folder, "office.db"));
  await store.applyOffice(of("sales", "help"), FILES);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

/** Everything that is kept about a group, named after it. */
async function fill(id: string): Promise<void> {
  const box = `group:${id}`;
  await store.voicemail.open([{ id: `message of ${id}`, box, call: "c", beganMs: 1, ...CALLER }]);
  await store.voicemail.deliver(`message of ${id}`, {
    box,
    deliveredMs: 10,
    lengthMs: 3_000,
    bytes: 1,
    sha256: "",
    urgent: false,
    recipients: [{ username: "alice", receives: true }],
    mails: [],
  });
  await store.mailboxAccess.keepGreeting({ box, kind: "own", busy: false }, `greeting of ${id}`, "ann", 1);
  await store.remember({ kind: "rung_first", group: id, username: `turn of ${id}` });
  await store.outbox.missed({ call: `missed of ${id}`, box, ...CALLER, rang: [], arrivedMs: 1, endedMs: 2 }, [
    { username: "alice", address: "alice@example.com" },
  ]);
  await store.writeByHand({
    kind: "group",
    id,
    value: `set of ${id}`,
    untilMs: null,
    author: "ann",
    sinceMs: 1,
  });
}

/** What is kept under the id of a group, as the id that it was named after. */
async function kept(id: string): Promise<string[]> {
  const box = `group:${id}`;
  const memory = await store.readMemory();
  return [
    ...(await store.voicemail.list(box)).map((message) => message.id),
    ...(await store.mailboxAccess.greetings(box)).map((greeting) => greeting.id),
    ...memory.flatMap((what) => (what.kind === "rung_first" && what.group === id ? [what.username] : [])),
    ...(await store.readByHand()).flatMap((set) => (set.id === id ? [String(set.value)] : [])),
  ];
}
const all = (id: string) => [`message of ${id}`, `greeting of ${id}`, `turn of ${id}`, `set of ${id}`];

describe("a group that is renamed", () => {
  it.each([
    ["by files", FILES],
    ["by a command", COMMAND],
  ])(
    "%s takes along messages, greetings, its turn, what is set by hand and mails about missed calls",
    async (_how, apply) => {
      await fill("sales");
      const renames = [g("sales", "verkauf")];
      const applied = await store.applyOffice(of("verkauf", "help"), { ...apply, renames });
      expect(applied).toMatchObject({
        outcome: "applied",
        summary: { groups: { added: 0, changed: 1, removed: 0 } },
      });
      expect(await kept("verkauf")).toEqual(all("sales"));
      expect(await kept("sales")).toEqual([]);
      expect((await store.outbox.missedCall("missed of sales"))?.box).toBe("group:verkauf");
      // Its greeting is in use, and waits for no removal.
      expect(await store.mailboxAccess.removedGreetings()).toEqual([]);
    },
  );

  it("loses all of it without a rename, as before", async () => {
    await fill("sales");
    await store.applyOffice(of("verkauf", "help"), FILES);
    expect(await kept("verkauf")).toEqual([]);
  });

  it("may change ids with another", async () => {
    await fill("sales");
    await fill("help");
    await store.applyOffice(
      { ...of("sales", "help"), groups: [group("help", []), group("sales", [])] },
      { ...COMMAND, renames: [g("sales", "help"), g("help", "sales")] },
    );
    expect(await kept("sales")).toEqual(all("help"));
    expect(await kept("help")).toEqual(all("sales"));
  });

  it("takes along nothing when the revision is not written", async () => {
    await fill("sales");
    const renames = [g("sales", "verkauf")];
    const applied = await store.applyOffice(of("verkauf", "help"), { ...FILES, renames, expectRevision: 7 });
    expect([applied.outcome, await kept("sales")]).toEqual(["conflict", all("sales")]);
  });

  it("takes its drift along", async () => {
    const changed = of("sales", "help");
    await store.applyOffice(
      { ...changed, groups: changed.groups.map((each) => ({ ...each, name: "X" })) },
      COMMAND,
    );
    await store.applyOffice(of("verkauf", "help"), {
      ...FILES,
      renames: [g("sales", "verkauf")],
      keeps: (await store.drift()).map((entry) => ({
        ...entry,
        key: entry.key === "sales" ? "verkauf" : entry.key,
      })),
    });
    expect((await store.drift()).map(({ key }) => key).sort()).toEqual(["help", "verkauf"]);
  });
});

describe("a rollback to before a rename", () => {
  const back = (renames: readonly Rename[]) =>
    store.applyOffice(of("sales", "help"), { ...COMMAND, renames, rollsBackTo: 1 });

  it("gives everything back under the old id", async () => {
    await fill("sales");
    await store.applyOffice(of("verkauf", "help"), { ...FILES, renames: [g("sales", "verkauf")] });
    await back([g("verkauf", "sales")]);
    expect(await kept("sales")).toEqual(all("sales"));
  });

  it("also gives back the greetings of a group that was removed after it was renamed", async () => {
    await fill("sales");
    await store.applyOffice(of("verkauf", "help"), { ...FILES, renames: [g("sales", "verkauf")] });
    await store.applyOffice(of("help"), FILES);
    expect(await store.mailboxAccess.greetings()).toEqual([]);
    await back([g("verkauf", "sales")]);
    expect(await kept("sales")).toEqual(all("sales"));
  });

  it("takes the greeting from another group that has the old id by then", async () => {
    await fill("sales");
    await store.applyOffice(of("verkauf", "help"), { ...FILES, renames: [g("sales", "verkauf")] });
    await store.applyOffice(of("sales", "verkauf", "help"), FILES);
    const slot = { box: "group:sales", kind: "own", busy: false } as const;
    await store.mailboxAccess.keepGreeting(slot, "another", "ann", 1);
    await back([g("verkauf", "sales")]);
    expect((await store.mailboxAccess.greetings("group:sales")).map(({ id }) => id)).toEqual([
      "greeting of sales",
    ]);
  });
});

describe("an old id of a mailbox", () => {
  const boxSince = (box: string, revision: number) => store.voicemail.boxSince(box, revision);

  beforeEach(async () => {
    // Revision 2: sales is verkauf. 3: verkauf is vertrieb. 4: another sales.
    await store.applyOffice(of("verkauf", "help"), { ...FILES, renames: [g("sales", "verkauf")] });
    await store.applyOffice(of("vertrieb", "help"), { ...FILES, renames: [g("verkauf", "vertrieb")] });
    await store.applyOffice(of("sales", "vertrieb", "help"), FILES);
  });

  it.each([
    ["group:sales", 1, "group:vertrieb"],
    ["group:verkauf", 2, "group:vertrieb"],
    ["group:vertrieb", 3, "group:vertrieb"],
    // What was called so at first is not what is called so now.
    ["group:sales", 4, "group:sales"],
    ["group:sales", 3, "group:sales"],
    ["group:help", 1, "group:help"],
    ["user:alice", 1, "user:alice"],
    ["nonsense", 1, "nonsense"],
  ])("%s of a call that began with revision %i is %s", async (box, revision, now) => {
    expect(await boxSince(box, revision)).toBe(now);
  });

  it("leads a message of such a call into the mailbox of now, whenever its row is written", async () => {
    await store.voicemail.open([
      { id: "old", box: "group:sales", call: "c", beganMs: 1, ...CALLER, revision: 1 },
      { id: "new", box: "group:sales", call: "d", beganMs: 1, ...CALLER, revision: 4 },
    ]);
    expect((await store.voicemail.openedOne("old"))?.box).toBe("group:vertrieb");
    expect((await store.voicemail.openedOne("new"))?.box).toBe("group:sales");
  });

  it("is that of the one who took over, for a user or group that was removed", async () => {
    const users = [user("alice", []), user("bobby", [])];
    await store.applyOffice({ ...of("vertrieb"), users }, COMMAND);
    const handOvers = [
      { kind: "user", from: "bobby", to: "alice" },
      { kind: "group", from: "vertrieb", to: "help" },
    ] as const;
    await store.applyOffice(of("help"), { ...COMMAND, handOvers });
    expect(await boxSince("user:bobby", 5)).toBe("user:alice");
    expect(await boxSince("group:sales", 1)).toBe("group:help");
  });

  it("is summed up over revisions", async () => {
    expect(await store.renamesBetween(0)).toEqual([g("sales", "vertrieb")]);
    expect(await store.renamesBetween(1, 2)).toEqual([g("sales", "verkauf")]);
    expect(await store.renamesBetween(3)).toEqual([]);
  });
});

describe("an apply that would lose something", () => {
  const removing = { named: [] as string[], many: false, calls: new Map<string, number>() };

  it("is refused in the transaction that would lose it, and writes nothing", async () => {
    await fill("sales");
    await store.mailboxAccess.setPin("alice", "hash", 1);
    const { users: _none, ...rest } = of();
    const gone: Office = { ...rest, users: [] };
    const refused = await store.applyOffice(gone, { ...FILES, removing });
    expect(refused).toMatchObject({
      outcome: "would_lose",
      refusals: [
        { code: "would_lose", vanished: { kind: "user", id: "alice", hasPin: true, messages: 0 } },
        { code: "would_lose", vanished: { kind: "group", id: "sales", messages: 1, greetings: 1 } },
      ],
    });
    expect([await store.currentRevision(), await kept("sales")]).toEqual([1, all("sales")]);
    const named = ["user:alice", "group:sales"];
    const applied = await store.applyOffice(gone, { ...FILES, removing: { ...removing, named } });
    expect(applied.outcome).toBe("applied");
    // Files take no message away: a rollback brings its members back.
    expect((await store.voicemail.list("group:sales")).map(({ id }) => id)).toEqual(["message of sales"]);
  });

  it("counts calls in progress, and not what is renamed", async () => {
    await fill("sales");
    const calls = new Map([["flow:front", 2]]);
    const after = { ...of("verkauf", "help"), flows: {} };
    const renames = [g("sales", "verkauf")];
    expect(
      await store.applyOffice(after, { ...FILES, renames, removing: { ...removing, calls } }),
    ).toMatchObject({
      refusals: [{ code: "would_lose", vanished: { kind: "flow", id: "front", calls: 2 } }],
    });
  });

  it("is refused for a phone that loses its password with its SIP name", async () => {
    const phone = (id: string, name: string) => ({
      id,
      at: { kind: "sip", name } as const,
      delayMs: 0,
      ringMs: null,
      accept: "auto" as const,
    });
    const withPhone = (id: string, name: string) => ({
      ...of("sales", "help"),
      users: [user("alice", [phone(id, name)])],
    });
    await store.applyOffice(withPhone("desk", "alice-desk"), FILES);
    const made = { realm: "ringline", a1Hash: "0".repeat(32), madeMs: 1, madeBy: "ann" };
    await store.writeCredentials([{ sipName: "alice-desk", username: "alice", ...made }]);
    const lost = { kind: "device", id: "alice/desk", passwords: 1 };
    for (const after of [withPhone("desk", "alice-new"), { ...of("sales", "help") }])
      expect(await store.applyOffice(after, { ...FILES, removing })).toMatchObject({
        refusals: [{ code: "would_lose", vanished: lost }],
      });
    // With another id and the same SIP name it signs in as before.
    const renames = [{ kind: "device", username: "alice", from: "desk", to: "laptop" }] as const;
    const renamed = await store.applyOffice(withPhone("laptop", "alice-desk"), {
      ...FILES,
      renames,
      removing,
    });
    expect(renamed.outcome).toBe("applied");
    expect(await store.credentialOf("alice-desk")).toMatchObject({ username: "alice" });
  });
});
