/** An engine with the probe inside: how it is started, and how the probe is asked. */
import { get } from "node:http";
import { LOOPBACK } from "../fixtures/harness/sip-message.js";
import { type EngineMemory, PROBE_VARIABLE } from "./engine-probe.js";
import type { EngineProgramOptions } from "./engine-program.js";
import type { CpuProfile } from "./profile.js";

/** The options of an engine with the probe on this port. */
export function withProbe(port: number): EngineProgramOptions {
  const probe = new URL("./engine-probe.js", import.meta.url).href;
  return { nodeArgs: ["--import", probe], env: { [PROBE_VARIABLE]: String(port) } };
}

/** This collects the engine's garbage, and begins a new time for its longest stall. */
export async function memoryOf(port: number): Promise<EngineMemory> {
  return JSON.parse(await ask(port, "/memory")) as EngineMemory;
}

export async function beginProfile(port: number): Promise<void> {
  await ask(port, "/profile/begin");
}

export async function endProfile(port: number): Promise<CpuProfile> {
  return JSON.parse(await ask(port, "/profile/end")) as CpuProfile;
}

function ask(port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ host: LOOPBACK, port, path, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        text += part;
      });
      response.on("end", () => {
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`the probe in the engine: ${text}`));
      });
    }).on("error", reject);
  });
}
