/** What goes on at this moment, as server-sent events: a snapshot, then each change; each viewer sees what concerns them. */
import { askerMay, decideAccess, type RouteAccess } from "../../../../../policy/access/access.js";
import { groupsOf } from "../../../../../policy/access/membership.js";
import type { Live } from "../../../../office/views/live.js";
import type { Sight } from "../../../live/sight.js";
import type { Actor } from "../../actor.js";
import { failureOf } from "../../failures.js";
import { problem } from "../../problem.js";
import { route } from "../../route.js";

const ACCESS = {
  needs: "permission",
  permission: "live_reports",
  others: "groups",
} as const satisfies RouteAccess;

export const liveRoutes = {
  watchLive: route({
    method: "GET",
    path: "/live",
    tag: "Live",
    summary: "Watch calls, phones and groups as they change",
    description:
      "Server-sent events, each with the number after that of the one before: `snapshot` first, which replaces all that was told; then `call`, `call_ended`, `call_gone` (it does not concern you any more), `phone`, `phone_gone`, `group`, `group_gone`, `carrier`, `carrier_gone`, `figures`; `away` while the engine cannot be reached, until the next snapshot.",
    access: ACCESS,
    answer: { raw: "events", contentType: "text/event-stream" },
    handle: async ({ actor, services, signal }) => {
      const { hub } = services.voice;
      if (hub === null)
        return problem("not_available", {
          detail: "this server was not told where the engine's live feed is",
        });
      const live = await services.live();
      if ("outcome" in live) return failureOf(services, live);
      const sight = sightOf(actor, live);
      if (sight === undefined) return problem("no_permission", { permission: ACCESS.permission });
      const lookUp = async () => {
        const now = await services.live();
        if ("outcome" in now) throw new Error(now.outcome);
        return sightOf(actor, now);
      };
      const events = hub.watch(sight, lookUp, signal);
      return events === undefined ? problem("busy", { retry_after: 10 }) : { kind: "events", events };
    },
  }),
};

/** What somebody sees in the office of now; undefined: they see nothing in it. */
function sightOf({ user: { username }, keyPowers, via }: Actor, { table }: Live): Sight | undefined {
  const user = table.user(username);
  if (user === undefined) return undefined;
  const asker: Actor = { user, office: table, keyPowers, via };
  const decided = decideAccess(ACCESS, asker);
  if (!decided.allowed) return undefined;
  const groups = decided.reach === "all" ? null : new Set(groupsOf(username, table));
  return { username, groups, carriers: groups === null && askerMay(asker, "system_admin") };
}
