/**
 * What the engine's live feed says, line by line: JSON objects, one a line, in UTF-8. The engine writes these, and `top`
 * and every other reader reads them by these schemas. docs/monitoring.md tells it to people.
 *
 * The reader speaks first, one line (`hello`); the engine answers with a snapshot, and then with changes. Each line has the
 * number after that of the line before, so that a gap shows; a snapshot may come at any time and replaces all that was said
 * before. New fields and new kinds of changes may be added without a new version: a reader leaves out what it does not know.
 */
import { z } from "zod";

/** Moved only when a reader of the version before would misunderstand what is said. */
export const FEED_VERSION = 1;

/** What a reader can ask for. */
export const TOPICS = ["calls", "phones", "groups", "carriers", "figures"] as const;
export type Topic = (typeof TOPICS)[number];

/** The longest line that a reader may send. */
export const HELLO_BYTES_MAX = 4_096;

/** The reader's one line. `topics` left out: all. `secret`: for a feed on a TCP address. */
export const hello = z.object({
  v: z.int().optional(),
  topics: z.array(z.enum(TOPICS)).min(1).optional(),
  secret: z.string().optional(),
});

const moment = z.number();

/** A phone or an outside number that is part of a call. */
const party = z.object({
  /** A username; a number for an outside phone that is no user's. */
  who: z.string(),
  /** The id of the device; empty: none is known. */
  device: z.string(),
  /** Null: since before this engine took the call over. */
  sinceMs: moment.nullable(),
});

const CALL_STATES = [
  "arriving",
  "ringing",
  "announcement",
  "voicemail",
  "mailbox",
  "talking",
  "transferring",
  "ending",
] as const;

export const feedCall = z.object({
  /** The uuid of the caller's channel, as in records and the log. */
  id: z.string(),
  sinceMs: moment,
  /** From outside, to somebody outside, or between phones of the office. */
  direction: z.enum(["in", "out", "inside"]),
  /** Empty: withheld, or none came. */
  from: z.string(),
  name: z.string(),
  isWithheld: z.boolean(),
  /** The user and the device that call; null: a caller from outside. */
  user: z.string().nullable(),
  device: z.string().nullable(),
  called: z.string(),
  /** What the office calls that number; null: nothing. */
  label: z.string().nullable(),
  isEmergency: z.boolean(),
  /** `number:…`, `user:…`, `group:…`, `flow:…`, `device:…`: what of the office the call is about now. */
  about: z.array(z.string()),
  revision: z.number(),
  state: z.enum(CALL_STATES),
  /** The state in words, and since when; null as in `party`. */
  text: z.string(),
  stateSinceMs: moment.nullable(),
  /** `dialled`: nothing was heard of the phone yet; `asked`: hears "press 1 to accept". */
  rings: z.array(party.extend({ state: z.enum(["dialled", "rings", "answered", "asked"]) })),
  talks: party.nullable(),
});

export const feedPhone = z.object({
  /** The name with which the phone signs in. */
  sip: z.string(),
  /** Null: the office has no such phone any more. */
  user: z.string().nullable(),
  device: z.string().nullable(),
  contacts: z.array(z.object({ agent: z.string(), sinceMs: moment })),
  /** `calls`: has dialled, and is not connected. */
  state: z.enum(["idle", "rings", "calls", "talks"]),
});

export const feedGroup = z.object({
  id: z.string(),
  name: z.string(),
  /** At most so many as are useful to show; `memberCount` counts all. */
  members: z.array(
    z.object({
      user: z.string(),
      /** Takes part in the group's calls. */
      calls: z.boolean(),
      /** Is not suspended, and has a phone that is signed in, or one outside. */
      isReachable: z.boolean(),
    }),
  ),
  memberCount: z.number(),
  /** Members who take calls and can be reached. */
  reachable: z.number(),
  /** Calls that are about the group and are not connected. */
  waits: z.number(),
});

export const feedCarrier = z.object({
  id: z.string(),
  /** Null: not known. */
  isUp: z.boolean().nullable(),
  /** Null also for a carrier with which the switch does not register. */
  isRegistered: z.boolean().nullable(),
  callsIn: z.number(),
  callsOut: z.number(),
  failures: z.number(),
});

export const feedFigures = z.object({
  atMs: moment,
  /** Calls that arrived, over the last ten seconds. */
  callsPerSecond: z.number(),
  calls: z.object({ all: z.number(), ringing: z.number(), talking: z.number() }),
  /** Contacts that are registered. */
  contacts: z.number(),
  /** The process, in percent of one core, in the last second; null: not measured yet, as the two below. */
  cpuPercent: z.number().nullable(),
  /** The latest that a timer fired in the last second. */
  loopLagMs: z.number().nullable(),
  /** From sending the smallest command to its reply: as late are the events that the switch sends. */
  switchLagMs: z.number().nullable(),
  memoryBytes: z.number(),
  switch: z.object({
    isConnected: z.boolean(),
    /** Connected, and the registrations are known. */
    isReady: z.boolean(),
    /** Since when it is connected or away; null: it never was connected. */
    sinceMs: moment.nullable(),
    /** New calls are refused, since more arrive than are carried in time. */
    isOverloaded: z.boolean(),
    refused: z.number(),
  }),
  revision: z.number(),
  readers: z.number(),
});

