/** Message lamps: which phone gets which counts, and none twice. The database is real, the switch is not. */
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { group, office, sipDevice, user } from "../../fixtures/core/scene.js";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import { MAILBOX_DEFAULTS } from "../../policy/mailbox/mailbox.js";
import { RoutingTable } from "../../policy/routing/table.js";
import { openStore, type Store } from "../../storage/store.js";
import type { Reply, WireCommand } from "../switch/wire.js";
import { Lamps } from "./lamps.js";

const users = [
  user("alice", [sipDevice("a-desk"), sipDevice("a-soft")]),
  user("bobby", [sipDevice("b-desk")]),
];
const registered = ["a-desk", "b-desk"];
const unsafe = new Set<string>();

let store: Store;
let table: RoutingTable;
let told: string[];
let reply: Reply;
/** What was asked of the database: the users whose messages were counted, or `all`. */
let counted: unknown[];
let clock: VirtualClock;
let lamps: Lamps;

beforeEach(async () => {
  const opened = await openStore(":memory:");
  if (!opened.ok) throw new Error(opened.failure.reason);
  store = opened.store;
  table = tableWith(true, false);
  told = [];
  reply = { outcome: "ok", text: "" };
  counted = [];
  clock = new VirtualClock();
  lamps = new Lamps({
    link: {
      open: () => {},
      close: () => Promise.resolve(),
      send: (command: WireCommand, done) => {
        if (command.verb === "sendevent") told.push(command.headers.map(([, value]) => value).join(" "));
        done(reply);
      },
    },
    clock,
    log: pino({ level: "silent" }),
    store: {
      changesSince: (serial) => store.voicemail.changesSince(serial),
      counts: (who) => {
        counted.push(who ?? "all");
        return store.voicemail.counts(who);
      },
    },
    table: () => table,
    domain: "ringline",
    registered: () => registered.map((name) => [name, []] as const),
    isRegistered: (name) => registered.includes(name),
    isUnsafe: (name) => unsafe.has(name),
  });
});

afterEach(async () => {
  lamps.linkDown();
  await store.close();
});

function tableWith(voicemail: boolean, catchUp: boolean): RoutingTable {
  const sales = group("sales", ["alice", "bobby"]);
  const members = sales.members.map((one) => (one.username === "bobby" ? { ...one, voicemail } : one));
  const settings = { ...MAILBOX_DEFAULTS, catchUp };
  return RoutingTable.of(office([], { users, groups: [{ ...sales, members, voicemail: settings }] }), 1);
}

async function left(id: string, urgent = false, off?: string): Promise<void> {
  const rest = { call: "c", callerNumber: "", callerName: "", called: "", beganMs: 1 };
  await store.voicemail.open([{ id, box: "group:sales", ...rest }]);
  const recipients = ["alice", "bobby"].map((username) => ({ username, receives: username !== off }));
  const sound = { box: "group:sales", mails: [], lengthMs: 1, bytes: 1, sha256: "" };
  await store.voicemail.deliver(id, { deliveredMs: 1, urgent, recipients, ...sound });
}

/** The lamps sent since the last call of this function, without the phone of nobody. */
async function says(): Promise<string[]> {
  await lamps.refresh();
  return told.splice(0).filter((line) => !line.includes("nobody"));
}

