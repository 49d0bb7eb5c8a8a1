/**
 * Keeps the web server running beside the engine, as a process of its own: whatever it does, no call waits for it. When it
 * ends or hangs it is started again, ever later if it keeps ending; when the engine ends it ends.
 */
import { type ChildProcess, spawn } from "node:child_process";
import type { Logger } from "pino";
import { given } from "../../../policy/office/optional.js";
import type { Clock, TimerHandle } from "../../clock.js";
import { placeText } from "../../feed/place.js";
import { LIVE_SECRET_VARIABLE } from "../shared/secret.js";
import { addressText, type RunOptions, SMTP_PASSWORD } from "./run-options.js";

export interface WebProcessOptions {
  /** What is started; for tests. Left out: this program. */
  readonly command?: { readonly file: string; readonly arguments: readonly string[] };
  /** The arguments of `ringline web`. */
  readonly arguments: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly log: Logger;
}

const RESTART_FIRST_MS = 1_000;
const RESTART_MAX_MS = 30_000;
/** A server that lived as long was well: what ends it is something new. */
const WELL_MS = 60_000;
/** A server that has said nothing for so long hangs: it says every two seconds that it lives (`sayAlive`). */
export const SILENT_MS = 30_000;
/** How long requests that are being answered may take at the end. */
const STOP_MS = 3_000;

export class WebProcess {
  readonly #options: WebProcessOptions;
  #child: ChildProcess | undefined;
  #timer: TimerHandle | undefined;
  /** Runs out when the server has been silent for too long. */
  #silence: TimerHandle | undefined;
  #waitMs = RESTART_FIRST_MS;
  #isLast = false;

  constructor(options: WebProcessOptions) {
    this.#options = options;
  }

  start(): void {
    const { clock, env, log, arguments: said, command = thisProgram() } = this.#options;
    const begunMs = clock.nowMs();
    // By the channel the server learns of the engine's end, however that comes.
    const child = spawn(command.file, [...command.arguments, ...said], {
      env,
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    // It alone does not keep the engine's process.
    child.channel?.unref();
    this.#child = child;
    child.on("message", () => this.#heard(child));
    const ended = (code: number | null, signal: string | null) => {
      if (this.#child !== child) return;
      this.#child = undefined;
      this.#endSilence();
      if (!this.#isLast) this.#again(clock.nowMs() - begunMs, { code, signal });
    };
    child.once("error", (error) => {
      log.error({ err: error }, "the web server cannot be started");
      if (child.pid === undefined) ended(null, null);
    });
    child.once("close", ended);
  }

  /** A sign of life: the next one must come in time. */
  #heard(child: ChildProcess): void {
    if (this.#child !== child) return;
    const { clock, log } = this.#options;
    this.#endSilence();
    this.#silence = clock.after(SILENT_MS, () => {
      this.#silence = undefined;
      log.error({ silentS: SILENT_MS / 1_000 }, "the web server hangs; it is ended");
      child.kill("SIGKILL");
    });
  }

  #endSilence(): void {
    if (this.#silence !== undefined) this.#options.clock.cancel(this.#silence);
    this.#silence = undefined;
  }

  #again(livedMs: number, ended: { readonly code: number | null; readonly signal: string | null }): void {
    const { clock, log } = this.#options;
    if (livedMs >= WELL_MS) this.#waitMs = RESTART_FIRST_MS;
    const waitMs = this.#waitMs;
    this.#waitMs = Math.min(RESTART_MAX_MS, waitMs * 2);
    log.error({ ...ended, againAfterS: waitMs / 1_000 }, "the web server has ended; it is started again");
    this.#timer = clock.after(waitMs, () => this.start());
  }

  /** @internal For tests. */
  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** @internal For tests. */
  get isRunning(): boolean {
    return this.#child !== undefined;
  }

  /**
   * A server that ends is not started again from now on: the engine stops, and a signal of the terminal (Ctrl-C) has
   * reached the server as well.
   */
  last(): void {
    this.#isLast = true;
    if (this.#timer !== undefined) this.#options.clock.cancel(this.#timer);
  }

  /** Ends the server, and waits for its end. */
  async close(): Promise<void> {
    const { clock } = this.#options;
    this.last();
    const child = this.#child;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise<void>((resolve) => void child.once("close", () => resolve()));
    child.kill("SIGTERM");
    const kill = clock.after(STOP_MS, () => child.kill("SIGKILL"));
    await ended;
    clock.cancel(kill);
  }
}

function thisProgram(): { readonly file: string; readonly arguments: readonly string[] } {
  const [, program = ""] = process.argv;
  return { file: process.execPath, arguments: [...process.execArgv, program] };
}

/** The options of `ringline web` that say the same as those of `ringline run`; undefined: there is to be no server. */
export function webArguments(options: RunOptions): readonly string[] | undefined {
  if (options.web === undefined) return undefined;
  const values: readonly (readonly [name: string, value: string | undefined])[] = [
    ["--db", options.db],
    ["--listen", addressText(options.web)],
    ["--cert", options.webCert],
    ["--key", options.webKey],
    ["--public-url", options.publicUrl?.href],
    ["--smtp", options.smtp?.href],
    ["--mail-from", options.mailFrom],
    ["--domain", options.domain],
    ["--recordings", options.recordings],
    ["--live", placeOption(options.live)],
    ["--templates", options.webTemplates],
    ["--proxy", options.webProxy],
    ["--log-level", options.logLevel],
    ...(options.webTrustProxy ?? []).map((address) => ["--trust-proxy", address] as const),
  ];
  return [
    "web",
    ...values.flatMap(([name, value]) => (value === undefined ? [] : [name, value])),
    ...(options.webPlainHttp === true ? ["--plain-http"] : []),
    ...(options.redactNumbers === true ? ["--redact-numbers"] : []),
    // Left out: each finds out by itself whether somebody watches.
    ...(options.pretty === undefined ? [] : [options.pretty ? "--pretty" : "--no-pretty"]),
  ];
}

function placeOption(live: RunOptions["live"]): string | undefined {
  return live === undefined || live === "off" ? live : placeText(live);
}

/** Secrets that the web server needs as well. */
export interface WebSecrets {
  readonly smtp: string | undefined;
  readonly live: string | undefined;
}

/** The engine's environment, with these secrets wherever the engine has them from. */
export function webEnvironment(env: NodeJS.ProcessEnv, { smtp, live }: WebSecrets): NodeJS.ProcessEnv {
  return { ...env, ...given({ [SMTP_PASSWORD]: smtp, [LIVE_SECRET_VARIABLE]: live }) };
}
