/**
 * What a command sees of the process it runs in: where to write, whether a person is looking, and which exit
 * code to leave. Tests hand in their own.
 */
import { userInfo } from "node:os";
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import pc from "picocolors";
import type { Clock } from "../../clock.js";
import { systemClock } from "../../clock.js";
import { type Paint, plainPaint } from "../../office/files/render.js";

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
function typedLine(prompt: string): Promise<string> {
  process.stderr.write(prompt);
  const unseen = new Writable({ write: (_piece, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: unseen, terminal: true });
  return new Promise((resolve) => {
    lines.once("line", (line) => {
      resolve(line);
      lines.close();
    });
    lines.once("close", () => {
      process.stderr.write("\n");
      resolve("");
    });
  });
}

/** More than this is no secret of ours. */
const LINE_CHARACTERS_MAX = 1_000;

async function firstLine(input: NodeJS.ReadStream): Promise<string> {
  let text = "";
  for await (const piece of input.setEncoding("utf8")) {
    text += piece;
    if (text.includes("\n") || text.length > LINE_CHARACTERS_MAX) break;
  }
  return text.split(/\r?\n/, 1)[0] ?? "";
}

/** The process's own terminal. */
export function processTerminal(): Terminal {
  const isInteractive = process.stderr.isTTY === true;
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    isInteractive,
    isTyped: process.stdin.isTTY === true,
    readSecret: (prompt) => (process.stdin.isTTY === true ? typedLine(prompt) : firstLine(process.stdin)),
    paint:
      isInteractive && pc.isColorSupported
        ? { error: pc.red, warning: pc.yellow, faint: pc.dim }
        : plainPaint,
    author: process.env["RINGLINE_AUTHOR"] ?? systemUser(),
    clock: systemClock,
    exit: (code) => {
      process.exitCode = code;
    },
  };
}
