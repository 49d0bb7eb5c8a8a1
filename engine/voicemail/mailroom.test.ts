/**
 * The mailroom on a real database and a real folder: each message is delivered once, to the recipients of the newest
 * office, and no recording is lost or left behind, whatever its file contains.
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
import type { Answer, MessageAsk } from "../../policy/call/mailbox-requests.js";
import { MAILBOX_DEFAULTS } from "../../policy/mailbox/mailbox.js";
import { type Box, boxName } from "../../policy/office/box.js";
import type { Office } from "../../policy/office/office.js";
import { given } from "../../policy/office/optional.js";
import { RoutingTable } from "../../policy/routing/table.js";
import type { Store } from "../../storage/store.js";
import type { MessageStore } from "../../storage/voicemail.js";
import { Mailroom, type MailroomDeps } from "./mailroom.js";
import { Recordings } from "./recordings.js";
import { rowNote } from "./row-note.js";
import type { Asker } from "./voicemail-port.js";

const SALES: Box = { kind: "group", id: "sales" };
const ALICE: Box = { kind: "user", username: "alice" };
const ID = "11111111-2222-4333-8444-000000000001";
const OTHER = "11111111-2222-4333-8444-000000000002";
/** Five minutes, the limit of these mailboxes, at 16 bytes a millisecond. */
const MESSAGE_BYTES_MAX = MAILBOX_DEFAULTS.limitMs * 16;

const people = [user("alice", []), user("bobby", []), user("carol", [])];
const members = ["alice", "bobby", "carol"];

function withCarol(voicemail: boolean): Office {
  const sales = group("sales", members);
  const switched = sales.members.map((member) =>
    member.username === "carol" ? { ...member, voicemail } : member,
  );
  const alice = { ...MAILBOX_DEFAULTS, messagesMax: 1 };
  return office([], {
    users: people.map((one) => (one.username === "alice" ? { ...one, voicemail: alice } : one)),
    groups: [{ ...sales, members: switched }],
  });
}

let folder: string;
let store: Store;
let table: RoutingTable;
let clock: VirtualClock;
let mailroom: Mailroom;
/** The office that the database has, if it is newer than `table`. */
let newest: RoutingTable | undefined;
let changed: string[];
let found: string[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-mailroom-"));
  mkdirSync(join(folder, "sound"));
  store = await newStore(join(folder, "test.db"));
  table = RoutingTable.of(withCarol(false), 1);
  newest = undefined;
  changed = [];
  found = [];
  clock = new VirtualClock();
  mailroom = mailroomOn(new Recordings(join(folder, "sound"), 0));
});

