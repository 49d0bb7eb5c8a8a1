/**
 * Calls that people ask for in a page. The web server asks and the engine calls: they meet in this table alone, so that
 * each may be away for a while.
 */
import type { Database } from "./database.js";

/** A call that has not ended. `asked`: the engine has not begun; `ringing_you`: the user's phones ring; `calling`: the user has answered. */
export type ClickOpenState = "asked" | "ringing_you" | "calling" | "connected";
export type ClickState = ClickOpenState | "ended";

/**
 * How a call has ended. Before anybody was called: `not_answered`, `declined` (the user), `no_device`, `refused`, `stopped`,
 * `too_late`, `interrupted` (nobody knows: an engine has died) and `failed`. After that: `you_hung_up` before anybody had
 * answered, `talked`, `busy`, `no_answer`, `rejected`, `unavailable`, `message` (the user has left one), `listened` (to
 * their messages).
 */
export const CLICK_REASONS = [
  "not_answered",
  "declined",
  "no_device",
  "refused",
  "stopped",
  "too_late",
  "interrupted",
  "failed",
  "you_hung_up",
  "talked",
  "busy",
  "no_answer",
  "rejected",
  "unavailable",
  "message",
  "listened",
] as const;
export type ClickReason = (typeof CLICK_REASONS)[number];

export interface NewClickCall {
  readonly id: string;
  readonly username: string;
  readonly dialled: string;
  readonly device: string | null;
  readonly askedMs: number;
}

export interface ClickCall extends NewClickCall {
  readonly state: ClickState;
  readonly reason: ClickReason | null;
  readonly why: string | null;
  readonly isStopped: boolean;
  readonly legs: readonly string[];
  readonly call: string | null;
}

/** What has become of a call. */
export interface ClickNews {
  readonly state: Exclude<ClickState, "asked">;
  readonly reason?: ClickReason;
  readonly why?: string;
  readonly call?: string;
}

/** How many may be asked for. */
export interface ClickLimits {
  /** Since when calls count. */
  readonly sinceMs: number;
  readonly own: number;
  readonly all: number;
}

type Row = Omit<ClickCall, "isStopped" | "legs"> & {
  readonly isStopped: number;
  readonly legs: string | null;
};

const COLUMNS =
  "id, username, dialled, device, asked_ms AS askedMs, state, reason, why, is_stopped AS isStopped, legs, call";

/** What is older is of no use to anybody. */
const FORGOTTEN_MS = 86_400_000;

export class ClickCallTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** `busy`: another call of the user still waits for them to answer. */
  add(call: NewClickCall, limits: ClickLimits): Promise<"added" | "busy" | "too_many"> {
    const { id, username, dialled, device, askedMs } = call;
    return this.#database.transaction(async () => {
      await this.#database.run("DELETE FROM click_calls WHERE asked_ms < ?", [askedMs - FORGOTTEN_MS]);
      const counts = await this.#database.get<{ open: number; own: number; everybody: number }>(
        `SELECT count(*) FILTER (WHERE username = ? AND state IN ('asked', 'ringing_you')) AS open,
           count(*) FILTER (WHERE username = ?) AS own, count(*) AS everybody
         FROM click_calls WHERE asked_ms >= ?`,
        [username, username, limits.sinceMs],
      );
      if ((counts?.open ?? 0) > 0) return "busy";
      if ((counts?.own ?? 0) >= limits.own || (counts?.everybody ?? 0) >= limits.all) return "too_many";
      await this.#database.run(
        "INSERT INTO click_calls (id, username, dialled, device, asked_ms, state) VALUES (?, ?, ?, ?, ?, 'asked')",
        [id, username, dialled, device, askedMs],
      );
      return "added";
    });
  }

  async one(id: string): Promise<ClickCall | undefined> {
    const row = await this.#database.get<Row>(`SELECT ${COLUMNS} FROM click_calls WHERE id = ?`, [id]);
    return row && read(row);
  }

  /** Calls that have not ended, the oldest first. */
  async open(): Promise<ClickCall[]> {
    const rows = await this.#database.all<Row>(
      `SELECT ${COLUMNS} FROM click_calls WHERE state <> 'ended' ORDER BY asked_ms`,
    );
    return rows.map(read);
  }

  /**
   * The engine is about to ring these channels. A call is rung once, whatever happens to the engine.
   * @returns false: it is not to be rung any more
   */
  async rings(id: string, legs: readonly string[]): Promise<boolean> {
    const rows = await this.#database.runReturning(
      "UPDATE click_calls SET state = 'ringing_you', legs = ? WHERE id = ? AND state = 'asked' RETURNING id",
      [JSON.stringify(legs), id],
    );
    return rows.length > 0;
  }

  async became(id: string, { state, reason, why, call }: ClickNews): Promise<void> {
    await this.#database.run(
      `UPDATE click_calls SET state = ?, reason = ?, why = ?, call = coalesce(?, call)
       WHERE id = ? AND state <> 'ended'`,
      [state, reason ?? null, why ?? null, call ?? null, id],
    );
  }

  /** The user wants it to end. What has not begun ends at once; else the engine ends it. */
  async stop(id: string): Promise<void> {
    await this.#database.transaction(async () => {
      await this.#database.run(
        "UPDATE click_calls SET state = 'ended', reason = 'stopped', is_stopped = 1 WHERE id = ? AND state = 'asked'",
        [id],
      );
      await this.#database.run(
        "UPDATE click_calls SET is_stopped = 1 WHERE id = ? AND state IN ('ringing_you', 'calling')",
        [id],
      );
    });
  }
}

function read({ isStopped, legs, ...row }: Row): ClickCall {
  return {
    ...row,
    isStopped: isStopped === 1,
    legs: legs === null ? [] : (JSON.parse(legs) as readonly string[]),
  };
}
