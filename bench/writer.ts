/** Starts `table-writer.ts`, the process that applies an office while the measured one reads it. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { WriterSays } from "./table-writer.js";

export interface Writer {
  /** The next line of the writer. */
  says(): Promise<WriterSays>;
  /** Changes one user, or all numbers. */
  change(what?: "one" | "all"): void;
  end(): Promise<void>;
}

export function startWriter(path: string, numbers: number, kind: "numbers" | "whole"): Writer {
  const program = fileURLToPath(new URL("./table-writer.js", import.meta.url));
  const child: ChildProcess = spawn(
    process.execPath,
    ["--max-old-space-size=8192", program, path, String(numbers), kind],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  if (child.stdout === null || child.stdin === null) throw new Error("no pipes");
  const { stdin } = child;
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    says: async () => {
      const { value, done } = await lines.next();
      if (done === true) throw new Error("the writer has ended");
      return JSON.parse(value) as WriterSays;
    },
    change: (what = "one") => void stdin.write(`${what}\n`),
    end: async () => {
      stdin.end();
      await ended;
    },
  };
}
