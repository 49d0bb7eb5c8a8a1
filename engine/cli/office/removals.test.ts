/**
 * Goal: plan, apply, history and rollback say in words what would be lost, what is renamed and what changed in lists; the
 * JSON of a plan is as its schema says. Method: command lines on a real database.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { ringline, TEST_NOW_MS } from "../../../fixtures/cli/run-program.js";
import { openStore, type Store } from "../../../storage/store.js";
import { planSchema } from "./plan-schema.js";

type Json = Readonly<Record<string, unknown>>;

let folder: string;
let db: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ringline-removals-"));
  db = join(folder, "office.db");
});
afterEach(() => rmSync(folder, { recursive: true }));

const BASE: Json = {
  office: { name: "Acme", country: "US", timezone: "America/Chicago" },
  users: ["alice.wong", "bob.stone", "carol.diaz"].map((username) => ({
    username,
    name: username,
    devices: [{ id: "desk", sip: `${username}-desk` }],
  })),
  groups: [
    { id: "sales", members: [{ user: "alice.wong" }, { user: "bob.stone" }, { user: "carol.diaz" }] },
    { id: "system-admins", members: [{ user: "alice.wong" }] },
  ],
  schedules: [{ id: "hours", open: [{ days: "mon-fri", from: "08:00", to: "17:00" }] }],
  flows: {
    main: [
      { schedule: "hours", closed: "flow:night" },
      { ring: "group:sales", timeout: 20 },
      { voicemail: "group:sales" },
    ],
    night: [{ ring: "user:bob.stone", timeout: 20 }, { hangup: "no_answer" }],
  },
  numbers: [{ number: "+12125550100", flow: "main" }],
};

function office(more: Json = {}): string {
  const path = join(folder, "office.yaml");
  writeFileSync(path, stringify({ ...BASE, ...more }));
  return path;
}

async function inStore(work: (store: Store) => Promise<unknown>): Promise<void> {
  const opened = await openStore(db);
  if (!opened.ok) throw new Error(opened.failure.reason);
  await work(opened.store);
  await opened.store.close();
}

const without = (name: string): Json => ({
  users: (BASE["users"] as Json[]).filter(({ username }) => username !== name),
  groups: (BASE["groups"] as { id: string; members: Json[] }[]).map(({ id, members }) => ({
    id,
    members: members.filter(({ user }) => user !== name),
  })),
  ...(name === "bob.stone" ? { flows: { ...(BASE["flows"] as Json), night: [{ hangup: "busy" }] } } : {}),
});

/** Bob has a message, a PIN, a password and two calls. */
async function fill(): Promise<void> {
  await inStore(async (store) => {
    const row = { id: "m", box: "user:bob.stone", call: "c", beganMs: 1 };
    await store.voicemail.open([{ ...row, callerNumber: "", callerName: "", called: "" }]);
    await store.mailboxAccess.setPin("bob.stone", "hash", 1);
    const made = { realm: "r", a1Hash: "0".repeat(32), madeMs: 1, madeBy: "ann" };
    await store.writeCredentials([{ sipName: "bob.stone-desk", username: "bob.stone", ...made }]);
    const about = [["user:bob.stone", 2]] as const;
    await store.writeLiveCalls({ engineId: "e", saidMs: TEST_NOW_MS, calls: [[1, 2]], about });
  });
}
const HAS = "1 message, a PIN, 1 phone password, 2 calls right now";

