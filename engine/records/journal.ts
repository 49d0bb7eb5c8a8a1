/**
 * The engine's journal: what happens in calls, one line each, in a folder beside the database. A call never waits for it:
 * lines queue in memory, and one asynchronous write after the other takes all that have come meanwhile. Another thread reads
 * the files and keeps records (`docs/calls.md`). A line that was written survives the end of the process, however it
 * ends; those of the last moment, which were not written yet, are told once more by the engine that takes the calls over.
 * Of a caller who is gone by then that engine learns nothing: so the beginning of a call hardly waits.
 */
import { close, mkdir, type NoParamCallback, open, readdirSync, write } from "node:fs";
import { join } from "node:path";
import type { Logger } from "pino";
import type { Happening } from "../../policy/record/happening.js";
import type { Clock, TimerHandle } from "../clock.js";
import type { RecordsPort } from "./records-port.js";

/** The end of each journal's name. */
export const JOURNAL_END = ".jsonl";

/** When a journal was begun, by its name; not a number: it is no journal. */
export function startOf(journal: string): number {
  return Number(/^(\d+)-/.exec(journal)?.[1] ?? Number.NaN);
}

/**
 * From one write to the next: a write costs the engine more than a line, so lines wait for each other. The first line after a
 * pause does not wait.
 */
const BETWEEN_WRITES_MS = 50;
/** The same when a call has begun: a write a call at most, and some for all that begin at once. */
const BEGINS_WITHIN_MS = 5;
/**
 * `file`: a file is closed when it has so many bytes, so that it can be removed when it was read. `waiting`: what may wait
 * while the disk takes nothing; a line has some 200 bytes, and a call some 15 lines.
 */
const BYTES_MAX = { file: 8 * 1024 * 1024, waiting: 64 * 1024 * 1024 } as const;
/** What waits as it is, before lines are made of it. */
const NEWS_MAX = 256;
const AGAIN_MS = 1_000;
/** How long an engine that ends waits for a disk that takes nothing. */
const CLOSE_MS = 2_000;

/** The file system, as far as a journal needs it. */
export interface JournalFiles {
  /** Makes the folder if it is not there. */
  folder(path: string, done: (error: Error | null) => void): void;
  /** The names of the files in it, read at once: an engine asks before it carries calls. No folder: none. */
  list(path: string): readonly string[];
  /** Fails with `EEXIST` if the file is there. */
  open(path: string, done: (error: NodeJS.ErrnoException | null, file: number) => void): void;
  write(
    file: number,
    bytes: Buffer,
    from: number,
    done: (error: Error | null, written: number) => void,
  ): void;
  close(file: number, done: NoParamCallback): void;
}

/** Only the user of the engine may read who has called whom. */
const diskFiles: JournalFiles = {
  folder: (path, done) => mkdir(path, { recursive: true, mode: 0o700 }, (error) => done(error)),
  list: namesIn,
  open: (path, done) => open(path, "ax", 0o600, done),
  write: (file, bytes, from, done) => write(file, bytes, from, done),
  close: (file, done) => close(file, done),
};

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // It is not there, or cannot be read: opening a file says which.
    return [];
  }
}

/** When the last of these journals was begun, by its name; 0: there is none. */
function latestOf(names: readonly string[]): number {
  const starts = names.filter((name) => name.endsWith(JOURNAL_END)).map(startOf);
  return starts.reduce((latest, ms) => (ms > latest ? ms : latest), 0);
}

export interface JournalDeps {
  readonly folder: string;
  readonly engineId: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly files?: JournalFiles;
  readonly bytesMax?: { readonly file: number; readonly waiting: number };
}

export interface JournalFigures {
  /** Lines that were written. */
  readonly written: number;
  /** Lines that wait to be written. */
  readonly waiting: number;
  /** Bytes that wait to be written. */
  readonly waitingBytes: number;
  /** Lines that were left out, since too many wait for a disk that takes nothing. */
  readonly dropped: number;
  /** The last attempt to write has failed. */
  readonly isFailing: boolean;
}

interface OpenFile {
  readonly path: string;
  readonly id: number;
  bytes: number;
}

/** What is being written. */
interface Portion {
  readonly bytes: Buffer;
  readonly lines: number;
  from: number;
}

