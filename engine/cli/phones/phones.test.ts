/**
 * Goal: reachable phones are shown as the switch and the engine know them, and a switch that cannot be asked is
 * reported in one sentence. Method: the command on the simulated event socket, with phones, calls and an engine.
 */
import { createServer, type Server } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ringline, ringlineIn, startRingline } from "../../../fixtures/cli/run-program.js";
import { type Installation, openInstallation } from "../../../fixtures/core/installation.js";
import { answers, neverAnswers } from "../../../fixtures/switch/phone-script.js";
import { systemClock } from "../../clock.js";
import type { ListedPhone } from "../../directory/phones-list.js";

const OFFICE = `office: { name: Acme, country: US, timezone: America/New_York }
users:
  - { username: alice.wong, name: Alice Wong, extension: 101, devices: [{ id: desk, sip: alice-desk }, { id: soft, sip: alice-soft }] }
  - { username: bob.stone, name: Bob Stone, extension: 102, suspended: true, devices: [{ id: desk, sip: bob-desk }] }
numbers: [{ number: "+12125550100", steps: [{ ring: "user:alice.wong", timeout: 20 }, { hangup: no_answer }] }]
`;
const SECRET = "a-secret-of-the-directory";

let installation: Installation;
let server: Server | undefined;

beforeEach(async () => {
  installation = await openInstallation();
  const { db, file } = installation;
  expect((await ringline("apply", file("office.yaml", OFFICE), "--db", db)).code).toBe(0);
});
afterEach(async () => {
  await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
  server = undefined;
  await installation.close();
});

function phones(env: NodeJS.ProcessEnv, ...options: string[]) {
  const { db, address, password } = installation;
  return ringlineIn(
    { env: { RINGLINE_SWITCH_PASSWORD: password, ...env }, clock: systemClock },
    ...["phones", "--db", db, "--switch", address],
    ...options,
  );
}

interface Listed {
  readonly ok: boolean;
  readonly engine: boolean;
  readonly phones: readonly ListedPhone[];
}

async function listed(env: NodeJS.ProcessEnv = {}, ...options: string[]): Promise<Listed> {
  const { out, code, err } = await phones(env, "--json", ...options);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return JSON.parse(out) as Listed;
}

const owners = ({ phones: all }: Listed) =>
  all.map(({ username, device, sipName, contact }) => [username, device, sipName, contact !== null]);

