/**
 * Goal: nobody gets by any route what is not for them. Method: every route, for what is one's own, of one's groups, somebody
 * else's, and of somebody who may do more; asked by people of whom each has one permission, by nobody, with a session that
 * is over, by a suspended person, and with keys of a System Admin; against the table of `fixtures/web/matrix/table.ts`.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toneWav } from "../../../fixtures/tone-wav.js";
import { PASSWORD, signIn, withAccounts } from "../../../fixtures/web/accounts.js";
import { type Browser, browser } from "../../../fixtures/web/browser.js";
import { COLUMNS, type Column, ROWS, type Row } from "../../../fixtures/web/matrix/table.js";
import {
  ABOVE,
  ADMIN,
  COLLEAGUE,
  holderOf,
  type MatrixWorld,
  matrixWorld,
  PLAIN,
  STRANGER,
  SUSPENDED,
} from "../../../fixtures/web/matrix/world.js";
import type { KeyPower, Needed } from "../../../policy/access/access.js";
import { EDIT_NEEDS } from "../../../policy/access/edits.js";
import { RIGHTS } from "../../../policy/access/rights.js";
import { UNAVAILABLE } from "../../../policy/access/unavailable.js";
import { given } from "../../../policy/office/optional.js";
import { PERMISSION_NAMES } from "../../../policy/office/permission-names.js";
import type { AnyRoute } from "./route.js";
import { ROUTES } from "./routes.js";

const ALL: Readonly<Record<string, AnyRoute>> = ROUTES;

/** Bodies with which a request is understood; a route without one here is asked with an empty object. */
const BODIES: Readonly<Record<string, unknown>> = {
  changeOffice: { name: "Another" },
  changeEmergency: { notify: [] },
  addCarrier: { id: "fresh", proxy: "sip.example.org" },
  changeCarrier: { proxy: "sip.example.org" },
  addPlan: { id: "fresh" },
  changePlan: {},
  setPlanNumbers: {},
  addSchedule: { id: "fresh" },
  changeSchedule: {},
  setScheduleByHand: { state: "open", until_at: null },
  addWebhook: {
    id: "fresh",
    url: "https://crm.example.com/",
    secret: { env: "CRM_WEBHOOK" },
    events: ["fraud.alarm"],
  },
  changeWebhook: {},

  changePassword: { current: PASSWORD, password: "another horse 8" },
  invite: { username: STRANGER },
  sendPasswordLink: {},
  addUser: { username: "fresh.face", name: "Fresh" },
  changeUser: { name: "Another" },
  addDevice: { id: "other" },
  changeDevice: { delay: 2 },
  makeDeviceLink: {},
  addGroup: { id: "fresh" },
  changeGroup: { name: "Another" },
  renameGroup: { to: "renamed" },
  addMember: { user: "bella.ruiz" },
  changeMember: { calls: false },
  addNumber: { number: "+12125550190" },
  changeNumber: { label: "Another" },
  addFlow: { id: "fresh", steps: [{ hangup: "busy" }] },
  changeFlow: { steps: [{ hangup: "busy" }] },
  renameFlow: { to: "renamed" },
  setPin: { generate: true },
  changeMessage: { state: "saved" },
  forwardMessage: { to: [`user:${COLLEAGUE}`] },
  makeKey: { name: "mine", powers: ["own"], expires_at: null },
};
const RAW: Readonly<Record<string, { readonly type: string; readonly bytes: Buffer }>> = {
  importUsers: { type: "text/csv", bytes: Buffer.from("name\nFresh Face\n") },
  importNumbers: { type: "text/csv", bytes: Buffer.from("number,label\n+12125550190,Fresh\n") },
  setGreeting: { type: "audio/wav", bytes: toneWav(2_000) },
  inviteTable: { type: "text/csv", bytes: Buffer.from(`username\n${STRANGER}\n`) },
};
function bodyOf(name: string, asker: string): unknown {
  return name === "makeChanges" ? [{ set: `user:${asker}`, name: "Another" }] : (BODIES[name] ?? {});
}

/** What others have is not there for people who may not see it. */
const isHidden = ({ route, about }: Row) => about === "message" || about === "call" || route === "getMailbox";

let world: MatrixWorld;
let over: Browser;
beforeAll(async () => {
  world = await matrixWorld();
  await withAccounts(world, PLAIN);
  over = browser(world);
  expect((await signIn(over, PLAIN)).status).toBe(200);
  world.pass(40 * 86_400_000);
});
afterAll(() => world.close());

/** What a column is about, for somebody who asks: values for the path's parameters. */
async function subjectOf(about: string, column: Column, asker: string): Promise<Record<string, string>> {
  const username = { own: asker, group: COLLEAGUE, other: STRANGER, above: ABOVE }[column];
  const box = {
    own: `user:${asker}`,
    group: "group:sales",
    other: `user:${STRANGER}`,
    above: `user:${ABOVE}`,
  }[column];
  const group = { own: "sales", group: "sales", other: "support", above: "system-admins" }[column];
  switch (about) {
    case "user":
      return { username };
    case "device":
      return { username, id: "desk" };
    case "member":
      return { id: group, username };
    case "group":
      return { id: group };
    case "box":
      return { box, kind: "own" };
    case "message":
      return { id: await world.leaveMessage(box) };
    case "call":
      return { id: world.callOf(box) };
    case "revision":
      return { revision: String(await world.profileRevision(username)) };
    case "number":
      return { number: "+12125550100" };
    case "flow":
      return { id: "main" };
    default:
      return { id: "none", proof: "none", click: "none", username: STRANGER };
  }
}

interface Asker {
  readonly name: string;
  readonly username: string;
  readonly ask: (method: string, path: string, asked: Asked) => Promise<{ status: number; body: unknown }>;
}
interface Asked {
  readonly body?: unknown;
  readonly query?: Record<string, string>;
  readonly headers?: Record<string, string>;
}

