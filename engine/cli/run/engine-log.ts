/**
 * The log of a command that runs until it is stopped: one JSON object a line for programs, or lines for the person who watches the terminal, as pino's own
 * tool writes them.
 */
import { type Logger, pino, stdTimeFunctions } from "pino";
import { prettyFactory } from "pino-pretty";
import { printable } from "../../../policy/text.js";
import { redactLine } from "../../watch/redact-numbers.js";
import type { Terminal } from "../shared/terminal.js";
import type { RunOptions } from "./run-options.js";

export function engineLog(
  { logLevel, pretty, redactNumbers }: Pick<RunOptions, "logLevel" | "pretty" | "redactNumbers">,
  terminal: Terminal,
): Logger {
  const log = terminal.openLog();
  const lines = (pretty ?? terminal.isWatched) ? forPeople(log, terminal.hasColours) : log;
  const shown = redactNumbers === true ? redacting(lines) : lines;
  return pino({ level: logLevel, base: null, timestamp: stdTimeFunctions.isoTime }, shown);
}

function redacting(lines: { write(line: string): void }): { write(line: string): void } {
  return { write: (line) => lines.write(redactLine(line)) };
}

/** Each line with the local time, its level in words, and what it is about as one object at its end. */
function forPeople(log: { write(line: string): void }, colorize: boolean): { write(line: string): void } {
  const prettify = prettyFactory({
    colorize,
    singleLine: true,
    translateTime: "SYS:HH:MM:ss.l",
  });
  return {
    write: (line) => {
      // Callers choose their names, which must not control the terminal.
      log.write(`${prettify(`${printable(line.trimEnd())}\n`)}`);
    },
  };
}
