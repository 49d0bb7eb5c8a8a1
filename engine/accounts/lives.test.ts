/**
 * Goal: the life of an account, as people and administrators see it: invited, sent again, activated, forgotten, changed,
 * removed. Method: the API over HTTP, with a real mail server.
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type MailServer, startMailServer } from "../../fixtures/mail-server.js";
import { untilTrue } from "../../fixtures/until-true.js";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import { type Browser, browser } from "../../fixtures/web/browser.js";
import { WEB_OFFICE, type WebWorld, webWorld } from "../../fixtures/web/world.js";
import { given } from "../../policy/office/optional.js";
import { stopwatchMs } from "../clock.js";
import { smtpSend } from "../voicemail/smtp.js";
import { AccountMailSender } from "./mail-sender.js";

const PUBLIC = "https://phones.example.com";
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let world: WebWorld;
let mails: MailServer;
let sender: AccountMailSender;

beforeEach(async () => {
  mails = await startMailServer();
  world = await webWorld(WEB_OFFICE, { sendsMail: true });
  sender = mailSender();
});
afterEach(async () => {
  await sender.close();
  await world.close();
  await mails.close();
});

function mailSender(): AccountMailSender {
  const { deps, log, live } = world.services;
  return new AccountMailSender({
    deps,
    log,
    clock: { nowMs: world.nowMs, after: () => ({ id: 0 }), cancel: () => undefined },
    send: smtpSend({ url: new URL(mails.url), password: undefined, from: "office@example.com" }),
    publicUrl: PUBLIC,
    office: async () => {
      const now = await live();
      return "outcome" in now ? undefined : now.office;
    },
  });
}

/** A mail's text, as its reader sees it. */
function textOf(index: number): string {
  return (mails.received.at(index)?.text ?? "").replace(/=\r\n/g, "").replaceAll("=3D", "=");
}

/** The secret of the link that was mailed last. */
function secretOf(page: "activate" | "new-password"): string {
  const all = mails.received.map((_, index) => textOf(index)).join("\n");
  const secrets = [...all.matchAll(new RegExp(`${PUBLIC}/${page}#([\\w-]{43})\\b`, "g"))];
  const secret = secrets.at(-1)?.[1] ?? "";
  expect(secret).not.toBe("");
  return secret;
}

const alice = () => world.as("alice.wong");
const nobody = () => world.as(null);

async function invited(username: string): Promise<string> {
  const answer = await alice().post("/invitations", { body: { usernames: [username] } });
  expect(answer.body).toMatchObject({ items: [{ username, outcome: "invited", mail: true, link: null }] });
  await sender.sendDue();
  return secretOf("activate");
}

function activate(link: string, password = "kestrel7") {
  return nobody().post("/activation", { body: { link, password } });
}

async function active(username: string, password = "kestrel7"): Promise<void> {
  expect((await activate(await invited(username), password)).status).toBe(200);
}

function signIn(own: Browser, password: string) {
  return own.ask("POST", "/sign-in", { username: "carol.diaz", password });
}

async function stateOf(username: string) {
  return (await alice().get(`/accounts/${username}`)).body as { state: string; invitation: unknown };
}

/** Mails that wait are dropped. */
async function forgetAll(): Promise<void> {
  for (;;) {
    const mail = await world.store.accountMails.take(world.nowMs(), world.nowMs() + HOUR_MS);
    if (mail === undefined) return;
    await world.store.accountMails.remove(mail.seq);
  }
}

