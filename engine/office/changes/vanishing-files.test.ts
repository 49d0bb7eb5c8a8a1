/**
 * Goal: applying files loses nothing by a slip: what is renamed keeps everything, what vanishes with something is named by
 * the plan and refused by the apply, and a rollback says what it removes. Method: small offices from files, with messages,
 * greetings, PINs, passwords and calls in a real database.
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { emptyOffice, goodFiles, type LiveOffice } from "../../../fixtures/offices/live-office.js";
import { NO_CHOICES, type RemovalChoices } from "../../../policy/change/removal-choices.js";
import { readOfficeFrom } from "../files/read.js";
import { planFiles } from "../views/plan.js";
import { compareRevisions } from "../views/revisions.js";
import { applyFiles } from "./apply-files.js";
import { removeDevice } from "./devices.js";
import { editOfficeBy } from "./edits.js";
import { removeGroupMembers } from "./groups.js";
import { removeUser } from "./removals.js";
import { rollBack } from "./rollback.js";
import { setUsersSuspended } from "./users.js";

type Json = Readonly<Record<string, unknown>>;

const USERS = ["alice.wong", "bob.stone", "carol.diaz", "dana.reed"];

/** Four users, two groups and a flow; `more` replaces whole sections. */
function files(more: Json = {}) {
  const content = {
    office: { name: "Acme", country: "US", timezone: "America/New_York" },
    users: USERS.map((username) => userOf(username)),
    groups: [
      { id: "sales", members: [{ user: "alice.wong" }, { user: "bob.stone" }] },
      { id: "system-admins", members: [{ user: "alice.wong" }] },
    ],
    flows: { front: [{ ring: "group:sales", timeout: 20 }, { voicemail: "group:sales" }] },
    numbers: [{ number: "+12125550100", flow: "front" }],
    ...more,
  };
  return goodFiles(readOfficeFrom([{ name: "office.yaml", text: stringify(content) }]));
}

function userOf(username: string, more: Json = {}): Json {
  return { username, name: username, devices: [{ id: "desk", sip: `${username}-desk` }], ...more };
}

/** The files without one user, and without their memberships. */
const without = (name: string) =>
  files({
    users: USERS.filter((each) => each !== name).map((each) => userOf(each)),
    groups: memberships([name]),
  });
const memberships = (gone: readonly string[], sales: Json = { id: "sales" }) => [
  {
    ...sales,
    members: ["alice.wong", "bob.stone"].filter((each) => !gone.includes(each)).map((user) => ({ user })),
  },
  {
    id: "system-admins",
    members: ["alice.wong"].filter((each) => !gone.includes(each)).map((user) => ({ user })),
  },
];
const RENAMED = () =>
  files({
    groups: memberships([], { id: "verkauf", renamed_from: ["seller", "sales"] }),
    flows: {
      day: {
        renamed_from: "front",
        steps: [{ ring: "group:verkauf", timeout: 20 }, { voicemail: "group:verkauf" }],
      },
    },
    numbers: [{ number: "+12125550100", flow: "day" }],
    users: USERS.map((each) =>
      each === "bob.stone"
        ? userOf(each, { devices: [{ id: "laptop", renamed_from: "desk", sip: "bob.stone-desk" }] })
        : userOf(each),
    ),
  });

let live: LiveOffice;
const APPLY = { author: "ann", overwrite: false, compare: true };
const apply = (wanted: ReturnType<typeof files>, choices: Partial<RemovalChoices> = {}, overwrite = false) =>
  applyFiles(live.deps, { ...APPLY, overwrite, choices: { ...NO_CHOICES, ...choices } }, wanted);
const plan = async (wanted: ReturnType<typeof files>, choices: Partial<RemovalChoices> = {}) => {
  const planned = await planFiles(live.deps, wanted, {
    overwrite: false,
    choices: { ...NO_CHOICES, ...choices },
  });
  if (planned.outcome !== "planned") throw new Error(JSON.stringify(planned));
  return planned;
};

const userLive = async (name: string) =>
  (await live.office()).users.find(({ username }) => username === name);

beforeEach(async () => {
  live = await emptyOffice();
  expect((await apply(files())).outcome).toBe("applied");
});
afterEach(() => live.close());

