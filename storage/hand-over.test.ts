/**
 * Goal: what is kept about users and groups outside of revisions moves to their replacement, or is removed with them.
 * Method: a real database with messages and memory of earlier calls.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { group, office, user } from "../fixtures/core/scene.js";
import { newStore } from "../fixtures/new-store.js";
import type { Group, Office } from "../policy/office/office.js";
import type { Apply } from "./apply.js";
import type { HandOver } from "./hand-over.js";
import type { Remembered } from "./memory.js";
import type { Store } from "./store.js";
import type { MemberState } from "./voicemail.js";

const BEFORE = office([{ kind: "hangup", reason: "busy" }], {
  users: [user("alice", []), user("bobby", [])],
});
const COMMAND: Apply = { author: "ben", message: "", sourceHash: "", nowMs: 1_700_000_000_000 };
const KEPT: readonly Remembered[] = [
  { kind: "rung_first", group: "sales", username: "alice" },
  { kind: "rung_first", group: "support", username: "bobby" },
  { kind: "answered", username: "alice", atMs: 5 },
  { kind: "answered", username: "bobby", atMs: 6 },
];

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-hand-over-"));
  store = await newStore(join(folder, "office.db"));
  await store.applyOffice(BEFORE, COMMAND);
  for (const what of KEPT) await store.remember(what);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

async function keptAfter(handOver: HandOver, apply: Partial<Apply> = {}): Promise<string[]> {
  const after = { ...BEFORE, users: [user("bobby", [])] };
  await store.applyOffice(after, { ...COMMAND, handOvers: [handOver], ...apply });
  return (await store.readMemory()).map((what) => JSON.stringify(what)).sort();
}

it.each<[string, HandOver, readonly Remembered[]]>([
  [
    "a user's turn in a rotating group goes to the replacement",
    { kind: "user", from: "alice", to: "bobby" },
    [
      { kind: "answered", username: "bobby", atMs: 6 },
      { kind: "rung_first", group: "sales", username: "bobby" },
      { kind: "rung_first", group: "support", username: "bobby" },
    ],
  ],
  [
    "without a replacement, only what is theirs alone ends",
    { kind: "user", from: "alice", to: null },
    [
      { kind: "answered", username: "bobby", atMs: 6 },
      { kind: "rung_first", group: "sales", username: "alice" },
      { kind: "rung_first", group: "support", username: "bobby" },
    ],
  ],
  [
    "a group's turn ends with it",
    { kind: "group", from: "sales", to: "support" },
    [
      { kind: "answered", username: "alice", atMs: 5 },
      { kind: "answered", username: "bobby", atMs: 6 },
      { kind: "rung_first", group: "support", username: "bobby" },
    ],
  ],
])("%s", async (_what, handOver, kept) => {
  expect(await keptAfter(handOver)).toEqual(kept.map((what) => JSON.stringify(what)).sort());
});

it("nothing moves when the removal was not applied", async () => {
  const kept = await keptAfter({ kind: "user", from: "alice", to: "bobby" }, { expectRevision: 7 });
  expect(kept).toEqual(KEPT.map((what) => JSON.stringify(what)).sort());
});

describe("messages", () => {
  const OFFICE = office([{ kind: "hangup", reason: "busy" }], {
    users: ["alice", "bobby", "carol"].map((name) => user(name, [], { email: `${name}@example.com` })),
    groups: [
      group("sales", ["alice", "bobby", "carol"]),
      group("help", ["alice"]),
      group("team", ["bobby", "dave1"]),
    ],
  });

  /** Delivers a message to members, some of whom have heard it. */
  async function message(
    id: string,
    box: string,
    members: Readonly<Record<string, MemberState>>,
  ): Promise<void> {
    const caller = { callerNumber: "", callerName: "", called: "" };
    await store.voicemail.open([{ id, box, call: `call-${id}`, beganMs: 1, ...caller }]);
    const recipients = Object.keys(members).map((username) => ({ username, receives: true }));
    const mails = recipients.map(({ username }) => ({ username, address: `${username}@example.com` }));
    const sound = { lengthMs: 3_000, bytes: 1, sha256: "" };
    await store.voicemail.deliver(id, { box, deliveredMs: 10, urgent: false, recipients, mails, ...sound });
    for (const [username, state] of Object.entries(members))
      if (state !== "new") await store.voicemail.mark(id, username, state, 20);
  }

  /** Every message as `ID BOX: NAME STATE …`, with the member who claims it. */
  async function all(): Promise<string[]> {
    const messages = await store.voicemail.list();
    return messages.map(({ id, box, members, claimedBy, deletedMs }) => {
      const views = members.map(({ username, state }) => ` ${username} ${state}`).join("");
      return `${id} ${box}:${views}${claimedBy === null ? "" : `, ${claimedBy} claims`}${deletedMs === null ? "" : ", deleted"}`;
    });
  }

  beforeEach(() => store.applyOffice(OFFICE, COMMAND));

  function without(username: string, to: string | null): Office {
    const members = (one: Group) => ({
      ...one,
      members: one.members.flatMap((member) =>
        member.username !== username
          ? [member]
          : to === null || one.id !== "help"
            ? []
            : [{ ...member, username: to }],
      ),
    });
    return {
      ...OFFICE,
      users: OFFICE.users.filter((one) => one.username !== username),
      groups: OFFICE.groups.map(members),
    };
  }

  function remove(to: string | null, more: Partial<HandOver> = {}) {
    const handOver: HandOver = { kind: "user", from: "alice", to, ...more };
    return store.applyOffice(without("alice", to), { ...COMMAND, handOvers: [handOver] });
  }

  it("of their own go to the replacement, as they are; shared ones stay, and what they had heard is heard", async () => {
    await message("a", "user:alice", { alice: "new" });
    await message("b", "user:alice", { alice: "saved" });
    await message("c", "group:sales", { alice: "heard", bobby: "new", carol: "new" });
    await message("d", "group:help", { alice: "new" });
    await store.voicemail.claimMessage("c", "alice", 30);
    await store.voicemail.claimMessage("d", "alice", 30);
    expect((await remove("bobby")).outcome).toBe("applied");
    expect(await all()).toEqual([
      "a user:bobby: bobby new",
      "b user:bobby: bobby saved",
      // The replacement has heard nothing of it.
      "c group:sales: bobby new carol new, bobby claims",
      "d group:help: bobby new, bobby claims",
    ]);
    const mails = [];
    for (let mail = await store.outbox.takeDue(10); mail !== undefined; mail = await store.outbox.takeDue(10))
      mails.push(`${mail.about.id} ${mail.address}`);
    expect(mails.sort()).toEqual([
      "a bobby@example.com",
      "b bobby@example.com",
      "c bobby@example.com",
      "c carol@example.com",
      "d bobby@example.com",
    ]);
  });

  it("of a group that the replacement does not join are none of theirs", async () => {
    await message("a", "group:help", { alice: "new" });
    await store.applyOffice(
      { ...OFFICE, users: OFFICE.users.slice(1), groups: [group("sales", ["bobby"]), group("help", [])] },
      { ...COMMAND, handOvers: [{ kind: "user", from: "alice", to: "bobby" }] },
    );
    expect(await all()).toEqual(["a group:help:"]);
  });

  it("that would be nobody's are in the way, and nothing is changed", async () => {
    await message("a", "user:alice", { alice: "heard" });
    await message("b", "user:alice", { alice: "deleted" });
    await message("c", "user:alice", { alice: "new" });
    await store.voicemail.deleteForAll("c", 40);
    await message("d", "group:sales", { alice: "new", bobby: "new" });
    const before = await all();
    expect(await remove(null)).toMatchObject({ outcome: "has_messages", messages: ["a"] });
    expect(await remove(null, { lettingGo: ["x"] })).toMatchObject({
      outcome: "has_messages",
      messages: ["a"],
    });
    expect(await all()).toEqual(before);
    expect((await store.loadOffice())?.users).toHaveLength(3);
  });

  it.each<[string, readonly string[] | "all"]>([
    ["that were named", ["a"]],
    ["all of them", "all"],
  ])("that may go are deleted for all, and shared ones stay: %s", async (_what, lettingGo) => {
    await message("a", "user:alice", { alice: "new" });
    await message("b", "user:alice", { alice: "deleted" });
    await message("d", "group:sales", { alice: "new", bobby: "new" });
    await store.voicemail.claimMessage("d", "alice", 30);
    expect((await remove(null, { lettingGo })).outcome).toBe("applied");
    expect(await all()).toEqual([
      "a user:alice:, deleted",
      "b user:alice:, deleted",
      "d group:sales: bobby new",
    ]);
    expect(await store.voicemail.expired(COMMAND.nowMs + 1)).toEqual(["a", "b"]);
  });

  it("that is being left goes to the replacement when it is delivered, and is in the way without one", async () => {
    const caller = { callerNumber: "", callerName: "", called: "" };
    await store.voicemail.open([{ id: "a", box: "user:alice", call: "c", beganMs: 1, ...caller }]);
    expect(await remove(null)).toMatchObject({ outcome: "has_messages", messages: ["a"] });
    expect((await remove("bobby")).outcome).toBe("applied");
    const delivery = { deliveredMs: 10, urgent: false, mails: [], lengthMs: 3_000, bytes: 1, sha256: "" };
    const toAlice = { box: "user:alice", recipients: [{ username: "alice", receives: true }], ...delivery };
    expect(await store.voicemail.deliver("a", toAlice)).toBe(false);
    expect((await store.voicemail.openedOne("a"))?.box).toBe("user:bobby");
    const toBobby = { ...toAlice, box: "user:bobby", recipients: [{ username: "bobby", receives: true }] };
    expect(await store.voicemail.deliver("a", toBobby)).toBe(true);
  });

  it("of a group go to the group that takes over: its members have them, and nobody else", async () => {
    await message("a", "group:sales", { alice: "heard", bobby: "heard", carol: "new" });
    await store.voicemail.claimMessage("a", "carol", 30);
    const handOver: HandOver = { kind: "group", from: "sales", to: "team" };
    const groups = OFFICE.groups.filter(({ id }) => id !== "sales");
    const users = [...OFFICE.users, user("dave1", [])];
    expect(
      (await store.applyOffice({ ...OFFICE, users, groups }, { ...COMMAND, handOvers: [handOver] })).outcome,
    ).toBe("applied");
    expect(await all()).toEqual(["a group:team: bobby heard dave1 new"]);
  });
});
