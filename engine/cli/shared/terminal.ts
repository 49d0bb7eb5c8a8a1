/**
 * What a command sees of its process: where to write, whether a person is watching, and the exit code to set. Tests
 * pass in their own.
 */
import { userInfo } from "node:os";
import { createInterface } from "node:readline";
import { type Readable, Writable } from "node:stream";
import pc from "picocolors";
import { type DestinationStream, destination } from "pino";
import { type ResolveHost, resolveHost } from "../../carriers/resolver.js";
import type { Clock } from "../../clock.js";
import { systemClock } from "../../clock.js";
import { type Paint, plainPaint } from "../../office/files/render.js";
import { EXIT_FAILED } from "./exit-codes.js";
import { PipeReader } from "./pipe-reader.js";
import { openScreen, type Screen, type ScreenParts } from "./screen.js";
import { stopSignal } from "./stop-signal.js";
import { isSystemFailure, systemWhy } from "./system-error.js";

export interface Terminal {
  /** Writes results, which a pipe should get. */
  out(text: string): void;
  /** Resolves when what was written to `out` so far is out, or can never be. */
  outWritten(): Promise<void>;
  /** Writes everything else: problems, progress. */
  err(text: string): void;
  /** Whether `err` is a person's terminal, where a progress bar makes sense. */
  readonly isInteractive: boolean;
  /** Whether `out` and the log are a person's terminal. */
  readonly isWatched: boolean;
  /** Whether what is written to `out` may have colours. */
  readonly hasColours: boolean;
  /** How many characters fit in a line of `out`. */
  readonly columns: number;
  /** Whether a person types what {@link Terminal.readSecret} reads, without seeing it. */
  readonly isTyped: boolean;
  /** The next line that is typed or piped in, without its end; "" when there is none. Nothing of it is shown. */
  readSecret(prompt: string): Promise<string>;
  /** The same for a line that is no secret: the person sees it while typing. */
  readLine(prompt: string): Promise<string>;
  /** Standard input up to its end; when it is longer than this, what was read by then. */
  readInput(bytesMax: number): Promise<Uint8Array>;
  /** Whether the person answers a question with yes; without a person at both ends nobody does. */
  confirm(question: string): Promise<boolean>;
  readonly paint: Paint;
  /** The person who runs the command, for the history. */
  readonly author: string;
  readonly clock: Clock;
  /** Environment variables; passwords and secrets are among them. */
  readonly env: NodeJS.ProcessEnv;
  /** The addresses behind a name. */
  readonly lookUp: ResolveHost;
  /** Where a long-running command writes its log. */
  openLog(): DestinationStream;
  /** Takes the whole screen of the terminal; undefined: there is none that can be drawn on. */
  openScreen(): Screen | undefined;
  /** Resolves when the command is told to stop. */
  stopSignal(): Promise<NodeJS.Signals>;
  /** Resolves when nobody reads `out` any longer, as after `| head -1`: what is written then is dropped. */
  readonly outClosed: Promise<void>;
  /**
   * Whether nobody reads `out` any longer, though nothing was written since then; false also where that is not known. The first
   * question is asked before anything is written.
   */
  outIsLeft(): Promise<boolean>;
  /** Sets the process's exit code; the last one set counts. */
  exit(code: number): void;
  /**
   * Ends the process with the exit code that was set, once everything that was written is out. For a command that nothing may
   * keep: a connection on which no answer comes keeps a process otherwise.
   */
  end(): Promise<void>;
}

/** The process's user according to the system; in containers the user often has no name. */
function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    return "unknown";
  }
}

/** Control-C and control-D count as an empty line. */
function typedLine(prompt: string, { stdin, stderr }: ProcessParts, isSeen: boolean): Promise<string> {
  if (!isSeen) stderr.write(prompt);
  const unseen = new Writable({ write: (_piece, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: isSeen ? stderr : unseen, terminal: true });
  if (isSeen) lines.setPrompt(prompt);
  if (isSeen) lines.prompt();
  return new Promise((resolve) => {
    lines.once("line", (line) => {
      resolve(line);
      lines.close();
    });
    lines.once("close", () => {
      if (!isSeen) stderr.write("\n");
      resolve("");
    });
  });
}

/** Anything but `y` and `yes` is a no, and so is the end of the input. */
async function confirmed(question: string, parts: ProcessParts): Promise<boolean> {
  const answer = await typedLine(`${question} [y/N] `, parts, true);
  return /^y(es)?$/i.test(answer.trim());
}

/** No secret of ours is longer. */
const LINE_CHARACTERS_MAX = 1_000;

async function firstLine(input: Readable): Promise<string> {
  let text = "";
  for await (const piece of input.setEncoding("utf8")) {
    text += piece;
    if (text.includes("\n") || text.length > LINE_CHARACTERS_MAX) break;
  }
  return text.split(/\r?\n/, 1)[0] ?? "";
}

async function allOf(input: Readable, bytesMax: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of input) {
    const read: Uint8Array = typeof piece === "string" ? Buffer.from(piece) : piece;
    pieces.push(read);
    bytes += read.length;
    if (bytes > bytesMax) break;
  }
  return Buffer.concat(pieces);
}

