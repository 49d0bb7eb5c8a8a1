/**
 * What the web server takes for the lists of a large office, and what calls notice of it. The server, the engine, the
 * switch and those who ask are processes of their own.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { KEY_POWERS, makeKey } from "../engine/accounts/api-keys.js";
import { systemClock } from "../engine/clock.js";
import { systemIds } from "../engine/ids.js";
import { group } from "../fixtures/core/scene.js";
import { sleep, until } from "../fixtures/harness/clock.js";
import { claimPorts } from "../fixtures/harness/ports.js";
import { type Program, start } from "../fixtures/harness/processes.js";
import { RINGLINE, startLiveEngine } from "../fixtures/live/engine.js";
import { openLoad } from "../fixtures/live/load.js";
import { callerNumber } from "../fixtures/records/made-calls.js";
import { SYSTEM_ADMINS } from "../policy/office/built-in.js";
import type { Office } from "../policy/office/office.js";
import { given } from "../policy/office/optional.js";
import { RoutingTable } from "../policy/routing/table.js";
import { openStore, type Store } from "../storage/store.js";
import type { Bench, Table } from "./bench.js";
import { numberIn } from "./calls/arguments.js";
import { percentile, rounded } from "./figures.js";
import { largeOffice } from "./large-office.js";
import { COMPANY, fill } from "./record-crowd.js";
import type { WebLoad, WebPlan } from "./web-load.js";

const READY_MS = 60_000;
/** Each key may ask 50 times a second. */
const KEYS = 20;
const NUMBERS_A_USER = 10;

interface Turn {
  readonly name: string;
  /** From each INVITE to the first 180. */
  readonly toRing: readonly number[];
  readonly load: WebLoad | null;
  /** The most memory that the server has taken until then, in bytes; null: nobody asked. */
  readonly memoryMax: number | null;
}

/**
 * `--users` (10000) and `--calls` (1000000, one of `--copies` written) of the office whose lists are asked for, `--rate`
 * (100) of questions for `--seconds` (30). Then calls at `--calls-rate` (25) alone and beside `--load` (500) questions a second,
 * `--viewers` (200) and an import of `--import` (10000) people, in `--rounds` (2) of `--turn` seconds (30).
 */
