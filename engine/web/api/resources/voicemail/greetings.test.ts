/**
 * Goal: greetings and PINs are set by whose they are, and by those who may set them for others, never for somebody above
 * them; what strangers upload is converted without harm. Method: the API over a real folder, with the programs of this
 * machine.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { toneWav } from "../../../../../fixtures/tone-wav.js";
import { type VoiceWorld, voiceWorld } from "../../../../../fixtures/web/web-messages.js";
import { WEB_OFFICE } from "../../../../../fixtures/web/world.js";
import type { Office } from "../../../../../policy/office/office.js";

/** Dave changes users, and Carol flows and groups. */
const OFFICE: Office = {
  ...WEB_OFFICE,
  users: WEB_OFFICE.users.map((user) =>
    user.username === "dave.kim1"
      ? { ...user, permissions: { users: true } }
      : user.username === "carol.diaz"
        ? { ...user, permissions: { call_flows: true } }
        : user,
  ),
};

let world: VoiceWorld;
beforeEach(async () => {
  world = await voiceWorld(OFFICE);
});
afterEach(() => world.close());

const WAV = toneWav(2_000);

function upload(username: string, box: string, body: Buffer = WAV, type = "audio/wav", kind = "own") {
  const path = `/mailboxes/${box}/greetings/${kind}`;
  return world.as(username).put(path, { body, headers: { "content-type": type } });
}

describe("a greeting", () => {
  it("is put into use, listed, heard in parts, and removed", async () => {
    const erin = world.as("erin.hall");
    const set = await upload("erin.hall", "user:erin.hall");
    expect([set.status, set.body]).toEqual([200, { kind: "own", busy: false, length_seconds: 2 }]);
    const listed = await erin.get("/mailboxes/user:erin.hall/greetings");
    expect(listed.body).toMatchObject({
      items: [{ kind: "own", busy: false, set_by: "erin.hall", set_at: "2026-11-30T14:00:00.000Z" }],
      may: { change: true },
    });
    const sound = await erin.get("/mailboxes/user:erin.hall/greetings/own/sound", {
      headers: { range: "bytes=0-3" },
    });
    expect([sound.status, sound.text]).toEqual([206, "RIFF"]);
    expect((await erin.get("/mailboxes/user:erin.hall/greetings/name/sound")).status).toBe(404);
    expect((await erin.delete("/mailboxes/user:erin.hall/greetings/own")).status).toBe(204);
    expect((await erin.delete("/mailboxes/user:erin.hall/greetings/own")).status).toBe(404);
    expect(await world.store.audit.list({ action: "greeting_changed" }, { limit: 10 })).toMatchObject([
      { actor: "erin.hall", subject: "mailbox:user:erin.hall", detail: { removed: true } },
      { actor: "erin.hall", subject: "mailbox:user:erin.hall", detail: { set: true } },
    ]);
  });

  it.each([
    ["erin.hall", "user:erin.hall", 200],
    ["erin.hall", "user:carol.diaz", 403],
    ["erin.hall", "group:sales", 403],
    // A member without the permission for groups, as by phone.
    ["dave.kim1", "group:sales", 403],
    ["carol.diaz", "group:sales", 200],
    ["carol.diaz", "user:erin.hall", 403],
    ["dave.kim1", "user:erin.hall", 200],
    // Somebody who stands above.
    ["dave.kim1", "user:alice.wong", 403],
    ["dave.kim1", "user:nobody1", 404],
    ["alice.wong", "group:sales", 200],
    ["alice.wong", "user:erin.hall", 200],
  ])("of %s for %s: %i", async (username, box, status) => {
    expect((await upload(username, box)).status).toBe(status);
    expect((await world.store.mailboxAccess.greetings()).length).toBe(status === 200 ? 1 : 0);
  });

  it.each([
    ["dave.kim1", "group:sales", 200],
    ["erin.hall", "group:sales", 403],
    ["erin.hall", "user:dave.kim1", 403],
    ["alice.wong", "user:dave.kim1", 200],
  ])("is listed and heard by members: %s, %s: %i", async (username, box, status) => {
    await upload("alice.wong", box);
    expect((await world.as(username).get(`/mailboxes/${box}/greetings`)).status).toBe(status);
    expect((await world.as(username).get(`/mailboxes/${box}/greetings/own/sound`)).status).toBe(status);
  });

  it.each([
    ["audio/ogg", "ogg"],
    ["audio/flac", "flac"],
    ["audio/mpeg", "wav", ["-r", "44100", "-c", "2"]],
  ])("as %s is converted to what the telephone carries", async (type, form, how = []) => {
    const from = join(world.folder, "tone.wav");
    writeFileSync(from, WAV);
    const to = join(world.folder, `sound.${form}`);
    execFileSync("sox", [from, ...how, to]);
    const set = await upload("erin.hall", "user:erin.hall", readFileSync(to), type);
    expect([set.status, set.body]).toMatchObject([200, { length_seconds: 2 }]);
    const [greeting] = await world.store.mailboxAccess.greetings();
    const sound = readFileSync(world.recordings.path(greeting?.id ?? ""));
    expect([sound.readUInt32LE(24), sound.readUInt16LE(22)]).toEqual([8_000, 1]);
  });

  it.each([
    ["a list of other files", "#EXTM3U\n#EXTINF:1,\n/etc/passwd\n", "audio/mpeg", 415],
    ["a text", "ffconcat version 1.0\nfile /etc/passwd\n", "audio/wav", 415],
    ["a damaged file", `OggS${"x".repeat(500)}`, "audio/ogg", 422],
    ["too little sound", toneWav(300), "audio/wav", 422],
    ["too much sound", toneWav(125_000), "audio/wav", 422],
    ["a page", "<html>", "text/html", 415],
  ])("is not made of %s", async (_what, bytes, type, status) => {
    const set = await upload("erin.hall", "user:erin.hall", Buffer.from(bytes), type);
    expect(set.status).toBe(status);
    expect(set.text).not.toMatch(/\/tmp|sox|ffmpeg/);
    expect(await world.store.mailboxAccess.greetings()).toEqual([]);
    expect(await world.store.mailboxAccess.drafts()).toEqual([]);
  });

  it("of hours of silence in a small file costs no more than a while of it", async () => {
    const from = join(world.folder, "long.flac");
    execFileSync("sox", ["-D", "-n", "-r", "8000", "-c", "1", "-b", "16", from, "trim", "0", "7200"]);
    const bytes = readFileSync(from);
    expect(bytes.length).toBeLessThan(1_000_000);
    const set = await upload("erin.hall", "user:erin.hall", bytes, "audio/flac");
    expect([set.status, set.body]).toMatchObject([422, { detail: "the sound is longer than 2 minutes" }]);
  });

  it("has no busy form as a name", async () => {
    const path = "/mailboxes/user:erin.hall/greetings/name";
    const asked = { body: WAV, headers: { "content-type": "audio/wav" }, query: { busy: "true" } };
    expect((await world.as("erin.hall").put(path, asked)).status).toBe(400);
  });
});

