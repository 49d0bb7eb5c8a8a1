/**
 * The engine's metrics in the format of Prometheus. Labels are our own words from short lists, and the ids of the office's
 * few carriers; never a caller's text, a number, a name or an address: the number of time series stays bounded.
 */
import { type Counter, collectDefaultMetrics, type Histogram, Registry } from "prom-client";
import type { Note } from "../../policy/call/command.js";
import { given, mapped } from "../../policy/office/optional.js";
import type { Happening } from "../../policy/record/happening.js";
import type { Call } from "../calls/call.js";
import type { OverloadFigures } from "../calls/overload.js";
import type { CarrierFigures } from "../carriers/status-memory.js";
import type { Reply } from "../switch/wire.js";
import { CallMetrics } from "./call-metrics.js";
import type { ArrivalAnswer, ClaimResult, Measures } from "./measures.js";
import { METRIC_PREFIX, type MetricName } from "./metric-catalogue.js";
import { type ByLabel, MetricMakers } from "./metric-makers.js";
import type { RecordFigures, WebhookFigures } from "./record-figures.js";
import { refusalIn } from "./refusals.js";

/** The engine's figures at one moment; counts are since it started. */
export interface EngineFigures {
  readonly connected: boolean;
  readonly revision: number;
  /** Calls in progress, by phase. */
  readonly calls: Readonly<Record<string, number>>;
  readonly contacts: number;
  readonly overload: OverloadFigures;
  /** Calls to outside phones. */
  readonly outside: {
    /** That ring or talk now. */
    readonly calls: number;
    /** Talked within the last 24 hours. */
    readonly minutes: number;
    /** Ended because a limit was reached. */
    readonly cut: number;
    readonly alarms: Readonly<Record<string, number>>;
    /** Contacts that phones have registered at another address than their own. */
    readonly contactsElsewhere: number;
  };
  readonly carriers: readonly CarrierFigures[];
  /** null: the engine has no directory. */
  readonly directory: {
    readonly lookUps: Readonly<Record<string, number>>;
    readonly signIns: Readonly<Record<string, number>>;
  } | null;
  /** null: the engine sends no mails. */
  readonly mail: {
    readonly ended: Readonly<Record<string, number>>;
    readonly waiting: number;
    /** For how long the mail that has waited longest has waited; 0: none waits. */
    readonly oldestMs: number;
    readonly isFailing: boolean;
  } | null;
}

/** Where the figures of a scrape come from. */
export interface MetricSources {
  readonly engine: () => EngineFigures;
  /** Left out: the engine keeps no call records. */
  readonly records?: () => RecordFigures;
  /** Left out: the engine delivers no webhooks. */
  readonly webhooks?: () => Promise<WebhookFigures>;
  /** Whether each part is ready, and the room on its disks; left out: nobody looks. */
  readonly readiness?: () => Promise<{ readonly ready: ByLabel; readonly freeBytes: ByLabel }>;
}

export class Metrics implements Measures {
  readonly #registry = new Registry();
  readonly #make = new MetricMakers(this.#registry);
  readonly #calls = new CallMetrics(this.#make);
  readonly #hungUp: Counter;
  readonly #ended: Counter;
  readonly #arrived: Counter;
  readonly #connected: Histogram;
  readonly #bounds: Counter;
  readonly #rung: Counter;
  readonly #refusedMailboxes: Counter;
  readonly #pins: Counter;
  readonly #emergencies: Counter;
  readonly #emergencyTests: Counter;
  readonly #refused: Counter;
  readonly #anonymous: Counter;
  readonly #replies: Histogram;
  readonly #commands: Counter;
  readonly #events: Histogram;
  readonly #claims: Counter;
  readonly #arrivals: Counter;
  readonly #arrivalTimes: Histogram;