describe("the life of an account", () => {
  it("is invited by mail, sent again, and activated once", async () => {
    expect(await stateOf("carol.diaz")).toMatchObject({
      state: "none",
      may: { invite: true, resend: false },
    });
    const first = await invited("carol.diaz");
    expect(mails.received.map(({ to }) => to)).toEqual(["carol@example.com"]);
    expect(await stateOf("carol.diaz")).toMatchObject({
      state: "invited",
      invitation: { mail: "sent", sent_to: "carol@example.com", invited_by: "alice.wong", is_expired: false },
    });
    expect((await alice().post("/invitations/carol.diaz/resend", { body: {} })).status).toBe(200);
    await sender.sendDue();
    const second = secretOf("activate");
    expect(second).not.toBe(first);
    expect(await activate(first)).toMatchObject({ status: 410, body: { errors: [{ code: "replaced" }] } });
    const read = await nobody().post("/activation/read", { body: { link: second } });
    expect(read).toMatchObject({ status: 200, body: { username: "carol.diaz", name: "Carol Diaz" } });
    expect(await activate(second)).toMatchObject({ status: 200, body: { username: "carol.diaz" } });
    expect(await activate(second)).toMatchObject({ status: 410, body: { errors: [{ code: "used" }] } });
    expect(await stateOf("carol.diaz")).toMatchObject({ state: "active", invitation: null });
    const again = await alice().post("/invitations", { body: { usernames: ["carol.diaz"] } });
    expect(again.body).toMatchObject({ items: [{ outcome: "has_account" }] });
  });

  it("whoever activates an account is signed in, and in no session that was there before", async () => {
    await active("dave.kim1");
    const shared = browser(world);
    const dave = { name: "dave.kim1", password: "kestrel7" };
    expect(
      (await shared.ask("POST", "/sign-in", { username: dave.name, password: dave.password })).status,
    ).toBe(200);
    const link = await invited("carol.diaz");
    const done = await shared.ask("POST", "/activation", { link, password: "kestrel7" });
    expect(done).toMatchObject({
      status: 200,
      body: { username: "carol.diaz", ends_at: expect.any(String) },
    });
    expect((await shared.ask("GET", "/accounts/carol.diaz")).body).toMatchObject({ state: "active" });
    expect(await world.store.sessions.of("carol.diaz")).toHaveLength(1);
    const left = await world.store.sessions.of("dave.kim1");
    expect(left.map(({ way }) => way)).toEqual(["link"]);
  });

  it("a password that is refused leaves the link as it is", async () => {
    const link = await invited("carol.diaz");
    for (const [password, code] of [
      ["kestrels", "no_digit"],
      ["kest7", "too_short"],
      ["passw0rd", "common"],
      ["carol.diaz1", "username"],
    ] as const) {
      const { status, body } = await activate(link, password);
      expect({ status, body }).toMatchObject({
        status: 422,
        body: { errors: [{ field: "/password", code }] },
      });
    }
    expect((await activate(link)).status).toBe(200);
  });

  it("of two who use a link at once, one succeeds", async () => {
    const link = await invited("carol.diaz");
    const answers = await Promise.all([activate(link, "kestrel7"), activate(link, "kestrel8")]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410]);
  });

  it("an invitation expires after seven days, and can be sent again", async () => {
    const link = await invited("carol.diaz");
    world.pass(7 * DAY_MS);
    expect(await activate(link)).toMatchObject({ status: 410, body: { errors: [{ code: "expired" }] } });
    expect(await stateOf("carol.diaz")).toMatchObject({ state: "invited", invitation: { is_expired: true } });
    expect((await activate(await invited("carol.diaz"))).status).toBe(200);
  });

  it("an invitation is withdrawn", async () => {
    const link = await invited("carol.diaz");
    expect((await alice().delete("/invitations/carol.diaz")).status).toBe(204);
    expect(await activate(link)).toMatchObject({ status: 410, body: { errors: [{ code: "withdrawn" }] } });
    expect(await stateOf("carol.diaz")).toMatchObject({ state: "none" });
    expect((await alice().delete("/invitations/carol.diaz")).status).toBe(404);
  });

  it("a forgotten password is set by mail, and ends all sessions", async () => {
    await active("carol.diaz");
    const one = browser(world);
    expect((await signIn(one, "kestrel7")).status).toBe(200);
    const asked = await one.ask("POST", "/forgotten-password", { username: "Carol@Example.com " });
    expect(asked).toMatchObject({ status: 202, body: {} });
    await sender.sendDue();
    const link = secretOf("new-password");
    const read = await nobody().post("/forgotten-password/read", { body: { link } });
    expect(read.body).toMatchObject({ username: "carol.diaz" });
    const set = (password: string) => nobody().post("/forgotten-password/new", { body: { link, password } });
    expect((await set("short1")).status).toBe(422);
    expect((await one.ask("GET", "/accounts/carol.diaz")).status).toBe(200);
    expect(await set("heron-22-lake")).toMatchObject({ status: 200, body: { username: "carol.diaz" } });
    expect(await world.store.sessions.of("carol.diaz")).toEqual([]);
    expect((await one.ask("GET", "/accounts/carol.diaz")).status).toBe(401);
    expect((await set("heron-23-lake")).status).toBe(410);
    expect((await signIn(one, "kestrel7")).status).toBe(401);
    expect((await signIn(one, "heron-22-lake")).status).toBe(200);
  });

  it("the own password is changed with the present one", async () => {
    await active("carol.diaz");
    const change = (current: string, password: string) =>
      world.as("carol.diaz").put("/me/password", { body: { current, password } });
    expect(await change("kestrel8", "heron-22-lake")).toMatchObject({
      status: 422,
      body: { errors: [{ field: "/current", code: "wrong_password" }] },
    });
    expect(await change("kestrel7", "passw0rd")).toMatchObject({ status: 422 });
    const [here, there] = [browser(world), browser(world)];
    for (const each of [here, there]) expect((await signIn(each, "kestrel7")).status).toBe(200);
    const next = { current: "kestrel7", password: "heron-22-lake" };
    expect((await here.ask("PUT", "/me/password", next)).status).toBe(204);
    expect((await here.ask("GET", "/accounts/carol.diaz")).status).toBe(200);
    expect((await there.ask("GET", "/accounts/carol.diaz")).status).toBe(401);
    expect((await change("kestrel7", "heron-23-lake")).status).toBe(422);
    expect((await world.as("carol.diaz", ["own"]).put("/me/password", { body: {} })).status).not.toBe(204);
  });

  it("a password that somebody guesses while signed in is looked at slower and slower", async () => {
    await active("carol.diaz");
    const statuses = [];
    for (let tries = 0; tries < 12; tries += 1) {
      const body = { current: `kestrel-${tries}`, password: "heron-22-lake" };
      statuses.push((await world.as("carol.diaz").put("/me/password", { body })).status);
    }
    expect(statuses[0]).toBe(422);
    expect(statuses.at(-1)).toBe(429);
  });

  it("whoever is removed has no account when they come back", async () => {
    await active("carol.diaz");
    const link = await invited("dave.kim1");
    const without = (names: readonly string[]) => ({
      ...WEB_OFFICE,
      users: WEB_OFFICE.users.filter(({ username }) => !names.includes(username)),
      groups: WEB_OFFICE.groups.map((each) => ({
        ...each,
        members: each.members.filter(({ username }) => !names.includes(username)),
      })),
    });
    await world.apply(without(["carol.diaz", "dave.kim1"]));
    expect(await activate(link)).toMatchObject({ status: 404 });
    await world.apply(WEB_OFFICE);
    expect(await stateOf("carol.diaz")).toMatchObject({ state: "none" });
    expect(await activate(link)).toMatchObject({ status: 404 });
  });

  it("an account is taken away, and its user can be invited again", async () => {
    await active("carol.diaz");
    expect((await alice().delete("/accounts/carol.diaz")).status).toBe(204);
    expect(await stateOf("carol.diaz")).toMatchObject({ state: "none" });
    expect((await activate(await invited("carol.diaz"))).status).toBe(200);
    expect((await alice().delete("/accounts/alice.wong")).status).toBe(409);
  });
});