describe("a user who is left out", () => {
  beforeEach(async () => {
    await ringline("apply", office(), "--db", db);
    await fill();
  });

  it("is named by plan with all that is kept, and with what apply wants to hear", async () => {
    const { out, code } = await ringline("plan", office(without("bob.stone")), "--db", db);
    expect(code).toBe(2);
    expect(out).toContain(`would be removed with all that is kept about them\n  user:bob.stone: ${HAS}\n`);
    expect(out).toContain(
      `apply would refuse: user:bob.stone is not in the files and has ${HAS}; give that up with --remove user:bob.stone, or say who takes over: --replace user:bob.stone=NEW\n`,
    );
  });

  it("is removed by apply only with --remove or --replace", async () => {
    const path = office(without("bob.stone"));
    const refused = await ringline("apply", path, "--db", db);
    expect(refused).toEqual({
      out: "",
      err: expect.stringMatching(
        new RegExp(
          `error: user:bob.stone is not in the files and has ${HAS}; give that up with --remove user:bob.stone, or say who takes over: --replace user:bob.stone=NEW\nnothing was changed\n$`,
        ),
      ),
      code: 1,
    });
    const json = JSON.parse((await ringline("apply", path, "--db", db, "--json")).out);
    expect(json).toMatchObject({
      ok: false,
      outcome: "removal_refused",
      refusals: [{ code: "would_lose", vanished: { kind: "user", id: "bob.stone", messages: 1, calls: 2 } }],
    });
    const { code } = await ringline("apply", path, "--db", db, "--replace", "user:bob.stone=user:carol.diaz");
    expect(code).toBe(0);
    await inStore(async (store) => {
      expect((await store.voicemail.openedOne("m"))?.box).toBe("user:carol.diaz");
    });
  });

  it.each([
    ["--remove", "bob.stone", "expected one of user:NAME"],
    ["--remove", "users:bob.stone", "expected one of user:NAME"],
    ["--replace", "user:bob.stone", "expected user:OLD=NEW"],
    ["--replace", "number:+12125550100=+12125550101", "expected user:OLD=NEW"],
  ])("%s %s is refused", async (option, value, why) => {
    const { err, code } = await ringline("apply", office(without("bob.stone")), "--db", db, option, value);
    expect([code, err]).toEqual([1, expect.stringContaining(why)]);
  });

  it("is said by a rollback that removes them", async () => {
    await ringline("apply", office(without("bob.stone")), "--db", db, "--remove", "user:bob.stone");
    await ringline("apply", office(), "--db", db);
    await inStore((store) => store.mailboxAccess.setPin("bob.stone", "hash", 1));
    const { out } = await ringline("rollback", "2", "--db", db);
    expect(out).toMatch(
      /^removed\n {2}user:bob\.stone: 1 message, a PIN, 1 phone password, 2 calls right now\nrevision 4: /,
    );
  });

  it("as the last System Admin is not removed, by files or by commands", async () => {
    const { err } = await ringline("apply", office(without("alice.wong")), "--db", db);
    expect(err).toContain(
      "no System Admin any more (now: alice.wong); if that is meant, say --without-admin",
    );
    const command = await ringline("user", "suspend", "alice.wong", "--db", db);
    expect(command.err).toContain("`alice.wong` is the last System Admin");
    expect((await ringline("apply", office(without("alice.wong")), "--db", db, "--without-admin")).code).toBe(
      0,
    );
  });
});

describe("a plan", () => {
  beforeEach(() => ringline("apply", office(), "--db", db));

  it("shows members and steps as what was added, moved, removed and changed, and who rings now", async () => {
    const groups = [
      { id: "sales", members: [{ user: "carol.diaz" }, { user: "alice.wong", delay: 5 }] },
      (BASE["groups"] as Json[])[1],
    ];
    const flows = {
      ...(BASE["flows"] as Json),
      main: [
        { announce: "please-hold" },
        { schedule: "hours", closed: "flow:night" },
        { ring: "group:sales", timeout: 30 },
        { voicemail: "group:sales" },
      ],
    };
    // A Tuesday, 16:13 in Chicago.
    expect((await ringline("plan", office({ groups, flows }), "--db", db)).out).toBe(
      [
        "groups",
        "  ~ sales",
        "      members:",
        "        > 1: carol.diaz (was 3)",
        "        - 2: bob.stone",
        "      members.alice.wong.delay: (none) -> 5",
        "flows",
        "  ~ main",
        "      steps:",
        "        + 1: announce please-hold",
        "        ~ 3: ring group:sales 20 s -> ring group:sales 30 s",
        "these numbers ring other phones when nobody answers",
        "  +12125550100",
        "      rings now: alice.wong/desk, bob.stone/desk, carol.diaz/desk",
        "      will ring: carol.diaz/desk, alice.wong/desk after 5 s",
        "",
      ].join("\n"),
    );
  });

  it("says that a change is for other times, when it is not for now", async () => {
    const flows = {
      ...(BASE["flows"] as Json),
      night: [{ ring: "user:carol.diaz", timeout: 20 }, { hangup: "no_answer" }],
    };
    const { out } = await ringline("plan", office({ flows }), "--db", db);
    expect(out).toContain("  +12125550100 (not now, but at other times)\n");
    await ringline("schedule", "close", "hours", "--db", db);
    const closed = await ringline("plan", office({ flows }), "--db", db);
    expect(closed.out).toContain(
      "  +12125550100\n      rings now: bob.stone/desk\n      will ring: carol.diaz/desk\n",
    );
  });

  it("shows a rename as one, with nothing lost, and history counts it as a change", async () => {
    const sales = {
      id: "verkauf",
      renamed_from: "sales",
      members: (BASE["groups"] as { members: Json[] }[])[0]?.members,
    };
    const flows = JSON.parse(JSON.stringify(BASE["flows"]).replaceAll("group:sales", "group:verkauf"));
    const path = office({ groups: [sales, (BASE["groups"] as Json[])[1]], flows });
    expect((await ringline("plan", path, "--db", db)).out).toBe("groups\n  ~ verkauf (renamed from sales)\n");
    expect((await ringline("apply", path, "--db", db)).out).toMatch(/revision 2: groups? ~1, flow ~1\n$/);
    const { out } = await ringline("history", "--db", db, "--limit", "1");
    expect(out).toMatch(/^2 {2}2023-11-14 16:13:20 -06:00 America\/Chicago {2}ann /);
    expect((await ringline("diff", "2", "1", "--db", db)).out).toBe(
      "groups\n  ~ sales (renamed from verkauf)\n",
    );
  });
});

