/** An engine whose memory and stalls can be read: how it is started with the probe inside, and how the probe is asked. */
import { get } from "node:http";
import { LOOPBACK } from "../fixtures/harness/sip-message.js";
import { type EngineMemory, PROBE_VARIABLE } from "./engine-probe.js";
import type { EngineProgramOptions } from "./engine-program.js";

/** The options of an engine with the probe on this port. */
export function withProbe(port: number): EngineProgramOptions {
  const probe = new URL("./engine-probe.js", import.meta.url).href;
  return { nodeArgs: ["--import", probe], env: { [PROBE_VARIABLE]: String(port) } };
}

/** Asks the probe; this collects the engine's garbage, and begins a new time for its longest stall. */
export function memoryOf(port: number): Promise<EngineMemory> {
  return new Promise((resolve, reject) => {
    get({ host: LOOPBACK, port, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        text += part;
      });
      response.on("end", () => resolve(JSON.parse(text) as EngineMemory));
    }).on("error", reject);
  });
}
