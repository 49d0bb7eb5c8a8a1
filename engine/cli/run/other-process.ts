/**
 * Another process of this machine, as the kernel shows it (proc(5)). A process id alone does not name a process: it is
 * used again later, and means another process in another namespace of process ids (a container).
 */
import { readFileSync, readlinkSync } from "node:fs";

/** Names one process for as long as the machine runs. */
export interface ProcessName {
  readonly pid: number;
  /** The namespace in which `pid` is valid. */
  readonly namespace: string;
  /** When the process started, in clock ticks since the machine did. */
  readonly startTicks: number;
}

/** This process; undefined where there is no /proc. */
export function thisProcess(): ProcessName | undefined {
  const stat = statOf(process.pid);
  const namespace = pidNamespace();
  return stat && namespace !== undefined
    ? { pid: process.pid, namespace, startTicks: stat.startTicks }
    : undefined;
}

/**
 * `stopped`: it runs no instruction until somebody continues it (SIGSTOP, a debugger). `unseen`: it is gone, or not
 * visible from here.
 */
export function stateOf(name: ProcessName): "stopped" | "runs" | "unseen" {
  if (name.namespace !== pidNamespace()) return "unseen";
  const stat = statOf(name.pid);
  if (stat?.startTicks !== name.startTicks) return "unseen";
  return stat.state === "T" || stat.state === "t" ? "stopped" : "runs";
}

/** Ends a process for good, even one that is stopped. Returns false when it is not visible or not ours to end. */
export function endProcess(name: ProcessName): boolean {
  if (stateOf(name) === "unseen") return false;
  try {
    process.kill(name.pid, "SIGKILL");
    return true;
  } catch {
    return false;
  }
}

function pidNamespace(): string | undefined {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return undefined;
  }
}

/** `pid (name) state ppid ...`: the name may contain spaces and parentheses; field 22 is the start time. */
function statOf(pid: number): { readonly state: string; readonly startTicks: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0] ?? "", startTicks: Number(fields[19]) };
  } catch {
    return undefined;
  }
}
