/**
 * `node live-readers.js SOCKET COUNT`: readers of a live feed in a process of their own, so that neither the engine nor the
 * callers pay for them. Says `ready` when each has its snapshot; when its input ends, what they have read.
 */
import { connect } from "node:net";

/** What all readers have read. */
export interface Read {
  bytes: number;
  lines: number;
  /** Snapshots; each reader gets one. */
  snapshots: number;
  /** Readers that were let go. */
  lost: number;
}

const [path = "", count = "0"] = process.argv.slice(2);
const read: Read = { bytes: 0, lines: 0, snapshots: 0, lost: 0 };
let begun = 0;

for (let index = 0; index < Number(count); index++) {
  const socket = connect(path);
  let hasBegun = false;
  socket.write('{"v":1}\n');
  socket.on("data", (piece: Buffer) => {
    read.bytes += piece.length;
    for (let at = piece.indexOf("\n"); at >= 0; at = piece.indexOf("\n", at + 1)) read.lines += 1;
    if (piece.includes('"kind":"snapshot"')) read.snapshots += 1;
    if (hasBegun) return;
    hasBegun = true;
    begun += 1;
    if (begun === Number(count)) process.stdout.write("ready\n");
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    read.lost += 1;
    // Nobody waits for readers that never begin.
    if (!hasBegun) process.exit(1);
  });
}
process.stdin.resume();
process.stdin.on("end", () => {
  process.stdout.write(`${JSON.stringify(read)}\n`);
  process.exit();
});
