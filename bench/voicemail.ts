/**
 * Two hundred callers who leave a message at once, on a real switch with real audio: by the engine, and by a plain
 * dialplan that plays the same greeting and tone and records. Each caller sends a tone of its own, and each stored file
 * is checked afterwards: whether it exists, has the caller's tone, and how much is missing.
 */
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { stopwatchMs } from "../engine/clock.js";
import { TELEPHONE_RATE } from "../engine/voicemail/telephone-wav.js";
import { BYTES_PER_SAMPLE, wavHeader } from "../engine/voicemail/wav.js";
import { sleep, until, within } from "../fixtures/harness/clock.js";
import { findSwitch } from "../fixtures/harness/find-switch.js";
import { claimPorts, type Ports } from "../fixtures/harness/ports.js";
import { PACKET_MS } from "../fixtures/harness/rtp.js";
import type { MediaAddress } from "../fixtures/harness/sdp.js";
import { LOOPBACK } from "../fixtures/harness/sip-message.js";
import { readWavFile } from "../fixtures/harness/wav-file.js";
import type { Bench } from "./bench.js";
import { Choir, type Sung } from "./choir.js";
import { type EngineProgram, startEngineProgram } from "./engine-program.js";
import { median, percentile, rounded } from "./figures.js";
import { type LocalSwitch, PHONE, startLocalSwitch } from "./local-switch.js";
import { cpuMs } from "./process-cpu.js";
import type { CallTimes } from "./sip/call.js";
import { SipPair } from "./sip/pair.js";

const GREETING = "bench-greeting.wav";
const GREETING_HZ = 400;
const GREETING_MS = 2_000;
const LOUDNESS = 8_000;
const BOXES = 20;
const PLAIN_NUMBER = "12125550199";
/** Callers' tones: whole waves in each packet, and neighbours have different tones. */
const TONES_HZ = Array.from({ length: 35 }, (_, index) => 300 + index * 50);
const TONE_TOLERANCE_HZ = 10;
const LENGTH_TOLERANCE_MS = 200;
/** The time beyond greeting and speech after which a caller gives up. */
const PATIENCE_MS = 15_000;
const DELIVERED_MS = 30_000;
const AFTER_MS = 1_000;

type Variant = "plain" | "engine";

interface Plan {
  readonly callers: number;
  readonly withinMs: number;
  readonly speaksMs: number;
}

interface Rig extends Plan {
  readonly theSwitch: LocalSwitch;
  readonly ports: Ports;
  readonly pair: SipPair;
  readonly choir: Choir;
}

interface Caller {
  readonly number: string;
  readonly toneHz: number;
  readonly times: CallTimes;
  readonly sung: Sung | null;
}

interface Stored {
  /** The caller's number. */
  readonly caller: string;
  readonly path: string;
}

interface Round {
  readonly variant: Variant;
  readonly callers: readonly Caller[];
  readonly whole: number;
  readonly missingMs: readonly number[];
  readonly problems: readonly string[];
  readonly switchMs: number;
  readonly engineMs: number | null;
  /** The longest stall of the engine's event loop. */
  readonly stallMs: number | null;
  readonly oursStallMs: number;
}

/**
 * `--callers` at once (200), who arrive `--within` seconds (2) and speak for `--seconds` (10); `--rounds` of each (1).
 * `--real-time` gives the switch the priority it usually has, which starves callers on the same machine when it is full.
 */