function person(username: string | null, powers?: readonly KeyPower[]): Asker["ask"] {
  const by = world.as(username, powers);
  return (method, path, asked) => by[method.toLowerCase() as "get"](path, asked);
}

/** Whether somebody got what they asked for, as far as their rights are concerned. */
async function isServed(name: string, row: Row, column: Column, asker: Asker): Promise<boolean> {
  const asked = ALL[name] as AnyRoute;
  const values = await subjectOf(row.about, column, asker.username);
  const path = asked.path.replaceAll(/\{(\w+)\}/g, (_all, key: string) =>
    encodeURIComponent(values[key] ?? "x"),
  );
  const raw = RAW[name];
  const { status, body } = await asker.ask(asked.method, path, {
    ...given({
      body: asked.body === undefined ? undefined : (raw?.bytes ?? bodyOf(name, asker.username)),
      query: asked.isChangingOffice === true ? { dry_run: "true" } : undefined,
      headers: raw === undefined ? undefined : { "content-type": raw.type },
    }),
  });
  const { type, permission } = (body ?? {}) as { readonly type?: string; readonly permission?: string };
  // This server has no live feed; what does not exist at all says the permission that it would need.
  if (status === 501) return permission === undefined;
  expect(status, `${asked.method} ${path}`).toBeLessThan(500);
  expect(status, `${asked.method} ${path}: the test is too quick`).not.toBe(429);
  if (status === 401 || status === 403) return type === "wrong_credentials" || type === "confirm_first";
  return !(status === 404 && isHidden(row));
}

/** The permissions that a word of the table names. */
function rightsOf(word: string): Needed[] {
  return word
    .replace("session:", "")
    .split(/[,&]/)
    .filter((each): each is Needed => (RIGHTS as readonly string[]).includes(each));
}

function personGets(word: string, right: Needed | undefined): boolean {
  if (["open", "anybody", "session"].includes(word.split(",")[0] ?? "")) return true;
  if (word === "nobody") return false;
  return right !== undefined && (right === "system_admin" || rightsOf(word).includes(right));
}

function keyGets({ who }: Row, column: Column, powers: readonly KeyPower[]): boolean {
  const word = who[column];
  if (word === "open") return true;
  if (word === "nobody" || word.startsWith("session") || word.includes("&")) return false;
  const isForAnybody = word.startsWith("anybody");
  // With the permission that reaches others' things, a key reaches those of its maker, too.
  const reaching = [...rightsOf(word), ...(isForAnybody ? rightsOf(who.other) : [])];
  if (isForAnybody && powers.includes("own")) return true;
  return reaching.some((right) => powers.includes(right));
}

it("every route is in the table, and nothing else is", () => {
  expect(ROWS.map(({ route }) => route).sort()).toEqual(Object.keys(ALL).sort());
});

it("every word of the table is known", () => {
  for (const { route, who } of ROWS)
    for (const column of COLUMNS)
      if (!["open", "anybody", "session", "nobody", "."].includes(who[column]))
        expect(rightsOf(who[column]), `${route} ${column}`).not.toEqual([]);
});

describe.each(ROWS.filter(({ route }) => route in ALL))("$route", (row) => {
  const columns = COLUMNS.filter((column) => row.who[column] !== ".");
  const first = columns[0] ?? "own";

  it("is refused without a session, with one that is over, and to who is suspended", async () => {
    const none: Asker = { name: "nobody", username: PLAIN, ask: person(null) };
    const expired: Asker = {
      ...none,
      ask: (method, path, { body, query = {}, headers }) =>
        over.ask(method, `${path}?${new URLSearchParams(query)}`, body, headers),
    };
    const suspended: Asker = { name: "suspended", username: SUSPENDED, ask: person(SUSPENDED) };
    for (const asker of [none, expired, suspended])
      expect(await isServed(row.route, row, first, asker), asker.name).toBe(row.who[first] === "open");
  });

  it.each(columns)("of %s", async (column) => {
    const word = row.who[column];
    const got: string[] = [];
    const due: string[] = [];
    const tell = async (asker: Asker, isDue: boolean) => {
      // Buckets of requests are full again.
      world.pass(10_000);
      if (isDue) due.push(asker.name);
      if (await isServed(row.route, row, column, asker)) got.push(asker.name);
    };
    for (const right of [undefined, ...RIGHTS]) {
      const username = right === undefined ? PLAIN : holderOf(right);
      await tell({ name: right ?? "plain", username, ask: person(username) }, personGets(word, right));
    }
    if (column !== "above")
      for (const powers of [[], ["own"], ...RIGHTS.map((right) => [right])] as KeyPower[][])
        await tell(
          { name: `key ${powers.join()}`, username: ADMIN, ask: person(ADMIN, powers) },
          keyGets(row, column, powers),
        );
    expect(got).toEqual(due);
  });
});

describe("each permission", () => {
  /** Not by routes and edits. */
  const ELSEWHERE: Readonly<Record<string, string>> = { outside_calls: "who calls outside (policy/outside)" };
  const byRoutes = Object.values(ALL).flatMap(({ access }) =>
    access.needs === "permission" ? [access.permission as string] : [],
  );
  const byEdits = EDIT_NEEDS.flatMap(({ anyOf, own }) => [...anyOf, ...(own === undefined ? [] : [own])]);

  it.each(PERMISSION_NAMES)("%s guards something, or says why there is nothing yet", (name) => {
    const guards = [...byRoutes, ...byEdits, ...Object.keys(ELSEWHERE)].includes(name);
    expect(guards).toBe(UNAVAILABLE[name] === undefined);
  });
});
