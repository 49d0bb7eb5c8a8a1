/**
 * `ringline demo`: runs the whole engine on the embedded simulated switch, with the sample office, sample callers and the
 * console, for people who want to see what Ringline does before they have a FreeSWITCH.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InvalidArgumentError } from "commander";
import { type Logger, pino, stdTimeFunctions } from "pino";
import { type ConsoleParts, carryOffice, recordingsIn } from "../../../fixtures/demo/carried-office.js";
import { type Console, giveAccounts, openConsole } from "../../../fixtures/demo/console.js";
import { writePast } from "../../../fixtures/demo/history.js";
import { ADMINISTRATOR, applyConsoleOffice, EMPLOYEE } from "../../../fixtures/demo/office.js";
import { MESSAGE_CALLS, SAMPLE_CALLS, type SampleCall } from "../../../fixtures/demo/sample-calls.js";
import { type SignInCodes, signInCodes, signInLinks } from "../../../fixtures/demo/sign-in-links.js";
import type { Stage } from "../../../fixtures/demo/stage.js";
import { ScaledClock } from "../../../fixtures/scaled-clock.js";
import type { Note } from "../../../policy/call/command.js";
import type { Store } from "../../../storage/store.js";
import type { Call } from "../../calls/call.js";
import { type Clock, systemClock } from "../../clock.js";
import { systemIds } from "../../ids.js";
import { readOffice } from "../../office/files/read.js";
import { endingWord, storyLine } from "../../watch/story.js";
import { EXIT_FAILED, type RegisterCommand } from "../shared/command.js";
import { withDatabase } from "../shared/database.js";
import { packageFile } from "../shared/package-file.js";
import type { Terminal } from "../shared/terminal.js";
import { painted } from "../shared/tones.js";

const HELP = `
Nothing outside this process is touched: the switch is simulated, the database is a temporary file, and everything
listens on the loopback. Each call's story is shown as it happens, until Ctrl-C.

The console is served as well, with a past of two weeks, and a link for each of two people of the office that signs in
whoever opens it. With --speed, --json or --once there is no console.

With --once each sample call is placed once; the exit code is 1 if one ended otherwise than it should.

Examples:
  ringline demo
  ringline demo --once
  ringline demo --once --json`;

/** Without the console sample time passes this much faster: a ring of 20 s takes 4. */
const SPEED_SHOWN = 5;
/** With `--once`, time passes as fast as real sockets and timers can follow. */
const SPEED_ONCE = 10;
/** From one caller to the next, in sample time: with the console so that there is always something to see on its board. */
const BETWEEN_CALLS_MS = 12_000;
const BETWEEN_SEEN_CALLS_MS = 8_000;
/** How long callers talk whose calls are watched on the board. */
const SEEN_TALK_MS = 25_000;
/** The first of these that is free; 0: any. */
const PORTS = [8080, 8081, 8082, 8083, 8084, 8085, 8086, 8087, 8088, 8089, 0];

interface DemoOptions {
  readonly once?: boolean;
  readonly json?: boolean;
  readonly speed?: number;
}

export const registerDemo: RegisterCommand = (program, terminal) => {
  program
    .command("demo")
    .summary("watch the engine carry sample calls on a simulated switch")
    .description(
      "Runs the engine on an embedded simulated switch: sample office, sample callers, the console.",
    )
    .option("--once", "place each sample call once, then exit")
    .option("--json", "print one JSON object a call: { number, rang, answeredBy, ending, ms }")
    .option("--speed <factor>", "how much faster than life, from 1 to 20", speedFactor)
    .addHelpText("after", HELP)
    .action((options: DemoOptions) => demo(options, terminal));
};

function speedFactor(text: string): number {
  const factor = Number(text);
  if (!(factor >= 1 && factor <= 20)) throw new InvalidArgumentError("expected a number from 1 to 20.");
  return factor;
}

