/** CPU time of another process, threads that have ended included (Linux). */
import { readFileSync } from "node:fs";

/** proc(5): times are in clock ticks, which user space sees as 100 a second. */
const TICK_MS = 10;

/** User and system time of a process so far, in milliseconds. Throws when there is no such process. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name, in parentheses, may hold spaces; utime and stime are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