describe("a table of people to invite", () => {
  function table(text: string, query: Record<string, string> = {}) {
    return alice().post("/invitations/table", {
      body: text,
      query,
      headers: { "content-type": "text/csv" },
    });
  }

  it("is tried, then invites all whom it names", async () => {
    const text = "People of sales\nName;E-Mail\nCarol;CAROL@example.com\nDave;dave@example.com\n";
    const tried = await table(text, { dry_run: "true" });
    expect(tried.body).toEqual({ usernames: ["carol.diaz", "dave.kim1"], items: [] });
    expect(await stateOf("carol.diaz")).toMatchObject({ state: "none" });
    expect((await table(text)).body).toMatchObject({
      items: [
        { username: "carol.diaz", outcome: "invited" },
        { username: "dave.kim1", outcome: "invited" },
      ],
    });
    await sender.sendDue();
    expect(mails.received.map(({ to }) => to)).toEqual(["carol@example.com", "dave@example.com"]);
  });

  it.each([
    ["Username\ncarol.diaz\nnobody.here\n", "/row/3", "nobody of the office is `nobody.here`"],
    ["Colour\nred\n", "/row/1", "no column is named `Username` or `E-mail`"],
    ["Username\n", "/row/1", "the table names nobody"],
  ])("%j is refused, and nobody is invited", async (text, field, message) => {
    expect(await table(text)).toMatchObject({ status: 422, body: { errors: [{ field, message }] } });
    expect((await alice().get("/invitations")).body).toMatchObject({ items: [] });
  });
});

