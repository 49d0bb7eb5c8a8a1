/**
 * Goal: a good installation has no findings; each fault is named together with its mend, and nothing else is. Method:
 * the command on the simulated event socket, whose configuration is the one in docker/freeswitch with one thing
 * changed.
 */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer, type Server } from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import { ringline, ringlineIn } from "../../../fixtures/cli/run-program.js";
import {
  type Installation,
  type InstallationOptions,
  openInstallation,
} from "../../../fixtures/core/installation.js";
import { openStore, type Store } from "../../../storage/store.js";
import { firstCertificate } from "../../certificates/pem.js";
import { type Clock, systemClock } from "../../clock.js";
import { checkDisk } from "../../doctor/database.js";
import { CHECKS, type Finding } from "../../doctor/finding.js";
import { packageFile } from "../shared/package-file.js";

const OFFICE = `office: { name: Doctored, country: US, timezone: America/New_York }
carriers: [{ id: main, proxy: sip.example.net }]
users:
  - { username: alice.wong, name: Alice Wong, extension: 101, devices: [{ id: desk, sip: alice-desk }] }
numbers: [{ number: "+12125550100", steps: [{ ring: "user:alice.wong", timeout: 20 }, { hangup: no_answer }] }]
`;

const GOOD: InstallationOptions = {
  environment: { RINGLINE_DIRECTORY_URL: "http://127.0.0.1:8023/" },
  directoryAnswers: "revision 1",
};

let installation: Installation | undefined;

afterEach(async () => {
  await installation?.close();
  installation = undefined;
});

/** Databases by the office they hold: each is made once. */
const databases = new Map<string, Buffer>();

/** Opens a switch, and an office with a password for its one phone. */
async function open(options: InstallationOptions = GOOD, office = OFFICE): Promise<Installation> {
  installation = await openInstallation(options);
  const { db, file } = installation;
  const made = databases.get(office) ?? (await makeDatabase(db, file("office.yaml", office)));
  databases.set(office, made);
  writeFileSync(db, made, { mode: 0o600 });
  return installation;
}

async function makeDatabase(db: string, office: string): Promise<Buffer> {
  const applied = await ringline("apply", office, "--db", db);
  expect(applied.code, applied.err).toBe(0);
  const made = await ringline("device", "credentials", "alice.wong", "desk", "--db", db, "--no-qr");
  expect(made.code, made.err).toBe(0);
  return readFileSync(db);
}

interface Examined {
  readonly code: number;
  readonly all: readonly Finding[];
  /** The findings that are not `ok`; the disk of the test's own machine is left out. */
  readonly wrong: ReadonlyArray<Exclude<Finding, { level: "ok" }>>;
}

/** Every name but this one has an address that the switch lets in. */
async function looksUp(host: string): Promise<readonly string[] | null> {
  return host === "no-such-host.example" ? null : ["192.0.2.10"];
}

function examine(at: Installation, ...more: string[]): Promise<Examined> {
  return examineIn({}, at, ...more);
}

async function examineIn(
  env: NodeJS.ProcessEnv,
  { address, db, password }: Installation,
  ...more: string[]
): Promise<Examined> {
  const { out, code } = await ringlineIn(
    { env: { RINGLINE_SWITCH_PASSWORD: password, ...env }, clock: systemClock, lookUp: looksUp },
    ...["doctor", "--json", "--db", db, "--switch", address],
    ...more,
  );
  const said = JSON.parse(out) as { readonly ok: boolean; readonly findings: readonly Finding[] };
  expect(said.ok).toBe(code === 0);
  const wrong = said.findings.flatMap((finding) =>
    finding.level === "ok" || finding.check === "disk" ? [] : [finding],
  );
  return { code, all: said.findings, wrong };
}

/** Changes one file of the configuration. */
function edit(file: string, from: string | RegExp, to: string): Pick<InstallationOptions, "edit"> {
  return {
    edit: (path, text) => {
      if (path !== file) return text;
      const after = text.replace(from, to);
      if (after === text) throw new Error(`nothing to break in ${file}`);
      return after;
    },
  };
}

/** The value of one parameter. */
function parameter(file: string, name: string, value: string): Pick<InstallationOptions, "edit"> {
  return edit(file, new RegExp(`name="${name}" value="[^"]*"`), `name="${name}" value="${value}"`);
}

function without(file: string): Pick<InstallationOptions, "edit"> {
  return { edit: (path, text) => (path === file ? null : text) };
}

/** The carrier's gateway, which is up by address, with other fields. */
function gateway(fields: Readonly<Record<string, string>>): Pick<InstallationOptions, "gatewayStates"> {
  return { gatewayStates: { main: { state: "NOREG", status: "UP", fields } } };
}

function ahead(ms: number): Clock {
  return { ...systemClock, nowMs: () => systemClock.nowMs() + ms };
}

