/**
 * The directory of phones: look-ups a second over HTTP as the switch makes them (each on a new connection), in an
 * office of 100 000 devices and in one of a hundred; and a storm of registrations on a real switch, with the engine's
 * directory and with the switch's own files.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { stopwatchMs } from "../engine/clock.js";
import { a1Hash } from "../engine/directory/password.js";
import { systemIds } from "../engine/ids.js";
import { until } from "../fixtures/harness/clock.js";
import { findSwitch } from "../fixtures/harness/find-switch.js";
import { claimPorts, type Ports } from "../fixtures/harness/ports.js";
import { type Program, start } from "../fixtures/harness/processes.js";
import { LOOPBACK } from "../fixtures/harness/sip-message.js";
import { DOMAIN } from "../fixtures/harness/switch-files.js";
import type { Office, User } from "../policy/office/office.js";
import { openStore } from "../storage/store.js";
import type { Bench, Table } from "./bench.js";
import { percentile, rounded } from "./figures.js";
import { type LocalSwitch, startLocalSwitch } from "./local-switch.js";
import { cpuMs } from "./process-cpu.js";
import { type StormResult, storm } from "./registration-storm.js";

const READY_MS = 60_000;
const WARM_UP = 2_000;

/** `--devices` in the large office (100000), `--lookups` (20000), `--phones` in the storm (5000), `--seconds` of it (60). */
export const directory: Bench = async (args, say) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      devices: { type: "string", default: "100000" },
      lookups: { type: "string", default: "20000" },
      concurrency: { type: "string", default: "8" },
      phones: { type: "string", default: "5000" },
      seconds: { type: "string", default: "60" },
    },
  });
  const ports = await claimPorts(process.env);
  const lookups: LookupFigures[] = [];
  for (const devices of [100, Number(values.devices)]) {
    say(`an office of ${devices} devices is written`);
    const engine = await startEngine(ports, ports.eventSocket, "nobody", devices);
    try {
      say(`${values.lookups} look-ups`);
      lookups.push(await measureLookups(engine, devices, Number(values.lookups), Number(values.concurrency)));
    } finally {
      await engine.stop();
    }
  }
  const found = await findSwitch(process.env);
  const storms =
    found.kind === "binary"
      ? await measureStorms(found.path, ports, Number(values.phones), Number(values.seconds), say)
      : [];
  if (storms.length === 0) say("no FreeSWITCH program here: the storm was not measured");
  return {
    parts: [lookupTable(lookups), ...(storms.length === 0 ? [] : [stormTable(storms)])],
    json: { lookups, storms },
  };
};

interface Engine {
  readonly pid: number;
  readonly url: string;
  readonly secret: string;
  stop(): Promise<void>;
}

const sipNameOf = (index: number) => `phone-${index}`;
const passwordOf = (index: number) => `password-of-${index}`;