describe("a link", () => {
  it("of somebody who is suspended meanwhile does not work until they are back", async () => {
    const link = await invited("carol.diaz");
    const suspended = {
      ...WEB_OFFICE,
      users: WEB_OFFICE.users.map((each) =>
        each.username === "carol.diaz" ? { ...each, suspended: true as const } : each,
      ),
    };
    await world.apply(suspended);
    expect(await activate(link)).toMatchObject({ status: 403, body: { type: "suspended" } });
    await world.apply(WEB_OFFICE);
    expect((await activate(link)).status).toBe(200);
  });

  it("that went to an address which was corrected does not work", async () => {
    const link = await invited("carol.diaz");
    await world.apply({
      ...WEB_OFFICE,
      users: WEB_OFFICE.users.map((each) =>
        each.username === "carol.diaz" ? { ...each, email: "carol.diaz@example.com" } : each,
      ),
    });
    expect(await activate(link)).toMatchObject({ status: 410, body: { errors: [{ code: "replaced" }] } });
  });

  it.each(["x", "a".repeat(43), "../../etc", "%00"])(
    "that was never made, %s, is not found",
    async (link) => {
      expect((await activate(link)).status).toBe(404);
    },
  );

  it("of one kind is none of the other", async () => {
    const link = await invited("carol.diaz");
    const body = { link, password: "kestrel7" };
    expect((await nobody().post("/forgotten-password/new", { body })).status).toBe(404);
  });

  it("is in no table and in no log", async () => {
    const link = await invited("carol.diaz");
    await activate(link, "kestrel-in-a-tree-7");
    const { readFileSync, readdirSync } = await import("node:fs");
    const bytes = readdirSync(world.folder).map((file) => readFileSync(`${world.folder}/${file}`, "latin1"));
    for (const secret of [link, "kestrel-in-a-tree-7"])
      for (const text of [...bytes, ...world.log]) expect(text).not.toContain(secret);
  });
});