export class Journal implements RecordsPort {
  readonly #deps: JournalDeps;
  readonly #files: JournalFiles;
  readonly #bytesMax: { readonly file: number; readonly waiting: number };
  #startMs: number | undefined;
  /** By the name of the last file. */
  #latestMs = 0;
  #file: OpenFile | null = null;
  /** What is no line yet. */
  #news: Happening[] = [];
  #lines: string[] = [];
  #lineBytes = 0;
  #portion: Portion | null = null;
  #timer: TimerHandle | undefined;
  /** When the timer fires. */
  #dueMs = 0;
  /** A call has begun, and its line waits. */
  #hasBegun = false;
  #isBusy = false;
  #isFailing = false;
  #isClosing = false;
  #wroteMs = 0;
  #written = 0;
  #dropped = 0;
  #emptied: (() => void) | undefined;

  constructor(deps: JournalDeps) {
    this.#deps = deps;
    this.#files = deps.files ?? diskFiles;
    this.#bytesMax = deps.bytesMax ?? BYTES_MAX;
  }

  /** The name of this run, and of its first file: an engine that stands by has none before it carries calls. */
  get engine(): string {
    return this.#name(this.#start());
  }

  #start(): number {
    if (this.#startMs !== undefined) return this.#startMs;
    this.#latestMs = latestOf(this.#files.list(this.#deps.folder));
    this.#startMs = this.#nameMs();
    return this.#startMs;
  }

