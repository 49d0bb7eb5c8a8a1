/**
 * Every metric of the engine: its kind, its meaning and its labels. The metrics themselves, the table in
 * docs/monitoring.md, and the test that holds dashboards and alert rules to what exists are made of this list.
 *
 * The values of a label are words of a short list here, or `open` where the list is the office's or the core's: ids of
 * carriers, phases, endings. Never a text, a number or a name that a caller or a phone sends.
 */

/** `open`: the values are not listed here. */
export type LabelValues = readonly string[] | "open";

export interface MetricEntry {
  readonly kind: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly labels: Readonly<Record<string, LabelValues>>;
  /** Upper bounds of a histogram. */
  readonly buckets?: readonly number[];
}

/** Causes of ended legs that are counted under their own name; all others are `other`. */
export const LEG_CAUSES = [
  "NORMAL_CLEARING",
  "ORIGINATOR_CANCEL",
  "LOSE_RACE",
  "NO_ANSWER",
  "NO_USER_RESPONSE",
  "ALLOTTED_TIMEOUT",
  "USER_BUSY",
  "CALL_REJECTED",
  "USER_NOT_REGISTERED",
  "SUBSCRIBER_ABSENT",
  "UNALLOCATED_NUMBER",
  "NO_ROUTE_DESTINATION",
  "DESTINATION_OUT_OF_ORDER",
  "RECOVERY_ON_TIMER_EXPIRE",
  "NORMAL_TEMPORARY_FAILURE",
  "NETWORK_OUT_OF_ORDER",
  "GATEWAY_DOWN",
  "INVALID_GATEWAY",
  "INCOMPATIBLE_DESTINATION",
  "MEDIA_TIMEOUT",
  "LOST",
  "REFUSED",
] as const;

/** The cause as a label. */
export function causeLabel(cause: string): string {
  return (LEG_CAUSES as readonly string[]).includes(cause) ? cause : OTHER;
}

const OTHER = "other";

/** Seconds that a person waits. */
const PERSON_S = [1, 2, 5, 10, 20, 30, 60, 120, 300] as const;
/** Seconds that programs take. */
const PROGRAM_S = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 1, 2.5, 5] as const;

const counter = (help: string, labels: MetricEntry["labels"] = {}): MetricEntry => ({
  kind: "counter",
  help,
  labels,
});
const gauge = (help: string, labels: MetricEntry["labels"] = {}): MetricEntry => ({
  kind: "gauge",
  help,
  labels,
});
const histogram = (
  help: string,
  buckets: readonly number[],
  labels: MetricEntry["labels"] = {},
): MetricEntry => ({ kind: "histogram", help, labels, buckets });

/** The parts of the engine that `/ready` asks about. */
export const READY_PARTS = ["switch", "office", "disk", "database"] as const;
/** The folders in which the engine needs room. */
export const FOLDERS = ["database", "messages"] as const;