export const voicemail: Bench = async (args, say) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      callers: { type: "string", default: "200" },
      within: { type: "string", default: "2" },
      seconds: { type: "string", default: "10" },
      rounds: { type: "string", default: "1" },
      "real-time": { type: "boolean", default: false },
    },
  });
  const found = await findSwitch(process.env);
  if (found.kind !== "binary")
    return { skipped: `needs a freeswitch program of its own (RINGLINE_FREESWITCH), found: ${found.kind}` };
  const plan = {
    callers: Number(values.callers),
    withinMs: Number(values.within) * 1_000,
    speaksMs: Number(values.seconds) * 1_000,
  };
  const ports = await claimPorts(process.env);
  const theSwitch = await startLocalSwitch(found.path, ports, PLAIN_EXTENSION, {
    normalPriority: !values["real-time"],
  });
  try {
    writeFileSync(join(theSwitch.sounds, GREETING), greeting());
    const pair = await SipPair.open({
      callerPort: ports.next(),
      phonePort: ports.next(),
      switchSip: theSwitch.sip,
      domain: theSwitch.domain,
      phones: [PHONE],
    });
    const choir = await Choir.open(ports.next());
    const rounds: Round[] = [];
    for (let n = 0; n < Number(values.rounds); n += 1)
      for (const variant of n % 2 === 0 ? (["plain", "engine"] as const) : (["engine", "plain"] as const)) {
        const round = await turn({ ...plan, theSwitch, ports, pair, choir }, variant);
        rounds.push(round);
        for (const problem of round.problems) say(`${variant}: ${problem}`);
      }
    choir.close();
    pair.close();
    return report(theSwitch.version, plan, rounds);
  } finally {
    await theSwitch.stop();
  }
};

/** The same steps and options of the recording as the engine's. */
const PLAIN_EXTENSION = `<extension name="plain"><condition field="destination_number" expression="^\\+?${PLAIN_NUMBER}$">
    <action application="answer"/>
    <action application="set" data="playback_terminators=#"/>
    <action application="set" data="enable_file_write_buffering=false"/>
    <action application="set" data="record_sample_rate=8000"/>
    <action application="set" data="record_fill_cng=true"/>
    <action application="set" data="record_waste_resources=true"/>
    <action application="playback" data="${GREETING}"/>
    <action application="playback" data="beep.wav"/>
    <action application="record" data="$\${recordings_dir}/\${caller_id_number}.wav 300 200 10"/></condition></extension>`;

const boxNumber = (index: number) => `+12125551${String(100 + (index % BOXES))}`;

/** Twenty mailboxes; the first has a phone, whose lamp is updated with each message. */
function office(): string {
  const users = Array.from({ length: BOXES }, (_, index) => {
    const devices = index === 0 ? `, devices: [ { id: desk, sip: ${PHONE.user} } ]` : "";
    return `  - { username: user.${index}, name: User ${index}, extension: ${100 + index}, voicemail: { greeting: ${GREETING}, max_messages: 1000 }${devices} }`;
  });
  const numbers = Array.from(
    { length: BOXES },
    (_, index) => `  - { number: "${boxNumber(index)}", steps: [ { voicemail: user:user.${index} } ] }`,
  );
  return `office: { name: Bench, country: US, timezone: America/New_York }
users:
${users.join("\n")}
numbers:
${numbers.join("\n")}
`;
}

function greeting(): Buffer {
  const samples = (TELEPHONE_RATE * GREETING_MS) / 1_000;
  const sound = Buffer.alloc(samples * BYTES_PER_SAMPLE);
  for (let index = 0; index < samples; index += 1) {
    const wave = Math.sin((2 * Math.PI * GREETING_HZ * index) / TELEPHONE_RATE);
    sound.writeInt16LE(Math.round(LOUDNESS * wave), index * BYTES_PER_SAMPLE);
  }
  return Buffer.concat([wavHeader(TELEPHONE_RATE, sound.length), sound]);
}

