/** The recorder's thread, which `recorder.ts` starts. It has a connection to the database of its own. */
import { parentPort, workerData } from "node:worker_threads";
import type { RecorderAsks, RecorderData } from "./recorder.js";
import { keepRecords } from "./recorder-body.js";

const port = parentPort;
if (port === null) throw new Error("this is not a program of its own");
await keepRecords(workerData as RecorderData, {
  say: (says) => port.postMessage(says),
  onAsk: (heard) => void port.on("message", (asks: RecorderAsks) => heard(asks)),
});
port.close();
