/**
 * The permissions there are, and how a user is given or denied them. This file is apart from the decisions, so that the
 * office's entities can name permissions without importing rules.
 */

/** Every permission and what it lets people do, as the file and the help say it. */
export const PERMISSIONS = {
  account_settings: "change the office's own settings",
  analytics: "see statistics",
  billing: "see invoices and plans, change how they are paid",
  call_flows: "change call flows and groups",
  call_logs: "see and export everybody's calls",
  call_monitoring: "listen to, join and whisper into calls",
  call_recordings: "hear and download recordings of calls",
  integrations: "change webhooks and keys of the API",
  live_reports: "see who talks to whom right now",
  no_answer: "change what happens when they do not answer",
  numbers: "change where numbers lead",
  outside_calls: "call numbers outside the office",
  queues: "change queues",
  sms: "read and send text messages",
  users: "add, change, suspend and remove users",
} as const;
export type Permission = keyof typeof PERMISSIONS;
export const PERMISSION_NAMES = Object.keys(PERMISSIONS) as Permission[];

/** True: given by name; false: denied by name; missing: groups and defaults decide. */
export type Permissions = { readonly [P in Permission]?: boolean };
