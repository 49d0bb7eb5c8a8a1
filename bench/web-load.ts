/**
 * `node web-load.js PLAN`: people and programs that ask the API, in a process of their own, so that neither the server nor
 * the calls pay for them. Requests go out at an even rate, whether or not earlier ones are answered, and their times count
 * from when they were to go out. Prints what came of them.
 */
import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { stopwatchMs, systemClock } from "../engine/clock.js";
import { given, mapped } from "../policy/office/optional.js";

export interface WebPlan {
  readonly port: number;
  /** Keys of the API, which take turns. */
  readonly keys: readonly string[];
  readonly rate: number;
  readonly seconds: number;
  /** Addresses of each kind of request; the kinds take turns. */
  readonly asks: Readonly<Record<string, readonly string[]>>;
  /** Readers of the stream of events. */
  readonly viewers: number;
  /** People to import meanwhile, as CSV; left out: none. */
  readonly table?: string;
}

export interface WebLoad {
  /** Milliseconds by kind. */
  readonly times: Readonly<Record<string, readonly number[]>>;
  /** Answers that were none of 200, by status. */
  readonly others: Readonly<Record<string, number>>;
  readonly viewers: { readonly open: number; readonly bytes: number };
  /** The import's status and milliseconds; null: there was none. */
  readonly imported: { readonly status: number; readonly ms: number } | null;
}

const plan = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as WebPlan;
const agent = new Agent({ keepAlive: true, maxSockets: 200 });
const times: Record<string, number[]> = {};
const others: Record<string, number> = {};
const viewers = { open: 0, bytes: 0 };

for (let viewer = 0; viewer < plan.viewers; viewer += 1) view(keyAt(viewer));
const importing = plan.table === undefined ? null : importTable(plan.table);
await askAtRate();
const imported = await importing;
process.stdout.write(`${JSON.stringify({ times, others, viewers, imported } satisfies WebLoad)}\n`);
process.exit();

function keyAt(nth: number): string {
  return plan.keys[nth % plan.keys.length] ?? "";
}

async function askAtRate(): Promise<void> {
  const kinds = Object.entries(plan.asks);
  const all: Promise<void>[] = [];
  const beganMs = stopwatchMs();
  for (let nth = 0; nth < plan.rate * plan.seconds; nth += 1) {
    const dueMs = beganMs + (nth * 1_000) / plan.rate;
    const waitMs = dueMs - stopwatchMs();
    if (waitMs > 1) await new Promise<void>((resolve) => void systemClock.after(waitMs, resolve));
    const [kind, paths] = kinds[nth % kinds.length] ?? ["", []];
    const path = paths[Math.floor(nth / kinds.length) % paths.length] ?? "";
    all.push(
      ask("GET", path, keyAt(nth)).then((status) => {
        times[kind] ??= [];
        if (status === 200) times[kind].push(stopwatchMs() - dueMs);
        else others[status] = (others[status] ?? 0) + 1;
      }),
    );
  }
  await Promise.all(all);
}

async function importTable(path: string): Promise<{ readonly status: number; readonly ms: number }> {
  const beganMs = stopwatchMs();
  const status = await ask("POST", "/tables/users", keyAt(0), readFileSync(path));
  return { status, ms: stopwatchMs() - beganMs };
}

/** @returns the status; 0: there was no answer */
function ask(method: string, path: string, key: string, body?: Buffer): Promise<number> {
  return new Promise((resolve) => {
    const sent = request(
      {
        ...{ agent, method, host: "127.0.0.1", port: plan.port, path: `/api/v1${path}` },
        headers: {
          authorization: `Bearer ${key}`,
          ...given({
            "content-type": mapped(body, () => "text/csv"),
            "content-length": mapped(body, ({ length }) => String(length)),
          }),
        },
      },
      (response) => {
        response.resume();
        response.once("end", () => resolve(response.statusCode ?? 0));
        response.once("error", () => resolve(0));
      },
    );
    sent.once("error", () => resolve(0));
    sent.end(body);
  });
}

function view(key: string): void {
  const sent = request(
    { host: "127.0.0.1", port: plan.port, path: "/api/v1/live", headers: { authorization: `Bearer ${key}` } },
    (response) => {
      if (response.statusCode !== 200) return;
      viewers.open += 1;
      response.on("data", (piece: Buffer) => {
        viewers.bytes += piece.length;
      });
    },
  );
  sent.once("error", () => undefined);
  sent.end();
}
