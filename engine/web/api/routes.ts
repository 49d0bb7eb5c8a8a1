/** All routes of the API, by the name of their operation: one line a resource. */
import { accountSignInRoutes } from "./resources/account-sign-ins.js";
import { accountRoutes } from "./resources/accounts.js";
import { activationRoutes } from "./resources/activation.js";
import { auditRoutes } from "./resources/audit.js";
import { callRoutes } from "./resources/calls/calls.js";
import { clickCallRoutes } from "./resources/click-calls.js";
import { deviceRoutes } from "./resources/devices.js";
import { invitationRoutes } from "./resources/invitations.js";
import { keyRoutes } from "./resources/keys.js";
import { liveRoutes } from "./resources/live/live.js";
import { meRoutes } from "./resources/me.js";
import { officeRoutes } from "./resources/office/routes.js";
import { outsideNumberRoutes } from "./resources/outside-numbers.js";
import { ownPasswordRoutes } from "./resources/own-password.js";
import { permissionRoutes } from "./resources/permissions.js";
import { statisticsRoutes } from "./resources/reports/statistics.js";
import { usageRoutes } from "./resources/reports/usage.js";
import { secondFactorRoutes } from "./resources/second-factors.js";
import { sessionRoutes } from "./resources/sessions.js";
import { signInRoutes } from "./resources/sign-in.js";
import { greetingRoutes } from "./resources/voicemail/greetings.js";
import { mailboxRoutes } from "./resources/voicemail/mailboxes.js";
import { messageRoutes } from "./resources/voicemail/messages.js";
import { pinRoutes } from "./resources/voicemail/pins.js";
import { deliveryRoutes } from "./resources/webhooks/deliveries.js";

export const ROUTES = {
  ...accountRoutes,
  ...accountSignInRoutes,
  ...activationRoutes,
  ...auditRoutes,
  ...callRoutes,
  ...clickCallRoutes,
  ...deviceRoutes,
  ...greetingRoutes,
  ...invitationRoutes,
  ...keyRoutes,
  ...deliveryRoutes,
  ...liveRoutes,
  ...mailboxRoutes,
  ...meRoutes,
  ...messageRoutes,
  ...officeRoutes,
  ...outsideNumberRoutes,
  ...ownPasswordRoutes,
  ...permissionRoutes,
  ...pinRoutes,
  ...secondFactorRoutes,
  ...sessionRoutes,
  ...signInRoutes,
  ...statisticsRoutes,
  ...usageRoutes,
};
