/**
 * Reads journals into the database: each step reads a few lines, makes the records of their calls anew, and writes them
 * with the position reached in one transaction, so that each happening counts exactly once, wherever a process is killed.
 * Needs no thread: the recorder's thread, tests and the demo call it.
 */
import type { Logger } from "pino";
import { fold, recordable } from "../../policy/record/fold.js";
import type { Happening } from "../../policy/record/happening.js";
import type { CallRecord } from "../../policy/record/record.js";
import { SqlError } from "../../storage/database.js";
import type { RecordChange } from "../../storage/records/change.js";
import { type JournalPiece, ReadByAnother } from "../../storage/records/write.js";
import type { Store } from "../../storage/store.js";
import type { RecordConsumer } from "./consumers.js";
import { type JournalFile, JournalFiles } from "./journal-files.js";

export interface IngestDeps {
  readonly store: Pick<Store, "recordTables" | "settings" | "makeDurable">;
  /** The folder of the journals. */
  readonly folder: string;
  readonly log: Logger;
  readonly consumers: readonly RecordConsumer[];
  /**
   * Journals that were begun at this time or later are written by the engine that runs; all others are of engines that are
   * gone. `Infinity`: no engine runs.
   */
  readonly sinceMs: number;
  /** Whether the engine that runs has closed this journal of its own, too; left out: it has not. */
  readonly isOver?: (startMs: number) => boolean;
}

/** What was done so far, for metrics. */
export interface IngestFigures {
  readonly happenings: number;
  readonly calls: number;
  readonly unreadable: number;
  readonly failures: number;
}

/**
 * How much one transaction has at most: the engine waits for it when it writes. What a call costs depends little on how many of
 * its lines are written at once.
 */
const PIECE_MAX = { lines: 600, calls: 80 } as const;
/** Calls that are kept in memory, so that they need not be read again. */
const REMEMBERED_MAX = 2_000;

export class Ingest {
  readonly #deps: IngestDeps;
  readonly #files: JournalFiles;
  /** How far each journal was read; undefined: the database was not asked yet. */
  #positions: Map<string, number> | undefined;
  /** Calls that may go on, by id; the one that was used last is last. */
  readonly #calls = new Map<string, CallRecord>();
  #figures = { happenings: 0, calls: 0, unreadable: 0, failures: 0 };

  constructor(deps: IngestDeps) {
    this.#deps = deps;
    this.#files = new JournalFiles(deps.folder);
  }

  get figures(): IngestFigures {
    return this.#figures;
  }

  /**
   * Reads and writes the next lines. Rejects when a file or the database fails; nothing is lost, and it can be tried again.
   * @returns whether there was something: more may be there
   */
  async step(): Promise<boolean> {
    const positions = await this.#known();
    const files = await this.#files.list();
    for (const [place, journal] of files.entries()) {
      const { file } = journal;
      const position = positions.get(file) ?? 0;
      const piece = await this.#files.read(file, position, PIECE_MAX);
      // Removed since the list was made, by the recorder of an engine that ends.
      if (piece === undefined) continue;
      this.#figures.unreadable += piece.unreadable;
      if (piece.unreadable > 0)
        this.#deps.log.error({ file, lines: piece.unreadable }, "lines of a journal of calls cannot be read");
      if (piece.position > position) {
        await this.#write(piece.happenings, { file, from: position, position: piece.position });
        return true;
      }
      if (this.#isOver(journal, files[place + 1])) await this.#remove(file);
    }
    return false;
  }

  /** Whether nothing will be added to a journal: its engine is gone, or has begun a later one. */
  #isOver({ startMs }: JournalFile, next: JournalFile | undefined): boolean {
    const { sinceMs, isOver } = this.#deps;
    if (isOver?.(startMs) === true) return true;
    return startMs < sinceMs || (next !== undefined && next.startMs >= sinceMs);
  }

  async #known(): Promise<Map<string, number>> {
    if (this.#positions !== undefined) return this.#positions;
    const positions = await this.#deps.store.recordTables.positions();
    const there = new Set((await this.#files.list()).map(({ file }) => file));
    const gone = [...positions.keys()].filter((file) => !there.has(file));
    if (gone.length > 0) await this.#deps.store.recordTables.forgetJournals(gone);
    for (const file of gone) positions.delete(file);
    this.#positions = positions;
    return positions;
  }

  /** The file first: without its position it would be read again from its beginning. */
  async #remove(file: string): Promise<void> {
    await this.#deps.store.makeDurable();
    await this.#files.remove(file);
    await this.#deps.store.recordTables.forgetJournals([file]);
    this.#positions?.delete(file);
  }

  async #write(happenings: readonly Happening[], piece: JournalPiece): Promise<void> {
    let changes = await this.#changesOf(happenings);
    try {
      await this.#commit(changes, piece);
    } catch (error) {
      // What is remembered is not what the database has.
      this.#calls.clear();
      this.#positions = undefined;
      if (error instanceof ReadByAnother) return;
      if (!isMistake(error)) throw error;
      const writable = await this.#writable(changes);
      if (writable.length === changes.length) throw error;
      changes = writable;
      await this.#commit(changes, piece);
    }
    this.#positions?.set(piece.file, piece.position);
    this.#figures.happenings += happenings.length;
    this.#figures.calls += changes.length;
    for (const consumer of this.#deps.consumers) this.#tell(consumer, changes);
  }

  /** The calls that the database takes: one that it cannot keep, by our own mistake, must not keep all others out. */
  async #writable(changes: readonly RecordChange[]): Promise<RecordChange[]> {
    const writable: RecordChange[] = [];
    for (const change of changes) {
      const why = await this.#trial(change);
      if (why === undefined) writable.push(change);
      else {
        this.#figures.failures += 1;
        this.#deps.log.error({ call: change.after.id, error: String(why) }, "a call cannot be recorded");
      }
    }
    return writable;
  }