describe("a good installation", () => {
  it("has no findings but `ok`, and at least one for every check", async () => {
    const { code, wrong, all } = await examine(await open());
    expect(wrong).toEqual([]);
    expect(code).toBe(0);
    // An office without messages has no mailbox to report on, and no web server runs.
    expect([...new Set(all.map(({ check }) => check))]).toEqual(
      CHECKS.filter((check) => check !== "messages" && check !== "web"),
    );
  });

  it("is shown as lines for people, with a count at the end", async () => {
    const { address, db, file, password } = await open();
    const { out } = await ringlineIn(
      { clock: systemClock },
      ...["doctor", "--db", db, "--switch", address, "--password-file", file("password", `${password}\n`)],
    );
    expect(out).toMatch(/^ok {7}database {6}.* is whole, and private\n/);
    expect(out).toMatch(/^ok {7}office {8}Doctored, revision 1: 1 user, 1 number$/m);
    expect(out).toMatch(/\n0 problems, \d warnings\n$/);
  });
});

describe("--from", () => {
  it.each([
    ["192.0.2.10", 0, "a call from 192.0.2.10 is let in"],
    [
      "198.51.100.1",
      1,
      "calls from 198.51.100.1 are refused with 403: the address is not in the switch's list carriers",
    ],
    [
      "2001:db8::1",
      1,
      "calls from 2001:db8::1 are refused with 403: the address is not in the switch's list carriers",
    ],
  ])("says whether %s would be let in", async (address, code, what) => {
    const found = await examine(await open(), "--from", address);
    expect(
      found.all.filter((finding) => finding.what.includes(address)).map((finding) => finding.what),
    ).toContain(what);
    expect(found.code).toBe(code);
  });

  it.each(["somewhere", "192.0.2", "192.0.2.10/32", "fe80::1%eth0", "192.0.2.10 carriers"])(
    "takes no %j",
    async (address) => {
      const { address: at, db } = await open();
      const { err, code } = await ringline("doctor", "--db", db, "--switch", at, "--from", address);
      expect({ err, code }).toEqual({
        err: expect.stringContaining("expected an IPv4 or IPv6 address"),
        code: 1,
      });
    },
  );
});

interface Broken {
  readonly name: string;
  readonly options: InstallationOptions;
  readonly level: "warning" | "problem";
  readonly check: string;
  /** What the finding names, and what its mend says. */
  readonly what: RegExp;
  readonly mend: RegExp;
}

const COMMON = "sip_profiles/common.inc";
const PHONES = "sip_profiles/phones.xml";
const CARRIERS = "sip_profiles/carriers.xml";
const CORE = "autoload_configs/switch.conf.xml";
const MODULES = "autoload_configs/modules.conf.xml";

/** A wrong parameter of a profile or of the core. */
function demand(
  file: string,
  name: string,
  value: string,
  what: RegExp,
  level: Broken["level"] = "problem",
): Broken {
  return {
    name: `${name} is ${value}`,
    options: parameter(file, name, value),
    level,
    check: file === CORE ? "core" : "profiles",
    what: new RegExp(`${name} is "${value}": ${what.source}`),
    mend: new RegExp(`^set ${name} to `),
  };
}

