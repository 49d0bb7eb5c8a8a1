/** All routes of the API, by the name of their operation: one line a resource. */
import { permissionRoutes } from "./resources/permissions.js";

export const ROUTES = {
  ...permissionRoutes,
};
