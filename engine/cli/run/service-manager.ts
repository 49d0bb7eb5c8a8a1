/**
 * What systemd is told about the engine (sd_notify(3)): that it is ready, what it does now, that it stops, and, at half
 * the time of WatchdogSec, that it is alive. Without systemd (no NOTIFY_SOCKET) nothing is told.
 *
 * The messages go through the program `systemd-notify`, which every machine with systemd has. Node.js has no datagram
 * sockets of Unix, and the packages that add them compile C against libsystemd or were left years ago. `systemd-notify`
 * is a child of the engine, so the unit needs NotifyAccess=all; it returns only when systemd has read the message.
 */
import { spawn } from "node:child_process";
import type { Clock, TimerHandle } from "../../clock.js";

export class ServiceManager {
  readonly #env: NodeJS.ProcessEnv;
  readonly #clock: Clock;
  readonly #failed: (why: string) => void;
  #timer: TimerHandle | undefined;
  #hasFailed = false;
  /** Messages are told one after another: a late READY=1 must not overtake STOPPING=1. */
  #told: Promise<void> = Promise.resolve();

  /** @param failed called once when systemd cannot be told */
  constructor(env: NodeJS.ProcessEnv, clock: Clock, failed: (why: string) => void) {
    this.#env = env;
    this.#clock = clock;
    this.#failed = failed;
  }

  /** The engine has started: it carries calls, or stands by. */
  ready(status: string): void {
    this.#tell("READY=1", `STATUS=${status}`);
    const everyMs = watchdogMs(this.#env);
    if (everyMs !== undefined && this.#timer === undefined) this.#alive(everyMs);
  }

  status(status: string): void {
    this.#tell(`STATUS=${status}`);
  }

  /** The engine stops. The watchdog is told on, since callers may still wait. */
  stopping(status: string): void {
    this.#tell("STOPPING=1", `STATUS=${status}`);
  }

  /** Resolves when everything was told. */
  async close(): Promise<void> {
    if (this.#timer !== undefined) this.#clock.cancel(this.#timer);
    await this.#told;
  }

  /** Runs on the engine's own event loop, so an engine that hangs is not alive. */
  #alive(everyMs: number): void {
    this.#tell("WATCHDOG=1");
    this.#timer = this.#clock.after(everyMs, () => this.#alive(everyMs));
  }

  #tell(...words: readonly string[]): void {
    if (this.#env["NOTIFY_SOCKET"] === undefined) return;
    this.#told = this.#told
      .then(() => notify(words, this.#env))
      .catch((error: unknown) => {
        if (!this.#hasFailed) this.#failed(error instanceof Error ? error.message : String(error));
        this.#hasFailed = true;
      });
  }
}

function notify(words: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { PATH, NOTIFY_SOCKET } = env;
  return new Promise((resolve, reject) => {
    // None of the engine's secrets is in that program's environment.
    const child = spawn("systemd-notify", words, { env: { PATH, NOTIFY_SOCKET }, stdio: "ignore" });
    child.once("error", reject);
    child.once("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`systemd-notify ended with code ${code}`)),
    );
  });
}

/** Half the time after which systemd takes the service for dead (sd_watchdog_enabled(3)); undefined: no watchdog. */
function watchdogMs(env: NodeJS.ProcessEnv): number | undefined {
  const microseconds = Number(env["WATCHDOG_USEC"]);
  const isOurs = env["WATCHDOG_PID"] === undefined || env["WATCHDOG_PID"] === String(process.pid);
  return isOurs && microseconds > 0 ? microseconds / 2_000 : undefined;
}
