/** What the audit has entries of, as the API names it. */
import type { AnswerOf } from "../../office/client.js";

export type AuditAction = AnswerOf<"listAudit">["items"][number]["action"];

/** By a mapping, so that an action that the API has and this page has not does not compile. */
const EVERY: Readonly<Record<AuditAction, true>> = {
  signed_in: true,
  sign_in_failed: true,
  signed_out: true,
  session_ended: true,
  password_set: true,
  password_forgotten: true,
  second_factor_added: true,
  second_factor_removed: true,
  invited: true,
  invitation_withdrawn: true,
  account_activated: true,
  account_suspended: true,
  account_removed: true,
  key_made: true,
  key_ended: true,
  phone_password_made: true,
  phone_link_made: true,
  number_proved: true,
  message_heard: true,
  message_changed: true,
  greeting_changed: true,
  pin_changed: true,
  exported: true,
  webhook_changed: true,
  office_changed: true,
};
export const AUDIT_ACTIONS = Object.keys(EVERY) as readonly AuditAction[];
