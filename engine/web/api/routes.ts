/** All routes of the API, by the name of their operation: one line a resource. */
import { auditRoutes } from "./resources/audit.js";
import { callRoutes } from "./resources/calls/calls.js";
import { groupRoutes } from "./resources/groups.js";
import { meRoutes } from "./resources/me.js";
import { memberRoutes } from "./resources/members.js";
import { numberRoutes } from "./resources/numbers.js";
import { permissionRoutes } from "./resources/permissions.js";
import { statisticsRoutes } from "./resources/reports/statistics.js";
import { usageRoutes } from "./resources/reports/usage.js";
import { userRoutes } from "./resources/users.js";

export const ROUTES = {
  ...auditRoutes,
  ...callRoutes,
  ...groupRoutes,
  ...memberRoutes,
  ...numberRoutes,
  ...meRoutes,
  ...permissionRoutes,
  ...userRoutes,
  ...statisticsRoutes,
  ...usageRoutes,
};
