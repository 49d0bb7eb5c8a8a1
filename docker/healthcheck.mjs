/**
 * Health check of the engine's container: exit code 0 when an engine in this container has an open connection to the
 * switch's event socket, else 1. It reads the kernel's tables (proc(5)), so it needs neither a port nor a password and
 * does not disturb the engine. An engine that the switch refuses closes its connection at once, so an open connection
 * means that it works.
 */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

const port = Number(process.env.RINGLINE_SWITCH_PORT ?? "8021");
/** TCP_ESTABLISHED in the kernel's include/net/tcp_states.h. */
const ESTABLISHED = "01";

const connections = [...established("/proc/net/tcp"), ...established("/proc/net/tcp6")];
const healthy = engines().some((pid) => socketsOf(pid).some((inode) => connections.includes(inode)));
process.stdout.write(healthy ? "connected to the switch\n" : `no connection to the switch's port ${port}\n`);
process.exitCode = healthy ? 0 : 1;

/** Inodes of the open connections to the switch's port. Columns: sl local remote state … uid timeout inode. */
function established(path) {
  const remotePort = port.toString(16).toUpperCase().padStart(4, "0");
  return read(path)
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , remote, state]) => state === ESTABLISHED && remote?.endsWith(`:${remotePort}`))
    .map((columns) => columns[9]);
}

/** Process ids that run `ringline … run`. */
function engines() {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      const words = read(`/proc/${pid}/cmdline`).split("\0");
      return words.some((word) => /ringline(\.js)?$/.test(word)) && words.includes("run");
    });
}

function socketsOf(pid) {
  try {
    return readdirSync(`/proc/${pid}/fd`).map(
      (fd) => /^socket:\[(\d+)\]$/.exec(link(`/proc/${pid}/fd/${fd}`))?.[1],
    );
  } catch {
    // The process has ended, or we may not read it.
    return [];
  }
}

function link(path) {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
