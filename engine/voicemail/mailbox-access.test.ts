/**
 * Mailbox requests on a real database and a real folder: access to messages, PINs, greetings, forwarding; and correct
 * answers for files that are missing or damaged and for requests that come twice or late.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { group, office, user } from "../../fixtures/core/scene.js";
import { newStore } from "../../fixtures/new-store.js";
import { SeededIds } from "../../fixtures/seeded-ids.js";
import { toneWav } from "../../fixtures/tone-wav.js";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import type { Answer, MessageAsk, SessionAsk } from "../../policy/call/mailbox-requests.js";
import { MAILBOX_DEFAULTS } from "../../policy/mailbox/mailbox.js";
import { pinLockMs } from "../../policy/mailbox/pin.js";
import type { Box } from "../../policy/office/box.js";
import { RoutingTable } from "../../policy/routing/table.js";
import { COMMAND_CALL } from "../../storage/mailbox-access.js";
import { openStore, type Store } from "../../storage/store.js";
import { MailboxAccess } from "./mailbox-access.js";
import { Mailroom } from "./mailroom.js";
import { hashPin, isPin } from "./pin-hash.js";
import { Recordings } from "./recordings.js";

const SALES: Box = { kind: "group", id: "sales" };
const ALICE: Box = { kind: "user", username: "alice" };
const BOB: Box = { kind: "user", username: "bobby" };
const CALL = "11111111-2222-4333-8444-0000000000ff";
const id = (n: number) => `11111111-2222-4333-8444-${String(n).padStart(12, "0")}`;

let folder: string;
let store: Store;
let table: RoutingTable;
let clock: VirtualClock;
let access: MailboxAccess;
let mailroom: Mailroom;

function tableWith(carolOn: boolean, catchUp: boolean): RoutingTable {
  const sales = group("sales", ["alice", "bobby", "carol"]);
  const members = sales.members.map((m) => (m.username === "carol" ? { ...m, voicemail: carolOn } : m));
  return RoutingTable.of(
    office([], {
      users: [
        user("alice", [], { extension: "101" }),
        user("bobby", [], { voicemail: { ...MAILBOX_DEFAULTS, messagesMax: 2 } }),
        user("carol", []),
      ],
      groups: [{ ...sales, members, voicemail: { ...MAILBOX_DEFAULTS, catchUp } }],
    }),
    1,
  );
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-mailbox-access-"));
  mkdirSync(join(folder, "sound"));
  store = await newStore(join(folder, "test.db"));
  table = tableWith(false, false);
  clock = new VirtualClock();
  const common = {
    recordings: new Recordings(join(folder, "sound"), 0),
    clock,
    ids: new SeededIds(1),
    log: pino({ level: "silent" }),
    table: () => table,
  };
  mailroom = new Mailroom({
    ...common,
    store: store.voicemail,
    greetings: (box) => store.mailboxAccess.greetings(box),
    newestTable: async () => table,
    mails: false,
    onChange: () => {},
  });
  access = new MailboxAccess({
    ...common,
    messages: store.voicemail,
    store: store.mailboxAccess,
    forward: (message, urgent, make) => mailroom.forward(message, urgent, make),
    onChange: () => {},
  });
});

afterEach(async () => {
  await mailroom.close();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

let asked = 0;
const ask = (question: SessionAsk, askId = `ask ${++asked}`) =>
  new Promise<Answer>((resolve) => access.ask(question, { callId: CALL, askId, revision: 1 }, resolve));
const path = (name: string) => join(folder, "sound", `${name}.wav`);

/** A message in a mailbox. */
async function message(n: number, box: Box = SALES, urgent = false, ms = 3_000): Promise<string> {
  const caller = { callerNumber: "+13105550123", callerName: "", called: "" };
  const asker = { callId: id(1_000 + n), askId: "", ...caller, atMs: n, revision: 1 };
  const tell = (told: MessageAsk) => new Promise((resolve) => mailroom.ask(told, asker, resolve));
  await tell({ kind: "open_message", message: id(n), box });
  writeFileSync(path(id(n)), toneWav(ms));
  await tell({ kind: "deliver_message", messages: [id(n)], urgent });
  clock.advanceBy(1);
  return id(n);
}

