/**
 * `ringline demo`: runs the whole engine on the embedded simulated switch, with the sample office and sample callers,
 * for people who want to see what Ringline does before they have a FreeSWITCH.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InvalidArgumentError } from "commander";
import { pino, stdTimeFunctions } from "pino";
import { SAMPLE_CALLS, type SampleCall } from "../../../fixtures/demo/sample-calls.js";
import { openStage, type Stage } from "../../../fixtures/demo/stage.js";
import { ScaledClock } from "../../../fixtures/scaled-clock.js";
import type { Note } from "../../../policy/call/command.js";
import type { Store } from "../../../storage/store.js";
import type { Call } from "../../calls/call.js";
import { CUSTOM_EVENTS, EVENT_HEADERS, EVENTS, FILTERS } from "../../calls/switch-contract.js";
import { type Clock, systemClock } from "../../clock.js";
import { Engine } from "../../engine.js";
import { systemIds } from "../../ids.js";
import { readOffice } from "../../office/files/read.js";
import { createLink } from "../../switch/link.js";
import { endingWord, storyLine } from "../../watch/story.js";
import { EXIT_FAILED, type RegisterCommand } from "../shared/command.js";
import { withDatabase } from "../shared/database.js";
import { packageFile } from "../shared/package-file.js";
import type { Terminal } from "../shared/terminal.js";
import { painted } from "../shared/tones.js";

const HELP = `
Nothing outside this process is touched: the switch is simulated, listens on the loopback, and the
database is a temporary file. Each call's story is shown as it happens, until Ctrl-C.

With --once each sample call is placed once; the exit code is 1 if one ended otherwise than it should.

Examples:
  ringline demo
  ringline demo --once
  ringline demo --once --json`;

/** Sample time passes this much faster: a ring of 20 s takes 4. */
const SPEED_SHOWN = 5;
/** With `--once`, time passes as fast as real sockets and timers can follow. */
const SPEED_ONCE = 10;
/** From one caller to the next, in sample time. */
const BETWEEN_CALLS_MS = 12_000;

interface DemoOptions {
  readonly once?: boolean;
  readonly json?: boolean;
  readonly speed?: number;
}

export const registerDemo: RegisterCommand = (program, terminal) => {
  program
    .command("demo")
    .summary("watch the engine carry sample calls on a simulated switch")
    .description("Runs the engine on an embedded simulated switch: sample office, sample callers.")
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
  try {
    await withDatabase(terminal, { path: join(folder, "demo.db"), mustExist: false, json }, async (store) => {
      await applySample(store, terminal);
      await play(options, store, terminal);
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

async function play(options: DemoOptions, store: Store, terminal: Terminal): Promise<void> {
  const clock = new ScaledClock(options.speed ?? (options.once ? SPEED_ONCE : SPEED_SHOWN));
  const log = pino({ level: "warn", base: null, timestamp: stdTimeFunctions.isoTime }, pino.destination(2));
  const stage = await openStage(clock, systemIds, (text) => log.warn(text));
  const audience = new Audience(options.json ?? false, clock, terminal);
  const engine = new Engine({
    store,
    engineId: await store.engineIdentity(systemIds.uuid()),
    clock,
    ids: systemIds,
    log,
    link: createLink({
      host: "127.0.0.1",
      port: stage.port,
      password: stage.password,
      clock,
      ids: systemIds,
      log,
      events: EVENTS,
      customEvents: CUSTOM_EVENTS,
      filters: FILTERS,
      variables: EVENT_HEADERS,
    }),
    clickCalls: store.clickCalls,
    onNote: (call, note) => audience.onNote(call, note),
  });
  await engine.open();
  await untilReady(engine);
  try {
    if (options.once) await placeOnce(stage, audience, terminal);
    else await placeForever(stage, clock, audience, terminal);
  } finally {
    await engine.close();
    await stage.close();
  }
}

/** Registrations are asked for when the link is up; a call before their arrival would find no phone. */
async function untilReady(engine: Engine): Promise<void> {
  await new Promise<void>((resolve) => {
    const look = () => (engine.ready ? resolve() : void systemClock.after(10, look));
    look();
  });
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
  clock: Clock,
  audience: Audience,
  { stopSignal, outClosed }: Terminal,
): Promise<void> {
  audience.welcome();
  let stopped = false;
  const next = (n: number): void => {
    if (stopped) return;
    const call = SAMPLE_CALLS[n % SAMPLE_CALLS.length];
    if (call !== undefined) stage.place(call);
    clock.after(BETWEEN_CALLS_MS, () => next(n + 1));
  };
  next(0);
  await Promise.race([stopSignal(), outClosed]);
  stopped = true;
}

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
    const sample = SAMPLE_CALLS.find(({ callerNumber }) => callerNumber === caller);
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
