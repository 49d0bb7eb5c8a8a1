/**
 * What all use cases have in common: what they are given, and that a database which fails is one of their results. A
 * use case knows no terminal and no request; commands and routes of the API call the same.
 */
import { SqlError } from "../storage/database.js";
import { type Store, type StoreFailure, useFailure } from "../storage/store.js";
import type { Clock } from "./clock.js";
import type { IdSource } from "./ids.js";

/** What a use case works with. */
export interface Deps {
  readonly store: Store;
  readonly clock: Pick<Clock, "nowMs">;
  readonly ids: IdSource;
}

/** The database could not be read or written, for example because another program is writing it. */
export interface DatabaseFailed {
  readonly outcome: "database_failed";
  readonly failure: StoreFailure;
}

/** Before the first apply there is no office. */
export interface NoOffice {
  readonly outcome: "no_office";
}

export const NO_OFFICE: NoOffice = { outcome: "no_office" };

/** Runs the work of a use case; a database that fails under it becomes a result. */
export async function orDatabaseFailed<T>(work: () => Promise<T>): Promise<T | DatabaseFailed> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return { outcome: "database_failed", failure: useFailure(error) };
  }
}