  /** Writes a call and takes it back. @returns our mistake; undefined: it can be written */
  async #trial(change: RecordChange): Promise<unknown> {
    const takeBack = new Error("taken back");
    try {
      await this.#deps.store.recordTables.write({ changes: [change], zone: "UTC" }, [
        () => Promise.reject(takeBack),
      ]);
    } catch (error) {
      if (error === takeBack) return undefined;
      if (!isMistake(error)) throw error;
      return error;
    }
    return undefined;
  }

  #tell(consumer: RecordConsumer, changes: readonly RecordChange[]): void {
    try {
      consumer.committed?.(changes);
    } catch (error) {
      this.#deps.log.error({ error: String(error) }, "what follows from calls was not done");
    }
  }

  /** A consumer with a mistake must not keep the records from being written: it is left out, and that is said. */
  async #commit(changes: readonly RecordChange[], piece: JournalPiece): Promise<void> {
    const zone = (await this.#deps.store.settings())?.timezone ?? "UTC";
    const failed = new Set<RecordConsumer>();
    for (;;) {
      let writing: RecordConsumer | undefined;
      const consumers = this.#deps.consumers.filter((consumer) => !failed.has(consumer));
      const also = consumers.flatMap((consumer) => {
        const { written } = consumer;
        if (written === undefined) return [];
        return async (...args: Parameters<typeof written>) => {
          writing = consumer;
          await written.apply(consumer, args);
          writing = undefined;
        };
      });
      try {
        for (const consumer of consumers) {
          writing = consumer;
          await consumer.prepare?.();
        }
        writing = undefined;
        return await this.#deps.store.recordTables.write({ changes, piece, zone }, also);
      } catch (error) {
        if (writing === undefined || !isMistake(error)) throw error;
        failed.add(writing);
        this.#deps.log.error(
          { error: String(error), calls: changes.map(({ after }) => after.id) },
          "what follows from calls was not written; the calls are",
        );
      }
    }
  }

  async #changesOf(happenings: readonly Happening[]): Promise<RecordChange[]> {
    const byCall = new Map<string, Happening[]>();
    for (const happening of happenings) {
      const before = byCall.get(happening.call);
      if (before === undefined) byCall.set(happening.call, [happening]);
      else before.push(happening);
    }
    const unknown = [...byCall.keys()].filter((id) => !this.#calls.has(id));
    const read =
      unknown.length === 0
        ? new Map<string, CallRecord>()
        : await this.#deps.store.recordTables.records(unknown);
    return [...byCall].flatMap(([id, told]) => {
      const before = this.#calls.get(id) ?? read.get(id);
      const news = before === undefined ? recordable(told) : told;
      return news.length === 0 ? [] : this.#changeOf(id, before, news);
    });
  }

  /** A call that our own code cannot record is our mistake; it must not keep all others from being written. */
  #changeOf(id: string, before: CallRecord | undefined, news: readonly Happening[]): RecordChange[] {
    try {
      const after = fold(before, news);
      this.#remember(after);
      return [{ before, after, news }];
    } catch (error) {
      this.#figures.failures += 1;
      this.#deps.log.error({ call: id, error: String(error) }, "a call cannot be recorded");
      return [];
    }
  }

  #remember(record: CallRecord): void {
    this.#calls.delete(record.id);
    this.#calls.set(record.id, record);
    for (const oldest of this.#calls.keys()) {
      if (this.#calls.size <= REMEMBERED_MAX) break;
      this.#calls.delete(oldest);
    }
  }
}

/** What SQLite says when trying again later may help: another has the lock, the disk is full or fails. */
const LATER: ReadonlySet<string> = new Set([
  ...["SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_NOMEM", "SQLITE_READONLY"],
  ...["SQLITE_CANTOPEN", "SQLITE_CORRUPT", "SQLITE_NOTADB"],
]);

function isMistake(error: unknown): boolean {
  return !(error instanceof SqlError && LATER.has(error.code));
}
