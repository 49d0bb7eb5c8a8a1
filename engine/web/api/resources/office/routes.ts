/** The routes about the office: what it is and how it is changed, one line a resource. */
import { flowRoutes } from "./flows.js";
import { groupRoutes } from "./groups.js";
import { memberRoutes } from "./members.js";
import { numberRoutes } from "./numbers.js";
import { userRoutes } from "./users.js";

export const officeRoutes = {
  ...flowRoutes,
  ...groupRoutes,
  ...memberRoutes,
  ...numberRoutes,
  ...userRoutes,
};
