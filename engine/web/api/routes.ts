/** All routes of the API, by the name of their operation: one line a resource. */
import { callRoutes } from "./resources/calls/calls.js";
import { permissionRoutes } from "./resources/permissions.js";
import { statisticsRoutes } from "./resources/reports/statistics.js";
import { usageRoutes } from "./resources/reports/usage.js";
import { messageRoutes } from "./resources/voicemail/messages.js";

export const ROUTES = {
  ...callRoutes,
  ...messageRoutes,
  ...permissionRoutes,
  ...statisticsRoutes,
  ...usageRoutes,
};
