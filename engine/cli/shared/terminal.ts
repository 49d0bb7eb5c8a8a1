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
import { stopSignal } from "./stop-signal.js";

export interface Terminal {
  /** Writes results, which a pipe should get. */
  out(text: string): void;
  /** Writes everything else: problems, progress. */
  err(text: string): void;
  /** Whether `err` is a person's terminal, where a progress bar makes sense. */
  readonly isInteractive: boolean;
  /** Whether a person types what {@link Terminal.readSecret} reads, without seeing it. */
  readonly isTyped: boolean;
  /** The next line that is typed or piped in, without its end; "" when there is none. Nothing of it is shown. */
  readSecret(prompt: string): Promise<string>;
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
  /** Resolves when the command is told to stop. */
  stopSignal(): Promise<NodeJS.Signals>;
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
function typedLine(prompt: string, { stdin, stderr }: ProcessParts): Promise<string> {
  stderr.write(prompt);
  const unseen = new Writable({ write: (_piece, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: unseen, terminal: true });
  return new Promise((resolve) => {
    lines.once("line", (line) => {
      resolve(line);
      lines.close();
    });
    lines.once("close", () => {
      stderr.write("\n");
      resolve("");
    });
  });
}

/** Anything but `y` and `yes` is a no, and so is the end of the input. */
async function confirmed(question: string, { stdin, stderr }: ProcessParts): Promise<boolean> {
  const lines = createInterface({ input: stdin, output: stderr, terminal: false });
  stderr.write(`${question} [y/N] `);
  const answer = await new Promise<string>((resolve) => {
    lines.once("line", resolve);
    lines.once("close", () => resolve(""));
  });
  lines.close();
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

/** The parts of a process that a terminal needs. */
export interface ProcessParts {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable;
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly env: NodeJS.ProcessEnv;
  exitCode?: number | string | null | undefined;
  exit(): void;
}

/** Resolves when all that was written to a stream before is out, or can never be. */
function flushed(stream: Writable): Promise<void> {
  return new Promise((resolve) => void stream.write("", () => resolve()));
}

/** The terminal of a process. @param hasColours whether its `stderr`, if a person's terminal, can show colours */
export function terminalOf(parts: ProcessParts, hasColours = pc.isColorSupported): Terminal {
  const { stdin, stdout, stderr, env } = parts;
  const isInteractive = stderr.isTTY === true;
  const logs: Array<{ flushSync(): void }> = [];
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    isInteractive,
    isTyped: stdin.isTTY === true,
    readSecret: (prompt) => (stdin.isTTY === true ? typedLine(prompt, parts) : firstLine(stdin)),
    confirm: async (question) => stdin.isTTY === true && isInteractive && (await confirmed(question, parts)),
    paint: isInteractive && hasColours ? { error: pc.red, warning: pc.yellow, faint: pc.dim } : plainPaint,
    author: env["RINGLINE_AUTHOR"] ?? systemUser(),
    clock: systemClock,
    env,
    lookUp: resolveHost,
    openLog: () => {
      const log = destination(1);
      logs.push(log);
      return log;
    },
    stopSignal,
    exit: (code) => {
      parts.exitCode = code;
    },
    end: async () => {
      for (const log of logs) log.flushSync();
      await Promise.all([flushed(stdout), flushed(stderr)]);
      parts.exit();
    },
  };
}
