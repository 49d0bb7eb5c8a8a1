/**
 * What a command sees of the process it runs in: where to write, whether a person is looking, and which exit
 * code to leave. Tests hand in their own.
 */
import { userInfo } from "node:os";
import { createInterface } from "node:readline";
import { type Readable, Writable } from "node:stream";
import pc from "picocolors";
import { type DestinationStream, destination } from "pino";
import type { Clock } from "../../clock.js";
import { systemClock } from "../../clock.js";
import { type Paint, plainPaint } from "../../office/files/render.js";
import { stopSignal } from "./stop-signal.js";

export interface Terminal {
  /** Results: what a pipe should get. */
  out(text: string): void;
  /** Everything else: problems, progress. */
  err(text: string): void;
  /** Whether `err` is a person's terminal, where a progress bar makes sense. */
  readonly isInteractive: boolean;
  /** Whether somebody types what {@link Terminal.readSecret} reads, and sees nothing of it. */
  readonly isTyped: boolean;
  /** The next line of what is typed or piped in, without its end; "" when there is none. Nothing of it is shown. */
  readSecret(prompt: string): Promise<string>;
  readonly paint: Paint;
  /** Who runs the command, for the history. */
  readonly author: string;
  readonly clock: Clock;
  /** The variables of the environment: passwords and secrets come from there. */
  readonly env: NodeJS.ProcessEnv;
  /** Where a command that runs long writes its log. */
  openLog(): DestinationStream;
  /** Resolves when somebody stops the command. */
  stopSignal(): Promise<NodeJS.Signals>;
  /** The process's exit code once everything is done; the last one set holds. */
  exit(code: number): void;
}

/** Who the system says runs the process; containers often have a user without a name. */
function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    return "unknown";
  }
}

/** Control-C and control-D are as good as nothing typed. */
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

/** More than this is no secret of ours. */
const LINE_CHARACTERS_MAX = 1_000;

async function firstLine(input: Readable): Promise<string> {
  let text = "";
  for await (const piece of input.setEncoding("utf8")) {
    text += piece;
    if (text.includes("\n") || text.length > LINE_CHARACTERS_MAX) break;
  }
  return text.split(/\r?\n/, 1)[0] ?? "";
}

/** What a terminal needs of a process. */
export interface ProcessParts {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable;
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly env: NodeJS.ProcessEnv;
  exitCode?: number | string | null | undefined;
}

/** The terminal of a process. @param hasColours whether its `stderr`, when a person looks at it, can show colours */
export function terminalOf(parts: ProcessParts, hasColours = pc.isColorSupported): Terminal {
  const { stdin, stdout, stderr, env } = parts;
  const isInteractive = stderr.isTTY === true;
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    isInteractive,
    isTyped: stdin.isTTY === true,
    readSecret: (prompt) => (stdin.isTTY === true ? typedLine(prompt, parts) : firstLine(stdin)),
    paint: isInteractive && hasColours ? { error: pc.red, warning: pc.yellow, faint: pc.dim } : plainPaint,
    author: env["RINGLINE_AUTHOR"] ?? systemUser(),
    clock: systemClock,
    env,
    openLog: () => destination(1),
    stopSignal,
    exit: (code) => {
      parts.exitCode = code;
    },
  };
}
