/** The difference of two offices and the plan of a change, as the API writes them. */
import { z } from "zod";
import type { EntityDifference, FieldChange } from "../../../policy/change/diff.js";
import { editSubject } from "../../../policy/change/edits/between.js";
import type { ReachChange } from "../../../policy/change/reach-changes.js";
import type { Vanished } from "../../../policy/change/vanishing.js";
import { given } from "../../../policy/office/optional.js";
import type { OfficeDifference } from "../../office/views/compare.js";
import type { Plan, SetByHandNow } from "../../office/views/plan.js";
import { isoTime } from "./time.js";

const listChange = z.object({
  change: z.enum(["added", "removed", "moved", "changed"]),
  item: z.string(),
  /** Places begin with 1. */
  from: z.number().int().optional(),
  to: z.number().int().optional(),
  /** The words of a changed item before. */
  was: z.string().optional(),
});

const fieldChange = z.object({
  field: z.string(),
  /** Null: that side does not have the field. */
  from: z.string().nullable(),
  to: z.string().nullable(),
  /** Of a list that both sides have: what happened to its items. */
  items: z.array(listChange).optional(),
});

export const entityChange = z.object({
  /** As edits name it: `user`, `number`, `schedule`, `office`. */
  kind: z.string(),
  /** Empty: the office. */
  id: z.string(),
  change: z.enum(["added", "removed", "changed"]),
  renamed_from: z.string().optional(),
  fields: z.array(fieldChange),
});
export type EntityChange = z.infer<typeof entityChange>;

const reachChange = z.object({
  number: z.string(),
  when: z.enum(["now", "other_times"]),
  /** Phones that ring together, one group after the other. */
  from: z.array(z.array(z.string())),
  to: z.array(z.array(z.string())),
});

/** What differs, and the numbers that therefore ring other phones. */
export const difference = z.object({ changes: z.array(entityChange), reach: z.array(reachChange) });

const vanished = z.object({
  kind: z.string(),
  id: z.string(),
  messages: z.number().int(),
  greetings: z.number().int(),
  has_pin: z.boolean(),
  passwords: z.number().int(),
  calls: z.number().int(),
});

const byHand = z.object({
  kind: z.string(),
  id: z.string(),
  state: z.string(),
  until_at: z.iso.datetime().nullable(),
  author: z.string(),
  timezone: z.string(),
});

/** What goes with a change that was not made yet, beside the difference. */
export const planDetails = z.object({
  /** What would be removed, with what is kept about it. */
  removes: z.array(vanished),
  /** Calls in progress, by the revision with which they began and will end. */
  live_calls: z.array(z.object({ revision: z.number().int(), calls: z.number().int() })),
  /** What is set by hand now; the change does not touch it. */
  by_hand: z.array(byHand),
});

export function differenceJson({ changes, reach }: OfficeDifference): z.infer<typeof difference> {
  return { changes: changes.map(changeJson), reach: reach.map(reachJson) };
}

export function changeJson({ kind, key, change, renamedFrom, fields }: EntityDifference): EntityChange {
  return {
    ...editSubject(kind, key),
    change,
    ...given({ renamed_from: renamedFrom }),
    fields: fields.map(fieldJson),
  };
}

function fieldJson({ items, ...field }: FieldChange): z.infer<typeof fieldChange> {
  return { ...field, ...given({ items: items?.map((item) => ({ ...item })) }) };
}

function reachJson({ from, to, ...change }: ReachChange): z.infer<typeof reachChange> {
  return { ...change, from: from.map((stage) => [...stage]), to: to.map((stage) => [...stage]) };
}

export function planJson({
  removes,
  liveCalls,
  byHand,
}: Pick<Plan, "removes" | "liveCalls" | "byHand">): z.infer<typeof planDetails> {
  return {
    removes: removes.map(vanishedJson),
    live_calls: liveCalls.map(([revision, calls]) => ({ revision, calls })),
    by_hand: byHand.map(byHandJson),
  };
}

function vanishedJson({ hasPin, ...rest }: Vanished): z.infer<typeof vanished> {
  return { ...rest, has_pin: hasPin };
}

function byHandJson({ untilMs, isInFiles: _isInFiles, ...rest }: SetByHandNow): z.infer<typeof byHand> {
  return { ...rest, until_at: untilMs === null ? null : isoTime(untilMs) };
}