/** Things that get lost with bob. */
const LOSSES: readonly [what: string, has: object, keep: () => Promise<unknown>][] = [
  ["a message", { messages: 1 }, () => live.leaveMessage("m", "user:bob.stone", "bob.stone")],
  [
    "a message that is being recorded",
    { messages: 1 },
    () =>
      live.deps.store.voicemail.open([
        {
          id: "m",
          box: "user:bob.stone",
          call: "c",
          beganMs: 1,
          callerNumber: "",
          callerName: "",
          called: "",
        },
      ]),
  ],
  [
    "a greeting",
    { greetings: 1 },
    () =>
      live.deps.store.mailboxAccess.keepGreeting(
        { box: "user:bob.stone", kind: "own", busy: false },
        "g",
        "bob.stone",
        1,
      ),
  ],
  ["a PIN", { hasPin: true }, () => live.deps.store.mailboxAccess.setPin("bob.stone", "hash", 1)],
  [
    "a phone's password",
    { passwords: 1 },
    () =>
      live.deps.store.writeCredentials([
        {
          sipName: "bob.stone-desk",
          username: "bob.stone",
          realm: "r",
          a1Hash: "0".repeat(32),
          madeMs: 1,
          madeBy: "ann",
        },
      ]),
  ],
  ["a call in progress", { calls: 2 }, () => liveCalls([["user:bob.stone", 2]])],
];
const liveCalls = (about: readonly (readonly [string, number])[]) =>
  live.deps.store.writeLiveCalls({ engineId: "e", saidMs: live.deps.clock.nowMs(), calls: [[1, 2]], about });

describe("files that leave out a user", () => {
  it.each(LOSSES)(
    "with %s are refused until the user is named, and the plan says so",
    async (_what, has, keep) => {
      await keep();
      const vanished = { kind: "user", id: "bob.stone", ...has };
      const planned = await plan(without("bob.stone"));
      expect(planned).toMatchObject({
        removes: [vanished],
        refusals: [{ code: "would_lose", vanished }],
      });
      expect(await apply(without("bob.stone"))).toMatchObject({
        outcome: "removal_refused",
        refusals: [{ code: "would_lose", vanished }],
      });
      expect(await live.deps.store.currentRevision()).toBe(1);
      const remove = [{ kind: "user", id: "bob.stone" }] as const;
      expect((await plan(without("bob.stone"), { remove })).refusals).toEqual([]);
      expect((await apply(without("bob.stone"), { remove })).outcome).toBe("applied");
      // The same again, as in a script, has nothing to do.
      expect((await apply(without("bob.stone"), { remove })).outcome).toBe("unchanged");
    },
  );

  it("about whom nothing is kept are applied as ever", async () => {
    expect((await plan(without("dana.reed"))).refusals).toEqual([]);
    expect((await apply(without("dana.reed"))).outcome).toBe("applied");
  });

  it("hand over to a replacement what the user leaves", async () => {
    await live.leaveMessage("m", "user:bob.stone", "bob.stone");
    const replace = [{ kind: "user", from: "bob.stone", to: "carol.diaz" }] as const;
    expect((await plan(without("bob.stone"), { replace })).refusals).toEqual([]);
    expect((await apply(without("bob.stone"), { replace })).outcome).toBe("applied");
    const [message] = await live.deps.store.voicemail.list();
    expect(message).toMatchObject({
      box: "user:carol.diaz",
      members: [{ username: "carol.diaz", state: "new" }],
    });
  });

  it("to a replacement that they do not have are refused", async () => {
    const replace = [{ kind: "user", from: "bob.stone", to: "carl.diaz" }] as const;
    expect(await apply(without("bob.stone"), { replace })).toMatchObject({
      refusals: [{ code: "no_replacement", name: "user:carl.diaz" }],
    });
  });

  it("and name another to be removed, who stays, are refused", async () => {
    expect(await apply(files(), { remove: [{ kind: "user", id: "bob.stone" }] })).toMatchObject({
      refusals: [{ code: "still_there", name: "user:bob.stone" }],
    });
  });

  it("are refused also when only the overwriting of a command leaves out the user", async () => {
    const more = files({ users: [...USERS, "erin.cole"].map((each) => userOf(each)) });
    await live.deps.store.applyOffice(more.office, { author: "ben", message: "", sourceHash: "", nowMs: 1 });
    await live.deps.store.mailboxAccess.setPin("erin.cole", "hash", 1);
    expect((await apply(files())).outcome).toBe("unchanged");
    expect(await apply(files(), {}, true)).toMatchObject({
      refusals: [{ code: "would_lose", vanished: { id: "erin.cole", hasPin: true } }],
    });
  });
});

