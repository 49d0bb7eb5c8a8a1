/** All routes of the API, by the name of their operation: one line a resource. */
import { accountRoutes } from "./resources/accounts.js";
import { activationRoutes } from "./resources/activation.js";
import { invitationRoutes } from "./resources/invitations.js";
import { ownPasswordRoutes } from "./resources/own-password.js";
import { permissionRoutes } from "./resources/permissions.js";

export const ROUTES = {
  ...accountRoutes,
  ...activationRoutes,
  ...invitationRoutes,
  ...ownPasswordRoutes,
  ...permissionRoutes,
};