export const web: Bench = async (args, say) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      users: { type: "string", default: "10000" },
      calls: { type: "string", default: "1000000" },
      copies: { type: "string", default: "50" },
      rate: { type: "string", default: "100" },
      seconds: { type: "string", default: "30" },
      "calls-rate": { type: "string", default: "25" },
      load: { type: "string", default: "500" },
      viewers: { type: "string", default: "200" },
      import: { type: "string", default: "10000" },
      rounds: { type: "string", default: "2" },
      turn: { type: "string", default: "30" },
    },
  });
  const number = (name: keyof typeof values, min = 1) => numberIn(values[name], min);
  const folder = mkdtempSync(join(tmpdir(), "ringline-bench-web-"));
  try {
    const large = { users: number("users"), calls: number("calls"), copies: number("copies") };
    const lists = await measureLists(
      folder,
      large,
      { rate: number("rate"), seconds: number("seconds") },
      say,
    );
    const turns = await measureCalls(
      folder,
      {
        ...{ rounds: number("rounds", 0), seconds: number("turn"), callsRate: number("calls-rate") },
        ...{ load: number("load"), viewers: number("viewers", 0), people: number("import", 0) },
      },
      say,
    );
    return { parts: partsOf(large, lists, turns), json: { bench: "web", ...large, lists, turns } };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

interface Large {
  readonly users: number;
  readonly calls: number;
  readonly copies: number;
}

/** The lists of a large office, as pages and programs ask for them. */
async function measureLists(
  folder: string,
  { users, calls, copies }: Large,
  { rate, seconds }: { readonly rate: number; readonly seconds: number },
  say: (line: string) => void,
): Promise<WebLoad> {
  const db = join(folder, "large.db");
  const store = await opened(db);
  const large = largeOffice(users * NUMBERS_A_USER);
  // A number for each user, as an office has them.
  const office = withAdmin({ ...large, numbers: large.numbers.slice(0, users) });
  await store.applyOffice(office, {
    author: "bench",
    message: "",
    sourceHash: "",
    nowMs: systemClock.nowMs(),
  });
  await fill(store, calls, copies, say);
  const keys = await keysOf(store, office);
  await store.close();
  say("the office and its calls are there");
  const server = await startWeb(folder, db);
  try {
    const plan = { port: server.port, keys, viewers: 0, asks: asksOf(users) };
    // The first requests load the office.
    await loadBy(folder, { ...plan, rate: 5, seconds: 3 });
    return await loadBy(folder, { ...plan, rate, seconds });
  } finally {
    await server.stop();
  }
}

function asksOf(users: number): WebPlan["asks"] {
  const many = (path: (nth: number) => string) => Array.from({ length: 500 }, (_, nth) => path(nth * 7_919));
  const user = (nth: number) => `user.${String(nth % users).padStart(6, "0")}`;
  return {
    "users, a page": ["/users"],
    "users, by a part of a name": many((nth) => `/users?q=${nth % users}`),
    "one user": many((nth) => `/users/${user(nth)}`),
    "numbers, a page": ["/numbers"],
    "numbers, by a part of one": many((nth) => `/numbers?q=${2_000 + (nth % 7_000)}`),
    "groups, a page": ["/groups"],
    search: many((nth) => `/search?q=${nth % users}`),
    "calls, the newest": ["/calls"],
    "calls, by a part of a number": many((nth) => `/calls?number=${1_000 + (nth % 9_000)}`),
    "calls of a caller": many(
      (nth) => `/calls?number=${encodeURIComponent(callerNumber(nth % COMPANY.callers))}`,
    ),
    "calls, missed": ["/calls?result=missed"],
  };
}

interface CallsPlan {
  readonly rounds: number;
  readonly seconds: number;
  readonly callsRate: number;
  readonly load: number;
  readonly viewers: number;
  readonly people: number;
}

/** The times of calls, alone and beside a busy web server, in turns. */
async function measureCalls(folder: string, plan: CallsPlan, say: (line: string) => void): Promise<Turn[]> {
  if (plan.rounds === 0) return [];
  const calls = await openLoad();
  try {
    const engine = await startLiveEngine(calls);
    try {
      const keys = await adminOf(engine.db);
      const server = await startWeb(folder, engine.db);
      try {
        calls.callsPerSecond(plan.callsRate);
        await sleep(10_000);
        const turns: Turn[] = [];
        for (let round = 0; round < plan.rounds; round += 1)
          for (const busy of round % 2 === 0 ? [false, true] : [true, false]) {
            const table = busy && round === 0 ? peopleTable(folder, plan.people) : undefined;
            calls.ringTimes();
            const load = busy
              ? await loadBy(folder, {
                  ...{
                    port: server.port,
                    keys,
                    rate: plan.load,
                    seconds: plan.seconds,
                    viewers: plan.viewers,
                  },
                  asks: { "users, a page": ["/users"], "calls, the newest": ["/calls"], me: ["/me"] },
                  ...given({ table }),
                })
              : await sleep(1_000 * plan.seconds).then(() => null);
            const turn = {
              name: busy ? "beside a busy web server" : "alone",
              toRing: calls.ringTimes(),
              load,
              memoryMax: load === null ? null : server.memoryMax(),
            };
            turns.push(turn);
            say(
              `${turn.name}: to 180 ${percentile(turn.toRing, 0.5)} ms, p99 ${percentile(turn.toRing, 0.99)} ms`,
            );
          }
        return turns;
      } finally {
        await server.stop();
      }
    } finally {
      await engine.stop();
    }
  } finally {
    await calls.close();
  }
}

/** The first user becomes the administrator whose keys are used. */
async function adminOf(db: string): Promise<string[]> {
  const store = await opened(db);
  const office = await store.loadOffice();
  if (office === undefined) throw new Error("there is no office");
  const admins = withAdmin(office);
  await store.applyOffice(admins, {
    author: "bench",
    message: "",
    sourceHash: "",
    nowMs: systemClock.nowMs(),
  });
  const keys = await keysOf(store, admins);
  await store.close();
  return keys;
}

function withAdmin(office: Office): Office {
  const members = office.users.slice(0, 1).map(({ username }) => username);
  const others = office.groups.filter(({ id }) => id !== SYSTEM_ADMINS);
  return { ...office, groups: [...others, group(SYSTEM_ADMINS, members)] };
}

async function keysOf(store: Store, office: Office): Promise<string[]> {
  const [user] = office.users;
  if (user === undefined) throw new Error("the office has no user");
  const nowMs = systemClock.nowMs();
  // Nobody signs in with it: a key is all that is used.
  await store.accounts.put({
    username: user.username,
    passwordHash: "",
    activatedMs: nowMs,
    passwordMs: nowMs,
  });
  const deps = { store, clock: systemClock, ids: systemIds };
  const maker = { user, office: RoutingTable.of(office, 1) };
  const keys: string[] = [];
  for (let nth = 0; nth < KEYS; nth += 1) {
    const made = await makeKey(deps, maker, { name: `bench ${nth}`, powers: KEY_POWERS, expiresMs: null });
    if (made.outcome !== "key_made") throw new Error(`no key: ${made.outcome}`);
    keys.push(made.text);
  }
  return keys;
}

async function opened(path: string): Promise<Store> {
  const store = await openStore(path, { isQuick: true });
  if (!store.ok) throw new Error(store.failure.reason);
  return store.store;
}

interface Web {
  readonly port: number;
  /** The most memory that it has taken, in bytes. */
  readonly memoryMax: () => number;
  stop(): Promise<void>;
}

async function startWeb(folder: string, db: string): Promise<Web> {
  const port = (await claimPorts(process.env)).next();
  const program: Program = await start(
    process.execPath,
    [RINGLINE, "web", "--db", db, "--listen", `127.0.0.1:${port}`],
    {
      logFile: join(folder, "web.log"),
    },
  );
  const isReady = () => program.output().includes("the web server answers");
  await until(() => !program.running() || isReady(), READY_MS);
  if (isReady()) return { port, memoryMax: () => memoryMaxOf(program.pid), stop: () => program.stop() };
  throw new Error(`the web server is not ready:\n${program.output()}`);
}

function memoryMaxOf(pid: number): number {
  const [, kib = "0"] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kib) * 1_024;
}

