/**
 * Permissions whose subject does not exist yet. They can be given in the office file, since people prepare their office,
 * but a route that needs one is refused with the reason, and lists of permissions say it.
 */
import type { Permission } from "../office/permission-names.js";

export const UNAVAILABLE: { readonly [P in Permission]?: string } = {
  call_monitoring: "calls cannot be listened to or joined by others yet",
  call_recordings: "conversations are not recorded yet",
  queues: "there are no queues yet; a group rings its members",
  sms: "text messages are not carried yet",
};
