/** The routes about the office: what it is and how it is changed, one line a resource. */
import { carrierRoutes } from "./carriers.js";
import { changeRoutes } from "./changes.js";
import { directoryRoutes } from "./directory.js";
import { driftRoutes } from "./drifts.js";
import { emergencyRoutes } from "./emergency.js";
import { explainRoutes } from "./explain.js";
import { flowRoutes } from "./flows.js";
import { groupRoutes } from "./groups.js";
import { memberRoutes } from "./members.js";
import { numberRoutes } from "./numbers.js";
import { planRoutes } from "./plans.js";
import { revisionRoutes } from "./revisions.js";
import { scheduleRoutes } from "./schedules.js";
import { settingsRoutes } from "./settings.js";
import { tableRoutes } from "./tables.js";
import { userRoutes } from "./users.js";
import { webhookRoutes } from "./webhooks.js";

export const officeRoutes = {
  ...carrierRoutes,
  ...changeRoutes,
  ...directoryRoutes,
  ...driftRoutes,
  ...emergencyRoutes,
  ...explainRoutes,
  ...flowRoutes,
  ...groupRoutes,
  ...memberRoutes,
  ...numberRoutes,
  ...planRoutes,
  ...revisionRoutes,
  ...scheduleRoutes,
  ...settingsRoutes,
  ...tableRoutes,
  ...userRoutes,
  ...webhookRoutes,
};
