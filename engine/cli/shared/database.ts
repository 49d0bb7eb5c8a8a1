/**
 * Opens the database a command was given, and says it in one sentence when that fails.
 */
import { SqlError } from "../../../storage/database.js";
import { describeFailure, openStore, type Store, useFailure } from "../../../storage/store.js";
import { EXIT_FAILED } from "./command.js";
import type { Terminal } from "./terminal.js";

export interface DatabaseUse {
  readonly path: string;
  readonly mustExist: boolean;
  readonly json: boolean;
  /** Look through the whole file first; for what runs long on it. */
  readonly checkIntegrity?: boolean;
}

/** Runs `work` on the open database and closes it; a failure is shown and leaves exit code 1. */
export async function withDatabase(
  terminal: Terminal,
  { path, mustExist, json, checkIntegrity = false }: DatabaseUse,
  work: (store: Store) => Promise<void>,
): Promise<void> {
  const opened = await openStore(path, { mustExist, checkIntegrity });
  if (!opened.ok) {
    failed(terminal, describeFailure(path, opened.failure), json);
    return;
  }
  try {
    await work(opened.store);
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    failed(terminal, describeFailure(path, useFailure(error)), json);
  } finally {
    await opened.store.close();
  }
}

/** Says why a command did not do what it was asked, in the form it was asked for. */
export function failed(terminal: Terminal, message: string, json: boolean): void {
  if (json) terminal.out(`${JSON.stringify({ ok: false, message })}\n`);
  else terminal.err(`${terminal.paint.error("error")}: ${message}\n`);
  terminal.exit(EXIT_FAILED);
}
