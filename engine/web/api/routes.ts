/** All routes of the API, by the name of their operation: one line a resource. */
import { permissionRoutes } from "./resources/permissions.js";
import { userRoutes } from "./resources/users.js";

export const ROUTES = {
  ...permissionRoutes,
  ...userRoutes,
};