  /** @param sources read at each scrape */
  constructor(sources: MetricSources) {
    collectDefaultMetrics({ register: this.#registry, prefix: METRIC_PREFIX });
    const make = this.#make;
    this.#arrived = make.counter("calls_arrived_total");
    this.#ended = make.counter("calls_ended_total");
    this.#hungUp = make.counter("calls_hung_up_total");
    this.#rung = make.counter("phones_rung_total");
    this.#refusedMailboxes = make.counter("mailboxes_refused_total");
    this.#bounds = make.counter("bounds_reached_total");
    this.#pins = make.counter("pins_refused_total");
    this.#emergencies = make.counter("emergency_calls_total");
    this.#emergencyTests = make.counter("emergency_tests_total");
    this.#refused = make.counter("outside_calls_refused_total");
    this.#anonymous = make.counter("anonymous_calls_refused_total");
    this.#connected = make.histogram("call_connected_seconds");
    this.#replies = make.histogram("switch_reply_seconds");
    this.#commands = make.counter("switch_commands_total");
    this.#events = make.histogram("switch_event_lag_seconds");
    this.#claims = make.counter("claims_total");
    this.#arrivals = make.counter("arrival_look_ups_total");
    this.#arrivalTimes = make.histogram("arrival_look_up_seconds");
    measureEngine(make, sources.engine);
    measureOutside(make, sources.engine);
    measureCarriers(make, () => sources.engine().carriers);
    if (sources.records !== undefined) measureRecords(make, sources.records);
    if (sources.webhooks !== undefined) measureWebhooks(make, sources.webhooks);
    if (sources.readiness !== undefined) measureReadiness(make, sources.readiness);
  }

  /** Counts what is kept of a call. */
  happened(happening: Happening): void {
    this.#calls.happened(happening);
  }

  replied(outcome: Reply["outcome"], tookMs: number): void {
    this.#commands.inc({ outcome });
    if (outcome !== "unknown") this.#replies.observe(tookMs / 1000);
  }

  eventCame(lagMs: number): void {
    this.#events.observe(lagMs / 1000);
  }

  claimed(result: ClaimResult): void {
    this.#claims.inc({ result });
  }

  answeredAboutCall(answer: ArrivalAnswer, tookMs: number): void {
    this.#arrivals.inc({ answer });
    this.#arrivalTimes.observe(tookMs / 1000);
  }

  /** Counts a note of a call. */
  onNote(call: Call, note: Note): void {
    const refusal = refusalIn(note);
    if (refusal !== undefined) this.#refused.inc({ why: refusal });
    if (note.kind === "refused" && note.why === "anonymous") this.#anonymous.inc();
    switch (note.kind) {
      case "arrived":
        this.#arrived.inc();
        return;
      case "rings":
        this.#rung.inc();
        return;
      case "mailbox_refused":
        this.#refusedMailboxes.inc({ why: note.why });
        return;
      case "connected":
        this.#connected.observe((call.knownMs - call.state.arrivedMs) / 1000);
        return;
      case "bound_reached":
        this.#bounds.inc();
        return;
      case "pin_refused":
        this.#pins.inc({ why: note.why });
        return;
      case "emergency":
        (note.isTest === true ? this.#emergencyTests : this.#emergencies).inc();
        return;
      case "ended":
        this.#ended.inc({ ending: note.ending.kind });
        if (note.ending.kind === "hung_up") this.#hungUp.inc({ reason: note.ending.reason });
        return;
      default:
        return;
    }
  }

  /** The text of one scrape, and its type. */
  async text(): Promise<{ readonly type: string; readonly body: string }> {
    return { type: this.#registry.contentType, body: await this.#registry.metrics() };
  }
}

function measureEngine(make: MetricMakers, figures: () => EngineFigures): void {
  make.measured("switch_connected", () => (figures().connected ? 1 : 0));
  make.measured("office_revision", () => figures().revision);
  make.measured("contacts", () => figures().contacts);
  make.measured("overloaded", () => (figures().overload.isFull ? 1 : 0));
  make.byLabel("calls_shed_total", () => ({ overload: figures().overload.refused }));
  make.byLabel("calls", () => figures().calls);
  make.byLabel("directory_look_ups_total", () => figures().directory?.lookUps ?? {});
  make.byLabel("sign_ins_total", () => figures().directory?.signIns ?? {});
  const mail = () => figures().mail;
  make.measured("mails_waiting", () => mail()?.waiting ?? 0);
  make.measured("mails_oldest_seconds", () => (mail()?.oldestMs ?? 0) / 1000);
  make.measured("mail_server_failing", () => (mail()?.isFailing === true ? 1 : 0));
  make.byLabel("mails_total", () => mail()?.ended ?? {});
}

function measureOutside(make: MetricMakers, figures: () => EngineFigures): void {
  const outside = () => figures().outside;
  make.measured("outside_calls", () => outside().calls);
  make.measured("outside_minutes_24h", () => outside().minutes);
  make.byLabel("outside_alarms_total", () => outside().alarms);
  make.byLabel("outside_calls_cut_total", () => ({ minutes: outside().cut }));
  make.byLabel("contacts_elsewhere_total", () => ({ source: outside().contactsElsewhere }));
}

/** What is not known has no value: while the switch is away, no carrier is up or down. */
function measureCarriers(make: MetricMakers, carriers: () => readonly CarrierFigures[]): void {
  const byCarrier = (name: MetricName, value: (carrier: CarrierFigures) => number | boolean | null) =>
    make.byLabel(name, () =>
      Object.fromEntries(
        carriers().flatMap((carrier) => {
          const is = value(carrier);
          return is === null ? [] : [[carrier.id, Number(is)]];
        }),
      ),
    );
  byCarrier("carrier_up", ({ isUp }) => isUp);
  byCarrier("carrier_registered", ({ isRegistered }) => isRegistered);
  byCarrier("carrier_calls_in_total", ({ callsIn }) => callsIn);
  byCarrier("carrier_calls_out_total", ({ callsOut }) => callsOut);
  byCarrier("carrier_failures_total", ({ failures }) => failures);
}

function measureRecords(make: MetricMakers, figures: () => RecordFigures): void {
  const journal = () => figures().journal;
  const recorder = () => figures().recorder;
  make.measured("record_lines_queued", () => journal().waiting);
  make.measured("record_bytes_queued", () => journal().waitingBytes);
  make.measured("record_lines_written_total", () => journal().written);
  make.measured("record_lines_dropped_total", () => journal().dropped);
  make.measured("record_journal_failing", () => (journal().isFailing ? 1 : 0));
  make.measured("record_lines_ingested_total", () => recorder()?.happenings);
  make.measured("record_lines_unreadable_total", () => recorder()?.unreadable);
  make.measured("record_ingest_failures_total", () => recorder()?.failures);
  make.measured("record_recorder_deaths_total", () => recorder()?.deaths);
  make.measured("record_lag_seconds", () => mapped(recorder()?.lagMs, (ms) => ms / 1000));
  make.byLabel("records_removed_total", () => {
    const { deleted, anonymised } = recorder() ?? {};
    return given({ deleted, anonymised });
  });
}

function measureWebhooks(make: MetricMakers, figures: () => Promise<WebhookFigures>): void {
  make.byLabel("webhooks_waiting", async () => (await figures()).waiting);
  make.byLabel("webhooks_oldest_seconds", async () => {
    const ages = Object.entries((await figures()).oldestMs);
    return Object.fromEntries(ages.map(([hook, ms]) => [hook, ms / 1000]));
  });
  make.byLabel("webhooks_total", async () => (await figures()).ended);
}

function measureReadiness(make: MetricMakers, readiness: NonNullable<MetricSources["readiness"]>): void {
  make.byLabel("ready", async () => (await readiness()).ready);
  make.byLabel("disk_free_bytes", async () => (await readiness()).freeBytes);
}
