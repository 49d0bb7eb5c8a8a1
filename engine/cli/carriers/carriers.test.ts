/**
 * Goal: each carrier is shown as the office's file, the switch and the engine know it, whatever the switch writes, in lines
 * of 80 columns; a switch that cannot be asked is reported in one sentence. Method: the command on the simulated event
 * socket, with a server in the place of the engine.
 */
import { createServer, type Server } from "node:http";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { ringline, ringlineIn, startRingline } from "../../../fixtures/cli/run-program.js";
import {
  type Installation,
  type InstallationOptions,
  openInstallation,
} from "../../../fixtures/core/installation.js";
import { rejects } from "../../../fixtures/switch/phone-script.js";
import type { ListedCarrier } from "../../carriers/status-list.js";
import { type Clock, systemClock } from "../../clock.js";
import { carriersText } from "./carriers-text.js";

const OFFICE = `office: { name: Acme, country: US, timezone: America/New_York }
carriers:
  - { id: main, proxy: sip.example.net, username: acme, password: { env: ACME_PASSWORD } }
  - { id: backup, proxy: "127.0.0.1:5070" }
users:
  - { username: alice.wong, name: Alice Wong, extension: 101, outbound_number: "+12125550100", devices: [{ id: cell, phone: "+1 917 555 0144" }] }
numbers: [{ number: "+12125550100", steps: [{ ring: "user:alice.wong", timeout: 20 }, { hangup: no_answer }] }]
`;
const SECRET = "a-secret-of-the-directory";
/** The time of the command that shows the table; a clock that stands still at it has the timers of the machine's. */
const NOW_MS = systemClock.nowMs();
const AT_NOW: Clock = { ...systemClock, nowMs: () => NOW_MS };

const MAIN = { username: "acme", password: "yes" };
const GOOD: InstallationOptions = {
  gateways: ["main", "backup"],
  gatewayStates: {
    main: {
      state: "REGED",
      status: "UP",
      fields: { ...MAIN, "calls-in": "14", "calls-out": "9", "failed-calls-out": "1" },
    },
    backup: { state: "NOREG", status: "UP", fields: { proxy: "sip:127.0.0.1:5070" } },
  },
};

let installation: Installation | undefined;
let server: Server | undefined;

afterEach(async () => {
  await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
  server = undefined;
  await installation?.close();
  installation = undefined;
});

async function open(options: InstallationOptions = GOOD, office = OFFICE): Promise<Installation> {
  const opened = await openInstallation(options);
  installation = opened;
  const applied = await ringline("apply", opened.file("office.yaml", office), "--db", opened.db);
  expect(applied.code, applied.err).toBe(0);
  return opened;
}

function carriers({ db, address, password }: Installation, env: NodeJS.ProcessEnv, ...options: string[]) {
  return ringlineIn(
    { env: { RINGLINE_SWITCH_PASSWORD: password, ACME_PASSWORD: "secret", ...env }, clock: AT_NOW },
    ...["carriers", "--db", db, "--switch", address],
    ...options,
  );
}

interface Listed {
  readonly ok: boolean;
  readonly engine: { readonly sinceMs: number } | null;
  readonly carriers: readonly ListedCarrier[];
}

async function listed(at: Installation, env: NodeJS.ProcessEnv = {}, ...options: string[]): Promise<Listed> {
  const { out, err, code } = await carriers(at, env, "--json", ...options);
  expect({ err, code }).toEqual({ err: "", code: 0 });
  return JSON.parse(out) as Listed;
}

