/**
 * The thread in which the web server has calls played, so that nobody waits for it who asks for something else. It has a
 * connection to the database of its own.
 */
import { parentPort, workerData } from "node:worker_threads";
import { openStore } from "../../../storage/store.js";
import { systemClock, type TimerHandle } from "../../clock.js";
import { answer, type OfficeMemory } from "./answer.js";
import type { PlayAsked, PlayThreadData } from "./play-messages.js";

const port = parentPort;
if (port === null) throw new Error("this is not a program of its own");
const { path } = workerData as PlayThreadData;
const opened = await openStore(path, { mustExist: true, mayMigrate: false });
if (!opened.ok) throw new Error(`the database cannot be used: ${opened.failure.reason}`);
const memory: OfficeMemory = {};
/** A large office is not kept in memory for nobody. */
const IDLE_MS = 120_000;
let idle: TimerHandle | undefined;
// One after the other: a second call would only make the first one slower.
let last: Promise<void> = Promise.resolve();
port.on("message", ({ id, asked, nowMs }: PlayAsked) => {
  if (idle !== undefined) systemClock.cancel(idle);
  last = last.then(async () => {
    port.postMessage({ id, answered: await answer(opened.store, asked, nowMs, memory) });
  });
  const mine = last;
  void mine.then(() => {
    if (mine === last) idle = systemClock.after(IDLE_MS, () => void leave());
  });
});

/** The database first: SQLite's last word must find the thread there. */
async function leave(): Promise<void> {
  if (opened.ok) await opened.store.close();
  port?.close();
}