async function list(username: string, which: "new" | "old", box: Box = SALES): Promise<readonly string[]> {
  const answer = await ask({ kind: "list", box, username, list: which });
  return answer.kind === "listed" ? answer.messages : [];
}

async function look(which: string, username: string) {
  const answer = await ask({ kind: "look", message: which, username });
  return answer.kind === "looked" ? answer.message : undefined;
}

const mark = (which: string, username: string, state: "heard" | "saved" | "deleted") =>
  ask({ kind: "mark", message: which, username, state });

describe("what a member hears", () => {
  it("is the new ones, the urgent first, then as they came; of the others the newest first", async () => {
    const [a, b, c, d] = [
      await message(1),
      await message(2),
      await message(3, SALES, true),
      await message(4),
    ];
    expect(await list("alice", "new")).toEqual([c, a, b, d]);
    await mark(a, "alice", "heard");
    await mark(d, "alice", "saved");
    await mark(b, "alice", "deleted");
    expect(await list("alice", "new")).toEqual([c]);
    expect(await list("alice", "old")).toEqual([d, a]);
    // A message that one member has heard is still new for the other.
    expect(await list("bobby", "new")).toEqual([c, a, b, d]);
    expect((await look(a, "alice"))?.state).toBe("heard");
    expect((await look(b, "alice"))?.state).toBe("deleted");
  });

  it("is nothing that came while they were switched off, unless the office wants that", async () => {
    const a = await message(1);
    expect(await list("carol", "new")).toEqual([]);
    expect(await look(a, "carol")).toBeNull();
    table = tableWith(true, true);
    expect(await list("carol", "new")).toEqual([a]);
    expect((await look(a, "carol"))?.state).toBe("new");
  });

  it("is told for each mailbox, their own first, also when it is empty", async () => {
    expect(await ask({ kind: "boxes", username: "alice" })).toEqual({
      kind: "boxes",
      boxes: [{ box: ALICE, fresh: 0, old: 0 }],
    });
    await mark(await message(1), "alice", "heard");
    await message(2, SALES, true);
    await message(3);
    expect(await ask({ kind: "boxes", username: "alice" })).toEqual({
      kind: "boxes",
      boxes: [
        { box: ALICE, fresh: 0, old: 0 },
        { box: SALES, fresh: 2, old: 1 },
      ],
    });
    expect(await ask({ kind: "boxes", username: "carol" })).toMatchObject({
      boxes: [{ box: { username: "carol" } }],
    });
  });

  it("is nobody else's: a message of another's mailbox cannot be looked at, marked or claimed for good", async () => {
    const a = await message(1, ALICE);
    expect(await look(a, "bobby")).toBeNull();
    expect(await mark(a, "bobby", "deleted")).toEqual({ kind: "refused", why: "gone" });
  });

  it.each([
    ["missing", () => rmSync(path(id(1)))],
    ["empty", () => writeFileSync(path(id(1)), "")],
    ["a header without sound", () => writeFileSync(path(id(1)), toneWav(3_000).subarray(0, 44))],
    ["no sound file", () => writeFileSync(path(id(1)), "x".repeat(5_000))],
  ])("is said not to be playable when its file is %s", async (_what, spoil) => {
    await message(1);
    spoil();
    expect(await look(id(1), "alice")).toMatchObject({ playable: false, state: "new" });
  });
});

