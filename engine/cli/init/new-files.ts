/**
 * Makes several files and folders, all or none: what is there already is never touched, and what was made is taken back
 * when the next one cannot be made.
 */
import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

export interface NewFile {
  readonly path: string;
  /** Null: a folder. */
  readonly text: string | null;
  readonly mode: number;
}

/** The paths that are there already. */
export function alreadyThere(paths: readonly string[]): string[] {
  return paths.filter((path) => existsSync(path));
}

/**
 * Makes a folder and those above it. `mkdir` of Node.js could do it, but never returns where the system denies that a path
 * is there and refuses to make it, as below /proc.
 */
async function makeFolder(path: string, made: string[]): Promise<void> {
  if (existsSync(path)) return;
  await makeFolder(dirname(path), made);
  await mkdir(path);
  made.push(path);
}

/**
 * Makes them in this order, then runs `work`, whose false takes all of it back.
 * @param more paths that `work` makes, also taken back
 */
export async function makeAll(
  files: readonly NewFile[],
  more: readonly string[],
  work: () => Promise<boolean>,
): Promise<boolean> {
  const made: string[] = [];
  let isDone = false;
  try {
    for (const { path, text, mode } of files) {
      await makeFolder(dirname(path), made);
      if (text === null) await mkdir(path, { mode });
      else await writeFile(path, text, { flag: "wx", mode });
      made.push(path);
    }
    isDone = await work();
    return isDone;
  } finally {
    const undone = isDone ? [] : [...more, ...made.reverse()];
    for (const path of undone) await rm(path, { recursive: true, force: true });
  }
}
