/** Makes what the API's handlers work with. */
import type { Logger } from "pino";
import { SESSION_LIMITS } from "../../../policy/accounts/session-life.js";
import type { Deps } from "../../use-case.js";
import { liveView } from "./live-view.js";
import { ROUTES } from "./routes.js";
import type { Services } from "./services.js";

const OPERATIONS: Services["operations"] = Object.fromEntries(
  Object.entries(ROUTES).map(([id, { access }]) => [id, access]),
);

/** What the operator says of the server and the switch. */
export type Around = Pick<Services, "publicUrl" | "phones">;

export function apiServices(deps: Deps, log: Logger, { publicUrl, phones }: Around): Services {
  const audit: Services["audit"] = async (entry) => {
    try {
      await deps.store.audit.add({ ...entry, atMs: deps.clock.nowMs() });
    } catch (error) {
      log.error(
        { err: error, action: entry.action, subject: entry.subject },
        "an audit entry could not be written",
      );
    }
  };
  return {
    deps,
    log,
    publicUrl,
    phones,
    sessionLimits: SESSION_LIMITS,
    operations: OPERATIONS,
    live: liveView(deps),
    audit,
  };
}
