/** Makes what the API's handlers work with. */
import type { Logger } from "pino";
import { sessionLimits } from "../../../policy/accounts/session-life.js";
import type { Deps } from "../../use-case.js";
import { liveView } from "./live-view.js";
import { player } from "./player.js";
import { ROUTES } from "./routes.js";
import type { Services } from "./services.js";
import { plainVoice } from "./voice.js";

const OPERATIONS: Services["operations"] = Object.fromEntries(
  Object.entries(ROUTES).map(([id, { access }]) => [id, access]),
);

/** What the operator says of the server and the switch. */
export interface Around extends Pick<Services, "publicUrl" | "phones"> {
  /** Whether mails can be sent; they need the public address, too, since a request's could be forged. */
  readonly hasMailServer?: boolean;
  /** Left out: signing in needs HTTPS, but on the machine itself. */
  readonly allowsPlainHttp?: boolean;
}

export function apiServices(
  deps: Deps,
  log: Logger,
  { publicUrl, phones, hasMailServer = false, allowsPlainHttp = false }: Around,
): Services {
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
  const live = liveView(deps);
  return {
    deps,
    log,
    publicUrl,
    sendsMail: hasMailServer && publicUrl !== null,
    allowsPlainHttp,
    phones,
    sessionLimits: async () => {
      const seen = await live();
      // Without an office nobody signs in.
      return sessionLimits("outcome" in seen ? {} : seen.office);
    },
    operations: OPERATIONS,
    live,
    voice: plainVoice(deps.clock),
    play: player(deps),
    audit,
  };
}