/** Starts a server that stands for an engine, and returns its port. */
async function engineAnswering(status: number, body: string): Promise<number> {
  const made = createServer((_request, response) => response.writeHead(status).end(body));
  server = made;
  await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
  const address = made.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

describe("phones", () => {
  it("lists phones that are signed in, and with --all the others too", async () => {
    installation.sw.phone({ sipName: "alice-desk", contacts: 2, script: neverAnswers() });
    installation.sw.phone({ sipName: "stranger", script: neverAnswers() });
    expect(owners(await listed())).toEqual([
      ["alice.wong", "desk", "alice-desk", true],
      ["alice.wong", "desk", "alice-desk", true],
      [null, null, "stranger", true],
    ]);
    expect(owners(await listed({}, "--all")).slice(3)).toEqual([
      ["alice.wong", "soft", "alice-soft", false],
      ["bob.stone", "desk", "bob-desk", false],
    ]);
  });

  it("shows them as a table with a count", async () => {
    installation.sw.phone({ sipName: "alice-desk", script: neverAnswers() });
    installation.sw.phone({ sipName: "bob-desk", script: neverAnswers() });
    const { out } = await phones({}, "--all");
    const lines = out.trimEnd().split("\n");
    expect(lines[0]).toMatch(/^user +device +contact +phone +signed in +last seen +renews in +ping +call$/);
    expect(lines[1]).toMatch(/^alice\.wong +desk +127\.0\.0\.1:\d+ /);
    expect(lines[2]).toMatch(/^bob\.stone +desk .* suspended$/);
    expect(lines[3]).toMatch(/^alice\.wong +soft +not signed in$/);
    expect(lines[4]).toBe("2 contacts of 2 users; 1 phone is not signed in");
  });

  it("shows only the count when no phone is signed in", async () => {
    const { out, code } = await phones({});
    expect({ out, code }).toEqual({ out: "0 contacts of 0 users; 3 phones are not signed in\n", code: 0 });
  });

  it.each([
    ["a phone that rings", neverAnswers(), "ringing"],
    ["a phone that has answered", answers({ afterMs: 1 }), "in a call"],
  ])("shows %s", async (_what, script, state) => {
    const { sw, db, password, address } = installation;
    sw.phone({ sipName: "alice-desk", script });
    sw.phone({ sipName: "alice-soft", script: neverAnswers(), isRegistered: false });
    const engine = startRingline(
      { RINGLINE_SWITCH_PASSWORD: password },
      ...["run", "--db", db, "--switch", address],
    );
    await engine.logged("connected to the switch");
    const caller = sw.call({ dialled: "+12125550100", callerNumber: "+13105550123" });
    await new Promise<void>((resolve) => {
      caller.onNews = (news) =>
        news.kind === (state === "ringing" ? "ringing" : "connected") ? resolve() : undefined;
    });
    // The switch's table of channels is some 40 ms late, and the leg may not have begun to ring.
    let calls: Array<ListedPhone["call"]> = [];
    do calls = (await listed()).phones.map(({ call }) => call);
    while (calls[0] !== state);
    expect(calls).toEqual([state]);
    await engine.stop();
  });

  it("shows a phone that has called and was not answered yet, and not its user's other phone", async () => {
    const { sw } = installation;
    const desk = sw.phone({ sipName: "alice-desk", script: neverAnswers() });
    const soft = sw.phone({ sipName: "alice-soft", script: neverAnswers() });
    desk.call({ dialled: "102" });
    expect(soft.contacts).toHaveLength(1);
    let found: Array<[string, ListedPhone["call"]]> = [];
    do found = (await listed()).phones.map(({ sipName, call }) => [sipName, call]);
    while (found[0]?.[1] === null);
    expect(found).toEqual([
      ["alice-desk", "ringing"],
      ["alice-soft", null],
    ]);
  });
});

describe("since when phones are signed in", () => {
  it("is known to a running engine", async () => {
    installation.sw.phone({ sipName: "alice-desk", script: neverAnswers() });
    const url = (await listed()).phones[0]?.contact ?? "";
    const nowMs = systemClock.nowMs();
    const sighting = { sipName: "alice-desk", url, sinceMs: nowMs - 5 * 3_600_000, seenMs: nowMs - 90_000 };
    const port = await engineAnswering(200, JSON.stringify({ phones: [sighting] }));
    const env = { RINGLINE_DIRECTORY_SECRET: SECRET };
    const found = await listed(env, "--directory", `127.0.0.1:${port}`);
    expect(found.engine).toBe(true);
    expect(found.phones[0]).toMatchObject({ sinceMs: sighting.sinceMs, seenMs: sighting.seenMs });
    const { out } = await phones(env, "--directory", `127.0.0.1:${port}`);
    expect(out).toMatch(/ 5 h ago +9\d s ago /);
  });

  it.each([
    ["refuses", 401, '{"phones":[]}'],
    ["answers with something else", 200, "<html>"],
  ])("is left out when the server at the address %s", async (_what, status, body) => {
    installation.sw.phone({ sipName: "alice-desk", script: neverAnswers() });
    const port = await engineAnswering(status, body);
    const found = await listed({ RINGLINE_DIRECTORY_SECRET: SECRET }, "--directory", `127.0.0.1:${port}`);
    expect(found.engine).toBe(false);
    expect(found.phones[0]).toMatchObject({ sipName: "alice-desk", sinceMs: null, seenMs: null });
  });

  it("is left out when nothing answers in time", async () => {
    const made = createServer(() => undefined);
    server = made;
    await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
    const address = made.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const { db, password, address: at } = installation;
    // A clock whose timers are all due at once.
    const clock = { ...systemClock, after: (_ms: number, fire: () => void) => systemClock.after(0, fire) };
    const { out, code } = await ringlineIn(
      { env: { RINGLINE_SWITCH_PASSWORD: password, RINGLINE_DIRECTORY_SECRET: SECRET }, clock },
      ...["phones", "--db", db, "--switch", at, "--directory", `127.0.0.1:${address.port}`, "--json"],
    );
    expect(code).toBe(0);
    expect((JSON.parse(out) as Listed).engine).toBe(false);
  });
});

describe("phones cannot be listed", () => {
  const refused = async (env: NodeJS.ProcessEnv, ...options: string[]): Promise<string> => {
    const { out, err, code } = await phones(env, "--json", ...options);
    expect({ err, code }).toEqual({ err: "", code: 1 });
    const said = JSON.parse(out) as { readonly ok: boolean; readonly message: string };
    expect(said.ok).toBe(false);
    return said.message;
  };

  it("without the right password", async () => {
    expect(await refused({ RINGLINE_SWITCH_PASSWORD: "another" })).toMatch(
      /refuses the password; give this command the same RINGLINE_SWITCH_PASSWORD/,
    );
    expect(await refused({ RINGLINE_SWITCH_PASSWORD: "" })).toContain("no password");
  });

  it("with an unusable secret", async () => {
    expect(await refused({ RINGLINE_DIRECTORY_SECRET: "short" })).toContain("must have 16 to 256");
  });

  it("when the profile does not run", async () => {
    installation.sw.profiles.delete("phones");
    expect(await refused({})).toContain("the switch has no profile phones, or it is not running");
  });

  it("without a database", async () => {
    const { out, err, code } = await phones({}, "--db", `${installation.db}-other`);
    expect({ out, code }).toEqual({ out: "", code: 1 });
    expect(err).toContain(`${installation.db}-other`);
  });
});
