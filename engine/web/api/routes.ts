/** All routes of the API, by the name of their operation: one line a resource. */
import { callRoutes } from "./resources/calls/calls.js";
import { groupRoutes } from "./resources/groups.js";
import { keyRoutes } from "./resources/keys.js";
import { meRoutes } from "./resources/me.js";
import { memberRoutes } from "./resources/members.js";
import { numberRoutes } from "./resources/numbers.js";
import { permissionRoutes } from "./resources/permissions.js";
import { statisticsRoutes } from "./resources/reports/statistics.js";
import { usageRoutes } from "./resources/reports/usage.js";
import { secondFactorRoutes } from "./resources/second-factors.js";
import { sessionRoutes } from "./resources/sessions.js";
import { signInRoutes } from "./resources/sign-in.js";
import { userRoutes } from "./resources/users.js";

export const ROUTES = {
  ...callRoutes,
  ...groupRoutes,
  ...keyRoutes,
  ...meRoutes,
  ...memberRoutes,
  ...numberRoutes,
  ...permissionRoutes,
  ...secondFactorRoutes,
  ...sessionRoutes,
  ...signInRoutes,
  ...statisticsRoutes,
  ...usageRoutes,
  ...userRoutes,
};
