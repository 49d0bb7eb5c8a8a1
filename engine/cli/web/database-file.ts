/**
 * Notices that the database is another file: `ringline restore` puts a backup in its place. The server has the one before
 * open, and whatever people change there would be lost.
 */
import { stat } from "node:fs/promises";
import type { Clock, TimerHandle } from "../../clock.js";

const LOOK_MS = 1_000;

export interface DatabaseFileWatch {
  /** Resolves when there is another file of that name, or none. */
  readonly replaced: Promise<"database replaced">;
  close(): void;
}

export function watchDatabaseFile(path: string, clock: Clock): DatabaseFileWatch {
  let timer: TimerHandle | undefined;
  let isOver = false;
  let first: string | undefined;
  const replaced = new Promise<"database replaced">((resolve) => {
    const look = async (): Promise<void> => {
      const now = await fileAt(path);
      first ??= now;
      if (now !== undefined && now !== first) resolve("database replaced");
      else if (!isOver) timer = clock.after(LOOK_MS, () => void look());
    };
    void look();
  });
  return {
    replaced,
    close: () => {
      isOver = true;
      if (timer !== undefined) clock.cancel(timer);
    },
  };
}

/** Undefined: it cannot be told at the moment. */
async function fileAt(path: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await stat(path);
    return `${dev} ${ino}`;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ENOENT" ? "none" : undefined;
  }
}
