/** Makes what the API's handlers work with. */
import type { Logger } from "pino";
import type { Deps } from "../../use-case.js";
import { liveView } from "./live-view.js";
import type { Services } from "./services.js";
import { plainVoice } from "./voice.js";

/** @param publicUrl where people reach the server; null: nobody has said it */
export function apiServices(deps: Deps, log: Logger, publicUrl: string | null): Services {
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
  return { deps, log, publicUrl, live: liveView(deps), voice: plainVoice(deps.clock), audit };
}
