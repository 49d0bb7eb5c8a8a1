/** Opens the database that a command was given, and reports a failure in one sentence. */
import { SqlError } from "../../../storage/database.js";
import { describeFailure, openStore, type Store, useFailure } from "../../../storage/store.js";
import { EXIT_FAILED } from "./command.js";
import type { Terminal } from "./terminal.js";

export interface DatabaseUse {
  readonly path: string;
  readonly mustExist: boolean;
  readonly json: boolean;
  /** Check the integrity of the file first, or of all but call records; for a program that will use it for long. */
  readonly checkIntegrity?: boolean | "office";
  /** False: the database of another release is refused and not migrated; for a command that only reads. */
  readonly mayMigrate?: boolean;
}

/** Runs `work` on the open database and closes it; a failure is reported and sets exit code 1. */
export async function withDatabase(
  terminal: Terminal,
  { path, mustExist, json, checkIntegrity = false, mayMigrate = true }: DatabaseUse,
  work: (store: Store) => Promise<void>,
): Promise<void> {
  const opened = await openStore(path, { mustExist, checkIntegrity, mayMigrate });
  if (opened.ok) await withOpenDatabase(terminal, { path, json }, opened.store, work);
  else failed(terminal, describeFailure(path, opened.failure), json);
}

/** The same for a database that is open already. */
export async function withOpenDatabase(
  terminal: Terminal,
  { path, json }: Pick<DatabaseUse, "path" | "json">,
  store: Store,
  work: (store: Store) => Promise<void>,
): Promise<void> {
  try {
    await work(store);
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    failed(terminal, describeFailure(path, useFailure(error)), json);
  } finally {
    await store.close();
  }
}

/** Reports why a command failed, as text or JSON as asked for. */
export function failed(terminal: Terminal, message: string, json: boolean): void {
  if (json) terminal.out(`${JSON.stringify({ ok: false, message })}\n`);
  else terminal.err(`${terminal.paint.error("error")}: ${message}\n`);
  terminal.exit(EXIT_FAILED);
}
