/**
 * Runs a use case on the database that a command was given. What every command says when that database cannot be used,
 * or has no office yet, is here once.
 */
import { describeFailure, openStore } from "../../../storage/store.js";
import { systemIds } from "../../ids.js";
import { type DatabaseFailed, type Deps, type NoOffice, orDatabaseFailed } from "../../use-case.js";
import { EXIT_OK } from "./command.js";
import { failed } from "./database.js";
import type { Terminal } from "./terminal.js";

/** The options of every command that uses a database. */
export interface DatabaseOptions {
  readonly db: string;
  readonly json?: boolean;
}

/** The result of a use case whose database could be used. */
export type Ended<Result> = Exclude<Result, DatabaseFailed>;

/**
 * @param whenMissing makes a missing database, or gives the result that the use case would have without it
 * @returns undefined: the database could not be used, and that was reported
 */
export async function onDatabase<Result extends { readonly outcome: string }>(
  terminal: Terminal,
  { db, json = false }: DatabaseOptions,
  useCase: (deps: Deps) => Promise<Result>,
  whenMissing: "fail" | "make" | (() => Ended<Result>) = "fail",
): Promise<Ended<Result> | undefined> {
  return onOpened(terminal, { db, json, mayMigrate: true }, useCase, whenMissing);
}

/**
 * The same for a use case that only reads. The database of another release is left as it is, and refused in words: it
 * belongs to an engine that may be carrying calls, and a backup of it must be of use to that release.
 */
export async function readingDatabase<Result extends { readonly outcome: string }>(
  terminal: Terminal,
  { db, json = false }: DatabaseOptions,
  useCase: (deps: Deps) => Promise<Result>,
  whenMissing: "fail" | (() => Ended<Result>) = "fail",
): Promise<Ended<Result> | undefined> {
  return onOpened(terminal, { db, json, mayMigrate: false }, useCase, whenMissing);
}

async function onOpened<Result extends { readonly outcome: string }>(
  terminal: Terminal,
  { db, json, mayMigrate }: { readonly db: string; readonly json: boolean; readonly mayMigrate: boolean },
  useCase: (deps: Deps) => Promise<Result>,
  whenMissing: "fail" | "make" | (() => Ended<Result>),
): Promise<Ended<Result> | undefined> {
  const opened = await openStore(db, { mustExist: whenMissing !== "make", mayMigrate });
  if (!opened.ok) {
    if (opened.failure.reason === "missing" && typeof whenMissing === "function") return whenMissing();
    failed(terminal, describeFailure(db, opened.failure), json);
    return undefined;
  }
  const { store } = opened;
  try {
    const ended = await orDatabaseFailed(() => useCase({ store, clock: terminal.clock, ids: systemIds }));
    if (!isDatabaseFailed(ended)) return ended as Ended<Result>;
    failed(terminal, describeFailure(db, ended.failure), json);
    return undefined;
  } finally {
    await store.close();
  }
}

function isDatabaseFailed(ended: { readonly outcome: string }): ended is DatabaseFailed {
  return ended.outcome === "database_failed";
}

/** What a view of one thing ends with. */
export type Shown<About> =
  | NoOffice
  | DatabaseFailed
  | { readonly outcome: "not_found"; readonly reason: string }
  | (About & { readonly outcome: "shown" });

/**
 * Runs a view of one thing, and prints it.
 * @param text for people; with --json the result of `json` is printed, as one object
 */
export async function showing<About extends object>(
  terminal: Terminal,
  options: DatabaseOptions,
  view: (deps: Deps) => Promise<Shown<About>>,
  { text, json }: { readonly text: (about: About) => string; readonly json: (about: About) => object },
): Promise<void> {
  const forPrograms = options.json ?? false;
  const ended = await readingDatabase(terminal, options, view);
  switch (ended?.outcome) {
    case "no_office":
      sayNoOffice(terminal, forPrograms);
      return;
    case "not_found":
      failed(terminal, ended.reason, forPrograms);
      return;
    case "shown":
      terminal.out(forPrograms ? `${JSON.stringify({ ok: true, ...json(ended) })}\n` : text(ended));
      terminal.exit(EXIT_OK);
  }
}

/** Reports that nothing was applied yet. */
export function sayNoOffice(terminal: Terminal, json: boolean): void {
  failed(terminal, "there is no office yet; `ringline apply` makes one", json);
}