describe("files that leave out something else", () => {
  it.each<[string, () => Promise<unknown>, () => ReturnType<typeof files>, object]>([
    [
      "a group with a message",
      () => live.leaveMessage("m", "group:sales", "alice.wong"),
      () => files({ groups: memberships([]).slice(1), flows: { front: [{ hangup: "busy" }] } }),
      { kind: "group", id: "sales", messages: 1 },
    ],
    [
      "a number that somebody is calling",
      () => liveCalls([["number:+12125550100", 1]]),
      () => files({ numbers: [] }),
      { kind: "number", id: "+12125550100", calls: 1 },
    ],
    [
      "a flow in which somebody is",
      () => liveCalls([["flow:front", 1]]),
      () => files({ flows: {}, numbers: [{ number: "+12125550100", steps: [{ hangup: "busy" }] }] }),
      { kind: "flow", id: "front", calls: 1 },
    ],
    [
      "a phone on which somebody talks",
      () => liveCalls([["device:dana.reed/desk", 1]]),
      () =>
        files({
          users: [...USERS.slice(0, 3).map((each) => userOf(each)), userOf("dana.reed", { devices: [] })],
        }),
      { kind: "device", id: "dana.reed/desk", calls: 1 },
    ],
  ])("%s", async (_what, keep, wanted, vanished) => {
    await keep();
    expect(await plan(wanted())).toMatchObject({ refusals: [{ code: "would_lose", vanished }] });
    expect(await apply(wanted())).toMatchObject({ outcome: "removal_refused", refusals: [{ vanished }] });
    const { kind, id } = vanished as { kind: "group"; id: string };
    expect((await apply(wanted(), { remove: [{ kind, id }] })).outcome).toBe("applied");
  });

  it("a call of an engine that is gone counts for nothing", async () => {
    await liveCalls([["number:+12125550100", 1]]);
    live.deps.clock.advanceBy(3_600_000);
    expect((await apply(files({ numbers: [] }))).outcome).toBe("applied");
  });
});

describe("files that leave out many", () => {
  it("are refused with the counts, whoever is named, until told that many are meant", async () => {
    const few = files({ users: [userOf("alice.wong")], groups: memberships(["bob.stone"]) });
    const remove = USERS.slice(1).map((id) => ({ kind: "user", id }) as const);
    const refused = { code: "too_many", section: "users", removed: 3, of: 4 };
    expect((await plan(few, { remove })).refusals).toEqual([refused]);
    expect(await apply(few, { remove })).toEqual({ outcome: "removal_refused", refusals: [refused] });
    expect((await apply(few, { many: true })).outcome).toBe("applied");
  });
});

describe("the last System Admin", () => {
  const SUSPENDED = () =>
    files({ users: USERS.map((each) => userOf(each, each === "alice.wong" ? { suspended: true } : {})) });

  it.each<[string, () => ReturnType<typeof files>]>([
    ["is left out by files", () => without("alice.wong")],
    ["is suspended by files", SUSPENDED],
    ["is no member any more in files", () => files({ groups: memberships([]).slice(0, 1) })],
  ])("%s only if told so", async (_how, wanted) => {
    const refusals = [{ code: "last_admin", admins: ["alice.wong"] }];
    expect((await plan(wanted())).refusals).toEqual(refusals);
    expect(await apply(wanted())).toEqual({ outcome: "removal_refused", refusals });
    expect((await apply(wanted(), { withoutAdmin: true })).outcome).toBe("applied");
    // An office that has none may be changed.
    expect((await apply(without("alice.wong"))).outcome).not.toBe("removal_refused");
  });

  it("is not lost by a command", async () => {
    const by = { author: "ann" };
    const refused = {
      outcome: "refused",
      reason: expect.stringContaining("`alice.wong` is the last System Admin"),
    };
    const messages = { kind: "kept" } as const;
    expect(await setUsersSuspended(live.deps, by, ["alice.wong"], true)).toMatchObject(refused);
    expect(await removeGroupMembers(live.deps, by, "system-admins", ["alice.wong"])).toMatchObject(refused);
    expect(await removeUser(live.deps, by, { id: "alice.wong", messages })).toMatchObject(refused);
    expect(
      await removeUser(live.deps, by, { id: "alice.wong", replaceBy: "carol.diaz", messages }),
    ).toMatchObject(refused);
    expect(await setUsersSuspended(live.deps, by, ["bob.stone"], true)).toMatchObject({ outcome: "applied" });
  });

  it("is not lost by a rollback to a revision without one, unless told so", async () => {
    await apply(files({ groups: memberships([]).slice(0, 1) }), { withoutAdmin: true });
    await apply(files());
    const request = { author: "ann", revision: 2 };
    expect(await rollBack(live.deps, request)).toEqual({ outcome: "last_admin", admins: ["alice.wong"] });
    expect(await rollBack(live.deps, { ...request, withoutAdmin: true })).toMatchObject({
      outcome: "applied",
    });
  });
});

