/**
 * Goal: everybody does with the messages of their own mailbox and of their groups what they do by phone, nobody reaches
 * another's by its id, and the audit says who has heard what. Method: messages in real mailboxes, asked for by the API as
 * several people, over the real folder of recordings.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { group, user } from "../../../../../fixtures/core/scene.js";
import { MESSAGE_SOUND, type VoiceWorld, voiceWorld } from "../../../../../fixtures/web/web-messages.js";
import { WEB_OFFICE } from "../../../../../fixtures/web/world.js";
import { MAILBOX_DEFAULTS } from "../../../../../policy/mailbox/mailbox.js";
import type { MailboxSettings } from "../../../../../policy/office/office.js";

const CAROLS = "aaaaaaaa-0000-4000-8000-000000000001";
const SALES = "aaaaaaaa-0000-4000-8000-000000000002";
const ERINS = "aaaaaaaa-0000-4000-8000-000000000003";
const ALL = [CAROLS, SALES, ERINS];

let world: VoiceWorld;
beforeEach(async () => {
  world = await voiceWorld();
  await world.leave(CAROLS, "user:carol.diaz");
  await world.leave(SALES, "group:sales");
  await world.leave(ERINS, "user:erin.hall");
});
afterEach(() => world.close());

interface List {
  readonly items: readonly { readonly id: string; readonly state: string | null }[];
  readonly next: string | null;
}

async function listed(username: string, query: Record<string, string> = {}): Promise<string[]> {
  const { status, body } = await world.as(username).get("/messages", { query });
  expect(status).toBe(200);
  return (body as List).items.map(({ id }) => id);
}

/** Whose messages are in the list, and which ones are found by their id. */
const HAS: readonly (readonly [username: string, listed: readonly string[], byId: readonly string[]])[] = [
  ["alice.wong", [], ALL],
  ["bella.ruiz", [], []],
  ["carol.diaz", [SALES, CAROLS], [CAROLS, SALES]],
  ["dave.kim1", [SALES], [SALES]],
  ["erin.hall", [ERINS], [ERINS]],
];

describe("messages", () => {
  it.each(HAS)("%s has %s", async (username, ids) => {
    expect(await listed(username)).toEqual(ids);
  });

  it.each(HAS)("%s finds by its id only what is theirs to hear", async (username, _listed, byId) => {
    for (const id of ALL) {
      const isSeen = byId.includes(id);
      const found = await world.as(username).get(`/messages/${id}`);
      expect([id, found.status]).toEqual([id, isSeen ? 200 : 404]);
      const sound = await world.as(username).get(`/messages/${id}/sound`);
      expect([id, sound.status]).toEqual([id, isSeen ? 200 : 404]);
    }
  });

  it("of others cannot be changed, claimed or forwarded", async () => {
    const erin = world.as("erin.hall");
    const asked = [
      erin.patch(`/messages/${SALES}`, { body: { state: "deleted" } }),
      erin.delete(`/messages/${SALES}`),
      erin.put(`/messages/${SALES}/claim`),
      erin.delete(`/messages/${SALES}/claim`),
      erin.post(`/messages/${SALES}/forward`, { body: { to: ["user:erin.hall"] } }),
    ];
    for (const answer of await Promise.all(asked)) expect(answer.status).toBe(404);
    expect(await world.store.voicemail.one(SALES)).toMatchObject({
      claimedBy: null,
      members: [{ state: "new" }, { state: "new" }],
    });
    expect(await listed("erin.hall")).toEqual([ERINS]);
  });

  it("of one mailbox, by what was done with them, in pages", async () => {
    const carol = (query: Record<string, string>) => listed("carol.diaz", query);
    expect(await carol({ box: "group:sales" })).toEqual([SALES]);
    await world.as("carol.diaz").patch(`/messages/${SALES}`, { body: { state: "saved" } });
    expect(await carol({ state: "saved" })).toEqual([SALES]);
    expect(await carol({ state: "new" })).toEqual([CAROLS]);
    await world.as("carol.diaz").delete(`/messages/${CAROLS}`);
    expect(await carol({})).toEqual([SALES]);
    expect(await carol({ state: "deleted" })).toEqual([CAROLS]);
    await world.as("carol.diaz").patch(`/messages/${CAROLS}`, { body: { state: "saved" } });
    const first = (await world.as("carol.diaz").get("/messages", { query: { limit: "1" } })).body as List;
    expect(first.items.map(({ id }) => id)).toEqual([SALES]);
    expect(await carol({ limit: "1", after: first.next ?? "" })).toEqual([CAROLS]);
  });

  it("of another's mailbox are for System Admins, who only look", async () => {
    const refused = await world.as("carol.diaz").get("/messages", { query: { box: "user:erin.hall" } });
    expect(refused.status).toBe(404);
    const { body } = await world.as("alice.wong").get("/messages", { query: { box: "user:erin.hall" } });
    expect(body).toMatchObject({
      items: [{ id: ERINS, state: null, may: { change: false, forward: true } }],
    });
    const changed = await world.as("alice.wong").patch(`/messages/${ERINS}`, { body: { state: "heard" } });
    expect(changed.status).toBe(409);
  });

  it("of a group that somebody has left are not theirs any more", async () => {
    await world.apply({
      ...WEB_OFFICE,
      groups: WEB_OFFICE.groups.map((each) => (each.id === "sales" ? group("sales", ["carol.diaz"]) : each)),
    });
    expect(await listed("dave.kim1")).toEqual([]);
    expect((await world.as("dave.kim1").get(`/messages/${SALES}/sound`)).status).toBe(404);
  });

  it("of a user who was removed are not those of a later user of the name", async () => {
    const others = WEB_OFFICE.users.filter(({ username }) => username !== "erin.hall");
    await world.store.voicemail.deleteForAll(ERINS, 1);
    await world.store.voicemail.remove(ERINS);
    await world.apply({ ...WEB_OFFICE, users: others });
    await world.apply({ ...WEB_OFFICE, users: [...others, user("erin.hall", [])] });
    expect(await listed("erin.hall")).toEqual([]);
  });
});