it("a claim is the first one's, and is given back by them alone", async () => {
  const a = await message(1);
  const claim = (username: string, give: boolean) => ask({ kind: "claim", message: a, username, give });
  expect(await claim("alice", false)).toEqual({ kind: "claimed", done: true, by: "alice" });
  expect(await claim("alice", false)).toEqual({ kind: "claimed", done: true, by: "alice" });
  expect(await claim("bobby", false)).toEqual({ kind: "claimed", done: false, by: "alice" });
  expect(await claim("bobby", true)).toEqual({ kind: "claimed", done: false, by: "alice" });
  expect(await claim("alice", true)).toEqual({ kind: "claimed", done: true, by: null });
  expect(await claim("alice", true)).toEqual({ kind: "claimed", done: true, by: null });
});

describe("a PIN", () => {
  const check = (pin: string) => ask({ kind: "check_pin", username: "alice", pin });

  it("is kept as a hash of its own", async () => {
    const [one, other] = [await hashPin("7391", "salt"), await hashPin("7391", "pepper")];
    expect(one).not.toContain("7391");
    expect(one).not.toBe(other);
    expect([await isPin("7391", one), await isPin("7392", one), await isPin("7391", "nonsense")]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it("opens; five wrong ones lock, over all calls, for a while", async () => {
    expect(await check("7391")).toEqual({ kind: "pin", verdict: "none" });
    expect(await ask({ kind: "set_pin", username: "alice", pin: "1234" })).toEqual({
      kind: "refused",
      why: "weak",
    });
    expect(await ask({ kind: "set_pin", username: "alice", pin: "7391" })).toEqual({ kind: "done" });
    expect(await check("7391")).toEqual({ kind: "pin", verdict: "right" });
    const wrong = await Promise.all(["1", "2", "3", "4", "5", "7391"].map((pin) => check(pin)));
    expect(wrong.map((answer) => answer.kind === "pin" && answer.verdict)).toEqual([
      ...Array.from({ length: 5 }, () => "wrong"),
      "locked",
    ]);
    clock.advanceBy(pinLockMs(0) - 1);
    expect(await check("7391")).toEqual({ kind: "pin", verdict: "locked" });
    clock.advanceBy(1);
    expect(await check("7391")).toEqual({ kind: "pin", verdict: "right" });
  });

  it("that is checked again by an engine that has taken the call over counts once", async () => {
    await ask({ kind: "set_pin", username: "alice", pin: "7391" });
    const question = { kind: "check_pin", username: "alice", pin: "1" } as const;
    for (let n = 0; n < 6; n++)
      expect(await ask(question, "the same")).toEqual({ kind: "pin", verdict: "wrong" });
    expect(await check("7391")).toEqual({ kind: "pin", verdict: "right" });
  });
});

describe("a greeting", () => {
  const slot = { box: ALICE, kind: "own", busy: false } as const;
  const keep = (draft: string) => ask({ kind: "keep_greeting", slot, draft, username: "alice" });
  const inUse = async () => {
    const answer = await ask({ kind: "greetings", box: ALICE });
    return answer.kind === "greetings" ? answer.greetings.map((greeting) => greeting.id) : [];
  };

  async function draft(n: number, ms: number): Promise<string> {
    await ask({ kind: "open_draft", draft: id(n) });
    writeFileSync(path(id(n)), toneWav(ms));
    return id(n);
  }

  it("is used once it is kept, in the place of the one before, whose file goes", async () => {
    expect(await keep(await draft(1, 2_000))).toEqual({ kind: "done" });
    expect(await keep(id(1))).toEqual({ kind: "done" });
    expect(await keep(await draft(2, 2_000))).toEqual({ kind: "done" });
    expect(await inUse()).toEqual([id(2)]);
    await ask({ kind: "drop_draft", draft: id(2) }); // Too late: the draft is in use.
    await access.sweep(async () => false);
    expect([existsSync(path(id(1))), existsSync(path(id(2)))]).toEqual([false, true]);
    const opened = await new Promise((resolve) =>
      mailroom.ask(
        { kind: "open_message", message: id(9), box: ALICE },
        { callId: CALL, askId: "", callerNumber: "", callerName: "", called: "", atMs: 1, revision: 1 },
        resolve,
      ),
    );
    expect(opened).toMatchObject({ greetings: [{ id: id(2), kind: "own", busy: false }] });
  });

  it.each([
    ["nothing was said", (n: string) => writeFileSync(path(n), toneWav(500))],
    ["there is no file", (n: string) => rmSync(path(n))],
  ])("is refused when %s", async (_what, spoil) => {
    const one = await draft(1, 2_000);
    spoil(one);
    expect(await keep(one)).toEqual({ kind: "refused", why: "too_short" });
    expect(await inUse()).toEqual([]);
  });

  it("that nobody kept goes with its call, and not before", async () => {
    await draft(1, 2_000);
    await access.sweep(async (call) => call === CALL);
    expect(existsSync(path(id(1)))).toBe(true);
    await access.sweep(async () => false);
    expect(existsSync(path(id(1)))).toBe(false);
    expect(await store.mailboxAccess.drafts()).toEqual([]);
  });

  it("that a command makes has a minute, whatever calls there are", async () => {
    await store.mailboxAccess.openDraft(id(1), COMMAND_CALL, clock.nowMs());
    writeFileSync(path(id(1)), toneWav(2_000));
    await access.sweep(async () => false);
    expect(existsSync(path(id(1)))).toBe(true);
    clock.advanceBy(60_000);
    await access.sweep(async () => true);
    expect(existsSync(path(id(1)))).toBe(false);
    expect(await store.mailboxAccess.drafts()).toEqual([]);
  });
});

describe("a message that is forwarded", () => {
  const forward = (as: number, intro: string | null, to: Box = BOB) =>
    ask({ kind: "forward", message: id(1), as: id(as), to, intro, username: "alice" });

  it("is a new one there, once, with its caller and who sent it", async () => {
    await message(1, ALICE, true);
    expect(await forward(2, null)).toEqual({ kind: "done" });
    expect(await forward(2, null)).toEqual({ kind: "done" });
    expect(await list("bobby", "new", BOB)).toEqual([id(2)]);
    expect(await look(id(2), "bobby")).toMatchObject({
      callerNumber: "+13105550123",
      forwardedBy: "alice",
      urgent: true,
      lengthMs: 3_000,
      playable: true,
    });
    expect(readFileSync(path(id(2))).equals(readFileSync(path(id(1))))).toBe(true);
  });

  it("is heard behind its introduction", async () => {
    await message(1, ALICE);
    await ask({ kind: "open_draft", draft: id(5) });
    writeFileSync(path(id(5)), toneWav(1_500));
    expect(await forward(2, id(5))).toEqual({ kind: "done" });
    expect(await look(id(2), "bobby")).toMatchObject({ lengthMs: 4_500, playable: true });
  });

  it("is not when the introduction is empty, the mailbox full, nobody's, or the message gone", async () => {
    await message(1, ALICE);
    await ask({ kind: "open_draft", draft: id(5) });
    expect(await forward(2, id(5))).toEqual({ kind: "refused", why: "too_short" });
    expect(await forward(2, null, { kind: "user", username: "nobody" })).toEqual({
      kind: "refused",
      why: "gone",
    });
    await forward(2, null);
    await forward(3, null);
    expect(await forward(4, null)).toEqual({ kind: "refused", why: "full" });
    rmSync(path(id(1)));
    expect(await forward(6, null, ALICE)).toEqual({ kind: "refused", why: "gone" });
    expect(await store.voicemail.recording()).toEqual([]);
  });
});

it("is told that nothing was done when the database fails", async () => {
  await store.close();
  expect(await ask({ kind: "boxes", username: "alice" })).toEqual({ kind: "failed" });
  expect(await mark(id(1), "alice", "deleted")).toEqual({ kind: "failed" });
  const opened = await openStore(join(folder, "test.db"));
  if (opened.ok) store = opened.store;
});