describe("files that rename", () => {
  it("are a plan of renames, and of nothing else", async () => {
    await live.leaveMessage("m", "group:sales", "alice.wong");
    expect(await plan(RENAMED())).toMatchObject({
      removes: [],
      refusals: [],
      difference: {
        reach: [],
        changes: [
          {
            kind: "users",
            key: "bob.stone",
            change: "changed",
            fields: [{ field: "devices.laptop.id", from: "desk", to: "laptop" }],
          },
          { kind: "groups", key: "verkauf", change: "changed", renamedFrom: "sales", fields: [] },
          { kind: "flows", key: "day", change: "changed", renamedFrom: "front", fields: [] },
        ],
      },
    });
  });

  it("carry messages and greetings, and are applied again and again without a change", async () => {
    await live.leaveMessage("m", "group:sales", "alice.wong");
    expect(await apply(RENAMED())).toMatchObject({ outcome: "applied", revision: 2 });
    expect((await live.deps.store.voicemail.list("group:verkauf")).map(({ id }) => id)).toEqual(["m"]);
    expect((await plan(RENAMED())).difference.changes).toEqual([]);
    expect(await apply(RENAMED())).toMatchObject({ outcome: "unchanged", revision: 2 });
  });

  it("keep what commands changed under the old id", async () => {
    await removeGroupMembers(live.deps, { author: "ben" }, "sales", ["bob.stone"]);
    expect(await apply(RENAMED())).toMatchObject({
      outcome: "applied",
      kept: [{ kind: "groups", key: "verkauf" }],
    });
    const group = (await live.office()).groups.find(({ id }) => id === "verkauf");
    expect(group?.members.map(({ username }) => username)).toEqual(["alice.wong"]);
  });

  it("keep what commands changed of a device under its old id", async () => {
    const edit = { verb: "set", kind: "device", id: "bob.stone/desk", fields: { delay: 7 } } as const;
    await editOfficeBy(live.deps, { author: "ben" }, [edit]);
    const kept = [{ kind: "users", key: "bob.stone", field: "devices.laptop", author: "ben" }];
    expect(await apply(RENAMED())).toMatchObject({ outcome: "applied", kept });
    expect((await userLive("bob.stone"))?.devices).toMatchObject([{ id: "laptop", delayMs: 7_000 }]);
    expect(await apply(RENAMED())).toMatchObject({ outcome: "unchanged", kept });
  });

  it("bring nothing back that a command removed under its old id", async () => {
    await removeDevice(live.deps, { author: "ben" }, "bob.stone", "desk");
    const kept = [{ kind: "users", key: "bob.stone", field: "devices.laptop" }];
    expect(await apply(RENAMED())).toMatchObject({ outcome: "applied", kept });
    expect((await userLive("bob.stone"))?.devices).toEqual([]);
    expect(await apply(RENAMED())).toMatchObject({ outcome: "unchanged", kept });
  });

  it("to an id that is there are a fault, and change nothing", async () => {
    const both = files({
      groups: [...memberships([]), { id: "verkauf", members: [{ user: "carol.diaz" }] }],
    });
    await apply(both);
    const wanted = RENAMED();
    const faults = [{ where: "group verkauf", code: "wrong_rename" }];
    expect(await planFiles(live.deps, wanted, { overwrite: false })).toMatchObject({
      outcome: "files_do_not_fit",
      faults,
    });
    expect(await apply(wanted)).toMatchObject({ outcome: "files_do_not_fit", faults });
    expect(await live.deps.store.currentRevision()).toBe(2);
  });

  it("are undone by a rollback, and shown by the difference of revisions", async () => {
    await live.leaveMessage("m", "group:sales", "alice.wong");
    await apply(RENAMED());
    const difference = async (from: number, to: number) => {
      const compared = await compareRevisions(live.deps, from, to);
      return compared.outcome === "compared"
        ? compared.difference.changes.map(({ key, renamedFrom }) => `${key} (${renamedFrom})`)
        : compared.outcome;
    };
    expect(await difference(1, 2)).toEqual(["bob.stone (undefined)", "verkauf (sales)", "day (front)"]);
    expect(await difference(2, 1)).toEqual(["bob.stone (undefined)", "sales (verkauf)", "front (day)"]);
    expect(await rollBack(live.deps, { author: "ann", revision: 1 })).toMatchObject({
      outcome: "applied",
      removes: [],
    });
    expect((await live.deps.store.voicemail.list("group:sales")).map(({ id }) => id)).toEqual(["m"]);
  });
});

describe("a rollback", () => {
  it("says what it removes, with what is kept about it", async () => {
    await apply(files({ users: [...USERS, "erin.cole"].map((each) => userOf(each)) }));
    await live.deps.store.mailboxAccess.setPin("erin.cole", "hash", 1);
    expect(await rollBack(live.deps, { author: "ann", revision: 1 })).toMatchObject({
      outcome: "applied",
      removes: [{ kind: "user", id: "erin.cole", hasPin: true, messages: 0 }],
    });
  });
});
