/** What people may do: each permission, what it is for, whether a user has it, with the reason, and who may change that. */
import { z } from "zod";
import { tellAdministrator, tellPermissions } from "../../../../policy/access/told.js";
import type { User } from "../../../../policy/office/office.js";
import type { Actor } from "../actor.js";
import { failureOf } from "../failures.js";
import { problem } from "../problem.js";
import { ok, route } from "../route.js";

const permission = z.object({
  name: z.string(),
  /** What it lets people do. */
  what: z.string(),
  allowed: z.boolean(),
  because: z.enum(["suspended", "own", "system_admin", "billing_admin", "has_number", "default"]),
  /** The same in words. */
  reason: z.string(),
  /** True: given by name; false: denied by name; null: groups and defaults decide. */
  by_name: z.boolean().nullable(),
  /** Why there is nothing yet that it allows; null: there is. */
  not_available: z.string().nullable(),
  may: z.object({ change: z.boolean() }),
});

const told = z.object({
  permissions: z.array(permission),
  /** The groups whose members may do something because they are members. */
  administrator: z.array(
    z.object({ group: z.string(), member: z.boolean(), may: z.object({ change: z.boolean() }) }),
  ),
});

export const permissionRoutes = {
  listPermissions: route({
    method: "GET",
    path: "/me/permissions",
    tag: "Me",
    summary: "List all permissions, and whether you have them and why",
    access: { needs: "own" },
    answer: told,
    handle: async ({ actor }) => ok(toldOf(actor, actor.user)),
  }),

  listUserPermissions: route({
    method: "GET",
    path: "/users/{username}/permissions",
    tag: "Users",
    summary: "List all permissions, and whether a user has them and why",
    access: { needs: "permission", permission: "users", others: "own" },
    params: z.object({ username: z.string().max(100) }),
    answer: told,
    handle: async ({ params, actor, reach, services }) => {
      if (reach !== "all" && params.username !== actor.user.username)
        return problem("no_permission", { permission: "users" });
      const live = await services.live();
      if ("outcome" in live) return failureOf(services, live);
      const user = live.table.user(params.username);
      if (user === undefined)
        return problem("not_found", { detail: `there is no user \`${params.username}\`` });
      return ok(toldOf(actor, user), { revision: live.revision });
    },
  }),
};

function toldOf(actor: Actor, user: User): z.input<typeof told> {
  return {
    permissions: tellPermissions(actor, user, actor.office).map(
      ({ byName, notAvailable, mayChange, ...each }) => ({
        ...each,
        by_name: byName,
        not_available: notAvailable,
        may: { change: mayChange },
      }),
    ),
    administrator: tellAdministrator(actor, user, actor.office).map(({ group, isMember, mayChange }) => ({
      group,
      member: isMember,
      may: { change: mayChange },
    })),
  };
}