describe("asking for a new password", () => {
  it("has the same answer for everybody, and mails go to accounts only", async () => {
    await active("carol.diaz");
    const before = mails.received.length;
    const answers = [];
    for (const name of ["carol.diaz", "nobody@example.com", "erin.hall", "frank.lee", "frank@example.com"])
      answers.push(await nobody().post("/forgotten-password", { body: { username: name } }));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`))).toEqual(new Set(["202 {}"]));
    await sender.sendDue();
    expect(mails.received.slice(before).map(({ to }) => to)).toEqual(["carol@example.com"]);
  });

  it("takes as long for an address that exists as for one that does not", async () => {
    await active("carol.diaz");
    const times = new Map<string, number[]>();
    for (let round = 0; round < 60; round += 1)
      for (const name of ["carol.diaz", "carol@example.com", `nobody${round}@example.com`]) {
        const begun = stopwatchMs();
        await nobody().post("/forgotten-password", { body: { username: name } });
        const kind = name.replace(/\d+/, "");
        times.set(kind, [...(times.get(kind) ?? []), stopwatchMs() - begun]);
        await forgetAll();
      }
    const medians = [...times.values()].map(
      (each) => each.sort((a, b) => a - b)[Math.floor(each.length / 2)] ?? 0,
    );
    // A hash of a password takes twenty milliseconds, a mail more. What is left is noise of a busy machine.
    expect(Math.max(...medians) - Math.min(...medians)).toBeLessThan(10);
  });

  it("brings somebody three mails an hour at most", async () => {
    await active("carol.diaz");
    const before = mails.received.length;
    for (let tries = 0; tries < 10; tries += 1) {
      await nobody().post("/forgotten-password", { body: { username: "carol.diaz" } });
      await sender.sendDue();
    }
    expect(mails.received.length - before).toBe(3);
    world.pass(HOUR_MS);
    await nobody().post("/forgotten-password", { body: { username: "carol.diaz" } });
    await sender.sendDue();
    expect(mails.received.length - before).toBe(4);
  });

  it("is not available without mails, whoever asks", async () => {
    const silent = await webWorld();
    const ask = (name: string) => silent.as(null).post("/forgotten-password", { body: { username: name } });
    expect(await ask("carol.diaz")).toMatchObject({ status: 501, text: (await ask("nobody")).text });
    await silent.close();
  });
});

describe("a mail that the server does not take", () => {
  it("goes later, with a link that works", async () => {
    mails.answers.push(451);
    await alice().post("/invitations", { body: { usernames: ["carol.diaz"] } });
    await sender.sendDue();
    expect(mails.received).toEqual([]);
    expect(await stateOf("carol.diaz")).toMatchObject({
      invitation: { mail: "waiting", why: expect.stringContaining("451") },
    });
    world.pass(60_000);
    await sender.sendDue();
    expect((await activate(secretOf("activate"))).status).toBe(200);
  });

  it("and never will is said, and the link can be shown instead", async () => {
    mails.says.set("RCPT", "550 5.1.1 no such person");
    await alice().post("/invitations", { body: { usernames: ["carol.diaz"] } });
    await sender.sendDue();
    expect(await stateOf("carol.diaz")).toMatchObject({
      invitation: { mail: "failed", why: expect.stringContaining("no such person") },
    });
    const shown = await alice().post("/invitations/carol.diaz/resend", { body: { mail: false } });
    const { link } = shown.body as { link: string };
    expect(link).toMatch(/^https:\/\/phones\.example\.com\/activate#[\w-]{43}$/);
    expect((await activate(link.split("#")[1] ?? "")).status).toBe(200);
  });

  it.each([
    ["suspended", { suspended: true as const }, "the user is suspended"],
    ["without an address", { email: "" }, "the user has no e-mail address"],
  ])("to somebody who is %s meanwhile is not sent, and the list says it", async (_what, change, why) => {
    await alice().post("/invitations", { body: { usernames: ["carol.diaz"] } });
    const users = WEB_OFFICE.users.map((each) => {
      if (each.username !== "carol.diaz") return each;
      const { email, ...rest } = each;
      return "email" in change ? rest : { ...rest, ...given({ email }), ...change };
    });
    await world.apply({ ...WEB_OFFICE, users });
    await sender.sendDue();
    expect(mails.received).toEqual([]);
    expect((await alice().get("/invitations/carol.diaz")).body).toMatchObject({ mail: "failed", why });
  });

  it("goes again when its sender was killed after the server had it", async () => {
    await alice().post("/invitations", { body: { usernames: ["carol.diaz"] } });
    const taken = await world.store.accountMails.take(world.nowMs(), world.nowMs() + 180_000);
    expect(taken?.kind).toBe("invitation");
    await sender.sendDue();
    expect(mails.received).toEqual([]);
    world.pass(180_000);
    await sender.sendDue();
    expect((await activate(secretOf("activate"))).status).toBe(200);
  });
});

describe("who may", () => {
  it.each([
    ["carol.diaz", 403],
    ["bella.ruiz", 403],
    [null, 401],
    ["frank.lee", 403],
  ] as const)("%s invites nobody: %i", async (username, status) => {
    const asked = await world.as(username).post("/invitations", { body: { usernames: ["dave.kim1"] } });
    expect(asked.status).toBe(status);
    expect((await world.as(username).get("/accounts")).status).toBe(status);
  });

  it("somebody who adds users has no hand in the account of a System Admin, and a key none in its maker's", async () => {
    const erin = {
      ...WEB_OFFICE,
      users: WEB_OFFICE.users.map((each) =>
        each.username === "erin.hall" ? { ...each, permissions: { users: true } } : each,
      ),
    };
    await world.apply(erin);
    const invite = await world.as("erin.hall").post("/invitations", {
      body: { usernames: ["alice.wong", "carol.diaz"], mail: false },
    });
    expect(invite.body).toMatchObject({
      items: [
        { username: "carol.diaz", outcome: "invited", link: expect.any(String) },
        { username: "alice.wong", outcome: "above", link: null },
      ],
    });
    await active("alice.wong");
    const link = { body: { mail: false } };
    for (const ask of [
      world.as("erin.hall").post("/accounts/alice.wong/password-link", link),
      world.as("erin.hall").delete("/accounts/alice.wong"),
      world.as("alice.wong", ["users"]).post("/accounts/alice.wong/password-link", link),
    ])
      expect((await ask).status).toBe(403);
    const own = await alice().post("/accounts/alice.wong/password-link", link);
    expect(own.body).toMatchObject({ link: expect.stringContaining("/new-password#") });
  });

  it("whoever's password link is shown to others gets a mail about it", async () => {
    for (const name of ["alice.wong", "carol.diaz"]) await active(name);
    await forgetAll();
    const before = mails.received.length;
    await alice().post("/accounts/alice.wong/password-link", { body: { mail: false } });
    await sender.sendDue();
    expect(mails.received.length).toBe(before);
    expect((await alice().post("/accounts/carol.diaz/password-link", { body: { mail: false } })).status).toBe(
      200,
    );
    await sender.sendDue();
    expect(mails.received.length).toBe(before + 1);
    expect(mails.received.at(-1)).toMatchObject({ to: "carol@example.com" });
    expect(textOf(-1)).toContain("Alice Wong (alice.wong)");
    expect(textOf(-1)).not.toContain("new-password#");
  });

  it("people see their own account, and nobody else's", async () => {
    const own = await world.as("carol.diaz").get("/accounts/carol.diaz");
    expect(own.body).toMatchObject({ state: "none", may: { invite: false, remove: false } });
    expect((await world.as("carol.diaz").get("/accounts/dave.kim1")).status).toBe(403);
  });
});

it("lists have all users by state, page by page", async () => {
  await active("carol.diaz");
  await invited("dave.kim1");
  const names = async (query: Record<string, string>) => {
    const { body } = await alice().get("/accounts", { query });
    const { items, next } = body as { items: { username: string }[]; next: string | null };
    return { items: items.map(({ username }) => username), next };
  };
  expect(await names({ state: "active" })).toEqual({ items: ["carol.diaz"], next: null });
  expect(await names({ state: "invited" })).toEqual({ items: ["dave.kim1"], next: null });
  expect(await names({ state: "suspended" })).toEqual({ items: ["frank.lee"], next: null });
  const first = await names({ limit: "4" });
  expect(first.items).toEqual(["alice.wong", "bella.ruiz", "carol.diaz", "dave.kim1"]);
  expect(await names({ limit: "4", after: first.next ?? "" })).toEqual({
    items: ["erin.hall", "frank.lee"],
    next: null,
  });
  expect((await alice().get("/invitations")).body).toMatchObject({ items: [{ username: "dave.kim1" }] });
});

it("hostile names become no header and no markup", async () => {
  await world.apply({
    ...WEB_OFFICE,
    name: "Office\r\nBcc: thief@example.net",
    users: WEB_OFFICE.users.map((each) =>
      each.username === "carol.diaz"
        ? {
            ...each,
            name: '<img src=x onerror=alert(1)>\r\nBcc: thief@example.net\r\n\r\n<a href="http://x">',
          }
        : each,
    ),
  });
  await invited("carol.diaz");
  const [mail] = mails.received;
  expect(mail?.to).toBe("carol@example.com");
  const [head = ""] = (mail?.text ?? "").split("\r\n\r\n");
  expect(head).not.toMatch(/^bcc:/im);
  const html = textOf(0).slice(textOf(0).indexOf("<!doctype html>"));
  expect(html).not.toContain("<img");
  expect(html).toContain("&lt;img");
});

it("a mail server that takes its time does not hold up the end of the web server; the mail goes later", async () => {
  const { deps, log } = world.services;
  const clock = new VirtualClock();
  let limit: AbortSignal | undefined;
  const slow = new AccountMailSender({
    ...{ deps, log, clock, publicUrl: PUBLIC },
    send: (_mail, _committing, signal) => {
      limit = signal;
      return new Promise((resolve) => {
        signal.onabort = () => resolve({ outcome: "server_failed", error: new Error("broken off") });
      });
    },
    office: async () => {
      const now = await world.services.live();
      return "outcome" in now ? undefined : now.office;
    },
  });
  await alice().post("/invitations", { body: { usernames: ["carol.diaz"] } });
  slow.open();
  clock.advanceBy(1_000);
  await untilTrue(() => limit !== undefined);
  const closed = slow.close();
  clock.advanceBy(1_000);
  await closed;
  expect(clock.pending).toBe(0);
  expect(await stateOf("carol.diaz")).toMatchObject({ invitation: { mail: "waiting", why: "broken off" } });
});
