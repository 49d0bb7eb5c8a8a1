/** All routes of the API, by the name of their operation: one line a resource. */
import { callRoutes } from "./resources/calls/calls.js";
import { permissionRoutes } from "./resources/permissions.js";

export const ROUTES = {
  ...callRoutes,
  ...permissionRoutes,
};
