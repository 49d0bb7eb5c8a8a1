/** The numbers of calls that running engines report, by the revision the calls began with. */
import type { Database } from "./database.js";

/** How many calls began with a revision. */
export type CallsOfRevision = readonly [revision: number, calls: number];

/** How many calls are about an entity, by its name: `user:bob.stone`, `device:bob.stone/desk`, `number:+12125550100`. */
export type CallsAbout = readonly [name: string, calls: number];

export interface LiveCallsSaid {
  readonly engineId: string;
  /** Milliseconds since the epoch. */
  readonly saidMs: number;
  /** The oldest revision first; revisions without calls are left out. */
  readonly calls: readonly CallsOfRevision[];
  /** What the calls are about. */
  readonly about: readonly CallsAbout[];
}

export function writeLiveCalls(database: Database, said: LiveCallsSaid): Promise<void> {
  return database.run(
    "INSERT OR REPLACE INTO live_calls (engine_id, said_ms, calls, about) VALUES (?, ?, ?, ?)",
    [said.engineId, said.saidMs, JSON.stringify(said.calls), JSON.stringify(said.about)],
  );
}

export async function readLiveCalls(database: Database): Promise<LiveCallsSaid[]> {
  const rows = await database.all<{ engineId: string; saidMs: number; calls: string; about: string }>(
    "SELECT engine_id AS engineId, said_ms AS saidMs, calls, about FROM live_calls ORDER BY engine_id",
  );
  return rows.map((row) => ({
    ...row,
    calls: JSON.parse(row.calls) as CallsOfRevision[],
    about: JSON.parse(row.about) as CallsAbout[],
  }));
}
