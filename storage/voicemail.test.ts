/** A message is stored once, with a state for each member. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore, type Store } from "./store.js";

let store: Store;

beforeEach(async () => {
  const opened = await openStore(":memory:");
  if (!opened.ok) throw new Error(opened.failure.reason);
  store = opened.store;
});
afterEach(() => store.close());

async function message(id: string, more: { readonly urgent?: boolean; readonly off?: string } = {}) {
  const { voicemail } = store;
  await voicemail.open([
    {
      id,
      box: "group:sales",
      call: `call-${id}`,
      callerNumber: "",
      callerName: "",
      called: "",
      beganMs: 1,
    },
  ]);
  return voicemail.deliver(id, {
    deliveredMs: 10,
    lengthMs: 3_000,
    bytes: 1,
    sha256: "",
    mails: [],
    box: "group:sales",
    urgent: more.urgent ?? false,
    recipients: ["alice", "bobby"].map((username) => ({ username, receives: username !== more.off })),
  });
}

const states = async (id: string) =>
  (await store.voicemail.find(id))[0]?.members.map(({ state }) => state).join(" ");

describe("a message", () => {
  it("is delivered once", async () => {
    expect([await message("a"), await message("a")]).toEqual([true, false]);
    expect(await store.voicemail.list()).toHaveLength(1);
  });

  it("heard by one is new for the other, and remembers who heard it first", async () => {
    await message("a");
    expect(await store.voicemail.mark("a", "bobby", "heard", 20)).toBe(true);
    expect(await store.voicemail.mark("a", "alice", "heard", 30)).toBe(true);
    expect(await store.voicemail.mark("a", "carol", "heard", 30)).toBe(false);
    expect((await store.voicemail.list())[0]?.heardBy).toBe("bobby");
    await store.voicemail.mark("a", "alice", "new", 40);
    expect(await states("a")).toBe("new heard");
  });

  it("deleted by one is there for the other; deleted for all, for none, until that is taken back", async () => {
    await message("a");
    await store.voicemail.mark("a", "alice", "deleted", 20);
    expect((await store.voicemail.counts()).map(({ username }) => username)).toEqual(["bobby"]);
    expect(await store.voicemail.deleteForAll("a", 30)).toBe(true);
    expect(await store.voicemail.deleteForAll("a", 40)).toBe(false);
    expect([await store.voicemail.counts(), await store.voicemail.count("group:sales")]).toEqual([[], 0]);
    expect(await store.voicemail.deleteForAll("a", null)).toBe(true);
    expect(await store.voicemail.count("group:sales")).toBe(1);
  });

  it("is claimed by the first who says so, until they let go", async () => {
    await message("a");
    expect(await store.voicemail.claimMessage("a", "alice", 1)).toEqual({ done: true, by: "alice" });
    expect(await store.voicemail.claimMessage("a", "bobby", 2)).toEqual({ done: false, by: "alice" });
    expect(await store.voicemail.claimMessage("a", null, 3)).toEqual({ done: true, by: null });
    expect(await store.voicemail.claimMessage("a", "bobby", 4)).toEqual({ done: true, by: "bobby" });
    expect(await store.voicemail.claimMessage("b", "bobby", 4)).toEqual({ done: false, by: null });
  });

  it("counts by member, new and old, urgent apart, and apart where voicemail was switched off", async () => {
    await message("a", { urgent: true });
    await message("b", { off: "bobby" });
    await store.voicemail.mark("a", "bobby", "saved", 20);
    expect(await store.voicemail.counts("bobby")).toEqual([
      {
        username: "bobby",
        box: "group:sales",
        received: false,
        fresh: 1,
        freshUrgent: 0,
        old: 0,
        oldUrgent: 0,
      },
      {
        username: "bobby",
        box: "group:sales",
        received: true,
        fresh: 0,
        freshUrgent: 0,
        old: 0,
        oldUrgent: 1,
      },
    ]);
  });

  it.each([
    ["deleted for all long ago", async () => void (await store.voicemail.deleteForAll("a", 50)), ["a"]],
    ["deleted for all just now", async () => void (await store.voicemail.deleteForAll("a", 150)), []],
    [
      "deleted by every member long ago",
      async () => {
        await store.voicemail.mark("a", "alice", "deleted", 50);
        await store.voicemail.mark("a", "bobby", "deleted", 60);
      },
      ["a"],
    ],
    ["deleted by one", async () => void (await store.voicemail.mark("a", "alice", "deleted", 50)), []],
    ["kept by all", async () => {}, []],
  ])("%s: retention", async (_what, before, expired) => {
    await message("a");
    await before();
    expect(await store.voicemail.expired(100)).toEqual(expired);
  });

  it("that is removed takes its members along", async () => {
    await message("a");
    await store.voicemail.remove("a");
    expect([await store.voicemail.list(), await store.voicemail.counts()]).toEqual([[], []]);
  });
});
