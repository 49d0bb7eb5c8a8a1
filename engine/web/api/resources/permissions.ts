/** What people may do: each permission, what it is for, and whether the person who asks has it, with the reason. */
import { z } from "zod";
import { UNAVAILABLE } from "../../../../policy/access/unavailable.js";
import { decide } from "../../../../policy/office/permission.js";
import { PERMISSION_NAMES, PERMISSIONS } from "../../../../policy/office/permission-names.js";
import { ok, route } from "../route.js";

const permission = z.object({
  name: z.string(),
  what: z.string(),
  allowed: z.boolean(),
  because: z.string(),
  /** Null: it exists. */
  not_available: z.string().nullable(),
});

export const permissionRoutes = {
  listPermissions: route({
    method: "GET",
    path: "/me/permissions",
    tag: "Me",
    summary: "List all permissions, and whether you have them",
    access: { needs: "own" },
    answer: z.object({ permissions: z.array(permission) }),
    handle: async ({ actor }) =>
      ok({
        permissions: PERMISSION_NAMES.map((name) => {
          const { allowed, because } = decide(actor.user, name, actor.office);
          return {
            name,
            what: PERMISSIONS[name],
            allowed,
            because,
            not_available: UNAVAILABLE[name] ?? null,
          };
        }),
      }),
  }),
};
