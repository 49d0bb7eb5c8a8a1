/** What the API answers when a use case could not do its work: the database fails, or there is no office. */
import { describeFailure } from "../../../storage/store.js";
import type { DatabaseFailed, NoOffice } from "../../use-case.js";
import { type Problem, problem } from "./problem.js";
import type { Services } from "./services.js";

/** Another program writes for a moment. */
const BUSY_RETRY_SECONDS = 1;

/** The database's words are for the operator, so they are logged; a person is told to ask again, or that the disk is full. */
export function databaseFailed(
  { log, deps }: Pick<Services, "log" | "deps">,
  { failure }: DatabaseFailed,
): Problem {
  const why = describeFailure(deps.store.path, failure);
  log.error({ reason: failure.reason }, why);
  if (failure.reason === "disk_full") return problem("disk_full");
  return problem("busy", { retry_after: BUSY_RETRY_SECONDS });
}

/** A use case's failure that has nothing to do with what was asked. */
export function failureOf(
  services: Pick<Services, "log" | "deps">,
  failed: DatabaseFailed | NoOffice,
): Problem {
  return failed.outcome === "no_office" ? problem("no_office") : databaseFailed(services, failed);
}
