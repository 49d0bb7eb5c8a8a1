/** The calls that are kept: lists, the story of each, sums. What the recorder writes is in `write.ts` and `sweep.ts`. */
import { recordOf } from "../../policy/record/fold.js";
import type { CallRecord } from "../../policy/record/record.js";
import type { OutsideCall } from "../../policy/usage/rate.js";
import type { Database } from "../database.js";
import type { WriteWithRecords } from "./change.js";
import { readCharges } from "./charges.js";
import type { CallFilter, CallPage, CallRow, Page, SumQuery, SumRow, WaitRow } from "./filter.js";
import { listCalls } from "./list.js";
import { CALL_COLUMNS, callRow, type TableRow } from "./rows.js";
import { readStory } from "./story.js";
import { readSums, readWaits } from "./sums.js";
import { anonymiseOld, deleteOld } from "./sweep.js";
import { type JournalPosition, type RecordBatch, writeRecords } from "./write.js";

export class RecordStore {
  constructor(private readonly database: Database) {}

  /** Calls, the newest first. */
  list(filter: CallFilter, page: Page): Promise<CallPage> {
    return listCalls(this.database, filter, page);
  }

  /** The record of a call, with its story. */
  async one(id: string): Promise<CallRecord | undefined> {
    const row = await this.database.get<{ story: string | Buffer }>(
      "SELECT story FROM calls JOIN call_stories USING (key) WHERE id = ?",
      [id],
    );
    return row && recordOf(readStory(id, row.story));
  }

  /** Calls whose id begins so, the newest first; enough of them to see that there are several. */
  async find(idPrefix: string): Promise<CallRow[]> {
    const rows = await this.database.all<TableRow>(
      `SELECT ${CALL_COLUMNS} FROM calls WHERE id >= ? AND id < ? ORDER BY id LIMIT ?`,
      // No id contains a character behind this one.
      [idPrefix, `${idPrefix}\u{10ffff}`, FOUND_MAX],
    );
    return rows.map(callRow).sort((a, b) => b.key - a.key);
  }

  /** Rows written after a change, in the order they were written last. With 0 it begins with the oldest. */
  async changedAfter(change: number, limit: number): Promise<CallRow[]> {
    const rows = await this.database.all<TableRow>(
      `SELECT ${CALL_COLUMNS} FROM calls WHERE change > ? ORDER BY change LIMIT ?`,
      [change, limit],
    );
    return rows.map(callRow);
  }

  /** The last change so far: what `changedAfter` begins with to follow what happens from now on. */
  async lastChange(): Promise<number> {
    const row = await this.database.get<{ change: number }>("SELECT change FROM call_state");
    return row?.change ?? 0;
  }

  /** The ids of calls that no end is known of, the oldest first: they are in progress, or their engine was killed. */
  async unfinished(): Promise<string[]> {
    const rows = await this.database.all<{ id: string }>(
      "SELECT id FROM calls WHERE ended_ms IS NULL ORDER BY key",
    );
    return rows.map(({ id }) => id);
  }

  sums(query: SumQuery): Promise<SumRow[]> {
    return readSums(this.database, query);
  }

  waits(query: SumQuery): Promise<WaitRow[]> {
    return readWaits(this.database, query);
  }

  /** Calls outside that were answered from one instant until before another, in the order of their answers. */
  charges(query: { readonly fromMs: number; readonly untilMs: number }): AsyncGenerator<OutsideCall> {
    return readCharges(this.database, query);
  }
}

/** What is written, and how far the journals were read: for the recorder alone. */
export class RecordTables {
  constructor(private readonly database: Database) {}

  /** Writes changes of calls and how far the journals were read, and all that `also` adds, or nothing of it. */
  write(batch: RecordBatch, also: readonly WriteWithRecords[] = []): Promise<void> {
    return writeRecords(this.database, batch, also);
  }

  /** The records of those of some calls that are known, by id. */
  async records(ids: readonly string[]): Promise<Map<string, CallRecord>> {
    const rows = await this.database.all<{ id: string; story: string | Buffer }>(
      `SELECT calls.id, story FROM json_each(?) AS asked
       CROSS JOIN calls ON calls.id = asked.value
       CROSS JOIN call_stories ON call_stories.key = calls.key`,
      [JSON.stringify(ids)],
    );
    return new Map(rows.map(({ id, story }) => [id, recordOf(readStory(id, story))]));
  }

  /** How far each journal was read. */
  async positions(): Promise<Map<string, number>> {
    const rows = await this.database.all<JournalPosition>("SELECT file, position FROM call_journals");
    return new Map(rows.map(({ file, position }) => [file, position]));
  }

  /** Forgets journals whose files are gone. */
  forgetJournals(files: readonly string[]): Promise<void> {
    return this.database.run("DELETE FROM call_journals WHERE file IN (SELECT value FROM json_each(?))", [
      JSON.stringify(files),
    ]);
  }

  /** Deletes old calls; see `sweep.ts`. */
  deleteOld(beforeMs: number, limit: number): Promise<number> {
    return deleteOld(this.database, beforeMs, limit);
  }

  /** Takes callers out of calls of a while ago; see `sweep.ts`. */
  anonymiseOld(beforeMs: number, limit: number): Promise<number> {
    return anonymiseOld(this.database, beforeMs, limit);
  }
}

/** How many calls {@link RecordStore.find} returns at most. */
const FOUND_MAX = 10;