/** Writes an office with that many phones, each with a password, and runs the engine on it. */
async function startEngine(
  ports: Ports,
  switchPort: number,
  switchPassword: string,
  devices: number,
  secret = systemIds.uuid(),
): Promise<Engine> {
  const folder = mkdtempSync(join(tmpdir(), "ringline-bench-"));
  const database = join(folder, "ringline.db");
  await writeOffice(database, devices);
  const ringline = fileURLToPath(new URL("../engine/cli/ringline.js", import.meta.url));
  const program: Program = await start(
    process.execPath,
    [
      ...[ringline, "run", "--db", database, "--switch", `${LOOPBACK}:${switchPort}`],
      ...["--directory", `${LOOPBACK}:${ports.directory}`, "--domain", DOMAIN],
    ],
    {
      logFile: join(folder, "engine.log"),
      env: { RINGLINE_SWITCH_PASSWORD: switchPassword, RINGLINE_DIRECTORY_SECRET: secret },
    },
  );
  const listening = () => /directory of phones open/.test(program.output());
  await until(() => !program.running() || listening(), READY_MS);
  if (!listening()) {
    await program.stop(true);
    throw new Error(`the engine does not answer:\n${program.output()}`);
  }
  return {
    pid: program.pid,
    url: `http://${LOOPBACK}:${ports.directory}/`,
    secret,
    stop: async () => {
      await program.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function writeOffice(database: string, devices: number): Promise<void> {
  const opened = await openStore(database);
  if (!opened.ok) throw new Error("no database");
  const { store } = opened;
  const user = (index: number): User => ({
    username: `user-${index}`,
    name: `User ${index}`,
    devices: [
      { id: "desk", at: { kind: "sip", name: sipNameOf(index) }, delayMs: 0, ringMs: null, accept: "auto" },
    ],
    flow: [{ kind: "hangup", reason: "no_answer" }],
  });
  const office: Office = {
    name: "Bench",
    country: "US",
    timezone: "UTC",
    outsideCallerId: { kind: "caller" },
    carriers: [],
    users: Array.from({ length: devices }, (_, index) => user(index)),
    groups: [],
    flows: {},
    numbers: [],
  };
  await store.applyOffice(office, { author: "bench", message: "", sourceHash: "", nowMs: 0 });
  await store.writeCredentials(
    office.users.map(({ username }, index) => ({
      sipName: sipNameOf(index),
      username,
      realm: DOMAIN,
      a1Hash: a1Hash(sipNameOf(index), DOMAIN, passwordOf(index)),
      madeMs: 0,
      madeBy: "bench",
    })),
  );
  await store.close();
}

interface LookupFigures {
  readonly devices: number;
  readonly perSecond: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** CPU time of the engine for each look-up. */
  readonly cpuMicroseconds: number;
}

async function measureLookups(
  engine: Engine,
  devices: number,
  count: number,
  concurrency: number,
): Promise<LookupFigures> {
  const authorization = `Basic ${Buffer.from(`ringline:${engine.secret}`).toString("base64")}`;
  const run = async (lookups: number): Promise<number[]> => {
    const tookMs: number[] = [];
    let next = 0;
    const worker = async () => {
      while (next < lookups) {
        const index = (next++ * 7_919) % devices;
        const beganMs = stopwatchMs();
        const answer = await ask(engine.url, authorization, sipNameOf(index));
        tookMs.push(stopwatchMs() - beganMs);
        if (!answer.includes('name="a1-hash"'))
          throw new Error(`no answer for ${sipNameOf(index)}: ${answer}`);
      }
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
    return tookMs;
  };
  await run(WARM_UP);
  const cpuBefore = cpuMs(engine.pid);
  const beganMs = stopwatchMs();
  const tookMs = await run(count);
  const seconds = (stopwatchMs() - beganMs) / 1000;
  return {
    devices,
    perSecond: Math.round(count / seconds),
    medianMs: rounded(percentile(tookMs, 0.5)),
    p99Ms: rounded(percentile(tookMs, 0.99)),
    maxMs: rounded(Math.max(...tookMs)),
    cpuMicroseconds: Math.round(((cpuMs(engine.pid) - cpuBefore) * 1000) / count),
  };
}

/** A look-up like those of mod_xml_curl, on a new connection, with the fields of a sign-in on 1.10.12. */
function ask(url: string, authorization: string, sipName: string): Promise<string> {
  const body = `hostname=bench&section=directory&tag_name=domain&key_name=name&key_value=${DOMAIN}&Event-Name=REQUEST_PARAMS&Core-UUID=04abd12a-7e67-4030-9207-e0f0a5da9389&FreeSWITCH-Hostname=bench&FreeSWITCH-Switchname=bench&FreeSWITCH-IPv4=127.0.0.1&Event-Date-Timestamp=1795341291512000&Event-Calling-File=sofia_reg.c&Event-Calling-Function=sofia_reg_parse_auth&Event-Calling-Line-Number=3069&Event-Sequence=4711&action=sip_auth&sip_profile=phones&sip_user_agent=Bench%2F1.0&sip_auth_username=${sipName}&sip_auth_realm=${DOMAIN}&sip_auth_nonce=0c9c7b0e-6c80-4c07-b9c1-2a6ed2f9c2a0&sip_auth_uri=sip%3A${DOMAIN}&sip_contact_user=${sipName}&sip_contact_host=127.0.0.1&sip_to_user=${sipName}&sip_to_host=${DOMAIN}&sip_via_protocol=udp&sip_from_user=${sipName}&sip_from_host=${DOMAIN}&sip_call_id=bench&sip_request_host=${DOMAIN}&sip_auth_qop=auth&sip_auth_cnonce=bench&sip_auth_nc=00000001&sip_auth_response=0123456789abcdef0123456789abcdef&sip_auth_method=REGISTER&client_port=5060&key=id&user=${sipName}&domain=${DOMAIN}&ip=127.0.0.1`;
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: "POST",
        agent: false,
        headers: {
          Authorization: authorization,
          "Content-Type": "application/x-www-form-urlencoded",
          "Content-Length": Buffer.byteLength(body),
        },
      },
      (answer) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (chunk: string) => {
          text += chunk;
        });
        answer.on("end", () => resolve(text));
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

interface StormFigures {
  readonly by: string;
  readonly phones: number;
  readonly seconds: number;
  readonly failed: number;
  /** Final answers by status. */
  readonly finals: Readonly<Record<string, number>>;
  readonly repeated: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** CPU seconds over the storm. */
  readonly switchCpu: number;
  readonly engineCpu: number | null;
}

async function measureStorms(
  path: string,
  ports: Ports,
  count: number,
  seconds: number,
  say: (line: string) => void,
): Promise<StormFigures[]> {
  const phones = Array.from({ length: count }, (_, index) => ({
    user: sipNameOf(index),
    password: passwordOf(index),
  }));
  const run = async (by: string, theSwitch: LocalSwitch, engine: Engine | null): Promise<StormFigures> => {
    say(`${count} phones sign in within ${seconds} s, by ${by}`);
    const switchBefore = cpuMs(theSwitch.pid);
    const engineBefore = engine === null ? 0 : cpuMs(engine.pid);
    const result = await storm({ phones, seconds, port: ports.phones, domain: theSwitch.domain });
    return {
      ...figures(result),
      by,
      phones: count,
      seconds,
      switchCpu: rounded((cpuMs(theSwitch.pid) - switchBefore) / 1000, 1),
      engineCpu: engine === null ? null : rounded((cpuMs(engine.pid) - engineBefore) / 1000, 1),
    };
  };
  const secret = systemIds.uuid();
  const withDirectory = await startLocalSwitch(path, ports, "", { secret });
  const measured: StormFigures[] = [];
  try {
    const engine = await startEngine(ports, withDirectory.port, withDirectory.password, count, secret);
    try {
      measured.push(await run("the engine's directory", withDirectory, engine));
    } finally {
      await engine.stop();
    }
  } finally {
    await withDirectory.stop();
  }
  const inFiles = await startLocalSwitch(path, ports, "", {
    phones: new Map(phones.map(({ user, password }) => [user, password])),
  });
  try {
    measured.push(await run("the switch's own files", inFiles, null));
  } finally {
    await inFiles.stop();
  }
  return measured;
}

function figures({ tookMs, failed, finals, repeated }: StormResult) {
  return {
    failed,
    finals: Object.fromEntries(finals),
    repeated,
    medianMs: rounded(percentile(tookMs, 0.5), 1),
    p99Ms: rounded(percentile(tookMs, 0.99), 1),
    maxMs: rounded(Math.max(...tookMs), 1),
  };
}

function lookupTable(all: readonly LookupFigures[]): Table {
  return {
    heads: ["look-ups, devices in the office", "a second", "median ms", "p99 ms", "max ms", "engine us"],
    rows: all.map((one) => [
      String(one.devices),
      String(one.perSecond),
      one.medianMs.toFixed(2),
      one.p99Ms.toFixed(2),
      one.maxMs.toFixed(2),
      String(one.cpuMicroseconds),
    ]),
  };
}

function stormTable(all: readonly StormFigures[]): Table {
  return {
    heads: [
      "registrations, by",
      "phones",
      "failed",
      "repeated",
      "median ms",
      "p99 ms",
      "max ms",
      "switch s",
      "engine s",
    ],
    rows: all.map((one) => [
      one.by,
      `${one.phones} in ${one.seconds} s`,
      String(one.failed),
      String(one.repeated),
      one.medianMs.toFixed(1),
      one.p99Ms.toFixed(1),
      one.maxMs.toFixed(1),
      one.switchCpu.toFixed(1),
      one.engineCpu === null ? "-" : one.engineCpu.toFixed(1),
    ]),
  };
}
