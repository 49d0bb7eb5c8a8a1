/** A call as the API shows it: in lists, and with its story. */
import { z } from "zod";
import { greetedMs } from "../../../../../policy/record/greeted.js";
import type { CallRecord, RecordLeg } from "../../../../../policy/record/record.js";
import type { Names } from "../../../../../policy/record/spoken-names.js";
import { storyOf } from "../../../../../policy/record/story.js";
import type { RoutingTable } from "../../../../../policy/routing/table.js";
import type { CallRow } from "../../../../../storage/records/filter.js";
import { lengths } from "../../../../records/calls-csv.js";
import { isoTime } from "../../time.js";

export const DIRECTIONS = ["in", "out", "inside"] as const;
export const RESULTS = [
  "live",
  "answered",
  "missed",
  "message",
  "listened",
  "refused",
  "failed",
  "not_ours",
] as const;

const time = z.iso.datetime();
const seconds = z.number().int();

export const call = z.object({
  id: z.string(),
  direction: z.enum(DIRECTIONS),
  /** Empty: withheld, or not kept any more. */
  from: z.string(),
  name: z.string(),
  withheld: z.boolean(),
  /** Who called; null: somebody outside. */
  user: z.string().nullable(),
  device: z.string().nullable(),
  called: z.string(),
  began_at: time,
  first_ring_at: time.nullable(),
  connected_at: time.nullable(),
  /** Null: the call is in progress. */
  ended_at: time.nullable(),
  /** Until somebody had the call, or it was over without that. */
  wait_seconds: seconds.nullable(),
  talk_seconds: seconds.nullable(),
  result: z.enum(RESULTS),
  /** A word for how it ended, with what belongs to it. */
  ending: z
    .object({
      kind: z.string(),
      by: z.string().optional(),
      box: z.string().optional(),
      reason: z.string().optional(),
      why: z.string().optional(),
    })
    .nullable(),
  ended_by: z.string().nullable(),
  cause: z.string().nullable(),
  /** False: the end was found later, and may have been earlier. */
  end_seen: z.boolean(),
  answered_by: z.string().nullable(),
  /** `user:NAME` or `group:ID`. */
  message_in: z.string().nullable(),
  emergency: z.boolean(),
  carrier: z.string().nullable(),
  sip_call_id: z.string().nullable(),
  part_of: z.string().nullable(),
  revision: z.number().int(),
  /** `number:…`, `user:…`, `group:…`, `flow:…`, `schedule:…`. */
  about: z.array(z.string()),
});
export type CallOut = z.infer<typeof call>;

/** What people call whom and what the calls name, such as `user:alice.wong`. */
export const spokenNames = z.record(z.string(), z.string());

export function callOut(row: Omit<CallRow, "key" | "change">): CallOut {
  const { waitMs, talkMs } = lengths(row);
  return {
    id: row.id,
    direction: row.direction,
    from: row.from,
    name: row.name,
    withheld: row.isWithheld,
    user: row.user,
    device: row.device,
    called: row.called,
    began_at: isoTime(row.beganMs),
    first_ring_at: timeOrNull(row.firstRingMs),
    connected_at: timeOrNull(row.connectedMs),
    ended_at: timeOrNull(row.endedMs),
    wait_seconds: secondsOrNull(waitMs),
    talk_seconds: secondsOrNull(talkMs),
    result: row.result,
    ending: row.ending,
    ended_by: row.side,
    cause: row.cause,
    end_seen: row.isEndSeen,
    answered_by: row.answeredBy,
    message_in: row.messageIn,
    emergency: row.isEmergency,
    carrier: row.carrier,
    sip_call_id: row.sipCallId,
    part_of: row.partOf,
    revision: row.revision,
    about: [...row.about],
  };
}

/** Names of the office of now. What it does not have any more has none. */
export function namesIn(rows: readonly CallRow[], table: RoutingTable): Record<string, string> {
  const targets = new Set(
    rows.flatMap(({ about, user, answeredBy, called, messageIn }) => [
      ...about,
      ...(user === null ? [] : [`user:${user}`]),
      ...(answeredBy === null ? [] : [`user:${answeredBy}`]),
      ...(messageIn === null ? [] : [messageIn]),
      `number:${called}`,
    ]),
  );
  return Object.fromEntries(
    [...targets].flatMap((target) => {
      const name = nameOf(target, table);
      return name === undefined ? [] : [[target, name]];
    }),
  );
}

function nameOf(target: string, table: RoutingTable): string | undefined {
  const colon = target.indexOf(":");
  const name = target.slice(colon + 1);
  switch (target.slice(0, colon)) {
    case "user":
      return table.user(name)?.name;
    case "group":
      return table.group(name)?.name;
    case "number":
      return table.number(name)?.label;
    default:
      return undefined;
  }
}

const leg = z.object({
  /** A username; a number for an outside phone that is no user's. */
  who: z.string(),
  device: z.string(),
  /** The phone's name or number as people say it. */
  phone: z.string(),
  /** Empty: a colleague's outside phone, whose number is theirs. */
  to: z.string(),
  group: z.string().nullable(),
  carrier: z.string().nullable(),
  shows: z.string().nullable(),
  dialled_at: time,
  rings_at: time.nullable(),
  answered_at: time.nullable(),
  connected_at: time.nullable(),
  ended_at: time.nullable(),
  cause: z.string().nullable(),
  status: z.number().int().nullable(),
});

export const toldCall = call.extend({
  timezone: z.string(),
  legs: z.array(leg),
  story: z.object({
    headline: z.string(),
    ending: z.string(),
    lines: z.array(z.object({ at: time, text: z.string(), tone: z.enum(["good", "bad", "faint", "plain"]) })),
    phones: z.array(
      z.object({
        who: z.string(),
        device: z.string(),
        phone: z.string(),
        /** Null: it did not ring. */
        from_at: time.nullable(),
        until_at: time.nullable(),
        text: z.string(),
      }),
    ),
  }),
});
export type ToldCall = z.infer<typeof toldCall>;

export function toldCallOut(record: CallRecord, names: Names, timezone: string): ToldCall {
  const { headline, ending, lines, phones } = storyOf(record, names);
  return {
    ...callOut({ ...record, greetedMs: greetedMs(record) }),
    timezone,
    legs: record.legs.map((each) => legOut(each, names)),
    story: {
      headline,
      ending,
      lines: lines.map(({ atMs, text, tone }) => ({ at: isoTime(atMs), text, tone })),
      phones: phones.map(({ who, device, phone, fromMs, toMs, text }) => ({
        ...{ who, device, phone, text },
        from_at: timeOrNull(fromMs),
        until_at: timeOrNull(toMs),
      })),
    },
  };
}

function legOut(each: RecordLeg, names: Names): ToldCall["legs"][number] {
  const { who, device, to, group, carrier, shows, cause, status } = each;
  return {
    ...{ who, device, to, group, carrier, shows, cause, status },
    phone: names.phone(each, to),
    dialled_at: isoTime(each.dialledMs),
    rings_at: timeOrNull(each.ringsMs),
    answered_at: timeOrNull(each.answeredMs),
    connected_at: timeOrNull(each.connectedMs),
    ended_at: timeOrNull(each.endedMs),
  };
}

function timeOrNull(ms: number | null): string | null {
  return ms === null ? null : isoTime(ms);
}

function secondsOrNull(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms / 1_000);
}