/** Asks, in a process of its own. */
function loadBy(folder: string, plan: WebPlan): Promise<WebLoad> {
  const path = join(folder, "plan.json");
  writeFileSync(path, JSON.stringify(plan));
  const program = fileURLToPath(new URL("./web-load.js", import.meta.url));
  const child = spawn(process.execPath, [program, path], { stdio: ["ignore", "pipe", "inherit"] });
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (piece: string) => {
      text += piece;
    });
    child.once("error", reject);
    child.once("close", (code) => {
      if (code !== 0) return reject(new Error(`those who ask have ended with ${code}`));
      const load = JSON.parse(text) as WebLoad;
      // Times of a server that is not there would say nothing.
      if (Object.values(load.times).flat().length === 0)
        reject(new Error(`no question was answered: ${JSON.stringify(load.others)}`));
      else resolve(load);
    });
  });
}

function peopleTable(folder: string, people: number): string | undefined {
  if (people === 0) return undefined;
  const path = join(folder, "people.csv");
  const row = (nth: number) => `person.${String(nth).padStart(5, "0")},Person ${nth},p${nth}@example.com\n`;
  writeFileSync(
    path,
    `username,name,email\n${Array.from({ length: people }, (_, nth) => row(nth)).join("")}`,
  );
  return path;
}

function partsOf({ users, calls }: Large, lists: WebLoad, turns: readonly Turn[]): (string | Table)[] {
  const about = `${users} users and as many numbers, ${calls} calls; from when a request was to go out to the end of its answer.`;
  const parts: (string | Table)[] = [about, timesTable("list", lists)];
  const wrong = othersText(lists);
  if (wrong !== "") parts.push(wrong);
  if (turns.length === 0) return parts;
  const rows = ["alone", "beside a busy web server"].map((name) => {
    const times = turns.filter((turn) => turn.name === name).flatMap(({ toRing }) => toRing);
    return [name, String(times.length), ms(times, 0.5), ms(times, 0.99), ms(times, 1)];
  });
  parts.push({ heads: ["calls", "count", "INVITE to 180 ms", "p99", "longest"], rows });
  for (const { load, memoryMax } of turns)
    if (load !== null) {
      parts.push(timesTable("asked meanwhile", load));
      const { viewers, imported } = load;
      const table =
        imported === null
          ? ""
          : `; the import was answered ${imported.status} after ${rounded(imported.ms / 1_000, 1)} s`;
      parts.push(
        `${viewers.open} viewers took ${rounded(viewers.bytes / 1e6, 1)} MB${table}. The server took at most ${rounded((memoryMax ?? 0) / 1e6, 0)} MB of memory. ${othersText(load)}`,
      );
    }
  return parts;
}

function timesTable(head: string, { times }: WebLoad): Table {
  const rows = Object.entries(times).map(([kind, all]) => [
    ...[kind, String(all.length), ms(all, 0.5), ms(all, 0.99), ms(all, 1)],
  ]);
  return { heads: [head, "answers", "ms", "p99", "longest"], rows };
}

function othersText({ others }: WebLoad): string {
  const counts = Object.entries(others).map(([status, count]) => `${count} with ${status}`);
  return counts.length === 0 ? "" : `Other answers: ${counts.join(", ")}.`;
}

function ms(values: readonly number[], part: number): string {
  return values.length === 0 ? "-" : String(rounded(percentile(values, part), 1));
}
