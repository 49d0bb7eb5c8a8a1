/** Rows of calls as they are in the table, and as they are listed. */
import { greetedMs } from "../../policy/record/greeted.js";
import type { Direction, RecordEnding, Side } from "../../policy/record/happening.js";
import type { Result } from "../../policy/record/record.js";
import type { CallRow } from "./filter.js";
import { readStory } from "./story.js";

interface TableRow {
  readonly key: number;
  readonly id: string;
  readonly change: number;
  readonly direction: Direction;
  readonly fromNumber: string;
  readonly fromName: string;
  readonly isWithheld: number;
  readonly user: string | null;
  readonly device: string | null;
  readonly called: string;
  readonly revision: number;
  readonly carrier: string | null;
  readonly sipCallId: string | null;
  readonly partOf: string | null;
  readonly engines: string;
  readonly beganMs: number;
  readonly firstRingMs: number | null;
  readonly connectedMs: number | null;
  readonly endedMs: number | null;
  readonly ending: string | null;
  readonly result: Result;
  readonly side: Side | null;
  readonly cause: string | null;
  readonly isEndSeen: number;
  readonly answeredBy: string | null;
  readonly messageIn: string | null;
  readonly isEmergency: number;
  readonly about: string;
  /** Of a call with a message alone. */
  readonly story: string | Buffer | null;
}

/** What a SELECT of `calls` names, for {@link callRow}. */
export const CALL_COLUMNS = `calls.key, calls.id, calls.change, calls.direction,
  calls.from_number AS fromNumber, calls.from_name AS fromName, calls.is_withheld AS isWithheld,
  calls.user, calls.device, calls.called, calls.revision, calls.carrier, calls.sip_call_id AS sipCallId,
  calls.part_of AS partOf, calls.began_ms AS beganMs,
  calls.engines, calls.first_ring_ms AS firstRingMs, calls.connected_ms AS connectedMs,
  calls.ended_ms AS endedMs, calls.ending, calls.result, calls.side, calls.cause,
  calls.is_end_seen AS isEndSeen, calls.answered_by AS answeredBy, calls.message_in AS messageIn,
  calls.is_emergency AS isEmergency,
  (SELECT story FROM call_stories WHERE key = calls.key AND calls.message_in IS NOT NULL) AS story,
  (SELECT json_group_array(kind || ':' || name) FROM
    (SELECT n.kind, n.name FROM json_each(calls.marks) AS mark CROSS JOIN call_names AS n ON n.id = mark.value
     WHERE mark.key < calls.abouts ORDER BY mark.key)) AS about`;

/** How many calls can begin in one millisecond and still have keys in the order of time. */
export const KEYS_A_MS = 1_000;

export function callRow(row: TableRow): CallRow {
  const { fromNumber, fromName, isWithheld, isEndSeen, isEmergency, engines, ending, about, story, ...rest } =
    row;
  return {
    ...rest,
    partOf: null,
    greetedMs: story === null ? null : greetedMs({ ...row, happenings: readStory(row.id, story) }),
    from: fromNumber,
    name: fromName,
    isWithheld: isWithheld === 1,
    isEndSeen: isEndSeen === 1,
    isEmergency: isEmergency === 1,
    engines: JSON.parse(engines) as string[],
    ending: ending === null ? null : (JSON.parse(ending) as RecordEnding),
    about: JSON.parse(about) as string[],
  };
}

export type { TableRow };
