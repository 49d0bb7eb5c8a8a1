/** What the recorder's thread does: keeps records until it is told that the engine ends. */
import { pino } from "pino";
import { describeFailure, openStore } from "../../storage/store.js";
import { type Clock, systemClock, type TimerHandle } from "../clock.js";
import { CONSUMERS } from "./consumers.js";
import type { RecorderAsks, RecorderData, RecorderSays } from "./recorder-messages.js";
import { Recording } from "./recording.js";

/** How often the engine hears how the recorder stands. */
const STATE_MS = 1_000;

/** The way to the engine's thread. */
export interface EngineSide {
  say(says: RecorderSays): void;
  onAsk(heard: (asks: RecorderAsks) => void): void;
}

/** Resolves when the recorder has ended. */
export async function keepRecords(
  data: RecorderData,
  { say, onAsk }: EngineSide,
  clock: Clock = systemClock,
): Promise<void> {
  const log = pino({ level: "trace", base: null }, { write: (line) => say({ kind: "log", line }) });
  const opened = await openStore(data.db, { mustExist: true, isQuick: true });
  if (!opened.ok) throw new Error(describeFailure(data.db, opened.failure));
  const { store } = opened;
  const { folder, sinceMs, redactNumbers } = data;
  const context = {
    ...{ store, clock, log, env: process.env, redactNumbers },
    helpMailed: () => say({ kind: "help_mailed" }),
  };
  const consumers = CONSUMERS.map((make) => make(context));
  const recording = new Recording({ store, clock, log, folder, sinceMs, consumers });
  onAsk((asks) => {
    if (asks.kind === "finish") recording.finish(asks.untilMs);
    else if (asks.kind === "stop") recording.stop();
    else if (asks.kind === "hurry") recording.hurry();
    else
      void recording.unfinished().then(
        (ids) => say({ kind: "unfinished", ids }),
        (error: unknown) => log.error({ err: error }, "the calls that are not over cannot be read"),
      );
  });
  const states = everySecond(clock, () => say({ kind: "state", state: recording.state }));
  try {
    await recording.run();
  } finally {
    states.end();
    say({ kind: "state", state: recording.state });
    await store.close();
  }
}

function everySecond(clock: Clock, work: () => void): { end(): void } {
  let timer: TimerHandle;
  const again = () => {
    timer = clock.after(STATE_MS, () => {
      work();
      again();
    });
  };
  again();
  return { end: () => clock.cancel(timer) };
}