describe("what one member does", () => {
  it("others see, and have their own state of it", async () => {
    const { body } = await world.as("carol.diaz").patch(`/messages/${SALES}`, { body: { state: "heard" } });
    expect(body).toMatchObject({
      state: "heard",
      heard_by: "carol.diaz",
      members: [
        { username: "carol.diaz", state: "heard", received: true },
        { username: "dave.kim1", state: "new", received: true },
      ],
    });
    const daves = (await world.as("dave.kim1").get(`/messages/${SALES}`)).body;
    expect(daves).toMatchObject({ state: "new", heard_by: "carol.diaz" });
  });

  it("a claim is one member's until it is given back", async () => {
    expect((await world.as("carol.diaz").put(`/messages/${SALES}/claim`)).body).toMatchObject({
      claimed_by: "carol.diaz",
      may: { release: true },
    });
    const taken = await world.as("dave.kim1").put(`/messages/${SALES}/claim`);
    expect([taken.status, taken.body]).toMatchObject([
      409,
      { detail: expect.stringContaining("carol.diaz") },
    ]);
    expect((await world.as("dave.kim1").delete(`/messages/${SALES}/claim`)).status).toBe(409);
    expect((await world.as("carol.diaz").delete(`/messages/${SALES}/claim`)).body).toMatchObject({
      claimed_by: null,
    });
    expect((await world.as("dave.kim1").put(`/messages/${SALES}/claim`)).status).toBe(200);
  });

  it("is known to a running engine, which follows the changes of the database", async () => {
    const { serial } = await world.store.voicemail.changesSince(-1);
    await world.as("carol.diaz").patch(`/messages/${CAROLS}`, { body: { state: "heard" } });
    const after = await world.store.voicemail.changesSince(serial);
    expect(after.usernames).toEqual(["carol.diaz"]);
    await world.as("carol.diaz").post(`/messages/${CAROLS}/forward`, { body: { to: ["user:erin.hall"] } });
    expect((await world.store.voicemail.changesSince(after.serial)).usernames).toEqual(["erin.hall"]);
  });
});

describe("deleting for all", () => {
  it("is for System Admins, and can be taken back", async () => {
    const query = { for_all: "true" };
    const refused = await world.as("carol.diaz").delete(`/messages/${SALES}`, { query });
    expect([refused.status, refused.body]).toMatchObject([403, { permission: "system_admin" }]);
    const deleted = await world.as("alice.wong").delete(`/messages/${SALES}`, { query });
    expect(deleted.body).toMatchObject({ deleted_at: expect.any(String) });
    expect(await listed("carol.diaz")).toEqual([CAROLS]);
    expect((await world.as("carol.diaz").get(`/messages/${SALES}`)).status).toBe(404);
    expect((await world.as("carol.diaz").post(`/messages/${SALES}/restore`)).status).toBe(403);
    await world.as("alice.wong").post(`/messages/${SALES}/restore`);
    expect(await listed("carol.diaz")).toEqual([SALES, CAROLS]);
  });
});