async function turn(rig: Rig, variant: Variant): Promise<Round> {
  const { theSwitch, ports } = rig;
  const metrics = `${LOOPBACK}:${ports.next()}`;
  const engine =
    variant === "plain"
      ? null
      : await startEngineProgram(theSwitch, {
          office: office(),
          args: ["--recordings", theSwitch.recordings, "--metrics", metrics],
        });
  const ours = monitorEventLoopDelay({ resolution: 1 });
  try {
    // Reading resets the longest stall.
    if (engine !== null) await engineStallMs(metrics);
    const switchBefore = cpuMs(theSwitch.pid);
    const engineBefore = engine === null ? 0 : cpuMs(engine.pid);
    ours.enable();
    const callers = await place(rig, variant);
    ours.disable();
    await sleep(AFTER_MS);
    const switchMs = cpuMs(theSwitch.pid) - switchBefore;
    const engineMs = engine === null ? null : cpuMs(engine.pid) - engineBefore;
    const stallMs = engine === null ? null : await engineStallMs(metrics);
    const stored =
      engine === null ? storedByDialplan(theSwitch) : await storedByEngine(theSwitch, engine, callers);
    return {
      variant,
      callers,
      ...checkStored(callers, stored),
      switchMs,
      engineMs,
      stallMs,
      oursStallMs: ours.max / 1_000_000,
    };
  } finally {
    await engine?.stop();
    for (const name of readdirSync(theSwitch.recordings))
      rmSync(join(theSwitch.recordings, name), { recursive: true });
  }
}

async function place(rig: Rig, variant: Variant): Promise<readonly Caller[]> {
  const startMs = stopwatchMs();
  const calls: Array<Promise<Caller>> = [];
  while (calls.length < rig.callers) {
    const share = rig.withinMs === 0 ? 1 : (stopwatchMs() - startMs) / rig.withinMs;
    const due = Math.min(rig.callers, Math.floor(share * rig.callers) + 1);
    while (calls.length < due) calls.push(leaveMessage(rig, variant, calls.length));
    await sleep(1);
  }
  return Promise.all(calls);
}

async function leaveMessage(rig: Rig, variant: Variant, index: number): Promise<Caller> {
  const { choir, pair, speaksMs } = rig;
  const number = String(13_000_000_000 + index);
  const toneHz = TONES_HZ[index % TONES_HZ.length] ?? GREETING_HZ;
  const patienceMs = GREETING_MS + speaksMs + PATIENCE_MS;
  let sung: Sung | null = null;
  const talk = async (to: MediaAddress) => {
    const singing = choir.sing(to, toneHz, speaksMs);
    if ((await within(singing, patienceMs, null)) === null) choir.giveUp(to);
    sung = await singing;
  };
  const times = await pair.call({
    number: variant === "plain" ? PLAIN_NUMBER : boxNumber(index).slice(1),
    caller: number,
    talkMs: patienceMs,
    voice: { port: choir.port, talk },
  });
  return { number, toneHz, times, sung };
}

/** `ringline_nodejs_eventloop_lag_max_seconds`, which is reset each time it is read. */
function engineStallMs(address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get(`http://${address}/metrics`, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        text += part;
      });
      response.on("end", () => {
        const value = /^ringline_nodejs_eventloop_lag_max_seconds (\S+)/m.exec(text)?.[1];
        if (value === undefined) reject(new Error("the engine tells nothing of its event loop"));
        else resolve(Number(value) * 1_000);
      });
    }).on("error", reject);
  });
}

function storedByDialplan({ recordings }: LocalSwitch): readonly Stored[] {
  return readdirSync(recordings)
    .filter((name) => name.endsWith(".wav"))
    .map((name) => ({ caller: name.replace(/^\+|\.wav$/g, ""), path: join(recordings, name) }));
}

/** The messages in the mailboxes, once that of the last call is there. */
async function storedByEngine(
  { recordings }: LocalSwitch,
  engine: EngineProgram,
  callers: readonly Caller[],
): Promise<readonly Stored[]> {
  let listed: readonly Stored[] = [];
  await until(() => {
    const lines = engine.command("voicemail", "list", "--json").split("\n");
    listed = lines
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line) as { readonly id: string; readonly callerNumber: string })
      .map(({ id, callerNumber }) => ({
        caller: callerNumber.replace(/^\+/, ""),
        path: join(recordings, `${id}.wav`),
      }));
    return listed.length >= callers.length;
  }, DELIVERED_MS);
  return listed;
}