async function demo(options: DemoOptions, terminal: Terminal): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "ringline-demo-"));
  const json = options.json ?? false;
  const db = join(folder, "demo.db");
  try {
    await withDatabase(terminal, { path: db, mustExist: false, json }, async (store) => {
      const log = pino(
        { level: "warn", base: null, timestamp: stdTimeFunctions.isoTime },
        pino.destination(2),
      );
      if (options.once || json || options.speed !== undefined) await playAlone(options, store, log, terminal);
      else await playWithConsole({ db, recordings: recordingsIn(folder) }, store, log, terminal);
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function applySample(store: Store, terminal: Terminal): Promise<void> {
  const path = packageFile("fixtures/offices/acme-dental.yaml");
  const { office, sourceHash } = await readOffice([path]);
  if (office === undefined) throw new Error("the sample office has errors");
  await store.applyOffice(office, {
    author: terminal.author,
    message: "the sample office",
    sourceHash,
    nowMs: systemClock.nowMs(),
  });
}

/** Calls alone, whose time may pass faster than life's. */
async function playAlone(options: DemoOptions, store: Store, log: Logger, terminal: Terminal): Promise<void> {
  await applySample(store, terminal);
  const clock = new ScaledClock(options.speed ?? (options.once ? SPEED_ONCE : SPEED_SHOWN));
  const audience = new Audience(options.json ?? false, clock, terminal);
  const carried = await carryOffice({
    ...{ store, clock, log },
    onNote: (call, note) => audience.onNote(call, note),
  });
  try {
    if (options.once) await placeOnce(carried.stage, audience, terminal);
    else {
      audience.welcome();
      await placeForever(carried.stage, SAMPLE_CALLS, BETWEEN_CALLS_MS, clock, terminal);
    }
  } finally {
    await carried.close();
  }
}

/** Calls at the pace of life, as the console and the browser know only that. */
async function playWithConsole(
  parts: ConsoleParts,
  store: Store,
  log: Logger,
  terminal: Terminal,
): Promise<void> {
  const clock = systemClock;
  const nowMs = clock.nowMs();
  await applyConsoleOffice(store, packageFile, { author: terminal.author, nowMs });
  await writePast({ store, recordings: parts.recordings, nowMs });
  const password = systemIds.uuid().slice(0, PASSWORD_CHARS);
  await giveAccounts(store, { usernames: [ADMINISTRATOR, EMPLOYEE], password, nowMs });
  const audience = new Audience(false, clock, terminal);
  const carried = await carryOffice({
    ...{ store, clock, log, console: parts },
    onNote: (call, note) => audience.onNote(call, note),
  });
  const codes = signInCodes(systemIds, [ADMINISTRATOR, EMPLOYEE]);
  const shown = await openConsole({
    ...{ store, clock, log, recordings: parts.recordings, feed: carried.feed, ports: PORTS },
    more: (server, services) => signInLinks(server, services, codes),
  });
  try {
    audience.welcome();
    terminal.out(invitation(shown, codes, password));
    const calls = ALL_CALLS.map((call) => ({ ...call, talkMs: SEEN_TALK_MS }));
    await placeForever(carried.stage, calls, BETWEEN_SEEN_CALLS_MS, clock, terminal);
  } finally {
    await shown.close();
    await carried.close();
  }
}

const PASSWORD_CHARS = 13;

/** Two names of the machine keep both sign-ins in one browser. */
function invitation({ port, isBuilt }: Console, codes: SignInCodes, password: string): string {
  if (!isBuilt) return "The console is not built: npm run build\n\n";
  const [administrator, employee] = [...codes.keys()];
  return [
    "The console, until then. Open one of these, or both:",
    `  Alice Wong, an administrator  http://localhost:${port}/demo/${administrator}`,
    `  Bob Stone, an employee        http://127.0.0.1:${port}/demo/${employee}`,
    `Where it asks for a password: ${password}\n\n`,
  ].join("\n");
}

async function placeOnce(stage: Stage, audience: Audience, terminal: Terminal): Promise<void> {
  for (const call of SAMPLE_CALLS) stage.place(call);
  await audience.untilEnded(SAMPLE_CALLS.length);
  const wrong = audience.surprises();
  for (const line of wrong) terminal.err(`${line}\n`);
  if (wrong.length > 0) terminal.exit(EXIT_FAILED);
}

async function placeForever(
  stage: Stage,
  calls: readonly SampleCall[],
  betweenMs: number,
  clock: Clock,
  { stopSignal, outClosed }: Terminal,
): Promise<void> {
  let stopped = false;
  const next = (n: number): void => {
    if (stopped) return;
    const call = calls[n % calls.length];
    if (call !== undefined) stage.place(call);
    clock.after(betweenMs, () => next(n + 1));
  };
  next(0);
  await Promise.race([stopSignal(), outClosed]);
  stopped = true;
}

const ALL_CALLS: readonly SampleCall[] = [...SAMPLE_CALLS, ...MESSAGE_CALLS];

interface Ended {
  readonly number: string;
  readonly rang: readonly string[];
  readonly answeredBy: string | null;
  readonly ending: string;
  readonly ms: number;
}

/** Shows the calls to a person, who reads stories, or to a program, which reads one line a call. */
class Audience {
  readonly #ended = new Map<string, Ended>();
  #wake: () => void = () => {};

  constructor(
    private readonly json: boolean,
    private readonly clock: Clock,
    private readonly terminal: Terminal,
  ) {}

  welcome(): void {
    if (this.json) return;
    this.terminal.out(
      "The sample office Acme Dental on a simulated switch; its callers call, one after the other.\n" +
        "Each line: seconds into the call, the caller, what happens. Ctrl-C ends it.\n\n",
    );
  }

  onNote(call: Call, note: Note): void {
    const caller = call.state.caller.number;
    if (note.kind === "ended") this.#takeEnd(call, note);
    if (this.json) return;
    const line = storyLine(note);
    if (line === null) return;
    const sample = ALL_CALLS.find(({ callerNumber }) => callerNumber === caller);
    const text = note.kind === "arrived" ? `${line.text} (${sample?.shows ?? "a call"})` : line.text;
    const seconds = ((this.clock.nowMs() - call.state.arrivedMs) / 1000).toFixed(1).padStart(6);
    const shown = painted(text, line.tone, this.terminal.hasColours);
    this.terminal.out(`${seconds} s  ${(sample?.callerName ?? caller).padEnd(13)} ${shown}\n`);
  }

  #takeEnd(call: Call, note: Extract<Note, { kind: "ended" }>): void {
    const { caller } = call.state;
    const ended: Ended = {
      number: caller.called,
      rang: note.rang,
      answeredBy: note.ending.kind === "answered" ? note.ending.by : null,
      ending: endingWord(note.ending),
      ms: note.ms,
    };
    this.#ended.set(caller.number, ended);
    if (this.json) this.terminal.out(`${JSON.stringify(ended)}\n`);
    this.#wake();
  }

  /** Resolves when this many calls have ended. */
  async untilEnded(count: number): Promise<void> {
    while (this.#ended.size < count) await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  /** Calls that ended otherwise than their sample says, in words. */
  surprises(): string[] {
    return SAMPLE_CALLS.flatMap((sample: SampleCall) => {
      const ended = this.#ended.get(sample.callerNumber);
      if (ended === undefined) return [`${sample.dialled} (${sample.shows}): never ended`];
      const { number, ms: _ms, ...found } = ended;
      const expected = { number: sample.number, ...sample.expected };
      const same = JSON.stringify(sorted({ number, ...found })) === JSON.stringify(sorted(expected));
      return same
        ? []
        : [
            `${sample.dialled} (${sample.shows}): expected ${JSON.stringify(expected)}, found ${JSON.stringify({ number, ...found })}`,
          ];
    });
  }
}

function sorted(ended: Omit<Ended, "ms">): unknown[] {
  return [ended.number, ended.rang, ended.answeredBy, ended.ending];
}