/** By name, without `ringline_`. */
export const METRICS = {
  switch_connected: gauge("1 while connected to the switch"),
  ready: gauge("1 while a part of the engine is ready, as `/ready` says; see [Readiness](#readiness)", {
    part: READY_PARTS,
  }),
  office_revision: gauge("The revision that new calls get"),
  calls: gauge("Calls in progress, by phase", { phase: "open" }),
  calls_arrived_total: counter("Calls that have arrived"),
  calls_ended_total: counter("Calls that ended, by how", {
    ending: ["answered", "missed", "message", "listened", "hung_up", "failed", "not_ours"],
  }),
  calls_hung_up_total: counter(
    "Calls that the office has ended before anybody answered, by the reason that the caller was given; they are among the `hung_up` of `ringline_calls_ended_total`",
    { reason: ["normal", "busy", "no_answer", "declined", "unavailable", "unassigned"] },
  ),
  call_connected_seconds: histogram("From a call's arrival to its connection with somebody", PERSON_S),
  call_wait_seconds: histogram(
    "How long callers waited: until they were connected (`answered`), gave up (`missed`), were greeted by a mailbox and then asked for a message (`message`), or the call ended otherwise (`other`)",
    PERSON_S,
    { result: ["answered", "missed", "message", "other"] },
  ),
  call_first_ring_seconds: histogram(
    "From a call's arrival until the first phone rings; announcements before that count",
    [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60],
  ),
  leg_ring_seconds: histogram("How long a phone rang, until it was answered or stopped ringing", PERSON_S, {
    outcome: ["answered", "unanswered"],
  }),
  legs_ended_total: counter(
    `Legs that ended, by the switch's hangup cause; the causes are listed below, all others are \`${OTHER}\``,
    { cause: [...LEG_CAUSES, OTHER] },
  ),
  prompts_total: counter(
    'Accept prompts ("press 1") by result: `gone` is a leg that ended without a key, or because somebody else took the call',
    { result: ["accepted", "declined", "gone"] },
  ),
  announcements_total: counter("Announcements that callers heard; `missing`: there was no such file", {
    result: ["played", "missing"],
  }),
  adoptions_total: counter(
    "Calls of an earlier engine: `taken_over` go on, `lost` were gone when this engine looked",
    { result: ["taken_over", "lost"] },
  ),
  claims_total: counter(
    "Claims on calls: `lost` to another engine or the switch's fallback, `unanswered` by the switch",
    { result: ["won", "lost", "unanswered"] },
  ),
  arrival_look_ups_total: counter(
    "Questions of the switch about arriving calls, by answer: it rings phones (`rung`), parks the caller for the engine (`parked`), refuses (`refused`), or uses its own dialplan (`not_found`)",
    { answer: ["rung", "parked", "refused", "not_found"] },
  ),
  arrival_look_up_seconds: histogram("From such a question to its answer", PROGRAM_S),
  overloaded: gauge("1 while new calls are refused because more arrive than are carried in time"),
  calls_shed_total: counter("New calls that were refused with 503, by why", { why: ["overload"] }),
  phones_rung_total: counter("Contacts and outside numbers that were rung"),
  contacts: gauge("Contacts of phones that are registered"),
  directory_look_ups_total: counter("Look-ups of phones by the switch, by answer; `refused` is locked", {
    answer: ["granted", "denied", "refused", "other"],
  }),
  sign_ins_total: counter(
    "Sign-ins of phones that failed, were refused unseen because of a lock, or led to one (`locks`)",
    { outcome: ["failed", "refused", "locks"] },
  ),
  pins_refused_total: counter("PINs of mailboxes that were refused, by why", {
    why: ["wrong", "locked", "none"],
  }),
  mailboxes_refused_total: counter("Callers who could leave no message, by why", {
    why: ["full", "unavailable"],
  }),
  mails_total: counter("Mails by what became of them; `unknown`: only the mail server knows", {
    outcome: ["sent", "refused", "given_up", "unknown"],
  }),
  mails_waiting: gauge("Mails that wait for the mail server"),
  mails_oldest_seconds: gauge("For how long the mail that has waited longest has waited; 0: none waits"),
  mail_server_failing: gauge("1 while the mail server takes no mails"),
  webhooks_total: counter(
    "Events for webhooks by what became of them, also before this engine; `dropped`: too many waited, or the webhook was switched off",
    { outcome: ["delivered", "given_up", "dropped"] },
  ),
  webhooks_waiting: gauge("Events that wait to be delivered to a webhook", { webhook: "open" }),
  webhooks_oldest_seconds: gauge("For how long the event that has waited longest has waited; 0: none waits", {
    webhook: "open",
  }),
  anonymous_calls_refused_total: counter(
    "Callers who withhold their number, where `anonymous_callers` refuses them",
  ),
  outside_calls: gauge("Outside phones that ring or talk"),
  outside_minutes_24h: gauge("Minutes talked with outside phones within 24 hours"),
  outside_calls_refused_total: counter(
    "Calls outside that were refused, by why; `mailbox`: a transferred party dialled one",
    {
      why: [
        "permission",
        "nobody_pays",
        "place",
        "premium",
        "user_calls_at_once",
        "office_calls_at_once",
        "user_minutes",
        "office_minutes",
        "mailbox",
      ],
    },
  ),
  outside_calls_cut_total: counter("Calls outside that were ended because the minutes were used up", {
    why: ["minutes"],
  }),
  outside_alarms_total: counter(
    "Alarms about calls outside; see [calls outside](office.md#calls-outside-and-who-pays)",
    { kind: ["spike", "refusals", "minutes"] },
  ),
  contacts_elsewhere_total: counter("Contacts that phones registered at an address that is not their own", {
    dialled: ["source"],
  }),
  carrier_up: gauge(
    "1 while the switch dials through the carrier: through one of its proxies, if it has several; no value while the engine is not connected",
    { carrier: "open" },
  ),
  carrier_registered: gauge(
    "1 while the switch is registered with the carrier; no value for a carrier with which it does not register",
    { carrier: "open" },
  ),
  carrier_calls_in_total: counter("Calls from the carrier", { carrier: "open" }),
  carrier_calls_out_total: counter("Calls that were dialled through the carrier", { carrier: "open" }),
  carrier_failures_total: counter(
    "Calls out that failed because of the carrier, so that [the next one is tried](office.md#which-carrier-a-call-outside-takes): no answer, 408, 5xx, and an account that is not accepted (401, 402, 407)",
    { carrier: "open" },
  ),
  emergency_calls_total: counter("Calls to emergency numbers"),
  emergency_tests_total: counter("Calls to numbers with which emergency calls are tried"),
  bounds_reached_total: counter("Limits of the engine that a call has reached; the log says which"),
  switch_reply_seconds: histogram("How long the switch takes to answer a command of the engine", PROGRAM_S),
  switch_event_lag_seconds: histogram(
    "From the moment at which the switch made an event until the engine handles it, by the clocks of both machines",
    PROGRAM_S,
  ),
  switch_commands_total: counter(
    "Commands to the switch, by its answer; `unknown`: no reply came, or there was no connection",
    { outcome: ["ok", "refused", "unknown"] },
  ),
  record_lines_queued: gauge("Lines of call records that wait in memory to be written"),
  record_bytes_queued: gauge("Their size"),
  record_lines_written_total: counter("Lines of call records that were written to the journal"),
  record_lines_dropped_total: counter("Lines of call records that were lost because too many waited"),
  record_journal_failing: gauge("1 while the journal cannot be written; its lines wait and are tried again"),
  record_lines_ingested_total: counter("Lines that were read from the journal into the database"),
  record_lines_unreadable_total: counter("Lines of the journal that could not be read"),
  record_ingest_failures_total: counter(
    "Attempts to write call records into the database that failed; they are tried again",
  ),
  record_recorder_deaths_total: counter("How often the recorder's thread has died; it is started again"),
  record_lag_seconds: gauge(
    "How long ago every line of the journal was in the database last; 0: a moment ago",
  ),
  records_removed_total: counter("Records of calls that were changed because of their age", {
    how: ["deleted", "anonymised"],
  }),
  disk_free_bytes: gauge("Room on the disk of the database and of the messages", { folder: FOLDERS }),
} as const satisfies Readonly<Record<string, MetricEntry>>;

export type MetricName = keyof typeof METRICS;

export const METRIC_PREFIX = "ringline_";