/** Counts the callers whose message exists once, with their tone and in full length. */
function checkStored(
  callers: readonly Caller[],
  stored: readonly Stored[],
): Pick<Round, "whole" | "missingMs" | "problems"> {
  const problems: string[] = [];
  const missingMs: number[] = [];
  let whole = 0;
  for (const { number, toneHz, times, sung } of callers) {
    if (times.failure !== undefined) problems.push(`${number}: ${times.failure}`);
    const mine = stored.filter(({ caller }) => caller === number);
    const [message] = mine;
    if (message === undefined || mine.length > 1 || sung === null) {
      problems.push(`${number}: ${mine.length} messages${sung === null ? ", and no tone was heard" : ""}`);
      continue;
    }
    const file = readWavFile(message.path);
    const gone = sung.spokenMs - file.soundMs;
    missingMs.push(gone);
    if (Math.abs(file.toneHz - toneHz) > TONE_TOLERANCE_HZ)
      problems.push(`${number}: a tone of ${file.toneHz} Hz instead of ${toneHz}`);
    else if (Math.abs(gone) > LENGTH_TOLERANCE_MS)
      problems.push(`${number}: ${file.soundMs} ms of ${sung.spokenMs} that were said`);
    else whole += 1;
  }
  return { whole, missingMs, problems };
}

/** From the end of the greeting to the beginning of the tone, as the caller hears them; 0: packet upon packet. */
function waitsMs(callers: readonly Caller[]): readonly number[] {
  return callers.flatMap(({ sung }) =>
    sung?.greetedMs === undefined || sung.toneMs === undefined
      ? []
      : [Math.max(0, sung.toneMs - sung.greetedMs - PACKET_MS)],
  );
}

function report(version: string, plan: Plan, rounds: readonly Round[]) {
  const results = rounds.map((round) => {
    const waits = waitsMs(round.callers);
    const answers = round.callers.flatMap(({ times }) =>
      times.answeredMs === undefined ? [] : [times.answeredMs - times.invitedMs],
    );
    return {
      by: round.variant === "plain" ? "dialplan record" : "engine",
      callers: round.callers.length,
      whole: round.whole,
      answerP99Ms: rounded(percentile(answers, 0.99), 0),
      waitMs: rounded(median(waits), 0),
      waitP99Ms: rounded(percentile(waits, 0.99), 0),
      waitMaxMs: rounded(Math.max(...waits), 0),
      missingMaxMs: rounded(Math.max(...round.missingMs.map(Math.abs)), 0),
      switchSeconds: rounded(round.switchMs / 1_000, 1),
      engineSeconds: round.engineMs === null ? null : rounded(round.engineMs / 1_000, 1),
      engineStallMs: round.stallMs === null ? null : rounded(round.stallMs, 0),
      oursStallMs: rounded(round.oursStallMs, 0),
    };
  });
  const rows = results.map((each) =>
    Object.values(each).map((value) => (value === null ? "-" : String(value))),
  );
  return {
    switchVersion: version,
    parts: [
      {
        heads: [
          "by",
          "callers",
          "whole messages",
          "to 200, p99 ms",
          "wait for the tone ms",
          "p99",
          "longest",
          "length off by ms, most",
          "switch CPU s",
          "engine CPU s",
          "its longest stall ms",
          "ours",
        ],
        rows,
      },
      `${plan.callers} callers arrive within ${plan.withinMs / 1_000} s, hear a greeting of ${GREETING_MS / 1_000} s, speak for ${plan.speaksMs / 1_000} s, and hang up`,
      "ours: the longest that this process, which plays the callers, did not run; figures below it mean little",
    ],
    json: { bench: "voicemail", version, ...plan, results },
  };
}
