/**
 * The permissions there are, and how a user is given or denied them. Apart from deciding, so that the office's
 * entities can name permissions and import no rule.
 */

/** Every permission and what it lets people do, in the words of the file. */
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

/** Given (true) or denied (false) by name; what is missing is decided by groups and defaults. */
export type Permissions = { readonly [P in Permission]?: boolean };
