/**
 * The thread in which the web server carries out what takes long in a large office, so that nobody waits for it who asks
 * for something else. It has a connection to the database of its own.
 */
import { parentPort, workerData } from "node:worker_threads";
import pino from "pino";
import { openStore } from "../../../../storage/store.js";
import { systemClock, type TimerHandle } from "../../../clock.js";
import { systemIds } from "../../../ids.js";
import { apiServices } from "../make-services.js";
import { carryOut } from "./carry-out.js";
import type { FromThread, LongThreadData, ToThread } from "./messages.js";

const port = parentPort;
if (port === null) throw new Error("this is not a program of its own");
const { path, around } = workerData as LongThreadData;
const opened = await openStore(path, { mustExist: true, mayMigrate: false });
if (!opened.ok) throw new Error(`the database cannot be used: ${opened.failure.reason}`);
const say = (said: FromThread) => port.postMessage(said);
const log = pino({ base: null }, { write: (line: string) => say({ line }) });
const deps = { store: opened.store, clock: systemClock, ids: systemIds };
const services = apiServices(deps, log, { ...around, hasMailServer: around.sendsMail });
/** A thread takes a second to begin when the machine is busy; people make changes one after the other. */
const IDLE_MS = 600_000;
let idle: TimerHandle | undefined;
// One after the other: two changes at once would only be in each other's way.
let last: Promise<void> = Promise.resolve();
port.on("message", ({ id, asked }: ToThread) => {
  if (idle !== undefined) systemClock.cancel(idle);
  last = last.then(async () => say({ id, ...(await carryOut(services, asked)) }));
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
