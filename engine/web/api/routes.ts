/** All routes of the API, by the name of their operation: one line a resource. */
import { groupRoutes } from "./resources/groups.js";
import { memberRoutes } from "./resources/members.js";
import { numberRoutes } from "./resources/numbers.js";
import { permissionRoutes } from "./resources/permissions.js";
import { userRoutes } from "./resources/users.js";

export const ROUTES = {
  ...groupRoutes,
  ...memberRoutes,
  ...numberRoutes,
  ...permissionRoutes,
  ...userRoutes,
};
