/**
 * Goal: what a phone signs in with is handed out once, to whom the link was given, and nothing but pressing the button or
 * fetching the phone's own file uses a link. Method: the real server on a port of its own, with a real database.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sipDevice, user } from "../../fixtures/core/scene.js";
import { EMPTY_OFFICE } from "../../fixtures/empty-office.js";
import { newStore } from "../../fixtures/new-store.js";
import { SeededIds } from "../../fixtures/seeded-ids.js";
import type { Office } from "../../policy/office/office.js";
import type { Store } from "../../storage/store.js";
import { packageFile } from "../cli/shared/package-file.js";
import { systemClock } from "../clock.js";
import { a1Hash } from "../directory/password.js";
import { removeDevice } from "../office/changes/devices.js";
import { makeSetupLinks, withdrawSetupLink } from "../office/changes/setup-links.js";
import { apiServices } from "./api/make-services.js";
import { readTemplates } from "./phone-templates.js";
import { type WebServer, webServer } from "./server.js";

const DAY_MS = 86_400_000;

const OFFICE: Office = {
  ...EMPTY_OFFICE,
  name: "Acme <b>Dental</b>",
  timezone: "America/New_York",
  users: [user("alice.wong", [sipDevice("alice-desk", { id: "desk" })], { name: "Alice <i>Wong</i>" })],
};

let folder: string;
let store: Store;
let server: WebServer;
let base: string;
let nowMs: number;
const lines: string[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-web-"));
  store = await newStore(join(folder, "db"));
  nowMs = Date.UTC(2026, 10, 30, 14, 0);
  await apply(OFFICE);
  const templates = readTemplates([packageFile("docker/phones")]);
  if (!templates.ok) throw new Error(templates.why);
  lines.length = 0;
  server = await webServer({
    host: "127.0.0.1",
    port: 0,
    log: pino({ base: null }, { write: (line: string) => void lines.push(line) }),
    deps: deps(),
    templates: templates.templates,
    trustedProxies: ["127.0.0.1"],
    api: {
      services: apiServices(deps(), pino({ enabled: false }), {
        publicUrl: null,
        phones: { domain: "pbx", server: null },
      }),
      authenticate: async () => null,
      stillThere: async () => null,
      clock: systemClock,
    },
  });
  const bound = await server.listen();
  if (!bound.ok) throw new Error(bound.why);
  base = `http://127.0.0.1:${bound.port}`;
});
afterEach(async () => {
  await server.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

const ids = new SeededIds(7);
const deps = () => ({ store, clock: { nowMs: () => nowMs }, ids });

async function apply(office: Office): Promise<void> {
  await store.applyOffice(office, { author: "ann", message: "", sourceHash: "", nowMs });
}

/** Removes the phone by command; the files that still have it bring it back. */
async function removeAndAddAgain(): Promise<void> {
  const gone = await removeDevice(deps(), { author: "ann" }, "alice.wong", "desk");
  expect(gone.outcome).toBe("removed");
  await apply(OFFICE);
}

async function token(madeFor = "person", server = "203.0.113.5:5060"): Promise<string> {
  const made = await makeSetupLinks(deps(), {
    madeFor,
    domain: "ringline",
    server,
    validMs: 7 * DAY_MS,
    author: "ann",
  });
  const link = made.outcome === "links_made" ? made.links[0] : undefined;
  if (link === undefined) throw new Error(made.outcome);
  return link.token;
}

const held = () => store.credentialOf("alice-desk");
const get = (path: string, init?: RequestInit) => fetch(`${base}${path}`, init);
const press = (link: string) => get(`/setup/${link}`, { method: "POST", body: new URLSearchParams() });

