/**
 * Goal: however a command ends that draws on the whole screen, the terminal is as it was. Method: a terminal that writes down
 * what it is told, and the events that a process gets.
 */
import type { EventEmitter } from "node:events";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { systemClock } from "../../clock.js";
import { openScreen, type ScreenParts } from "./screen.js";

const LEAVES = "\u001b[0m\u001b[?7h\u001b[?25h\u001b[?1049l";

function terminal(more: { readonly env?: NodeJS.ProcessEnv; readonly isTTY?: boolean } = {}) {
  const { env = { TERM: "xterm-256color" }, isTTY = true } = more;
  const state = { isRaw: false, written: "" };
  const stdin = Object.assign(new PassThrough(), {
    isTTY,
    setRawMode: (isRaw: boolean) => {
      state.isRaw = isRaw;
    },
  });
  const stdout = Object.assign(new PassThrough(), { isTTY, columns: 80, rows: 24 });
  stdout.on("data", (piece: Buffer) => {
    state.written += piece.toString();
  });
  const parts: ScreenParts = { stdin, stdout, env };
  return { parts, stdin, stdout, state };
}

/** Until what was written has gone through the stream. */
const settled = () => new Promise<void>((resolve) => void systemClock.after(0, resolve));

const SIGNALS = ["SIGTSTP", "SIGCONT", "SIGHUP", "exit", "uncaughtExceptionMonitor"] as const;
const listeners = () => SIGNALS.map((name) => (process as EventEmitter).listenerCount(name));
let before: number[];
beforeEach(() => {
  before = listeners();
});
afterEach(() => {
  vi.restoreAllMocks();
  expect(listeners()).toEqual(before);
});

describe("a screen", () => {
  it("takes the other screen and every key, and gives both back", async () => {
    const { parts, state, stdin } = terminal();
    const screen = openScreen(parts);
    const typed: string[] = [];
    screen?.onTyped((text) => typed.push(text));
    stdin.write("q\u001b[A");
    screen?.write("drawn");
    await settled();
    expect(state).toMatchObject({ isRaw: true, written: expect.stringMatching(/^\u001b\[\?1049h.*drawn$/s) });
    expect(typed.join("")).toBe("q\u001b[A");
    screen?.close();
    screen?.write("too late");
    await settled();
    expect(state.isRaw).toBe(false);
    expect(state.written.endsWith(LEAVES)).toBe(true);
  });

  it.each(["exit", "uncaughtExceptionMonitor"])("is given back at the process's event %s", async (event) => {
    const { parts, state } = terminal();
    const screen = openScreen(parts);
    (process as EventEmitter).emit(event, new Error("a mistake"));
    await settled();
    expect(state.isRaw).toBe(false);
    expect(state.written.endsWith(LEAVES)).toBe(true);
    screen?.close();
    await settled();
    expect(state.written.split(LEAVES)).toHaveLength(2);
  });

  it.each(["a key", "SIGTSTP"])(
    "is given back while the process is stopped, and drawn anew after (%s)",
    async (how) => {
      const { parts, state } = terminal();
      const screen = openScreen(parts);
      let drawn = 0;
      screen?.onChanged(() => {
        drawn += 1;
      });
      const killed = vi.spyOn(process, "kill").mockReturnValue(true);
      if (how === "a key") screen?.suspend();
      else (process as EventEmitter).emit("SIGTSTP", "SIGTSTP");
      await settled();
      expect(killed).toHaveBeenCalledWith(process.pid, "SIGSTOP");
      expect(state.isRaw).toBe(false);
      expect(state.written.endsWith(LEAVES)).toBe(true);
      (process as EventEmitter).emit("SIGCONT", "SIGCONT");
      await settled();
      expect(state.isRaw).toBe(true);
      expect(drawn).toBe(1);
      screen?.close();
    },
  );

  it("says when its size changes, and when the terminal is gone", async () => {
    const { parts, stdout } = terminal();
    const screen = openScreen(parts);
    let drawn = 0;
    screen?.onChanged(() => {
      drawn += 1;
    });
    Object.assign(stdout, { columns: 132 }).emit("resize");
    expect([drawn, screen?.columns, screen?.rows]).toEqual([1, 132, 24]);
    (process as EventEmitter).emit("SIGHUP", "SIGHUP");
    await screen?.gone;
    screen?.close();
  });
});

it.each([
  ["a pipe", { isTTY: false }],
  ["TERM=dumb", { env: { TERM: "dumb" } }],
  ["no TERM", { env: {} }],
])("%s cannot be drawn on", (_what, more) => {
  const { parts, state } = terminal(more);
  expect(openScreen(parts)).toBeUndefined();
  expect(state).toEqual({ isRaw: false, written: "" });
});
