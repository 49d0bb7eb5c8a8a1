/** The kinds of events that a webhook can ask for, in the order in which they happen in a call. */
export const EVENT_KINDS = [
  "call.started",
  "call.ringing",
  "call.answered",
  "message.left",
  "call.missed",
  "call.ended",
  "emergency.call",
  "fraud.alarm",
] as const;

export type EventKind = (typeof EVENT_KINDS)[number];