describe("a link for a person", () => {
  it("shows the sign-in once, after the button, and says then when and from where it was used", async () => {
    const link = await token();
    for (let times = 0; times < 3; times += 1) {
      const asked = await get(`/setup/${link}`);
      expect(asked.status).toBe(200);
      expect(await asked.text()).toMatch(/Monday,? 7 December 2026 at 09:00 \(America\/New_York\)/);
    }
    expect(await held()).toBeUndefined();
    const shown = await press(link);
    expect(shown.status).toBe(200);
    const text = await shown.text();
    const password = /<dt>password<\/dt><dd>([A-Za-z2-9]{24})<\/dd>/.exec(text)?.[1] ?? "";
    expect((await held())?.a1Hash).toBe(a1Hash("alice-desk", "ringline", password));
    const again = await press(link);
    expect(again.status).toBe(410);
    const after = await again.text();
    expect(after).not.toContain(password);
    expect(after).toContain(
      "from 127.0.0.1. If that was not you, tell your administrator: the phone needs another password.",
    );
    expect((await get(`/setup/${link}`)).status).toBe(410);
  });

  it("is used by one of many who press at once", async () => {
    const link = await token();
    const pressed = await Promise.all(Array.from({ length: 8 }, () => press(link)));
    expect(pressed.map(({ status }) => status).sort()).toEqual([
      200,
      ...Array.from({ length: 7 }, () => 410),
    ]);
  });

  it("shows names as text, and lets nobody keep or frame the page", async () => {
    const asked = await get(`/setup/${await token()}`);
    const text = await asked.text();
    expect(text).toContain("Alice &lt;i&gt;Wong&lt;/i&gt;");
    expect(text).not.toContain("<b>Dental");
    expect(Object.fromEntries(asked.headers)).toMatchObject({
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "content-security-policy": expect.stringContaining("default-src 'none'"),
    });
    expect((await get("/setup.css")).status).toBe(200);
  });

  it.each<[string, number, (link: string) => Promise<unknown>]>([
    ["never made", 404, () => Promise.resolve()],
    ["withdrawn", 404, () => withdrawSetupLink(deps(), "alice.wong", "desk")],
    ["replaced by a newer one", 404, () => token()],
    ["of a phone that was removed by command, and came back", 404, removeAndAddAgain],
    [
      "of a device whose id another phone has now",
      404,
      () => apply({ ...OFFICE, users: [user("alice.wong", [sipDevice("alice-new", { id: "desk" })])] }),
    ],
    ["of a user who has left", 404, () => apply({ ...OFFICE, users: [] })],
    [
      "of a suspended user",
      403,
      () => apply({ ...OFFICE, users: OFFICE.users.map((user) => ({ ...user, suspended: true })) }),
    ],
    [
      "too old",
      410,
      () => {
        nowMs += 7 * DAY_MS;
        return Promise.resolve();
      },
    ],
  ])("that is %s shows nothing", async (what, status, before) => {
    const link = await token();
    await before(link);
    const asked = what === "never made" ? "x".repeat(40) : link;
    expect((await get(`/setup/${asked}`)).status).toBe(status);
    expect((await press(asked)).status).toBe(status);
    expect(await held()).toBeUndefined();
  });

  it("goes with its phone when the device gets another id", async () => {
    const link = await token();
    await apply({ ...OFFICE, users: [user("alice.wong", [sipDevice("alice-desk", { id: "office" })])] });
    expect((await press(link)).status).toBe(200);
    expect(await held()).toBeDefined();
  });

  it.each([
    ["198.51.100.7", "198.51.100.7"],
    ["203.0.113.1, 198.51.100.7", "198.51.100.7"],
    ["<script>", "127.0.0.1"],
    ["x".repeat(4_000), "127.0.0.1"],
  ])("says who used it, and not what a proxy passes on unread (%s)", async (forwarded, from) => {
    const link = await token();
    const headers = { "X-Forwarded-For": forwarded };
    await get(`/setup/${link}`, { method: "POST", body: new URLSearchParams(), headers });
    expect(await (await get(`/setup/${link}`)).text()).toContain(`from ${from}.`);
  });

  it("shows a long server in full", async () => {
    const server = `${"long.".repeat(30)}example:5060`;
    const text = await (await press(await token("person", server))).text();
    expect(text).toContain(`<dd>${server}</dd>`);
  });

  it("is in no line of the log, and neither is the password", async () => {
    const link = await token();
    const text = await (await press(link)).text();
    const password = /<dd>([A-Za-z2-9]{24})<\/dd>/.exec(text)?.[1] ?? "";
    await get(`/setup/${link}`, { method: "POST", body: "x".repeat(5_000) });
    await get(`/setup/${link}/%zz`);
    expect(lines.join("")).toContain("a link for a phone was used");
    expect(lines.join("")).not.toContain(link);
    expect(lines.join("")).not.toContain(password);
  });
});

describe("a link for a desk phone", () => {
  it.each([
    ["yealink", "yealink.cfg", "account.1.user_name = alice-desk"],
    ["yealink", "805ec0123456.cfg", "account.1.user_name = alice-desk"],
    ["snom", "snomD785-000413123456.xml", "alice-desk</user_name>"],
  ])("hands out the file of a %s once, as %s", async (make, file, setting) => {
    const link = await token(make);
    const first = await get(`/phone/${link}/${file}`);
    expect(first.status).toBe(200);
    expect(await first.text()).toContain(setting);
    const second = await get(`/phone/${link}/${file}`);
    expect(second.status).toBe(410);
    expect(await second.text()).toBe("");
  });

  it.each([
    ["the file of all phones of a model", "GET", "phone", "y000000000066.cfg", 404],
    ["the list of its files", "GET", "phone", "805ec0123456.boot", 404],
    ["a file of another format", "GET", "phone", "snom.xml", 404],
    ["what was set at the phone", "GET", "phone", "805ec0123456-local.cfg", 404],
    ["the head of its file", "HEAD", "phone", "yealink.cfg", 404],
    ["the page of a person", "GET", "setup", "", 404],
    ["the button of a person", "POST", "setup", "", 404],
  ])("is not used by asking for %s", async (_what, method, kind, file, status) => {
    const link = await token("yealink");
    const path = kind === "phone" ? `/phone/${link}/${file}` : `/setup/${link}`;
    const body = method === "POST" ? { body: new URLSearchParams() } : {};
    expect((await get(path, { method, ...body })).status).toBe(status);
    expect((await get(`/phone/${link}/yealink.cfg`)).status).toBe(200);
  });

  it("of a make whose template is gone is not used", async () => {
    const link = await token("grandstream");
    expect((await get(`/phone/${link}/grandstream.cfg`)).status).toBe(404);
    expect(await held()).toBeUndefined();
  });

  it("meant for a person is none", async () => {
    const link = await token();
    expect((await get(`/phone/${link}/yealink.cfg`)).status).toBe(404);
    expect((await press(link)).status).toBe(200);
  });
});

it.each([
  ["GET", "/"],
  ["GET", "/setup/"],
  ["PUT", "/setup/x"],
  ["GET", "/phone/../../etc/passwd"],
  ["GET", "/setup/%zz"],
])("%s %s is refused without a fault", async (method, path) => {
  const asked = await get(path, { method });
  expect(asked.status).toBeGreaterThanOrEqual(400);
  expect(asked.status).toBeLessThan(500);
  expect(asked.headers.get("x-content-type-options")).toBe("nosniff");
  expect(await asked.text()).not.toContain(path);
});
