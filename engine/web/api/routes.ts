/** All routes of the API, by the name of their operation: one line a resource. */
import { callRoutes } from "./resources/calls/calls.js";
import { keyRoutes } from "./resources/keys.js";
import { permissionRoutes } from "./resources/permissions.js";
import { secondFactorRoutes } from "./resources/second-factors.js";
import { sessionRoutes } from "./resources/sessions.js";
import { signInRoutes } from "./resources/sign-in.js";

export const ROUTES = {
  ...callRoutes,
  ...keyRoutes,
  ...permissionRoutes,
  ...secondFactorRoutes,
  ...sessionRoutes,
  ...signInRoutes,
};