async function freePort(): Promise<number> {
  const made = createServer();
  await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
  const address = made.address();
  await new Promise((resolve) => made.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** Starts a server that stands for an engine, and returns the options that name it. */
async function engineAnswering(status: number, body: string): Promise<string[]> {
  const made = createServer((request, response) =>
    response.writeHead(request.url === "/carriers" ? status : 404).end(body),
  );
  server = made;
  await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
  const address = made.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return ["--directory", `127.0.0.1:${address.port}`];
}

const KNOWN = {
  id: "main",
  callsIn: 15,
  callsOut: 10,
  failures: 2,
  lastInMs: NOW_MS - 300_000,
  lastOutMs: NOW_MS - 180_000,
  lastFailure: {
    atMs: NOW_MS - 7_200_000,
    status: 503,
    phrase: "Service Unavailable",
    cause: "NORMAL_TEMPORARY_FAILURE",
  },
  refusals: [{ gateway: "main", atMs: NOW_MS - 20_000, status: 403, phrase: "Forbidden" }],
};
const ENGINE = JSON.stringify({ sinceMs: NOW_MS - 10_000_000, carriers: [KNOWN] });

function standings({ carriers: all }: Listed) {
  return all.map(({ id, inOffice, gateways }) => [
    id,
    inOffice,
    ...gateways.map(({ standing, isUp, ping }) => `${standing} ${isUp} ${ping}`),
  ]);
}

describe("carriers", () => {
  it("are listed as the switch has them", async () => {
    const found = await listed(await open());
    expect(standings(found)).toEqual([
      ["main", true, "registered true answered"],
      ["backup", true, "by_address true answered"],
    ]);
    expect(found.engine).toBeNull();
    expect(found.carriers[0]).toMatchObject({
      engineCounts: null,
      missingSecret: null,
      gateways: [
        {
          proxy: "sip.example.net",
          pingMs: 12,
          differences: [],
          onSwitch: { callsIn: 14, callsOut: 9, failedIn: 0, failedOut: 1, transport: "udp" },
        },
      ],
    });
  });

  it("are shown as a table, with what the engine knows", async () => {
    const counts = { "calls-in": "14", "calls-out": "9", "failed-calls-out": "1", pingcount: "0" };
    const fields = { ...MAIN, ...counts, retry: "10s" };
    const gatewayStates = {
      ...GOOD.gatewayStates,
      main: { state: "FAIL_WAIT", status: "DOWN", fields } as const,
    };
    const at = await open({ ...GOOD, gatewayStates });
    const options = await engineAnswering(200, ENGINE);
    const { out, code } = await carriers(at, { RINGLINE_DIRECTORY_SECRET: SECRET }, ...options);
    expect(code).toBe(0);
    expect(out.replace(/ {2,}/g, "  ")).toBe(`carrier  state  ping  in  out  failed  last call
main  NOT REGISTERED  not yet  15  9  1  3 min ago
  sip.example.net over UDP as acme
  the registration failed 20 s ago: 403 Forbidden
  the switch tries again in 10 s
  a call out failed 2 h ago: 503 Service Unavailable
  (NORMAL_TEMPORARY_FAILURE); 2 failed because of the carrier
backup  by address  12 ms  0  0  0
  127.0.0.1:5070 over UDP
2 carriers; 1 cannot be used
`);
  });

  it("that are registered again have no refusal, though the engine may still know one", async () => {
    const at = await open();
    const options = await engineAnswering(200, ENGINE);
    const found = await listed(at, { RINGLINE_DIRECTORY_SECRET: SECRET }, ...options);
    expect(found.carriers[0]?.gateways[0]?.refusal).toBeNull();
    expect(found.carriers[0]?.lastFailure?.status).toBe(503);
  });

  it.each([
    ["TRYING", "DOWN", "registering false waiting", /^main +registering +not yet /m],
    ["FAIL_WAIT", "DOWN", "not_registered false waiting", /^main +NOT REGISTERED /m],
    ["FAILED", "UP", "not_registered true waiting", /^main +NOT REGISTERED /m],
    ["TIMEOUT", "DOWN", "not_registered false waiting", /^main +NOT REGISTERED /m],
    ["NOREG", "DOWN", "by_address false failed", /^main +DOWN +no answer /m],
    ["NOREG", "UP", "by_address true waiting", /^main +by address +not yet /m],
    ["MADE_UP", "UP", "unknown true waiting", /^main +unknown /m],
    ["REGED", "MADE_UP", "registered null waiting", /^main +registered /m],
  ])("in state %s, %s", async (state, status, standing, row) => {
    const fields = { ...MAIN, pingcount: "0", retry: "25s" };
    const gatewayStates = { ...GOOD.gatewayStates, main: { state, status: status as "UP", fields } };
    const at = await open({ ...GOOD, gatewayStates });
    expect(standings(await listed(at))[0]).toEqual(["main", true, standing]);
    const { out } = await carriers(at, {});
    expect(out).toMatch(row);
    expect(out.includes("tries again in 25 s")).toBe(standing.startsWith("not_registered"));
  });

  it("of which the switch has no gateway, and gateways that are no carrier's, are shown as such", async () => {
    const at = await open({ ...GOOD, gateways: ["zeta", "backup", "alpha"] });
    expect(standings(await listed(at))).toEqual([
      ["main", true, "no_gateway false unknown"],
      ["backup", true, "by_address true answered"],
      ["alpha", false, "by_address true answered"],
      ["zeta", false, "by_address true answered"],
    ]);
    const { out, code } = await carriers(at, {});
    expect(code).toBe(0);
    expect(out).toMatch(
      /^main +NO GATEWAY\n {4}sip\.example\.net\n {4}the switch has no gateway main; `ringline doctor` says/m,
    );
    expect(out).toContain(
      "not in the office: the switch has this gateway to sip:sip.example.net by\n    itself\n",
    );
    expect(out).toMatch(/\n2 carriers; 1 cannot be used; no engine was asked/);
  });

  it("whose secret is missing say so", async () => {
    const at = await open();
    const env = { ACME_PASSWORD: undefined };
    const found = await listed(at, env);
    expect(found.carriers.map(({ missingSecret }) => missingSecret)).toEqual([
      { where: "the environment variable ACME_PASSWORD", why: "it is not set" },
      null,
    ]);
    expect((await carriers(at, env)).out).toContain(
      "no password: the environment variable ACME_PASSWORD: it is not set",
    );
    expect((await carriers(at, env)).out).toContain("leaves a gateway that the switch has as it is");
  });

  it("whose gateway points elsewhere say where", async () => {
    const fields = { ...MAIN, username: "other", password: "no", proxy: "sip:old.example.net" };
    const gatewayStates = { ...GOOD.gatewayStates, main: { state: "REGED", status: "UP", fields } as const };
    const found = await listed(await open({ ...GOOD, gatewayStates }));
    expect(found.carriers[0]?.gateways[0]?.differences).toEqual([
      { what: "proxy", office: "sip.example.net:5060", gateway: "old.example.net:5060" },
      { what: "user name", office: "acme", gateway: "other" },
      { what: "password", office: "one", gateway: "none" },
    ]);
  });

  it("may be none at all", async () => {
    const office = OFFICE.replace(/carriers:[\s\S]*?users:/, "users:");
    const { out, code } = await carriers(await open({ gateways: [] }, office), {});
    expect({ out, code }).toEqual({
      out: "0 carriers; all can be used; no engine was asked, so last calls and failures are\nnot known\n",
      code: 0,
    });
  });

  it("are listed though the switch's text is cut off in the middle", async () => {
    const gatewaysText =
      "<gateways>\n  <gateway>\n    <name>main</name>\n  </gateway>\n  <gateway>\n    <name>back";
    expect(standings(await listed(await open({ gatewaysText })))).toEqual([
      ["main", true, "unknown null unknown"],
      ["backup", true, "no_gateway false unknown"],
    ]);
  });
});

describe("what a running engine knows", () => {
  it("is shown of calls that came in, and of one that the carrier has refused", async () => {
    const at = await open();
    const env = { RINGLINE_SWITCH_PASSWORD: at.password, RINGLINE_DIRECTORY_SECRET: SECRET };
    const directory = ["--directory", `127.0.0.1:${await freePort()}`];
    at.sw.outside("+19175550144", rejects(503));
    const engine = startRingline(env, "run", "--db", at.db, "--switch", at.address, ...directory);
    await engine.logged("calls are carried");
    const caller = at.sw.call({ dialled: "+12125550100", callerNumber: "+13105550123" });
    await new Promise<void>((resolve) => {
      caller.onNews = (news) => (news.kind === "ended" ? resolve() : undefined);
    });
    await engine.logged("ended");
    const found = await listed(at, env, ...directory);
    expect(found.engine).not.toBeNull();
    expect(found.carriers).toMatchObject([
      {
        id: "main",
        engineCounts: { callsIn: 0, callsOut: 1, failures: 1 },
        lastInMs: null,
        lastOutMs: expect.any(Number),
        lastFailure: { status: 503, phrase: null, cause: "NORMAL_TEMPORARY_FAILURE" },
      },
      // The next carrier is tried, and refuses as well.
      { id: "backup", engineCounts: { callsIn: 1, callsOut: 1, failures: 1 }, lastInMs: expect.any(Number) },
    ]);
    await engine.stop();
  });

  it.each([
    ["refuses", 401, ENGINE],
    ["answers with something else", 200, "<html>"],
    ["answers with another object", 200, '{"phones":[]}'],
    ["answers with a wrong type", 200, ENGINE.replace('"callsIn":15', '"callsIn":"15"')],
  ])("is left out when the server at the address %s", async (_what, status, body) => {
    const at = await open();
    const options = await engineAnswering(status, body);
    const found = await listed(at, { RINGLINE_DIRECTORY_SECRET: SECRET }, ...options);
    expect(found.engine).toBeNull();
    expect(found.carriers[0]).toMatchObject({ engineCounts: null, lastFailure: null });
    const { out } = await carriers(at, { RINGLINE_DIRECTORY_SECRET: SECRET }, ...options);
    expect(out).toContain("no engine answers, so last calls and failures are\nnot known");
  });
});

describe("the table", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 120 }),
    fc.constantFrom("\u001b[2J", "\u202e", "x".repeat(200), "a b ".repeat(50)),
  );
  const whole = fc.oneof(fc.nat(), fc.constant(4_294_967_295), fc.constant(null));

  it("has no line of more than 80 columns, and no control characters, whatever stands in it", () => {
    fc.assert(
      fc.property(
        fc.record({ id: text, phrase: text, proxy: text, username: text, where: text, transport: text }),
        fc.record({ callsIn: whole, callsOut: whole, failedIn: whole, failedOut: whole, pingMs: whole }),
        fc.constantFrom<ListedCarrier["gateways"][number]["standing"]>(
          "not_registered",
          "registered",
          "no_gateway",
        ),
        fc.boolean(),
        (words, counts, standing, inOffice) => {
          const refusal = { atMs: 0, status: 503, phrase: words.phrase };
          const onSwitch = {
            name: words.id,
            profile: words.proxy,
            state: "FAIL_WAIT",
            isUp: false,
            isPinged: true,
            hasPassword: true,
            retryInS: 4_294_967_295,
            proxy: words.proxy,
            transport: words.transport,
            username: words.username,
            ...counts,
          } as const;
          const differences = [{ what: "proxy", office: words.proxy, gateway: words.proxy }] as const;
          const carrier: ListedCarrier = {
            id: words.id,
            inOffice,
            gateways: [
              {
                ...{ name: words.id, standing, isUp: false, ping: "answered", pingMs: counts.pingMs },
                ...{ proxy: words.proxy, onSwitch, differences, refusal },
              },
            ],
            engineCounts: { callsIn: 1, callsOut: 1, failures: 4_294_967_295 },
            lastInMs: 1,
            lastOutMs: null,
            lastFailure: { ...refusal, cause: words.phrase },
            missingSecret: { where: words.where, why: "is not set" },
          };
          const shown = carriersText([carrier], { nowMs: NOW_MS, engine: "answered" });
          for (const line of shown.split("\n")) {
            expect(Array.from(line).length, line).toBeLessThanOrEqual(80);
            expect(line).not.toMatch(/\p{C}/u);
          }
        },
      ),
    );
  });
});