afterEach(async () => {
  const closed = mailroom.close();
  clock.advanceBy(10_000);
  await closed;
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The methods of a store, bound, so that some can be replaced. */
function asStore(voicemail: Store["voicemail"]): MessageStore {
  return new Proxy(voicemail, {
    ownKeys: () => STORE_METHODS,
    getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
    get: (target, name: keyof MessageStore) => target[name].bind(target),
  });
}

const STORE_METHODS: ReadonlyArray<keyof MessageStore> = [
  ...(["open", "recording", "recordingBoxes", "markUrgent", "stateOf", "openedOne", "deliver"] as const),
  ...(["deliveredOf", "drop", "count", "delivered", "boxSince"] as const),
];

function mailroomOn(
  recordings: Recordings,
  isAlive?: (call: string) => Promise<boolean>,
  messages: MessageStore = store.voicemail,
  greetings: MailroomDeps["greetings"] = async () => [],
): Mailroom {
  return new Mailroom({
    store: messages,
    recordings,
    clock,
    ...given({ isAlive }),
    ids: new SeededIds(1),
    log: pino({ level: "silent" }),
    table: () => table,
    newestTable: async () => newest ?? table,
    greetings,
    mails: false,
    onChange: (box) => changed.push(boxName(box)),
    onFound: (call, box) => found.push(`${call} ${box}`),
  });
}

function asker(callId: string): Asker {
  const caller = { callerNumber: "+19175550144", callerName: "", called: "+12125550100" };
  return { callId, askId: "", ...caller, atMs: 1, revision: 1 };
}

const ask = (question: MessageAsk, callId = "call-1") =>
  new Promise<Answer>((resolve) => mailroom.ask(question, asker(callId), resolve));
const open = (id: string, box: Box = SALES, callId?: string) =>
  ask({ kind: "open_message", message: id, box }, callId);
const deliver = async (...messages: readonly string[]) => {
  const answer = await ask({ kind: "deliver_message", messages, urgent: false });
  return answer.kind === "delivered" && answer.kept;
};
const measure = (message: string) => ask({ kind: "measure_message", message });
const drop = (message: string) => ask({ kind: "drop_message", message });
const OPENED: Answer = { kind: "opened", greetings: [] };
const UNAVAILABLE: Answer = { kind: "failed" };
const path = (id: string) => join(folder, "sound", `${id}.wav`);
const record = (id: string, file: Buffer) => writeFileSync(path(id), file);

describe("a message", () => {
  it("is in the mailbox of every member, switched off or not, once", async () => {
    expect(await open(ID)).toEqual(OPENED);
    record(ID, toneWav(3_000));
    expect(await measure(ID)).toEqual({ kind: "measured", soundMs: 3_000 });
    expect([await deliver(ID), await deliver(ID)]).toEqual([true, true]);
    const [message, ...more] = await store.voicemail.list();
    expect(more).toEqual([]);
    expect(message).toMatchObject({
      id: ID,
      box: "group:sales",
      lengthMs: 3_000,
      bytes: 48_044,
      members: [
        { username: "alice", state: "new", received: true },
        { username: "bobby", state: "new", received: true },
        { username: "carol", state: "new", received: false },
      ],
    });
    expect(changed).toEqual(["group:sales"]);
  });

  it("is for those whom the office names when it is delivered, not when the call began", async () => {
    await open(ID);
    record(ID, toneWav(3_000));
    table = RoutingTable.of(withCarol(true), 2);
    await deliver(ID);
    const [message] = await store.voicemail.list();
    expect(message?.members.map(({ received }) => received)).toEqual([true, true, true]);
  });

  describe("for a group that is renamed meanwhile", () => {
    const APPLY = { author: "ann", message: "", sourceHash: "00ff", nowMs: 1 };
    const renamed: Office = { ...withCarol(false), groups: [group("verkauf", members)] };
    const rename = () =>
      store.applyOffice(renamed, { ...APPLY, renames: [{ kind: "group", from: "sales", to: "verkauf" }] });
    const live = () => {
      table = RoutingTable.of(renamed, 2);
    };
    const inMailbox = async () =>
      (await store.voicemail.list()).map(
        ({ box, members: each }) => `${box} ${each.map(({ username }) => username).join(" ")}`,
      );
    beforeEach(() => store.applyOffice(withCarol(false), APPLY));

    // `open` asks for a call that began with revision 1, which knows the group as `sales`.
    it.each<[string, readonly (() => unknown)[]]>([
      ["before the recording", [rename, live, () => open(ID), () => record(ID, toneWav(3_000))]],
      ["during the recording", [() => open(ID), rename, live, () => record(ID, toneWav(3_000))]],
      ["after the recording", [() => open(ID), () => record(ID, toneWav(3_000)), rename, live]],
      ["before the engine has seen it", [rename, () => open(ID), () => record(ID, toneWav(3_000))]],
      ["and not seen before the delivery", [() => open(ID), () => record(ID, toneWav(3_000)), rename]],
    ])("%s is in the renamed mailbox, with all members", async (_when, steps) => {
      newest = RoutingTable.of(renamed, 2);
      for (const step of steps) await step();
      expect(await deliver(ID)).toBe(true);
      expect(await inMailbox()).toEqual(["group:verkauf alice bobby carol"]);
      expect(changed).toEqual(["group:verkauf"]);
    });

    it("has the greetings of the renamed mailbox", async () => {
      const slot = { box: "group:sales", kind: "own", busy: false } as const;
      await store.mailboxAccess.keepGreeting(slot, OTHER, "alice", 1);
      await rename();
      live();
      mailroom = mailroomOn(new Recordings(join(folder, "sound"), 0), undefined, store.voicemail, (box) =>
        store.mailboxAccess.greetings(box),
      );
      expect(await open(ID)).toEqual({
        kind: "opened",
        greetings: [expect.objectContaining({ id: OTHER, box: "group:verkauf" })],
      });
    });

    it("is found by its note when its row was not written before the engine died", async () => {
      mkdirSync(join(folder, "sound"), { recursive: true });
      const caller = { callerNumber: "", callerName: "", called: "" };
      const row = {
        id: ID,
        box: "group:sales",
        call: "gone",
        ...caller,
        beganMs: 1,
        alone: false,
        revision: 1,
      };
      await new Recordings(join(folder, "sound"), 0).keepNote(ID, rowNote(row));
      record(ID, toneWav(3_000));
      await rename();
      live();
      await mailroom.recover(async () => false);
      expect(await inMailbox()).toEqual(["group:verkauf alice bobby carol"]);
    });
  });

  it("has its header repaired when the switch died over it", async () => {
    await open(ID);
    const file = toneWav(3_000);
    file.writeUInt32LE(0, 40);
    record(ID, file);
    expect(await deliver(ID)).toBe(true);
    expect(readFileSync(path(ID)).readUInt32LE(40)).toBe(48_000);
  });

  it.each([
    ["too short", toneWav(1_900)],
    ["all silence", toneWav(5_000, 0)],
    ["empty", Buffer.alloc(0)],
    ["half a header", toneWav(0).subarray(0, 20)],
  ])("that is %s is none, and leaves nothing", async (_what, file) => {
    await open(ID);
    record(ID, file);
    expect(await deliver(ID)).toBe(false);
    expect(existsSync(path(ID))).toBe(false);
    expect(await store.voicemail.recording()).toEqual([]);
  });

  it("whose file is missing is none", async () => {
    await open(ID);
    expect(await measure(ID)).toEqual({ kind: "measured", soundMs: 0 });
    expect(await deliver(ID)).toBe(false);
    expect(await store.voicemail.recording()).toEqual([]);
  });

  it("that cannot be read is left as it is", async () => {
    await open(ID);
    record(ID, Buffer.from("not a recording".repeat(100)));
    expect(await deliver(ID)).toBe(false);
    expect(existsSync(path(ID))).toBe(true);
    expect(await store.voicemail.recording()).toHaveLength(1);
  });

  it("of several recordings is the first that is long enough; the others go", async () => {
    await open(ID);
    await open(OTHER);
    record(ID, toneWav(3_000));
    record(OTHER, toneWav(500));
    expect(await deliver(OTHER, ID)).toBe(true);
    expect((await store.voicemail.list()).map(({ id }) => id)).toEqual([ID]);
    expect(existsSync(path(OTHER))).toBe(false);
  });

  it("that was dropped is gone, file and row; one that was delivered stays", async () => {
    await open(ID);
    await open(OTHER);
    record(ID, toneWav(3_000));
    record(OTHER, toneWav(3_000));
    await deliver(OTHER);
    void drop(ID);
    void drop(OTHER);
    await mailroom.close();
    expect([existsSync(path(ID)), existsSync(path(OTHER))]).toEqual([false, true]);
    expect(await store.voicemail.recording()).toEqual([]);
  });
});

describe("a mailbox", () => {
  it("is full at its limit", async () => {
    await open(ID, ALICE);
    record(ID, toneWav(3_000));
    await deliver(ID);
    expect(await open(OTHER, ALICE)).toEqual({ kind: "refused", why: "full" });
    await store.voicemail.deleteForAll(ID, 5);
    expect(await open(OTHER, ALICE)).toEqual(OPENED);
  });

  it("takes nothing without its folder, which would hang the caller up", async () => {
    mailroom = mailroomOn(new Recordings(join(folder, "not-there"), 0));
    expect(await open(ID)).toEqual(UNAVAILABLE);
    expect(await store.voicemail.recording()).toEqual([]);
  });

  it("takes nothing when the disk is nearly full", async () => {
    mailroom = mailroomOn(new Recordings(join(folder, "sound"), Number.MAX_SAFE_INTEGER));
    expect(await open(ID)).toEqual(UNAVAILABLE);
  });

  it("takes nothing when those who are speaking may fill the disk", async () => {
    const asked: number[] = [];
    const recordings = new Recordings(join(folder, "sound"), 0);
    recordings.noRoom = async (bytesToCome) => {
      asked.push(bytesToCome);
      return bytesToCome > 3 * MESSAGE_BYTES_MAX ? { why: "disk_full", freeBytes: 0 } : undefined;
    };
    mailroom = mailroomOn(recordings);
    const ids = Array.from({ length: 5 }, (_, n) => `11111111-2222-4333-8444-${String(n).padStart(12, "0")}`);
    expect(await open(ids[0] ?? "")).toEqual(OPENED);
    // A message opened at the same moment counts too, although its row is not written yet.
    const opened = await Promise.all(ids.slice(1, 3).map((id) => open(id)));
    expect(opened).toEqual([OPENED, OPENED]);
    expect(await open(ids[3] ?? "")).toEqual(UNAVAILABLE);
    expect(asked.at(-1)).toBe(4 * MESSAGE_BYTES_MAX);
  });

  it("opens two hundred messages at once", async () => {
    const ids = Array.from(
      { length: 200 },
      (_, n) => `11111111-2222-4333-8444-${String(n).padStart(12, "0")}`,
    );
    const opened = await Promise.all(ids.map((id) => open(id)));
    expect(opened.every(({ kind }) => kind === "opened")).toBe(true);
    expect(await store.voicemail.recording()).toHaveLength(200);
  });
});

/** A recording that cannot be read, with its row. */
async function unreadable(id: string, callId: string): Promise<void> {
  await open(id, SALES, callId);
  record(id, Buffer.from("not a recording".repeat(100)));
}

describe("recordings that cannot be read", () => {
  /** Room for one message beside the one that asks. */
  function smallDisk(isAlive: (call: string) => Promise<boolean>): void {
    const recordings = new Recordings(join(folder, "sound"), 0);
    recordings.noRoom = async (bytesToCome) =>
      bytesToCome > 2 * MESSAGE_BYTES_MAX ? { why: "disk_full", freeBytes: 0 } : undefined;
    mailroom = mailroomOn(recordings, isAlive);
  }

  it("take no room any more when their call is over, after a restart either", async () => {
    for (let n = 3; n < 8; n++) await unreadable(`11111111-2222-4333-8444-00000000000${n}`, "over");
    await mailroom.recover(() => Promise.resolve(false));
    smallDisk((call) => Promise.resolve(call !== "over"));
    expect(await open(ID)).toEqual(OPENED);
    expect(await store.voicemail.recording()).toHaveLength(6);
  });

  it("take the room of a message as long as their call goes on", async () => {
    for (let n = 3; n < 5; n++) await unreadable(`11111111-2222-4333-8444-00000000000${n}`, "goes on");
    smallDisk(() => Promise.resolve(true));
    expect(await open(ID)).toEqual(UNAVAILABLE);
  });
});

describe("several recordings of one call that are long enough", () => {
  const alone = (id: string) => ask({ kind: "open_message", message: id, box: SALES, alone: true });
  const kept = async () => (await store.voicemail.list()).map(({ id }) => id).sort();
  const both = async (second: "alone" | "again") => {
    await alone(ID);
    await (second === "alone" ? alone(OTHER) : open(OTHER));
    record(ID, toneWav(10_000));
    record(OTHER, toneWav(3_000));
  };

  it("are all messages, unless the caller wanted one to take the place of another", async () => {
    await both("alone");
    expect(await deliver(OTHER, ID)).toBe(true);
    expect(await kept()).toEqual([ID, OTHER]);
  });

  it("are the last one, when the caller has recorded again", async () => {
    await both("again");
    expect(await deliver(OTHER, ID)).toBe(true);
    expect(await kept()).toEqual([OTHER]);
    expect(existsSync(path(ID))).toBe(false);
  });

  it.each([
    ["alone", [ID, OTHER]],
    ["again", [OTHER]],
  ] as const)("are the same after a crash: %s", async (second, messages) => {
    await both(second);
    await mailroom.recover(() => Promise.resolve(false));
    expect(await kept()).toEqual(messages);
  });
});

describe("a recording that the caller has recorded again", () => {
  const kept = async () => (await store.voicemail.list()).map(({ id }) => id).sort();
  const isOver = () => Promise.resolve(false);

  beforeEach(async () => {
    await ask({ kind: "open_message", message: ID, box: SALES, alone: true });
    await open(OTHER);
    record(ID, toneWav(10_000));
    record(OTHER, toneWav(3_000));
  });

  it("is no message when recordings left behind are looked for while its successor's delivery waits", async () => {
    let isBusy = true;
    const busy = asStore(store.voicemail);
    const now = mailroomOn(new Recordings(join(folder, "sound"), 0), isOver, {
      ...busy,
      deliver: (id, delivery) =>
        isBusy ? Promise.reject(new Error("SQLITE_BUSY")) : busy.deliver(id, delivery),
    });
    const delivered = new Promise<Answer>((resolve) =>
      now.ask({ kind: "deliver_message", messages: [OTHER, ID], urgent: false }, asker("call-1"), resolve),
    );
    while (clock.pending === 0) await store.currentRevision();
    isBusy = false;
    await now.recover(isOver);
    expect(await kept()).toEqual([]);
    clock.advanceBy(2_000);
    expect(await delivered).toEqual({ kind: "delivered", kept: true });
    expect(await kept()).toEqual([OTHER]);
    await now.close();
  });

  it("is no message after a crash between its successor's delivery and its own end", async () => {
    await deliver(OTHER);
    await mailroom.recover(isOver);
    expect(await kept()).toEqual([OTHER]);
    expect(existsSync(path(ID))).toBe(false);
  });
});

describe("a busy database", () => {
  const note = (id: string) => join(folder, "sound", `${id}.row.json`);

  /** The database answers nothing for as long as `isBusy`, or fails at once. */
  function busy(how: "hangs" | "fails"): { free(): void } {
    const { voicemail } = store;
    let free = (): void => {};
    const freed = new Promise<void>((resolve) => {
      free = resolve;
    });
    let isBusy = true;
    const wait = async () => {
      if (!isBusy) return;
      if (how === "fails") throw new Error("SQLITE_BUSY: database is locked");
      await freed;
    };
    mailroom = mailroomOn(new Recordings(join(folder, "sound"), 0), undefined, {
      ...asStore(voicemail),
      open: (messages) => wait().then(() => voicemail.open(messages)),
      count: (box) => wait().then(() => voicemail.count(box)),
      recordingBoxes: () => wait().then(() => voicemail.recordingBoxes()),
      openedOne: (id) => wait().then(() => voicemail.openedOne(id)),
    });
    return {
      free: () => {
        isBusy = false;
        free();
      },
    };
  }

  /** Lets real work and the clock go on until something is true. */
  async function eventually(isTrue: () => boolean | Promise<boolean>): Promise<void> {
    for (let tries = 0; tries < 30_000; tries++) {
      if (await isTrue()) return;
      await store.currentRevision();
      if (clock.pending > 0) clock.advanceBy(100);
    }
    throw new Error("never true");
  }

  async function openedWhileBusy(): Promise<Answer> {
    let answer: Answer | undefined;
    mailroom.ask({ kind: "open_message", message: ID, box: SALES }, asker("call-1"), (given) => {
      answer = given;
    });
    await eventually(() => answer !== undefined);
    if (answer === undefined) throw new Error("no answer");
    return answer;
  }

  it.each(["hangs", "fails"] as const)(
    "that %s refuses no caller: the row waits, not the recording",
    async (how) => {
      const database = busy(how);
      expect(await openedWhileBusy()).toEqual(OPENED);
      expect(existsSync(note(ID))).toBe(true);
      record(ID, toneWav(3_000));
      let answer: Answer | undefined;
      mailroom.ask({ kind: "deliver_message", messages: [ID], urgent: true }, asker("call-1"), (given) => {
        answer = given;
      });
      clock.advanceBy(3_000);
      expect(await store.voicemail.list()).toEqual([]);
      database.free();
      await eventually(() => answer !== undefined);
      expect(answer).toEqual({ kind: "delivered", kept: true });
      expect(await store.voicemail.list()).toMatchObject([
        { id: ID, box: "group:sales", call: "call-1", urgent: true },
      ]);
      await eventually(() => !existsSync(note(ID)));
    },
  );

  it("loses no message of an engine that dies meanwhile: another finds the row beside the recording", async () => {
    busy("hangs");
    await openedWhileBusy();
    record(ID, toneWav(3_000));
    // This engine never writes the row.
    mailroom = mailroomOn(new Recordings(join(folder, "sound"), 0));
    await mailroom.recover(() => Promise.resolve(false));
    expect(await store.voicemail.list()).toMatchObject([{ id: ID, callerNumber: "+19175550144" }]);
    expect(existsSync(note(ID))).toBe(false);
  });

  it("loses no message that an engine delivers which has taken the call over", async () => {
    busy("hangs");
    await openedWhileBusy();
    record(ID, toneWav(3_000));
    mailroom = mailroomOn(new Recordings(join(folder, "sound"), 0));
    expect(await deliver(ID)).toBe(true);
    expect(await store.voicemail.list()).toMatchObject([{ id: ID }]);
  });

  it("leaves a note that cannot be read, and goes on with the others", async () => {
    writeFileSync(note(OTHER), "{");
    await open(ID);
    record(ID, toneWav(3_000));
    await mailroom.recover(() => Promise.resolve(false));
    expect(await store.voicemail.list()).toHaveLength(1);
    expect(existsSync(note(OTHER))).toBe(true);
  });
});

describe("what a crash left behind", () => {
  it("is delivered once, the last good recording of each call, unless the call is still in progress", async () => {
    await open(ID, SALES, "dead");
    await open(OTHER, SALES, "alive");
    record(ID, toneWav(3_000));
    record(OTHER, toneWav(3_000));
    const isAlive = (call: string) => Promise.resolve(call === "alive");
    await mailroom.recover(isAlive);
    await mailroom.recover(isAlive);
    expect((await store.voicemail.list()).map(({ id }) => id)).toEqual([ID]);
    expect(found).toEqual([`dead ${boxName(SALES)}`]);
    expect((await store.voicemail.recording()).map(({ id }) => id)).toEqual([OTHER]);
    await mailroom.recover(() => Promise.resolve(false));
    expect(await store.voicemail.list()).toHaveLength(2);
  });

  it.each([
    ["urgent", [true], true],
    ["not urgent any more", [true, false], false],
  ])("is %s when the caller had said so", async (_what, said, urgent) => {
    await open(ID, SALES, "dead");
    await open(OTHER, SALES, "dead");
    record(ID, toneWav(3_000));
    record(OTHER, toneWav(3_000));
    // The caller marked the first recording; the second is delivered.
    for (const each of said) void ask({ kind: "mark_urgent", message: ID, urgent: each });
    await mailroom.close();
    await mailroomOn(new Recordings(join(folder, "sound"), 0)).recover(() => Promise.resolve(false));
    expect((await store.voicemail.list()).map((message) => message.urgent)).toEqual([urgent]);
  });
});
