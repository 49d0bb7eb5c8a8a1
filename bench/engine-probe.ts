/**
 * Runs inside the engine's process (`node --import`), and tells its memory and the longest stall of its event loop over
 * HTTP, and profiles it: the heap after a collection cannot be read from outside. It imports nothing of the product, so that it can look
 * into an engine of any revision.
 */
import { createServer } from "node:http";
import { Session } from "node:inspector/promises";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** What the probe tells. */
export interface EngineMemory {
  /** After a collection, which the answer waits for. */
  readonly heapBytes: number;
  readonly residentBytes: number;
  /** Since the last answer. The collection that the probe asks for is not in it. */
  readonly longestStallMs: number;
}

/** The variable with the port of the loopback on which the probe answers. */
export const PROBE_VARIABLE = "RINGLINE_BENCH_PROBE";
const RESOLUTION_MS = 2;
/** Between samples of a profile. */
const SAMPLE_US = 250;

const port = process.env[PROBE_VARIABLE];
if (port !== undefined) answerOn(Number(port));

function answerOn(at: number): void {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  const memory = (): EngineMemory => {
    const longestStallMs = Math.max(0, delays.max / 1e6 - RESOLUTION_MS);
    const residentBytes = process.memoryUsage.rss();
    delays.disable();
    // Twice: the first collection runs finalizers, whose objects the second one frees.
    collect();
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    delays.reset();
    delays.enable();
    return { heapBytes: heapUsed + arrayBuffers, residentBytes, longestStallMs };
  };
  const session = new Session();
  const answers: Readonly<Record<string, () => Promise<unknown>>> = {
    "/memory": async () => memory(),
    "/profile/begin": () => beginProfile(session),
    "/profile/end": async () => (await session.post("Profiler.stop")).profile,
  };
  const server = createServer((request, response) => {
    const answer = answers[request.url ?? ""]?.() ?? Promise.reject(new Error("unknown question"));
    answer.then(
      (value) => response.end(JSON.stringify(value ?? null)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.listen(at, "127.0.0.1");
  // The engine ends without waiting for the probe.
  server.unref();
}

async function beginProfile(session: Session): Promise<void> {
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: SAMPLE_US });
  await session.post("Profiler.start");
}