describe("a lamp", () => {
  it("is told to every registered phone after connecting, and to nobody twice", async () => {
    await left("a");
    lamps.linkUp();
    expect(await says()).toEqual(["yes sip:a-desk@ringline 1/0 (0/0)", "yes sip:b-desk@ringline 1/0 (0/0)"]);
    expect(await says()).toEqual([]);
  });

  it("goes out for who has heard it, and stays on for the colleague", async () => {
    await left("a", true);
    lamps.linkUp();
    await says();
    await store.voicemail.mark("a", "bobby", "heard", 2);
    expect(await says()).toEqual(["no sip:b-desk@ringline 0/1 (0/1)"]);
  });

  it("is told again to a phone that registers, and to a phone nobody has registered before", async () => {
    lamps.linkUp();
    await says();
    lamps.messageQuery({ "Event-Name": "MESSAGE_QUERY", "Message-Account": "sip:a-desk@ringline" });
    lamps.messageQuery({ "Event-Name": "MESSAGE_QUERY", "Message-Account": "sip:a-soft@ringline" });
    lamps.messageQuery({ "Event-Name": "MESSAGE_QUERY", "Message-Account": "sip:stranger@ringline" });
    expect((await says()).sort()).toEqual([
      "no sip:a-desk@ringline 0/0 (0/0)",
      "no sip:a-soft@ringline 0/0 (0/0)",
    ]);
  });

  it("is withheld from a device to which a NOTIFY could stop the switch, and told when that is over", async () => {
    unsafe.add("a-desk");
    lamps.linkUp();
    expect(await says()).toEqual(["no sip:b-desk@ringline 0/0 (0/0)"]);
    lamps.messageQuery({ "Event-Name": "MESSAGE_QUERY", "Message-Account": "sip:a-desk@ringline" });
    await left("a");
    expect(await says()).toEqual(["yes sip:b-desk@ringline 1/0 (0/0)"]);
    unsafe.clear();
    expect(await says()).toEqual(["yes sip:a-desk@ringline 1/0 (0/0)"]);
  });

  it("is told anew after the connection was lost", async () => {
    lamps.linkUp();
    await says();
    lamps.linkDown();
    expect(await says()).toEqual([]);
    lamps.linkUp();
    expect(await says()).toHaveLength(2);
  });

  it("goes out for who is no member any more, and cannot hear it", async () => {
    await left("a");
    lamps.linkUp();
    await says();
    table = RoutingTable.of(office([], { users, groups: [group("sales", ["alice"])] }), 2);
    expect(await says()).toEqual(["no sip:b-desk@ringline 0/0 (0/0)"]);
  });

  it.each([
    ["and switched on again, stays dark for what came meanwhile", false, []],
    ["and switched on again, shows it where the office says so", true, ["yes sip:b-desk@ringline 1/0 (0/0)"]],
  ])("of who was switched off, %s", async (_what, catchUp, expected) => {
    table = tableWith(false, catchUp);
    await left("a", false, "bobby");
    lamps.linkUp();
    expect(await says()).toContain("no sip:b-desk@ringline 0/0 (0/0)");
    table = tableWith(true, catchUp);
    expect(await says()).toEqual(expected);
  });

  it("of a phone that registers comes from memory: thousands may register beside any number of messages", async () => {
    await left("a");
    lamps.linkUp();
    await says();
    expect(counted.splice(0)).toEqual(["all"]);
    for (let n = 0; n < 100; n++)
      lamps.messageQuery({ "Event-Name": "MESSAGE_QUERY", "Message-Account": "sip:a-desk@ringline" });
    expect(told.splice(0)).toEqual(Array.from({ length: 100 }, () => "yes sip:a-desk@ringline 1/0 (0/0)"));
    await lamps.refresh();
    expect(counted).toEqual([]);
  });

  it("is counted for those whose messages have changed, and for nobody else", async () => {
    await left("a");
    await left("b");
    lamps.linkUp();
    await says();
    counted.splice(0);
    await store.voicemail.mark("a", "bobby", "deleted", 2);
    expect(await says()).toEqual(["yes sip:b-desk@ringline 1/0 (0/0)"]);
    expect(counted).toEqual([["bobby"]]);
  });

  it.each<[string, (s: Store) => Promise<unknown>]>([
    ["is deleted for all", (s) => s.voicemail.deleteForAll("a", 5)],
    ["is removed", (s) => s.voicemail.remove("a")],
  ])("goes out when the message %s by a command", async (_what, change) => {
    await left("a");
    lamps.linkUp();
    await says();
    await change(store);
    expect((await says()).sort()).toEqual([
      "no sip:a-desk@ringline 0/0 (0/0)",
      "no sip:b-desk@ringline 0/0 (0/0)",
    ]);
  });

  it("that the switch may not have got is sent again with the next look", async () => {
    lamps.linkUp();
    reply = { outcome: "unknown", text: "" };
    await says();
    reply = { outcome: "ok", text: "" };
    clock.advanceBy(500);
    expect((await says()).sort()).toEqual([
      "no sip:a-desk@ringline 0/0 (0/0)",
      "no sip:b-desk@ringline 0/0 (0/0)",
    ]);
    expect(await says()).toEqual([]);
  });
});