describe("forwarding", () => {
  const forward = (id: string, to: readonly string[], username = "carol.diaz") =>
    world.as(username).post(`/messages/${id}/forward`, { body: { to } });

  it("delivers a copy with its own sound, and says where there is none", async () => {
    const { status, body } = await forward(CAROLS, ["user:erin.hall", "user:nobody1", "user:erin.hall"]);
    expect([status, body]).toEqual([
      200,
      {
        forwarded: ["user:erin.hall"],
        refused: [{ to: "user:nobody1", why: "there is no such mailbox" }],
      },
    ]);
    const { items } = (await world.as("erin.hall").get("/messages")).body as List;
    const copy = items.find(({ id }) => id !== ERINS);
    expect(copy).toMatchObject({
      forwarded_by: "carol.diaz",
      from: "+19175550144",
      state: "new",
      call: null,
    });
    const sound = await world.as("erin.hall").get(`/messages/${copy?.id}/sound`);
    expect(sound.status).toBe(200);
    expect(readFileSync(world.recordings.path(copy?.id ?? "")).equals(MESSAGE_SOUND)).toBe(true);
    expect(await world.store.mailboxAccess.drafts()).toEqual([]);
  });

  it("writes mails to the members who want them", async () => {
    const voicemail: MailboxSettings = { ...MAILBOX_DEFAULTS, email: "notice" };
    const wants = WEB_OFFICE.users.map((each) =>
      each.username === "erin.hall" ? { ...each, voicemail } : each,
    );
    await world.apply({ ...WEB_OFFICE, users: wants });
    await forward(CAROLS, ["user:erin.hall"]);
    expect(await world.store.outbox.takeDue(Number.MAX_SAFE_INTEGER)).toMatchObject({
      username: "erin.hall",
    });
  });

  it("says when the sound is missing, and leaves nothing behind", async () => {
    rmSync(world.recordings.path(CAROLS));
    const { body } = await forward(CAROLS, ["user:erin.hall"]);
    expect(body).toMatchObject({ forwarded: [], refused: [{ to: "user:erin.hall" }] });
    expect(await listed("erin.hall")).toEqual([ERINS]);
  });

  it.each([[[]], [["erin.hall"]], [Array.from({ length: 21 }, (_, i) => `user:user${i}`)]])(
    "to %j is not understood",
    async (to) => {
      expect((await forward(CAROLS, to)).status).toBe(400);
    },
  );
});

describe("the sound", () => {
  it("is heard in parts, or downloaded under a name", async () => {
    const carol = world.as("carol.diaz");
    const part = await carol.get(`/messages/${CAROLS}/sound`, { headers: { range: "bytes=0-99" } });
    expect([part.status, part.headers["content-range"]]).toEqual([206, `bytes 0-99/${MESSAGE_SOUND.length}`]);
    const all = await carol.get(`/messages/${CAROLS}/sound`, { query: { download: "true" } });
    expect([all.status, all.headers["content-length"]]).toEqual([200, String(MESSAGE_SOUND.length)]);
    expect(all.headers["content-disposition"]).toContain("message-2026-11-30-140100.wav");
  });

  it("that is missing or damaged is said to be", async () => {
    writeFileSync(world.recordings.path(CAROLS), "no sound");
    expect((await world.as("carol.diaz").get(`/messages/${CAROLS}/sound`)).status).toBe(410);
  });

  it("is in the audit once for a hearing in many parts, whatever part is asked for first", async () => {
    const hear = (range: string) =>
      world.as("carol.diaz").get(`/messages/${SALES}/sound`, { headers: { range } });
    await hear("bytes=4000-");
    await hear("bytes=0-99");
    const entries = () => world.store.audit.list({ action: "message_heard" }, { limit: 10 });
    expect(await entries()).toMatchObject([
      { actor: "carol.diaz", subject: `message:${SALES}`, detail: { box: "group:sales" } },
    ]);
    await world.as("dave.kim1").get(`/messages/${SALES}/sound`);
    expect(await entries()).toHaveLength(2);
    world.pass(3_600_001);
    await hear("bytes=0-99");
    expect(await entries()).toHaveLength(3);
  });

  it("does not leave the folder of recordings, whatever the id is", async () => {
    for (const id of ["..%2f..%2fdb", "%2e%2e", `${CAROLS}%00`])
      expect((await world.as("alice.wong").get(`/messages/${id}/sound`)).status).toBe(404);
  });
});

describe("mailboxes", () => {
  it("are one's own and those of one's groups, with what is new", async () => {
    await world.as("carol.diaz").patch(`/messages/${SALES}`, { body: { state: "heard" } });
    const { body } = await world.as("carol.diaz").get("/mailboxes");
    expect(body).toMatchObject({
      items: [
        {
          box: "user:carol.diaz",
          new: 1,
          old: 0,
          messages: 1,
          room: "enough",
          may: { hear: true, greet: true },
        },
        { box: "group:sales", new: 0, old: 1, messages: 1, may: { hear: true, greet: false } },
      ],
    });
  });

  it.each([
    ["erin.hall", "group:sales", 404],
    ["erin.hall", "user:carol.diaz", 404],
    ["alice.wong", "user:carol.diaz", 200],
    ["alice.wong", "user:nobody1", 404],
    ["dave.kim1", "group:sales", 200],
  ])("%s asks for %s: %i", async (username, box, status) => {
    expect((await world.as(username).get(`/mailboxes/${box}`)).status).toBe(status);
  });
});

it.each(["/messages", `/messages/${SALES}`, `/messages/${SALES}/sound`, "/mailboxes"])(
  "%s is for people of the office alone",
  async (path) => {
    expect((await world.as(null).get(path)).status).toBe(401);
    expect((await world.as("frank.lee").get(path)).status).toBe(403);
    expect((await world.as("carol.diaz", ["users"]).get(path)).status).toBe(403);
  },
);