  /**
   * The time for the name of the next file: later than that of every file before it, also when the machine's clock was put
   * back. All files but the one with the latest name are complete, and are removed when they were read.
   */
  #nameMs(): number {
    this.#latestMs = Math.max(this.#deps.clock.nowMs(), this.#latestMs + 1);
    return this.#latestMs;
  }

  /** The engine carries calls now: its first line finds a file. */
  open(): void {
    if (this.#isBusy || this.#file !== null) return;
    this.#isBusy = true;
    this.#open(this.#start());
  }

  /** The time in the name of the last file. */
  get latestMs(): number {
    return this.#latestMs;
  }

  /** The file that is being written; null: none yet. All others in the folder are complete. */
  get file(): string | null {
    return this.#file?.path ?? null;
  }

  get figures(): JournalFigures {
    this.#collect();
    return {
      written: this.#written,
      waiting: this.#lines.length + (this.#portion?.lines ?? 0),
      waitingBytes: this.#lineBytes + (this.#portion === null ? 0 : left(this.#portion)),
      dropped: this.#dropped,
      isFailing: this.#isFailing,
    };
  }

  happened(happening: Happening): void {
    this.#news.push(happening);
    if (this.#news.length >= NEWS_MAX) this.#collect();
    // What an engine finds at a takeover has been written before, by the one that began the call.
    if (happening.what.kind === "began" && happening.isFound !== true) this.#hasBegun = true;
    if (!this.#isBusy) this.#soon();
  }

  /** Makes lines of what has happened. All at once, as a line alone costs the engine several times as much. */
  #collect(): void {
    const news = this.#news;
    if (news.length === 0) return;
    this.#news = [];
    for (const happening of news) {
      const line = `${JSON.stringify(happening)}\n`;
      if (this.#lineBytes + line.length > this.#bytesMax.waiting) {
        if (this.#dropped === 0)
          this.#deps.log.error("records of calls are incomplete: the journal's disk takes nothing");
        this.#dropped += 1;
      } else {
        this.#lines.push(line);
        this.#lineBytes += line.length;
      }
    }
  }

  /** Writes what waits; resolves when that is done, or when the disk takes nothing. */
  async close(): Promise<void> {
    this.#isClosing = true;
    if (this.#hasWaiting()) {
      await new Promise<void>((resolve) => {
        const late = this.#deps.clock.after(CLOSE_MS, resolve);
        this.#emptied = () => {
          this.#deps.clock.cancel(late);
          resolve();
        };
        this.#now();
      });
      if (this.#hasWaiting())
        this.#deps.log.error(this.figures, "the last lines of the journal were not written");
    }
    this.#cancel();
    const file = this.#file;
    this.#file = null;
    if (file !== null) await new Promise<void>((resolve) => this.#files.close(file.id, () => resolve()));
  }

  #name(startMs: number): string {
    return `${startMs}-${this.#deps.engineId.replace(/[^A-Za-z0-9-]/g, "_")}`;
  }

  #hasWaiting(): boolean {
    return this.#isBusy || this.#portion !== null || this.#hasLines();
  }

  #hasLines(): boolean {
    return this.#news.length > 0 || this.#lines.length > 0;
  }

  #soon(): void {
    const nowMs = this.#deps.clock.nowMs();
    const betweenMs = this.#hasBegun ? BEGINS_WITHIN_MS : BETWEEN_WRITES_MS;
    const ms = Math.max(0, Math.min(betweenMs, this.#wroteMs + betweenMs - nowMs));
    // A disk that fails is tried again when it is time.
    if (this.#hasBegun && !this.#isFailing && this.#dueMs > nowMs + ms) this.#cancel();
    this.#later(ms);
  }

  #later(ms: number): void {
    if (this.#timer !== undefined) return;
    this.#dueMs = this.#deps.clock.nowMs() + ms;
    this.#timer = this.#deps.clock.after(ms, () => {
      this.#timer = undefined;
      this.#now();
    });
  }

  #cancel(): void {
    if (this.#timer !== undefined) this.#deps.clock.cancel(this.#timer);
    this.#timer = undefined;
  }

  #now(): void {
    if (this.#isBusy) return;
    this.#cancel();
    this.#collect();
    this.#hasBegun = false;
    if (this.#portion === null && this.#lines.length > 0) {
      this.#portion = { bytes: Buffer.from(this.#lines.join("")), lines: this.#lines.length, from: 0 };
      this.#lines = [];
      this.#lineBytes = 0;
    }
    if (this.#portion === null) return;
    this.#isBusy = true;
    this.#wroteMs = this.#deps.clock.nowMs();
    if (this.#file !== null) this.#write(this.#file, this.#portion);
    else this.#open(this.#startMs === undefined ? this.#start() : this.#nameMs());
  }

  #open(atMs: number): void {
    const path = join(this.#deps.folder, `${this.#name(atMs)}${JOURNAL_END}`);
    this.#files.folder(this.#deps.folder, (noFolder) => {
      if (noFolder !== null) {
        this.#failed(noFolder);
        return;
      }
      this.#files.open(path, (error, id) => {
        if (error?.code === "EEXIST") this.#open(this.#nameMs());
        else if (error !== null) this.#failed(error);
        else {
          this.#file = { path, id, bytes: 0 };
          this.#isBusy = false;
          if (!this.#hasLines() && this.#portion === null) this.#emptied?.();
          else this.#now();
        }
      });
    });
  }

  #write(file: OpenFile, portion: Portion): void {
    this.#files.write(file.id, portion.bytes, portion.from, (error, written) => {
      // A part may have been written: the rest follows it, and no line is torn.
      portion.from += written ?? 0;
      file.bytes += written ?? 0;
      if (error !== null) {
        this.#failed(error);
        return;
      }
      if (left(portion) > 0) {
        this.#write(file, portion);
        return;
      }
      this.#portion = null;
      this.#written += portion.lines;
      this.#wasWritten();
      if (file.bytes >= this.#bytesMax.file) this.#turn(file.id);
      else this.#next();
    });
  }

  /** The file is full: the next line begins another one. */
  #turn(id: number): void {
    this.#file = null;
    this.#files.close(id, () => this.#next());
  }

  #next(): void {
    this.#isBusy = false;
    if (!this.#hasLines()) this.#emptied?.();
    else if (this.#isClosing) this.#now();
    else this.#soon();
  }

  #wasWritten(): void {
    if (this.#isFailing) this.#deps.log.info("the journal of calls is written again");
    this.#isFailing = false;
  }

  #failed(error: Error): void {
    if (!this.#isFailing)
      this.#deps.log.error(
        { err: error, folder: this.#deps.folder },
        "the journal of calls cannot be written; calls go on, and its lines wait",
      );
    this.#isFailing = true;
    this.#isBusy = false;
    this.#later(AGAIN_MS);
  }
}

function left({ bytes, from }: Portion): number {
  return bytes.length - from;
}