/** Everything of the topics asked for, as it is now. */
export const snapshot = z.object({
  v: z.literal(FEED_VERSION),
  kind: z.literal("snapshot"),
  seq: z.int(),
  atMs: moment,
  engine: z.object({ id: z.string(), startedMs: moment }),
  office: z.object({ name: z.string(), timezone: z.string() }),
  calls: z.array(feedCall).optional(),
  phones: z.array(feedPhone).optional(),
  groups: z.array(feedGroup).optional(),
  carriers: z.array(feedCarrier).optional(),
  figures: feedFigures.optional(),
});

const seq = z.int();

/** One thing that has changed. */
export const change = z.discriminatedUnion("kind", [
  z.object({ seq, kind: z.literal("call_began"), call: feedCall }),
  z.object({ seq, kind: z.literal("call_changed"), call: feedCall }),
  /** `ending`: one word, as in `ringline demo --json`. */
  z.object({ seq, kind: z.literal("call_ended"), id: z.string(), atMs: moment, ending: z.string() }),
  z.object({ seq, kind: z.literal("phone_registered"), phone: feedPhone }),
  z.object({ seq, kind: z.literal("phone_changed"), phone: feedPhone }),
  z.object({ seq, kind: z.literal("phone_gone"), sip: z.string() }),
  z.object({ seq, kind: z.literal("group_changed"), group: feedGroup }),
  /** Of a group of which nothing else has changed. */
  z.object({ seq, kind: z.literal("group_waits"), id: z.string(), waits: z.number() }),
  z.object({ seq, kind: z.literal("group_gone"), id: z.string() }),
  z.object({ seq, kind: z.literal("carrier_changed"), carrier: feedCarrier }),
  z.object({ seq, kind: z.literal("carrier_gone"), id: z.string() }),
  z.object({ seq, kind: z.literal("figures"), figures: feedFigures }),
  /** Nothing has changed for some seconds, and the engine is there. */
  z.object({ seq, kind: z.literal("alive") }),
]);

/** Why the engine closes the connection. */
const REFUSALS = ["not_understood", "version", "secret", "too_many_readers", "too_slow"] as const;

export const refused = z.object({
  v: z.literal(FEED_VERSION),
  kind: z.literal("refused"),
  why: z.enum(REFUSALS),
  /** For people. */
  text: z.string(),
});

export type Hello = z.infer<typeof hello>;
export type FeedCall = z.infer<typeof feedCall>;
export type CallStateWord = FeedCall["state"];
export type FeedPhone = z.infer<typeof feedPhone>;
export type FeedGroup = z.infer<typeof feedGroup>;
export type FeedCarrier = z.infer<typeof feedCarrier>;
export type FeedFigures = z.infer<typeof feedFigures>;
export type Snapshot = z.infer<typeof snapshot>;
export type Change = z.infer<typeof change>;
export type Refusal = z.infer<typeof refused>;

/** A line of the engine. `unknown`: a kind that this reader does not know. */
export type FeedLine =
  | { readonly is: "snapshot"; readonly snapshot: Snapshot }
  | { readonly is: "change"; readonly change: Change }
  | { readonly is: "refused"; readonly refused: Refusal }
  | { readonly is: "unknown"; readonly seq: number };

const numbered = z.object({ seq, kind: z.string() });
const KINDS: ReadonlySet<string> = new Set(change.options.map((option) => option.shape.kind.value));

/** Reads a line; undefined: it is none of this feed, or of another version. */
export function readLine(text: string): FeedLine | undefined {
  const value = parsed(text);
  const { kind } = z.object({ kind: z.string() }).safeParse(value).data ?? {};
  if (kind === "snapshot")
    return mapData(snapshot.safeParse(value).data, (data) => ({ is: "snapshot", snapshot: data }));
  if (kind === "refused")
    return mapData(refused.safeParse(value).data, (data) => ({ is: "refused", refused: data }));
  if (kind !== undefined && KINDS.has(kind))
    return mapData(change.safeParse(value).data, (data) => ({ is: "change", change: data }));
  return mapData(numbered.safeParse(value).data, (data) => ({ is: "unknown", seq: data.seq }));
}

function mapData<T>(data: T | undefined, make: (data: T) => FeedLine): FeedLine | undefined {
  return data === undefined ? undefined : make(data);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
