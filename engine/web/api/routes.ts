/** All routes of the API, by the name of their operation: one line a resource. */
import { callRoutes } from "./resources/calls/calls.js";
import { meRoutes } from "./resources/me.js";
import { officeRoutes } from "./resources/office/routes.js";
import { permissionRoutes } from "./resources/permissions.js";
import { statisticsRoutes } from "./resources/reports/statistics.js";
import { usageRoutes } from "./resources/reports/usage.js";

export const ROUTES = {
  ...callRoutes,
  ...meRoutes,
  ...officeRoutes,
  ...permissionRoutes,
  ...statisticsRoutes,
  ...usageRoutes,
};