const BROKEN: readonly Broken[] = [
  {
    name: "the switch is of another version",
    options: { version: "1.12.3" },
    level: "warning",
    check: "version",
    what: /^FreeSWITCH 1\.12\.3: ringline is tried on 1\.10$/,
    mend: /run FreeSWITCH 1\.10/,
  },
  {
    name: "the switch has no version",
    options: { version: "" },
    level: "problem",
    check: "version",
    what: /does not say which version/,
    mend: /run FreeSWITCH 1\.10/,
  },
  {
    name: "a module is missing",
    options: edit(MODULES, '<load module="mod_tone_stream"/>', ""),
    level: "problem",
    check: "modules",
    what: /^mod_tone_stream is not loaded: callers hear no ringing/,
    mend: /load mod_tone_stream/,
  },
  {
    name: "mod_voicemail fights the lamps",
    options: edit(MODULES, "<modules>", '<modules><load module="mod_voicemail"/>'),
    level: "problem",
    check: "modules",
    what: /^mod_voicemail is loaded/,
    mend: /take it out of modules\.conf\.xml/,
  },
  demand(CORE, "multiple-registrations", "false", /`show registrations` forgets/, "warning"),
  demand(CORE, "initial-event-threads", "2", /events reach the engine in another order/),
  demand(CORE, "event-heartbeat-interval", "60", /the engine takes a switch/),
  demand(CORE, "sessions-per-second", "30", /callers are refused/, "warning"),
  {
    name: "a parameter is left out",
    options: edit(CORE, '<param name="multiple-registrations" value="true"/>', ""),
    level: "warning",
    check: "core",
    what: /switch\.conf\.xml: multiple-registrations is not set: /,
    mend: /^set multiple-registrations to true/,
  },
  {
    name: "a profile does not run",
    options: { stopped: ["carriers"] },
    level: "problem",
    check: "profiles",
    what: /^the profile carriers does not run$/,
    mend: /sofia profile carriers start/,
  },
  demand(PHONES, "auth-calls", "false", /anybody calls through this port/),
  demand(PHONES, "inbound-reg-force-matching-username", "false", /a phone can sign in under another's name/),
  demand(PHONES, "challenge-realm", "elsewhere", /no password is ever right/),
  demand(PHONES, "force-register-domain", "elsewhere", /phones choose for which domain/),
  demand(PHONES, "force-register-db-domain", "elsewhere", /phones that are removed cannot be signed out/),
  demand(PHONES, "multiple-registrations", "false", /a device on two phones rings only on the one/),
  demand(PHONES, "context", "public", /calls of phones never reach the engine/),
  demand(CARRIERS, "apply-inbound-acl", "", /anybody on the internet calls in/),
  demand(CARRIERS, "disable-transfer", "false", /.*can send our calls anywhere/, "warning"),
  demand(CARRIERS, "context", "public", /calls from carriers never reach the engine/),
  {
    name: "a context is missing",
    options: without("dialplan/inbound.xml"),
    level: "problem",
    check: "dialplan",
    what: /^the context inbound is missing: calls from carriers/,
    mend: /dialplan\/inbound\.xml/,
  },
  {
    name: "a context is somebody else's",
    options: edit("dialplan/phones.xml", /<extension[\s\S]*<\/extension>/, "<extension/>"),
    level: "problem",
    check: "dialplan",
    what: /^the context phones is not ours: calls of phones/,
    mend: /dialplan\/phones\.xml/,
  },
  {
    name: "the fallback is an older one",
    options: edit("dialplan/ringline.xml", /<anti-action application="sched_hangup"[^>]*>/, ""),
    level: "warning",
    check: "dialplan",
    what: /^the context ringline is an older one of ours: a caller whom a phone transfers/,
    mend: /dialplan\/ringline\.xml/,
  },
  {
    name: "a sound is missing",
    options: { hasFile: (path) => !path.endsWith("press-1-to-accept.wav") },
    level: "problem",
    check: "sounds",
    what: /^1 of \d+ sounds are missing in .*: press-1-to-accept\.wav$/,
    mend: /sounds\/en/,
  },
  {
    name: "no directory is asked",
    options: { environment: {} },
    level: "warning",
    check: "directory",
    what: /asks nobody about phones/,
    mend: /RINGLINE_DIRECTORY_URL/,
  },
  {
    name: "the directory cannot be asked",
    options: edit("xml_curl/by_url_module.xml", '<load module="mod_xml_curl"/>', ""),
    level: "warning",
    check: "directory",
    what: /mod_xml_curl is not loaded/,
    mend: /mod_xml_curl/,
  },
  {
    name: "the directory does not answer",
    options: { directoryAnswers: "" },
    level: "problem",
    check: "directory",
    what: /asks http:\/\/127\.0\.0\.1:8023\/ about phones and gets no answer of ours/,
    mend: /RINGLINE_DIRECTORY_SECRET/,
  },
  {
    name: "phones stand in the switch's own files",
    options: edit("directory/phones.xml", "<users>", '<users><user id="old"/><user id="older"/>'),
    level: "warning",
    check: "directory",
    what: /^2 phones stand in the switch's own files/,
    mend: /empty generated\/directory/,
  },
  {
    name: "the carrier's gateway is missing",
    options: { gateways: [] },
    level: "problem",
    check: "carriers",
    what: /^the switch has no gateway main \(sip\.example\.net\)$/,
    mend: /generated\/gateways\/main\.xml/,
  },
  {
    name: "the carrier is down",
    options: { gatewayStates: { main: { state: "NOREG", status: "DOWN" } } },
    level: "problem",
    check: "carriers",
    what: /^main \(sip\.example\.net\) is down, registration NOREG$/,
    mend: /can be reached from the switch, and answers OPTIONS/,
  },
  {
    name: "the switch cannot register with the carrier",
    options: { gatewayStates: { main: { state: "FAIL_WAIT", status: "UP" } } },
    level: "problem",
    check: "carriers",
    what: /registration FAIL_WAIT$/,
    mend: /answers OPTIONS/,
  },
  {
    name: "the gateway has another proxy, transport and user name than the office",
    options: gateway({
      proxy: "sip:old.example.net:5070",
      contact: "&lt;sip:gw+main@127.0.0.1:5080;transport=tcp;gw=main&gt;",
    }),
    level: "problem",
    check: "carriers",
    what: /^the switch's gateway main \(sip\.example\.net\) is not as the office says: proxy is old\.example\.net:5070, not sip\.example\.net:5060; transport is tcp, not udp$/,
    mend: /take it out of .*generated\/gateways, then: .*killgw main/,
  },
  {
    name: "the gateway registers where the office does not",
    options: { gatewayStates: { main: { state: "REGED", status: "UP" } } },
    level: "problem",
    check: "carriers",
    what: /registration is yes, not no$/,
    mend: /killgw main/,
  },
  {
    name: "no OPTIONS are sent to the carrier",
    options: gateway({ pingfreq: "0", pingcount: "0", pingtime: "0.00" }),
    level: "warning",
    check: "carriers",
    what: /^main \(sip\.example\.net\) is up, registration NOREG; the switch sends it no OPTIONS/,
    mend: /ping/,
  },
  {
    name: "the switch has a gateway that is no carrier",
    options: { gateways: ["main", "old"] },
    level: "warning",
    check: "carriers",
    what: /^the switch has a gateway old \(sip:sip\.example\.net\), and the office has no such carrier/,
    mend: /sofia profile carriers killgw old/,
  },
  {
    name: "the switch does not tell its gateways",
    options: { gatewaysText: "Invalid Gateway!\n" },
    level: "problem",
    check: "carriers",
    what: /^the switch does not tell its gateways/,
    mend: /sofia xmlstatus gateway/,
  },
  {
    name: "what the switch writes of a gateway is cut off",
    options: {
      gatewaysText:
        "<gateways>\n  <gateway>\n    <name>main</name>\n    <state>NOREG</state>\n  </gateway>\n  <gateway>\n    <name>ma",
    },
    level: "problem",
    check: "carriers",
    what: /^main \(sip\.example\.net\) is not up, registration NOREG$/,
    mend: /can be reached/,
  },
  {
    name: "strangers are let in",
    options: { carrierAddresses: ["192.0.2.10", "192.0.0.8"] },
    level: "problem",
    check: "carriers",
    what: /^calls from any address are let in as if they came from a carrier/,
    mend: /default="deny"/,
  },
  {
    name: "the switch's clock is ahead",
    options: { clock: ahead(3_600_000) },
    level: "warning",
    check: "clock",
    what: /^the switch's clock is (3599|36\d\d) s ahead of ours$/,
    mend: /NTP/,
  },
  {
    name: "the switch's clock is behind",
    options: { clock: ahead(-60_000) },
    level: "warning",
    check: "clock",
    what: /^the switch's clock is (59|60) s behind ours$/,
    mend: /NTP/,
  },
];

describe("a broken installation: only the fault is found, with its mend", () => {
  it.each(BROKEN)("$name", async ({ options, level, check, what, mend }) => {
    const { code, wrong } = await examine(await open({ ...GOOD, ...options }));
    expect(wrong).toEqual([
      { level, check, what: expect.stringMatching(what), mend: expect.stringMatching(mend) },
    ]);
    expect(code).toBe(level === "problem" ? 1 : 0);
  });

  it.each([
    ["rtp-timer-name", "none", /blocks the switch's thread/],
    ["accept-blind-reg", "true", /anybody signs in without a password/],
    ["accept-blind-auth", "true", /anybody calls without a password/],
  ])("%s is %s, of both profiles", async (name, value, what) => {
    const { wrong } = await examine(await open({ ...GOOD, ...parameter(COMMON, name, value) }));
    expect(wrong.map((finding) => finding.what.split(":")[0])).toEqual([
      "the profile phones",
      "the profile carriers",
    ]);
    for (const finding of wrong) expect(finding.what).toMatch(what);
  });

  it("the hand-over of calls is an older one, in both contexts", async () => {
    const change = edit("dialplan/hand_over.inc", /api_before_bridge_wait=[^;]*;/, "");
    const { code, wrong } = await examine(await open({ ...GOOD, ...change }));
    expect(wrong).toEqual(
      ["inbound", "phones"].map((context) => ({
        level: "warning",
        check: "dialplan",
        what: expect.stringContaining(`the context ${context} is an older one of ours`),
        mend: expect.stringContaining("dialplan/hand_over.inc"),
      })),
    );
    expect(code).toBe(0);
  });

  it("the switch has another domain, and what was made for ours is named too", async () => {
    const environment = { ...GOOD.environment, RINGLINE_DOMAIN: "elsewhere" };
    const { code, wrong } = await examine(await open({ ...GOOD, environment }));
    expect(wrong.find(({ check }) => check === "domain")).toEqual({
      level: "problem",
      check: "domain",
      what: "the switch's domain is elsewhere, and ours is ringline: no password is ever right",
      mend: expect.stringContaining("RINGLINE_DOMAIN"),
    });
    expect(new Set(wrong.map(({ check }) => check))).toEqual(new Set(["domain", "profiles"]));
    expect(code).toBe(1);
  });

  it("one of the carrier's addresses is not let in", async () => {
    const office = OFFICE.replace("sip.example.net", "203.0.113.7");
    const fields = { proxy: "sip:203.0.113.7" };
    const options = { ...GOOD, gatewayStates: { main: { state: "NOREG", status: "UP", fields } as const } };
    const { code, wrong } = await examine(await open(options, office));
    expect(wrong).toEqual([
      {
        level: "problem",
        check: "carriers",
        what: "calls from main, at 203.0.113.7, are refused with 403: the address is not in the switch's list carriers",
        mend: expect.stringMatching(
          /<node type="allow" cidr="203\.0\.113\.7\/32"\/> .* fs_cli -x reloadacl$/,
        ),
      },
    ]);
    expect(code).toBe(1);
  });

  it("the carrier's name cannot be looked up", async () => {
    const office = OFFICE.replace("sip.example.net", "no-such-host.example");
    const fields = { proxy: "sip:no-such-host.example" };
    const options = { ...GOOD, gatewayStates: { main: { state: "NOREG", status: "UP", fields } as const } };
    const { code, wrong } = await examine(await open(options, office));
    expect(wrong).toEqual([
      {
        level: "warning",
        check: "carriers",
        what: expect.stringContaining("the addresses of no-such-host.example are not known here"),
        mend: expect.stringContaining("DNS"),
      },
    ]);
    expect(code).toBe(0);
  });

  it.each([
    [{ ACME: undefined }, "carrier main has no password: the environment variable ACME: it is not set"],
    [{ ACME: "" }, "carrier main has no password: the environment variable ACME: it is not set"],
  ])("the carrier's secret is missing (%j)", async (env, what) => {
    const office = OFFICE.replace(
      "proxy: sip.example.net",
      "proxy: sip.example.net, username: acme, password: { env: ACME }",
    );
    const fields = { username: "acme", password: "yes" };
    const options = { ...GOOD, gatewayStates: { main: { state: "REGED", status: "UP", fields } as const } };
    const { code, wrong } = await examineIn(env, await open(options, office));
    expect(wrong).toEqual([
      {
        level: "problem",
        check: "carriers",
        what,
        mend: expect.stringMatching(
          /the engine's own variables.* leaves a gateway that the switch has as it is/,
        ),
      },
    ]);
    expect(code).toBe(1);
  });

  it("a carrier that has a password cannot be registered with", async () => {
    const office = OFFICE.replace(
      "proxy: sip.example.net",
      "proxy: sip.example.net, username: acme, password: { env: ACME }",
    );
    const fields = { username: "acme", password: "yes" };
    const options = { ...GOOD, gatewayStates: { main: { state: "TRYING", status: "UP", fields } as const } };
    const { wrong } = await examineIn({ ACME: "secret" }, await open(options, office));
    expect(wrong).toEqual([
      {
        level: "problem",
        check: "carriers",
        what: "main (sip.example.net) is up, registration TRYING",
        mend: expect.stringContaining("name and password of acme are right"),
      },
    ]);
  });

  it("the switch does not tell its time", async () => {
    const options = { ...GOOD, clock: ahead(-systemClock.nowMs()) };
    const { wrong } = await examine(await open(options));
    expect(wrong.map(({ level, check, what }) => [level, check, what])).toEqual([
      ["warning", "clock", "the switch does not tell its time"],
    ]);
  });
});

/** A port that presents the certificate of the tests, and a folder in which the switch finds it. */
async function withCertificate(): Promise<{
  readonly environment: Record<string, string>;
  readonly server: Server;
}> {
  const certificates = packageFile("fixtures/certificates");
  const read = (name: string) => readFileSync(join(certificates, name));
  const server = createServer({ cert: read("first.pem"), key: read("first-key.pem") });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const folder = mkdtempSync(join(tmpdir(), "ringline-doctor-tls-"));
  writeFileSync(join(folder, "agent.pem"), "");
  server.once("close", () => rmSync(folder, { recursive: true }));
  const environment = {
    ...GOOD.environment,
    RINGLINE_TLS_DIR: folder,
    RINGLINE_PHONES_TLS_PORT: String((server.address() as AddressInfo).port),
  };
  return { environment, server };
}

describe("a carrier that wants TLS", () => {
  const office = OFFICE.replace("proxy: sip.example.net", "proxy: sip.example.net, transport: tls");
  const aboutTls = (findings: readonly { readonly what: string }[]) =>
    findings.filter(({ what }) => what.includes("transport: tls"));

  it("gets no call from a switch without a certificate", async () => {
    const { wrong } = await examine(await open(GOOD, office));
    expect(aboutTls(wrong)).toEqual([
      {
        level: "problem",
        check: "carriers",
        what: "main wants transport: tls, and the switch's profile carriers has no TLS: no call goes there",
        mend: expect.stringContaining("ringline tls install"),
      },
    ]);
  });

  it("is served by a switch with a certificate, and a carrier without that wish by any", async () => {
    const { environment, server } = await withCertificate();
    try {
      const { wrong } = await examine(await open({ ...GOOD, environment }, office));
      expect(aboutTls(wrong)).toEqual([]);
    } finally {
      server.close();
    }
    expect(aboutTls((await examine(await open())).wrong)).toEqual([]);
  });
});

describe("the certificate of the switch", () => {
  it("is none: it is said, and nothing is wrong", async () => {
    const { all } = await examine(await open());
    expect(all.filter(({ check }) => check === "TLS")).toEqual([
      { level: "ok", check: "TLS", what: expect.stringContaining("the switch has no certificate") },
    ]);
  });

  const DAY_MS = 86_400_000;
  const { untilMs = 0 } =
    firstCertificate(readFileSync(packageFile("fixtures/certificates/first.pem"), "utf8")) ?? {};

  it.each([
    ["a year", 365 * DAY_MS, "ok"],
    ["two weeks and a day", 15 * DAY_MS, "ok"],
    ["two weeks less a day", 13 * DAY_MS, "warning"],
    ["no time", -DAY_MS, "problem"],
  ])("has %s left", async (_what, leftMs, level) => {
    const { environment, server } = await withCertificate();
    const { address, db, password } = await open({ ...GOOD, environment });
    const { out } = await ringlineIn(
      {
        env: { RINGLINE_SWITCH_PASSWORD: password },
        clock: { ...systemClock, nowMs: () => untilMs - leftMs },
      },
      ...["doctor", "--json", "--db", db, "--switch", address],
    );
    server.close();
    const { findings } = JSON.parse(out) as { readonly findings: readonly Finding[] };
    const [found] = findings.filter(({ check }) => check === "TLS");
    expect(found?.level).toBe(level);
    expect(found?.what).toMatch(
      /^phones at 127\.0\.0\.1:\d+ get a certificate for .*pbx\.example\.com.*, until 2126-/,
    );
    expect(found?.level === "ok" || found?.mend.includes("ringline tls reload")).toBe(true);
  });

  it("is not presented", async () => {
    const { environment, server } = await withCertificate();
    const installed = await open({ ...GOOD, environment });
    await new Promise((closed) => server.close(closed));
    const { wrong } = await examine(installed);
    expect(wrong).toEqual([
      {
        level: "warning",
        check: "TLS",
        what: expect.stringMatching(/^no certificate is presented at 127\.0\.0\.1:\d+/),
        mend: expect.stringContaining("agent.pem"),
      },
    ]);
  });
});

describe("a switch that cannot be asked", () => {
  it("refuses the password", async () => {
    const { code, wrong } = await examine({ ...(await open()), password: "another" });
    expect(wrong).toEqual([
      {
        level: "problem",
        check: "event socket",
        what: expect.stringMatching(/^the switch at 127\.0\.0\.1:\d+ refuses the password$/),
        mend: expect.stringContaining("RINGLINE_SWITCH_PASSWORD"),
      },
    ]);
    expect(code).toBe(1);
  });

  it("does not answer, and the database is checked all the same", async () => {
    const stage = await open();
    const gone = await openInstallation();
    await gone.close();
    const { code, wrong, all } = await examine({ ...stage, address: gone.address });
    expect(wrong).toEqual([
      {
        level: "problem",
        check: "event socket",
        what: expect.stringContaining(`no event socket at ${gone.address}: `),
        mend: expect.stringContaining("start the switch"),
      },
    ]);
    expect(all.map(({ check }) => check)).toContain("office");
    expect(code).toBe(1);
  });

  it("is not asked without a password", async () => {
    const { db } = await open();
    const { out, err, code } = await ringline("doctor", "--db", db);
    expect({ out, code }).toEqual({ out: "", code: 1 });
    expect(err).toContain("no password: set RINGLINE_SWITCH_PASSWORD");
  });
});

describe("a database", () => {
  it.each([
    ["is not there", undefined, /there is no database|does not exist|no database/, /ringline apply/],
    [
      "is something else",
      "a letter to somebody, much longer than a page",
      /not a database/,
      /ringline backup/,
    ],
  ])("that %s", async (_what, text, what, mend) => {
    const stage = await open();
    const db = `${stage.db}-other`;
    if (text !== undefined) writeFileSync(db, text.repeat(50));
    const { code, wrong } = await examine({ ...stage, db });
    expect(wrong).toEqual([
      {
        level: "problem",
        check: "database",
        what: expect.stringMatching(what),
        mend: expect.stringMatching(mend),
      },
      // Without an office there is no carrier.
      { level: "warning", check: "carriers", what: expect.anything(), mend: expect.anything() },
    ]);
    expect(code).toBe(1);
  });

  it("that is damaged is to be replaced by its backup", async () => {
    const stage = await open();
    const bytes = readFileSync(stage.db);
    writeFileSync(stage.db, bytes.fill(0xa5, 4096));
    const { wrong } = await examine(stage);
    expect(wrong[0]).toMatchObject({
      level: "problem",
      check: "database",
      what: expect.stringContaining("damaged"),
      mend: expect.stringContaining("ringline backup"),
    });
  });

  it("that other users may read is a warning", async () => {
    const stage = await open();
    chmodSync(stage.db, 0o644);
    const { code, wrong } = await examine(stage);
    expect(wrong).toEqual([
      {
        level: "warning",
        check: "database",
        what: expect.stringContaining("(mode 644)"),
        mend: `chmod 600 ${stage.db}`,
      },
    ]);
    expect(code).toBe(0);
  });

  it("without an office is a problem", async () => {
    const stage = await open();
    const db = `${stage.db}-empty`;
    await withStore(db, async () => undefined);
    const { wrong } = await examine({ ...stage, db });
    expect(wrong[0]).toEqual({
      level: "problem",
      check: "office",
      what: "no office was ever applied",
      mend: "write one and `ringline apply` it",
    });
  });
});

async function withStore(db: string, work: (store: Store) => Promise<void>): Promise<void> {
  const opened = await openStore(db);
  if (!opened.ok) throw new Error("no database");
  await work(opened.store);
  await opened.store.close();
}

describe("an office", () => {
  it("without a carrier cannot call for help", async () => {
    const { wrong } = await examine(await open(GOOD, OFFICE.replace(/carriers:.*\n/, "")));
    expect(wrong.map(({ level, check, what }) => [level, check, what])).toEqual([
      ["warning", "emergency", "no phone can call 911 and 933: the office has no carrier"],
      ["warning", "carriers", "the office has no carrier: no outside phone can be rung"],
    ]);
  });

  it("without numbers cannot be called back by the emergency service", async () => {
    const { wrong } = await examine(await open(GOOD, OFFICE.replace(/numbers:.*\n/, "")));
    expect(wrong.map(({ check, what }) => [check, what])).toEqual([
      ["emergency", "who answers 911 and 933 cannot call back: the office owns no number to be shown"],
    ]);
  });

  it("that shows a fixed number says which", async () => {
    const fixed = OFFICE.replace("timezone", 'outside_caller_id: "+12125550100", timezone');
    const { wrong, all } = await examine(await open(GOOD, fixed));
    expect(wrong).toEqual([]);
    expect(all.find(({ check }) => check === "emergency")?.what).toBe(
      "911 and 933 are dialled through main; a user without a number is shown as +12125550100",
    );
  });

  it("has phones without a password", async () => {
    const devices = Array.from({ length: 7 }, (_, n) => `{ id: p${n}, sip: phone-${n} }`).join(", ");
    const office = OFFICE.replace(
      "[{ id: desk, sip: alice-desk }]",
      `[{ id: desk, sip: alice-desk }, ${devices}]`,
    );
    const { wrong } = await examine(await open(GOOD, office));
    expect(wrong).toEqual([
      {
        level: "warning",
        check: "credentials",
        what: "7 of 8 SIP phones have no password and cannot sign in: phone-0, phone-1, phone-2, phone-3, phone-4 …",
        mend: "ringline device credentials alice.wong p0",
      },
    ]);
  });

  it("has passwords that were made for another domain", async () => {
    const stage = await open({ ...GOOD, environment: { ...GOOD.environment, RINGLINE_DOMAIN: "moved" } });
    const { code, wrong } = await examine(stage, "--domain", "moved");
    expect(wrong).toEqual([
      {
        level: "problem",
        check: "credentials",
        what: "1 passwords were made for another domain than moved and are never right: alice-desk",
        mend: expect.stringContaining("ringline device rotate alice.wong desk"),
      },
    ]);
    expect(code).toBe(1);
  });

  it.each([
    [5, []],
    [8, ["user:alice.wong is nearly full: 8 of 10 messages"]],
    [10, ["user:alice.wong is full with 10 messages: its callers can leave none"]],
  ])("with room for 10 messages has %d", async (count, expected) => {
    const office = OFFICE.replace("extension: 101", "extension: 101, voicemail: { max_messages: 10 }");
    const stage = await open(GOOD, office);
    await withStore(stage.db, (store) => leaveMessages(store, "user:alice.wong", count));
    const { wrong } = await examine(stage);
    expect(wrong.map(({ check, what }) => [check, what])).toEqual(expected.map((what) => ["messages", what]));
  });

  it("has mails that wait for a mail server that takes none, and mails that were given up", async () => {
    const stage = await open();
    const call = { callerNumber: "", callerName: "", called: "", rang: [], arrivedMs: 1 };
    const to = { username: "alice.wong", address: "alice@example.com" };
    await withStore(stage.db, async ({ outbox }) => {
      const endedMs = systemClock.nowMs();
      for (const id of ["one", "two", "three"])
        await outbox.missed({ ...call, call: id, box: "user:alice.wong", endedMs }, [to]);
      await outbox.failed(1, { givenUp: true, why: "RCPT TO: 550 5.1.1 no such user" });
      await outbox.writeTrouble({ sinceMs: 0, what: "AUTH PLAIN: 535 5.7.8 expired" });
    });
    const { code, wrong } = await examine(stage);
    expect(wrong.map(({ level, check, what }) => [level, check, what])).toEqual([
      [
        "warning",
        "mail",
        "2 mails wait since 1970-01-01T00:00:00.000Z: the mail server takes none: AUTH PLAIN: 535 5.7.8 expired",
      ],
      [
        "warning",
        "mail",
        "1 mails of the last week were given up: alice@example.com: RCPT TO: 550 5.1.1 no such user",
      ],
    ]);
    expect(code).toBe(0);
  });

  it("has left out a user who has messages", async () => {
    const stage = await open();
    await withStore(stage.db, (store) => leaveMessages(store, "user:bob.stone", 2));
    const { wrong } = await examine(stage);
    expect(wrong).toEqual([
      {
        level: "warning",
        check: "messages",
        what: "user:bob.stone is not in the office any more, and has 2 messages that nobody can hear",
        mend: expect.stringContaining("ringline voicemail list --box user:bob.stone"),
      },
    ]);
  });
});

async function leaveMessages(store: Store, box: string, count: number): Promise<void> {
  const ids = Array.from(
    { length: count },
    (_, n) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`,
  );
  await store.voicemail.open(
    ids.map((id) => ({
      id,
      box,
      call: id,
      callerNumber: "+13105550123",
      callerName: "Jane",
      called: "+12125550100",
      beganMs: 1,
    })),
  );
  for (const id of ids)
    await store.voicemail.deliver(id, {
      ...{ box, deliveredMs: 6_000, lengthMs: 5_000, bytes: 80_044, sha256: "0".repeat(64) },
      ...{ urgent: false, recipients: [], mails: [] },
    });
}

describe("a disk", () => {
  const GIB = 1024 ** 3;

  it.each([
    [10 * GIB, "ok"],
    [GIB, "warning"],
    [GIB / 10, "problem"],
  ])("with %d bytes left is %s", async (free, level) => {
    const findings = await checkDisk("/var/lib/office.db", "/var/recordings", async () => free);
    expect(findings.map((finding) => finding.level)).toEqual([level, level]);
    expect(findings.map(({ what }) => what)).toEqual([
      expect.stringMatching(/GiB free for the database in \/var\/lib$/),
      expect.stringMatching(/GiB free for recordings in \/var\/recordings$/),
    ]);
  });

  it("that is not visible on this machine is a warning", async () => {
    const [, recordings] = await checkDisk("/tmp/office.db", "/no/such/folder");
    expect(recordings).toMatchObject({
      level: "warning",
      what: expect.stringContaining("/no/such/folder cannot be seen from here"),
      mend: expect.stringContaining("run the doctor on the switch's machine"),
    });
  });

  it("of another machine is not checked", async () => {
    const stage = await open();
    const named = { ...stage, address: stage.address.replace("127.0.0.1", "localhost") };
    const own = (found: Examined) => found.all.filter(({ check }) => check === "disk").length;
    expect(own(await examine(named))).toBe(2);
    const gone = await openInstallation();
    await gone.close();
    expect(own(await examine({ ...stage, address: gone.address }))).toBe(1);
  });
});

describe("a webhook", () => {
  const withWebhooks = (...secrets: readonly string[]) =>
    `${OFFICE}webhooks:\n${secrets.map((secret, n) => `  - { id: hook${n}, url: "https://example.net/${n}", secret: ${secret} }\n`).join("")}`;
  const found = async (env: NodeJS.ProcessEnv, ...secrets: readonly string[]) => {
    const { all, code } = await examineIn(env, await open(GOOD, withWebhooks(...secrets)));
    const told = all.filter(({ check }) => check === "webhooks");
    return { code, told: told.map(({ level, what }) => `${level}: ${what}`) };
  };
  const NONE = "has no secret, so nothing is sent to it and its events wait";

  it("whose secrets can be read is fine", async () => {
    const env = { HOOK: "shared:secret" };
    expect(await found(env, "{ env: HOOK }", "{ env: HOOK }")).toEqual({
      code: 0,
      told: ["ok: 2 webhooks, with secrets that can be read"],
    });
  });

  it.each([
    ["{ env: HOOK }", {}, `hook0 ${NONE}: the environment variable HOOK: it is not set`],
    ["{ env: HOOK }", { HOOK: "" }, `hook0 ${NONE}: the environment variable HOOK: it is not set`],
    ["{ file: /nowhere/hook }", {}, `hook0 ${NONE}: the file /nowhere/hook: there is no such file`],
    ["{ file: / }", {}, `hook0 ${NONE}: the file /: it is not a regular file`],
    [
      "[{ env: NEW }, { env: OLD }]",
      {},
      `hook0 ${NONE}: the environment variable NEW: it is not set; the environment variable OLD: it is not set`,
    ],
    [
      "[{ env: NEW }, { env: OLD }]",
      { NEW: "one" },
      "hook0 has a secret that cannot be read, so requests are signed without it: the environment variable OLD: it is not set",
    ],
  ])("with the secret %s, in %j: %s", async (secret, env, what) => {
    expect(await found(env, secret)).toEqual({ code: 0, told: [`warning: webhook ${what}`] });
  });
});

describe("what the office wants", () => {
  const WANTING = OFFICE.replace(
    "devices:",
    "email: alice@example.com, voicemail: { email: true, greeting: thank-you-for-calling.wav }, devices:",
  );
  const mail = { RINGLINE_SMTP: "smtp://mail.example.net" };

  it("is a mail server where mailboxes want mails", async () => {
    expect((await examineIn({}, await open(GOOD, WANTING))).wrong).toEqual([
      expect.objectContaining({
        level: "warning",
        check: "mail",
        what: "1 mailbox wants mails, and RINGLINE_SMTP names no mail server here",
        mend: expect.stringContaining("--smtp"),
      }),
    ]);
  });

  it("is a mail server where somebody is told of emergency calls", async () => {
    const told = OFFICE.replace(/timezone: [^ ,}]+/, "$&, emergency: { notify: [desk@example.com] }");
    expect(told).not.toBe(OFFICE);
    expect((await examineIn({}, await open(GOOD, told))).wrong).toEqual([
      expect.objectContaining({
        level: "warning",
        check: "mail",
        what: "the office names somebody to tell of emergency calls by mail, and RINGLINE_SMTP names no mail server here",
        mend: expect.stringContaining("--smtp"),
      }),
    ]);
    expect((await examineIn(mail, await open(GOOD, told))).wrong).toEqual([]);
  });

  it("is there with its sounds and a mail server", async () => {
    expect((await examineIn(mail, await open(GOOD, WANTING))).wrong).toEqual([]);
  });

  it("is its own sounds, where the switch has its sounds", async () => {
    const without = { ...GOOD, hasFile: (path: string) => !path.endsWith("thank-you-for-calling.wav") };
    expect((await examineIn(mail, await open(without, WANTING))).wrong).toEqual([
      expect.objectContaining({
        level: "warning",
        check: "sounds",
        what: expect.stringMatching(
          /^1 of 1 of the office's own sounds are missing in .*: thank-you-for-calling\.wav$/,
        ),
        mend: expect.stringContaining("copy them there"),
      }),
    ]);
  });
});
