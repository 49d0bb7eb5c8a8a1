/** Goal: results and all other output go to separate streams, and a secret that is typed or piped in is never shown. */
import { PassThrough, Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../clock.js";
import { plainPaint } from "../../office/files/render.js";
import { stopSignal } from "./stop-signal.js";
import { type ProcessParts, terminalOf } from "./terminal.js";

interface Scene {
  readonly parts: ProcessParts;
  readonly stdin: PassThrough;
  shown(): { readonly out: string; readonly err: string };
}

function scene(looks: { readonly isTTY: boolean }, env: NodeJS.ProcessEnv = {}): Scene {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  let out = "";
  let err = "";
  stdout.on("data", (piece) => {
    out += String(piece);
  });
  stderr.on("data", (piece) => {
    err += String(piece);
  });
  return {
    stdin,
    parts: {
      stdin: Object.assign(stdin, looks),
      stdout,
      stderr: Object.assign(stderr, looks),
      env,
      exit: () => expect.unreachable(),
    },
    shown: () => ({ out, err }),
  };
}

describe("a process's terminal", () => {
  it("keeps results apart from everything else, and leaves the last exit code", async () => {
    const { parts, shown } = scene({ isTTY: false });
    const terminal = terminalOf(parts);
    terminal.out("a result\n");
    terminal.err("a problem\n");
    terminal.exit(1);
    terminal.exit(2);
    expect(shown()).toEqual({ out: "a result\n", err: "a problem\n" });
    expect(parts.exitCode).toBe(2);
  });

  it("ends the process when all that was written is out, with the exit code that was set", async () => {
    const written: string[] = [];
    const slow = new Writable({
      write: (piece, _encoding, done) =>
        void systemClock.after(5, () => {
          written.push(String(piece));
          done();
        }),
    });
    const ended: unknown[] = [];
    const { parts } = scene({ isTTY: false });
    const exiting: ProcessParts = {
      ...parts,
      stdout: slow,
      exit: () => void ended.push([exiting.exitCode, written.join("")]),
    };
    const terminal = terminalOf(exiting);
    terminal.out("a result\n");
    terminal.exit(3);
    await terminal.end();
    expect(ended).toEqual([[3, "a result\n"]]);
  });

  it.each([
    [true, true, "\u001b[31mx\u001b[39m"],
    [true, false, "x"],
    [false, true, "x"],
  ])(
    "uses colours only for a person's terminal that has them: terminal %s, colours %s",
    (isTTY, hasColours, shown) => {
      const { paint, isInteractive, isTyped } = terminalOf(scene({ isTTY }).parts, hasColours);
      expect({ isInteractive, isTyped }).toEqual({ isInteractive: isTTY, isTyped: isTTY });
      if (shown === "x") expect(paint).toBe(plainPaint);
      else expect(paint.error("x").length).toBeGreaterThan(0);
    },
  );

  it("takes the author of changes from the environment, or from the system", () => {
    expect(terminalOf(scene({ isTTY: false }, { RINGLINE_AUTHOR: "ann" }).parts).author).toBe("ann");
    expect(terminalOf(scene({ isTTY: false }).parts).author).not.toBe("");
  });
});

describe("a secret that is typed", () => {
  it("is the line, and only the prompt is shown", async () => {
    const { parts, stdin, shown } = scene({ isTTY: true });
    const read = terminalOf(parts).readSecret("PIN: ");
    stdin.write("7351\r");
    expect(await read).toBe("7351");
    expect(shown()).toEqual({ out: "", err: "PIN: \n" });
  });

  it("may be corrected while it is typed", async () => {
    const { parts, stdin } = scene({ isTTY: true });
    const read = terminalOf(parts).readSecret("PIN: ");
    stdin.write("7350\u007f1\r");
    expect(await read).toBe("7351");
  });

  it.each([
    ["control-C", "735\u0003"],
    ["control-D", "\u0004"],
  ])("is nothing after %s", async (_what, keys) => {
    const { parts, stdin, shown } = scene({ isTTY: true });
    const read = terminalOf(parts).readSecret("PIN: ");
    stdin.write(keys);
    expect(await read).toBe("");
    expect(shown().err).toBe("PIN: \n");
  });
});

describe("a question", () => {
  it.each([
    ["y\n", true],
    ["YES\n", true],
    ["n\n", false],
    ["\n", false],
    ["yesterday\n", false],
  ])("that is answered with %j", async (answer, confirmed) => {
    const { parts, stdin, shown } = scene({ isTTY: true });
    const asked = terminalOf(parts).confirm("Write it?");
    stdin.write(answer);
    expect(await asked).toBe(confirmed);
    expect(shown().err).toContain("Write it? [y/N] ");
  });

  it("is a no at the end of the input, and where no person is", async () => {
    const ended = scene({ isTTY: true });
    const asked = terminalOf(ended.parts).confirm("Write it?");
    ended.stdin.end();
    expect(await asked).toBe(false);
    const piped = scene({ isTTY: false });
    expect(await terminalOf(piped.parts).confirm("Write it?")).toBe(false);
    expect(piped.shown()).toEqual({ out: "", err: "" });
  });
});

describe("a secret that is piped in", () => {
  it.each([
    ["its end in pieces", ["73", "51\n", "more"], "7351"],
    ["no end", ["7351"], "7351"],
    ["an end of Windows", ["7351\r\nmore"], "7351"],
    ["nothing", [], ""],
    ["an empty line", ["\n7351"], ""],
  ])("is the first line: %s", async (_what, pieces, secret) => {
    const { parts, stdin, shown } = scene({ isTTY: false });
    const read = terminalOf(parts).readSecret("PIN: ");
    for (const piece of pieces) stdin.write(piece);
    stdin.end();
    expect(await read).toBe(secret);
    expect(shown()).toEqual({ out: "", err: "" });
  });

  it("ends by itself when the input never ends", async () => {
    const { parts, stdin } = scene({ isTTY: false });
    const read = terminalOf(parts).readSecret("PIN: ");
    stdin.write("7".repeat(2_000));
    expect((await read).length).toBe(2_000);
  });
});

describe("the signal to stop", () => {
  it.each<NodeJS.Signals>(["SIGTERM", "SIGINT"])(
    "is %s, and nothing listens to a second one",
    async (signal) => {
      const listeners = () => [process.listenerCount("SIGTERM"), process.listenerCount("SIGINT")];
      const before = listeners();
      const stopped = stopSignal();
      process.emit(signal, signal);
      expect(await stopped).toBe(signal);
      // A listener left behind would swallow the next signal.
      expect(listeners()).toEqual(before);
    },
  );
});
