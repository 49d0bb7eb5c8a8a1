/** Goal: a person who waits sees a bar, and no other output has one. Method: a clock that the test sets. */
import { describe, expect, it } from "vitest";
import { testTerminal } from "../../../fixtures/cli/run-program.js";
import { PATIENCE_MS, REDRAW_MS, startProgress } from "./progress.js";

function scene(isInteractive: boolean) {
  const state = { nowMs: 0, err: "" };
  const terminal = testTerminal({
    err: (text) => {
      state.err += text;
    },
    isInteractive,
    clock: { nowMs: () => state.nowMs, after: () => ({ id: 0 }), cancel: () => undefined },
  });
  return { state, progress: startProgress(terminal, "applying") };
}

describe("a progress bar", () => {
  it("is drawn once the work has lasted a while, and wiped at its end", () => {
    const { state, progress } = scene(true);
    progress.report(1, 4);
    expect(state.err).toBe("");
    state.nowMs = PATIENCE_MS;
    progress.report(2, 4);
    expect(state.err).toBe(`\rapplying [${"#".repeat(15)}${".".repeat(15)}]  50 %`);
    progress.end();
    expect(state.err.endsWith("\r\u001b[K")).toBe(true);
  });

  it("is not drawn more often than people can see", () => {
    const { state, progress } = scene(true);
    state.nowMs = PATIENCE_MS;
    for (let step = 0; step < 100; step += 1) progress.report(step, 100);
    expect(state.err.split("\r")).toHaveLength(2);
    state.nowMs += REDRAW_MS;
    progress.report(100, 100);
    expect(state.err).toContain("100 %");
  });

  it("is nothing in a pipe", () => {
    const { state, progress } = scene(false);
    state.nowMs = 10 * PATIENCE_MS;
    progress.report(1, 2);
    progress.end();
    expect(state.err).toBe("");
  });

  it("stays within its frame, whatever is reported", () => {
    for (const [done, total] of [
      [5, 0],
      [9, 4],
      [-1, 4],
    ] as const) {
      const { state, progress } = scene(true);
      state.nowMs = PATIENCE_MS;
      progress.report(done, total);
      expect(state.err).toMatch(/^\rapplying \[[#.]{30}\] {1,3}\d{1,3} %$/);
    }
  });
});