describe("the JSON of a plan is as its schema says", () => {
  const read = async (path: string, ...more: string[]) =>
    planSchema.parse(JSON.parse((await ringline("plan", path, "--db", db, "--json", ...more)).out));

  it("for an office that is not there yet", async () => {
    expect((await read(office())).revision).toBe(0);
  });

  it("for every kind of change, refusal, drift and override, and warnings", async () => {
    await ringline("apply", office(), "--db", db);
    await fill();
    await ringline("user", "suspend", "carol.diaz", "--db", db);
    await ringline("schedule", "close", "hours", "--db", db, "--until", "2h");
    const { users, flows } = without("bob.stone");
    const changed = office({
      office: { name: "Acme Inc", country: "US", timezone: "America/Chicago" },
      users: [
        ...(users as Json[]),
        { username: "erin.cole", name: "Erin", devices: [{ id: "phone", sip: "erin" }] },
      ],
      groups: [
        { id: "verkauf", renamed_from: "sales", members: [{ user: "erin.cole" }, { user: "alice.wong" }] },
      ],
      flows: {
        ...JSON.parse(JSON.stringify(flows).replaceAll("group:sales", "group:verkauf")),
        spare: [{ hangup: "busy" }],
      },
    });
    const plan = await read(changed, "--remove", "user:alice.wong", "--replace", "group:old=new");
    expect(plan.refusals.map(({ code }) => code).sort()).toEqual([
      "last_admin",
      "no_replacement",
      "still_there",
      "would_lose",
    ]);
    expect(plan.renames).toEqual([{ kind: "group", from: "sales", to: "verkauf" }]);
    expect(plan.drift.map(({ key }) => key)).toEqual(["carol.diaz"]);
    expect([plan.liveCalls, plan.byHand.length, plan.warnings.length > 0]).toEqual([
      [{ revision: 1, calls: 2 }],
      1,
      true,
    ]);
    expect(plan.changes.map(({ kind, change }) => `${kind} ${change}`)).toContain("users removed");
    expect(plan.removes.find(({ id }) => id === "bob.stone")).toMatchObject({
      messages: 1,
      hasPin: true,
      passwords: 1,
      calls: 2,
    });
  });

  it("for a mass removal, a moved step and a renamed device", async () => {
    const users = ["one", "two", "three", "four"].map((name) => ({ username: `user.${name}`, name }));
    await ringline("apply", office({ users: [...(BASE["users"] as Json[]), ...users] }), "--db", db);
    const [alice, ...rest] = BASE["users"] as Json[];
    const devices = [{ id: "laptop", renamed_from: "desk", sip: "alice.wong-desk" }];
    const night = [{ announce: "closed" }, ...((BASE["flows"] as Record<string, Json[]>)["night"] ?? [])];
    const plan = await read(
      office({ users: [{ ...alice, devices }, ...rest], flows: { ...(BASE["flows"] as Json), night } }),
    );
    expect(plan.refusals).toMatchObject([{ code: "too_many", section: "users", removed: 4, of: 7 }]);
    expect(plan.renames).toEqual([{ kind: "device", username: "alice.wong", from: "desk", to: "laptop" }]);
    expect(plan.changes.flatMap(({ fields }) => fields.flatMap(({ items = [] }) => items))).toEqual([
      { change: "added", item: "announce closed", to: 1 },
    ]);
  });
});
