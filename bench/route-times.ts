/**
 * How long it takes to route a call to one of many numbers: by a plain XML dialplan, which tries one extension after the
 * other, and by the engine. Every number is busy, so the time is from the INVITE to the 486.
 */
import { findSwitch } from "../fixtures/harness/find-switch.js";
import { claimPorts } from "../fixtures/harness/ports.js";
import { startEngineProgram } from "./engine-program.js";
import { numberAt } from "./large-office.js";
import { PHONE, startLocalSwitch } from "./local-switch.js";
import { SipPair } from "./sip/pair.js";

export interface Routed {
  readonly by: "plain XML dialplan" | "engine";
  readonly numbers: number;
  /** Of each call. */
  readonly ms: readonly number[];
}

const SIZES = [100, 1_000, 10_000];
const WARM_UP = 20;
const BUSY = "486";

/** Places calls one after the other, each to another number. Needs a switch program that can be configured. */
export async function routeTimes(
  calls: number,
  say: (line: string) => void,
): Promise<readonly Routed[] | { readonly skipped: string }> {
  const found = await findSwitch(process.env);
  if (found.kind !== "binary")
    return { skipped: `needs a freeswitch program of its own (RINGLINE_FREESWITCH), found: ${found.kind}` };
  const routed: Routed[] = [];
  for (const by of ["plain XML dialplan", "engine"] as const)
    for (const numbers of SIZES) {
      routed.push({ by, numbers, ms: await measure(found.path, by, numbers, calls) });
      say(`${by}, ${numbers} numbers: measured`);
    }
  return routed;
}

async function measure(
  path: string,
  by: Routed["by"],
  numbers: number,
  calls: number,
): Promise<readonly number[]> {
  const ports = await claimPorts(process.env);
  const phonePort = ports.next();
  const theSwitch = await startLocalSwitch(path, ports, by === "engine" ? "" : extensions(numbers));
  try {
    const engine =
      by === "engine" ? await startEngineProgram(theSwitch, { office: officeOf(numbers) }) : null;
    const pair = await SipPair.open({
      callerPort: ports.next(),
      phonePort,
      switchSip: theSwitch.sip,
      domain: theSwitch.domain,
      phones: [PHONE],
    });
    const ms: number[] = [];
    for (let n = 0; n < WARM_UP + calls; n += 1) {
      const number = numberAt((n * 7_919) % numbers).slice(1);
      const times = await pair.call({ number, caller: String(13_000_000_000 + n), talkMs: 0 });
      if (times.failure !== BUSY) throw new Error(`a call ended with ${times.failure ?? "200"}`);
      if (n >= WARM_UP) ms.push((times.endedMs ?? Number.NaN) - times.invitedMs);
    }
    pair.close();
    await engine?.stop();
    return ms;
  } finally {
    await theSwitch.stop();
  }
}

function extensions(numbers: number): string {
  return Array.from({ length: numbers }, (_, n) => {
    const expression = `^\\+?${numberAt(n).slice(1)}$`;
    return `<extension name="n${n}"><condition field="destination_number" expression="${expression}"><action application="hangup" data="USER_BUSY"/></condition></extension>`;
  }).join("\n");
}

function officeOf(numbers: number): string {
  const user = `users: [ { username: bench.user, name: Bench User, extension: 101, devices: [ { id: desk, sip: ${PHONE.user} } ] } ]`;
  const lines = Array.from(
    { length: numbers },
    (_, n) => `  - { number: "${numberAt(n)}", steps: [ { hangup: busy } ] }`,
  );
  return [
    "office: { name: Bench, country: US, timezone: America/New_York }",
    user,
    "numbers:",
    ...lines,
    "",
  ].join("\n");
}
