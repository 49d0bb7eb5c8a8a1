/**
 * The whole screen of a terminal, for a command that draws on it. However the command ends, by a key, a signal, an exception
 * or because the terminal is gone, the terminal is as it was before; so it is while the command is stopped (Ctrl-Z).
 */
import type { Readable, Writable } from "node:stream";

/** The parts of a process that a screen needs. */
export interface ScreenParts {
  readonly stdin: Readable & { readonly isTTY?: boolean; setRawMode?(isRaw: boolean): unknown };
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };
  readonly env: NodeJS.ProcessEnv;
}

export interface Screen {
  readonly columns: number;
  readonly rows: number;
  write(text: string): void;
  /** What is typed, as it comes: a key may be several characters. */
  onTyped(listener: (text: string) => void): void;
  /** The size has changed, or the screen was somebody else's meanwhile: all is to be drawn anew. */
  onChanged(listener: () => void): void;
  /** Stops the process as Ctrl-Z does, until the shell lets it go on. */
  suspend(): void;
  /** Resolves when the terminal is gone. */
  readonly gone: Promise<void>;
  close(): void;
}

/** The other screen of the terminal, which has no history; no cursor, and no line that goes on in the next one. */
const ENTER = "\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[2J";
const LEAVE = "\u001b[0m\u001b[?7h\u001b[?25h\u001b[?1049l";

/** A terminal that can only write line after line. */
const DUMB: ReadonlySet<string> = new Set(["", "dumb", "unknown"]);

/** Undefined: there is no terminal at both ends, or not one that can be drawn on. */
export function openScreen(parts: ScreenParts): Screen | undefined {
  const { stdin, stdout, env } = parts;
  const { setRawMode } = stdin;
  if (stdin.isTTY !== true || stdout.isTTY !== true || setRawMode === undefined) return undefined;
  if (DUMB.has(env["TERM"] ?? "")) return undefined;
  const changed = new Set<() => void>();
  const redraw = (): void => {
    for (const listener of changed) listener();
  };
  let isEntered = false;
  let sayGone = (): void => {};
  const gone = new Promise<void>((resolve) => {
    sayGone = resolve;
  });
  const enter = (): void => {
    if (isEntered) return;
    isEntered = true;
    setRawMode.call(stdin, true);
    stdin.resume();
    stdout.write(ENTER);
    redraw();
  };
  const leave = (): void => {
    if (!isEntered) return;
    isEntered = false;
    stdout.write(LEAVE);
    try {
      setRawMode.call(stdin, false);
    } catch {
      // The terminal is gone.
    }
  };
  /** Whoever stopped the process may have used the terminal since. */
  const again = (): void => {
    isEntered = false;
    enter();
  };
  const stop = (): void => {
    leave();
    // Not SIGTSTP, which comes here again.
    process.kill(process.pid, "SIGSTOP");
  };
  const signals: ReadonlyArray<readonly [NodeJS.Signals, () => void]> = [
    ["SIGTSTP", stop],
    ["SIGCONT", again],
    ["SIGHUP", sayGone],
  ];
  for (const [signal, act] of signals) process.on(signal, act);
  process.on("exit", leave);
  // Before the exception is printed: on the other screen nobody would see it.
  process.on("uncaughtExceptionMonitor", leave);
  stdout.on("resize", redraw);
  stdin.on("end", sayGone);
  stdin.on("error", sayGone);
  stdin.setEncoding("utf8");
  enter();
  return {
    get columns() {
      return stdout.columns ?? 80;
    },
    get rows() {
      return stdout.rows ?? 24;
    },
    write: (text) => void (isEntered && stdout.write(text)),
    onTyped: (listener) => void stdin.on("data", listener),
    onChanged: (listener) => void changed.add(listener),
    suspend: stop,
    gone,
    close: () => {
      leave();
      changed.clear();
      stdout.removeListener("resize", redraw);
      stdin.removeAllListeners("data");
      stdin.pause();
      for (const [signal, act] of signals) process.removeListener(signal, act);
      process.removeListener("exit", leave);
      process.removeListener("uncaughtExceptionMonitor", leave);
    },
  };
}
