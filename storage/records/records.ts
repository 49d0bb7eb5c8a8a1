/** The calls that are kept: lists, the story of each, sums. What the recorder writes is in `write.ts` and `sweep.ts`. */
import { recordOf } from "../../policy/record/fold.js";
import type { CallRecord } from "../../policy/record/record.js";
import type { OutsideCall } from "../../policy/usage/rate.js";
import type { Database } from "../database.js";
import { readCharges } from "./charges.js";
import type { CallFilter, CallPage, CallRow, Page, SumQuery, SumRow, WaitQuery, WaitRow } from "./filter.js";
import { listCalls } from "./list.js";
import { CALL_COLUMNS, callRow, type TableRow } from "./rows.js";
import { readStory } from "./story.js";
import { readSums, readWaits } from "./sums.js";

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

  sums(query: SumQuery): Promise<SumRow[]> {
    return readSums(this.database, query);
  }

  waits(query: WaitQuery): Promise<WaitRow[]> {
    return readWaits(this.database, query);
  }

  /** Calls outside that were answered from one instant until before another, in the order of their answers. */
  charges(query: { readonly fromMs: number; readonly untilMs: number }): AsyncGenerator<OutsideCall> {
    return readCharges(this.database, query);
  }
}

/** How many calls {@link RecordStore.find} returns at most. */
const FOUND_MAX = 10;