/** The parts of a process that a terminal needs. */
export interface ProcessParts extends ScreenParts {
  readonly stderr: Writable & { readonly isTTY?: boolean };
  exitCode?: number | string | null | undefined;
  exit(): void;
}

/** Resolves when all that was written to a stream before is out, or can never be. */
function flushed(stream: Writable): Promise<void> {
  return new Promise((resolve) => void stream.write("", () => resolve()));
}

/** What a terminal has at least, and what is written into a pipe. */
const COLUMNS_DEFAULT = 80;
/** Below this, lines of help would have a word or two. */
const COLUMNS_MIN = 40;

/** The width of the terminal; in a pipe the one that COLUMNS asks for, as `man` has it. */
function columnsOf({ stdout, env }: ProcessParts): number {
  const asked = stdout.isTTY === true ? stdout.columns : Number(env["COLUMNS"]);
  return asked !== undefined && asked > 0 ? Math.max(COLUMNS_MIN, Math.floor(asked)) : COLUMNS_DEFAULT;
}

/** What the log keeps in memory while its disk is full; what comes then is lost, and the engine goes on. */
const LOG_BYTES_MAX = 4 * 1024 * 1024;

/** Where the log goes: standard output, whose failure must not end an engine that carries calls. */
function openLog(): DestinationStream & { flushSync(): void } {
  const stream = destination({ fd: 1, maxLength: LOG_BYTES_MAX });
  let hasFailed = false;
  stream.on("error", () => {
    hasFailed = true;
  });
  stream.on("write", () => {
    hasFailed = false;
  });
  const flushSync = stream.flushSync.bind(stream);
  // On a full disk it would try again without end (flushSync of sonic-boom), also when pino calls it at the process's end,
  // and the process would never end.
  stream.flushSync = () => (hasFailed ? undefined : flushSync());
  return stream;
}

/** Writes to a stream until nobody reads it. */
class Output {
  readonly closed: Promise<void>;
  #isOpen = true;
  #hasWritten = false;

  /** @param failed called with the reason when the stream fails otherwise, a full disk for example */
  constructor(
    private readonly stream: Writable,
    failed: (why: string) => void,
  ) {
    this.closed = new Promise((resolve) => {
      stream.on("error", (error) => {
        const wasOpen = this.#isOpen;
        this.#isOpen = false;
        const isPipe = isSystemFailure(error) && error.code === "EPIPE";
        if (!isPipe && wasOpen) failed(isSystemFailure(error) ? systemWhy(error) : error.message);
        resolve();
      });
    });
  }

  write(text: string): void {
    this.#hasWritten = true;
    if (this.#isOpen) this.stream.write(text);
  }

  /**
   * Resolves when all that was written is out, or can never be. Nothing is touched where nothing was written: the log of an
   * engine goes to the same file, and a full disk there is no failure of the engine.
   */
  flushed(): Promise<void> {
    return this.#hasWritten && this.#isOpen ? flushed(this.stream) : Promise.resolve();
  }
}

/** The number of the standard output among a process's open files. */
const STDOUT = 1;

/** The terminal of a process. @param hasColours whether a person's terminal can show colours, and NO_COLOR is not set */
export function terminalOf(parts: ProcessParts, hasColours = pc.isColorSupported): Terminal {
  const { stdin, stdout, stderr, env } = parts;
  const isInteractive = stderr.isTTY === true;
  const logs: Array<{ flushSync(): void }> = [];
  let hasFailed = false;
  const reader = new PipeReader(STDOUT);
  const errors = new Output(stderr, () => undefined);
  const results = new Output(stdout, (why) => {
    hasFailed = true;
    parts.exitCode = EXIT_FAILED;
    errors.write(`error: the output cannot be written: ${why}\n`);
  });
  return {
    out: (text) => results.write(text),
    outWritten: () => results.flushed(),
    err: (text) => errors.write(text),
    isInteractive,
    isWatched: stdout.isTTY === true,
    hasColours: stdout.isTTY === true && hasColours,
    columns: columnsOf(parts),
    isTyped: stdin.isTTY === true,
    readSecret: (prompt) => (stdin.isTTY === true ? typedLine(prompt, parts, false) : firstLine(stdin)),
    readLine: (prompt) => (stdin.isTTY === true ? typedLine(prompt, parts, true) : firstLine(stdin)),
    readInput: (bytesMax) => allOf(stdin, bytesMax),
    confirm: async (question) => stdin.isTTY === true && isInteractive && (await confirmed(question, parts)),
    paint: isInteractive && hasColours ? { error: pc.red, warning: pc.yellow, faint: pc.dim } : plainPaint,
    author: env["RINGLINE_AUTHOR"] ?? systemUser(),
    clock: systemClock,
    env,
    lookUp: resolveHost,
    openLog: () => {
      const log = openLog();
      logs.push(log);
      return log;
    },
    openScreen: () => openScreen(parts),
    stopSignal,
    outClosed: results.closed,
    outIsLeft: () => reader.isGone(),
    exit: (code) => {
      parts.exitCode = hasFailed ? EXIT_FAILED : code;
    },
    end: async () => {
      for (const log of logs) log.flushSync();
      await Promise.all([results.flushed(), errors.flushed()]);
      parts.exit();
    },
  };
}