describe("a PIN", () => {
  const set = (username: string, whose: string, body: object = { pin: "739164" }) =>
    world.as(username).put(`/users/${whose}/pin`, { body });
  const hasPin = async (whose: string) => (await world.store.mailboxAccess.pinOf(whose)).isSet;

  it.each([
    ["erin.hall", "erin.hall", 200],
    ["erin.hall", "carol.diaz", 403],
    // With the PIN of another their messages could be heard, which needs more than changing users.
    ["dave.kim1", "erin.hall", 403],
    ["dave.kim1", "alice.wong", 403],
    ["alice.wong", "erin.hall", 200],
    ["alice.wong", "nobody1", 404],
  ])("set by %s for %s: %i", async (username, whose, status) => {
    expect((await set(username, whose)).status).toBe(status);
    expect(await hasPin(whose)).toBe(status === 200);
  });

  it.each([
    ["12", "pin_length"],
    ["111111", "pin_repeated"],
    ["abcdef", "pin_not_digits"],
  ])("%s is refused with its reason", async (pin, code) => {
    const refused = await set("erin.hall", "erin.hall", { pin });
    expect([refused.status, refused.body]).toMatchObject([422, { errors: [{ field: "/pin", code }] }]);
  });

  it.each([[{}], [{ pin: "739164", generate: true }], [{ generate: false }]])(
    "%j is not understood",
    async (body) => {
      expect((await set("erin.hall", "erin.hall", body)).status).toBe(400);
    },
  );

  it("that is made is shown once, and no audit or log has it", async () => {
    const { body } = await set("alice.wong", "erin.hall", { generate: true });
    const { pin } = body as { pin: string };
    expect(pin).toMatch(/^\d{6}$/);
    const entries = await world.store.audit.list({ action: "pin_changed" }, { limit: 1 });
    expect(entries).toMatchObject([{ subject: "user:erin.hall", detail: { set: true, generated: true } }]);
    expect(JSON.stringify([entries, world.log])).not.toContain(pin);
  });

  it("is taken away and unlocked by whoever changes users, never of somebody above", async () => {
    await set("erin.hall", "erin.hall");
    await set("alice.wong", "alice.wong");
    for (const key of ["1", "2", "3", "4", "5"])
      await world.store.mailboxAccess.tryPin("erin.hall", key, world.nowMs());
    const dave = world.as("dave.kim1");
    expect((await dave.get("/users/erin.hall/pin")).body).toMatchObject({
      set: true,
      locked_until_at: "2026-11-30T14:30:00.000Z",
    });
    expect((await dave.post("/users/erin.hall/pin/unlock")).body).toEqual({
      set: true,
      locked_until_at: null,
    });
    expect((await dave.delete("/users/alice.wong/pin")).status).toBe(403);
    expect((await dave.post("/users/alice.wong/pin/unlock")).status).toBe(403);
    expect((await dave.delete("/users/erin.hall/pin")).status).toBe(204);
    expect([await hasPin("erin.hall"), await hasPin("alice.wong")]).toEqual([false, true]);
    expect((await dave.delete("/users/erin.hall/pin")).status).toBe(404);
  });

  it("is nobody's to look at but one's own", async () => {
    expect((await world.as("erin.hall").get("/users/carol.diaz/pin")).status).toBe(403);
    expect((await world.as("erin.hall").get("/users/erin.hall/pin")).body).toEqual({
      set: false,
      locked_until_at: null,
    });
  });
});
