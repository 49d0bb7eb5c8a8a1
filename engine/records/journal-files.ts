/**
 * Reads the journals of engines, line by line from a position on. Names and order of the files: `<startMs>-<engineId>.jsonl`,
 * the earliest first.
 */
import { open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Happening } from "../../policy/record/happening.js";
import { JOURNAL_END, startOf } from "./journal.js";

/** The folder of the journals of all engines of a database. */
export function journalFolder(db: string): string {
  return `${db}.calls`;
}

export interface JournalFile {
  readonly file: string;
  readonly startMs: number;
}

/** How much is read at once; at least one line. */
export interface PieceBounds {
  readonly lines: number;
  /** Different calls. */
  readonly calls: number;
}

/** A piece of a journal. */
export interface Piece {
  readonly happenings: readonly Happening[];
  /** Where the next piece begins. */
  readonly position: number;
  /** Lines that say nothing we can read. */
  readonly unreadable: number;
  /** Nothing more is there now, but for the beginning of a line. */
  readonly isAtEnd: boolean;
}

/** How much of a file is read at once. */
const PIECE_BYTES = 65_536;
/** A line that is longer is none of ours. */
const LINE_BYTES_MAX = 1_048_576;

export class JournalFiles {
  constructor(private readonly folder: string) {}

  /** All journals, the earliest first. No folder: none. */
  async list(): Promise<JournalFile[]> {
    const names = await readdir(this.folder).catch(orGone);
    return (names ?? [])
      .flatMap((file) => {
        const startMs = startOf(file);
        return Number.isNaN(startMs) || !file.endsWith(JOURNAL_END) ? [] : [{ file, startMs }];
      })
      .sort((a, b) => a.startMs - b.startMs || (a.file < b.file ? -1 : 1));
  }

  /** The whole lines from a position on, within the bounds; undefined: the file is gone. */
  async read(file: string, position: number, bounds: PieceBounds): Promise<Piece | undefined> {
    const handle = await open(join(this.folder, file), "r").catch(orGone);
    if (handle === undefined) return undefined;
    try {
      for (let bytes = PIECE_BYTES; ; bytes *= 4) {
        const buffer = Buffer.allocUnsafe(bytes);
        const { bytesRead } = await handle.read(buffer, 0, bytes, position);
        const piece = pieceOf(buffer.subarray(0, bytesRead), position, bounds, bytesRead < bytes);
        if (piece.position > position || piece.isAtEnd) return piece;
        if (bytes >= LINE_BYTES_MAX)
          return { happenings: [], position: position + bytesRead, unreadable: 1, isAtEnd: false };
      }
    } finally {
      await handle.close();
    }
  }

  async remove(file: string): Promise<void> {
    await rm(join(this.folder, file), { force: true });
  }
}

/** What is not there is undefined; every other error stays one. */
function orGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}

const NEWLINE = 0x0a;

function pieceOf(buffer: Buffer, position: number, bounds: PieceBounds, isLast: boolean): Piece {
  const happenings: Happening[] = [];
  const calls = new Set<string>();
  let unreadable = 0;
  let from = 0;
  for (let lines = 0; lines < bounds.lines; lines += 1) {
    const end = buffer.indexOf(NEWLINE, from);
    if (end < 0) return { happenings, unreadable, position: position + from, isAtEnd: isLast };
    const line = buffer.toString("utf8", from, end).trim();
    const happening = line === "" ? null : happeningIn(line);
    if (happening) {
      calls.add(happening.call);
      // The line of one call more is for the next piece.
      if (calls.size > bounds.calls) break;
      happenings.push(happening);
    } else if (happening === undefined) unreadable += 1;
    from = end + 1;
  }
  return { happenings, unreadable, position: position + from, isAtEnd: isLast && from === buffer.length };
}

/** JSON escapes half of a character, that is a surrogate alone. */
const HALF = /\\ud[89a-f]/i;

/** A database cannot keep half of a character, and what it reads back would be another text. */
function withoutHalves(_field: string, value: unknown): unknown {
  return typeof value === "string" ? value.replace(/\p{Surrogate}/gu, "\uFFFD") : value;
}

/** A later release may write kinds that this one does not know: they are kept as they are. */
function happeningIn(line: string): Happening | undefined {
  let read: unknown;
  try {
    read = HALF.test(line) ? JSON.parse(line, withoutHalves) : JSON.parse(line);
  } catch {
    return undefined;
  }
  return isHappening(read) ? read : undefined;
}

function isHappening(value: unknown): value is Happening {
  if (typeof value !== "object" || value === null) return false;
  const { call, atMs, what } = value as { [key: string]: unknown };
  if (typeof call !== "string" || call === "" || !Number.isSafeInteger(atMs)) return false;
  return typeof what === "object" && what !== null && typeof (what as { kind?: unknown }).kind === "string";
}