describe("carriers cannot be listed", () => {
  const refused = async (at: Installation, env: NodeJS.ProcessEnv, ...options: string[]): Promise<string> => {
    const { out, err, code } = await carriers(at, env, "--json", ...options);
    expect({ err, code }).toEqual({ err: "", code: 1 });
    const said = JSON.parse(out) as { readonly ok: boolean; readonly message: string };
    expect(said.ok).toBe(false);
    return said.message;
  };

  it("without the right password", async () => {
    const at = await open();
    expect(await refused(at, { RINGLINE_SWITCH_PASSWORD: "another" })).toContain("refuses the password");
    expect(await refused(at, { RINGLINE_SWITCH_PASSWORD: "" })).toContain("no password");
  });

  it("with an unusable secret", async () => {
    expect(await refused(await open(), { RINGLINE_DIRECTORY_SECRET: "short" })).toContain(
      "must have 16 to 256",
    );
  });

  it.each(["", "Invalid Gateway!", "<html>"])("when the switch says %j", async (gatewaysText) => {
    expect(await refused(await open({ gatewaysText }), {})).toContain(
      "the switch does not tell its gateways",
    );
  });

  it("without a switch", async () => {
    expect(await refused(await open(), {}, "--switch", "127.0.0.1:9")).toContain(
      "no event socket at 127.0.0.1:9",
    );
  });

  it("without a database", async () => {
    const at = await open();
    const { out, err, code } = await carriers(at, {}, "--db", `${at.db}-other`);
    expect({ out, code }).toEqual({ out: "", code: 1 });
    expect(err).toContain(`${at.db}-other`);
  });
});
