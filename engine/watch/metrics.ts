/**
 * The engine's metrics in the format of Prometheus. Labels are our own words from short lists, and the ids of the office's
 * few carriers; never a caller's text, a number, a name or an address: the number of time series stays bounded.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Note } from "../../policy/call/command.js";
import type { Call } from "../calls/call.js";
import type { OverloadFigures } from "../calls/overload.js";
import type { CarrierFigures } from "../carriers/status-memory.js";
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
    readonly isFailing: boolean;
  } | null;
}

/** Seconds from a call's arrival to its connection. */
const CONNECT_BUCKETS = [1, 2, 5, 10, 20, 30, 60, 120, 300];

export class Metrics {
  readonly #registry = new Registry();
  readonly #ended: Counter<"ending">;
  readonly #arrived: Counter;
  readonly #connected: Histogram;
  readonly #bounds: Counter;
  readonly #rung: Counter;
  readonly #refusedMailboxes: Counter<"why">;
  readonly #pins: Counter<"why">;
  readonly #emergencies: Counter;
  readonly #emergencyTests: Counter;
  readonly #refused: Counter<"why">;
  readonly #anonymous: Counter;

  /** @param figures read at each scrape */
  constructor(figures: () => EngineFigures) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry, prefix: "ringline_" });
    const counter = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
      new Counter<L>({ name: `ringline_${name}`, help, labelNames: [...labelNames], registers });
    this.#arrived = counter("calls_arrived_total", "Calls that parked on the switch");
    this.#ended = counter("calls_ended_total", "Calls that ended, by how", ["ending"]);
    this.#rung = counter("phones_rung_total", "Contacts and outside numbers that were rung");
    this.#refusedMailboxes = counter(
      "mailboxes_refused_total",
      "Callers who could leave no message, by why",
      ["why"],
    );
    this.#bounds = counter(
      "bounds_reached_total",
      "Limits of the engine that a call has reached; see the log",
    );
    this.#pins = counter("pins_refused_total", "PINs of mailboxes that were refused, by why", ["why"]);
    this.#emergencies = counter("emergency_calls_total", "Calls to emergency numbers");
    this.#emergencyTests = counter(
      "emergency_tests_total",
      "Calls to numbers with which emergency calls are tried",
    );
    this.#refused = counter(
      "outside_calls_refused_total",
      "Calls outside that the office's permissions, places or limits refuse, by why",
      ["why"],
    );
    this.#anonymous = counter(
      "anonymous_calls_refused_total",
      "Calls that were refused because their number is withheld",
    );
    this.#connected = new Histogram({
      name: "ringline_call_connected_seconds",
      help: "From a call's arrival to its connection with somebody",
      buckets: CONNECT_BUCKETS,
      registers,
    });
    this.#gauges(figures, registers);
    this.#mails(figures, registers);
    this.#outside(figures, registers);
    ofCarriers(() => figures().carriers, registers);
  }

  #outside(figures: () => EngineFigures, registers: Registry[]): void {
    const outside = () => figures().outside;
    measured("outside_calls", "Outside phones that ring or talk", registers, () => outside().calls);
    measured(
      "outside_minutes_24h",
      "Minutes talked with outside phones within 24 hours",
      registers,
      () => outside().minutes,
    );
    labelled(
      "outside_alarms_total",
      "Alarms about calls outside: unusually many, or many refused, or most minutes used",
      "kind",
      registers,
      () => outside().alarms,
      Counter,
    );
    labelled(
      "outside_calls_cut_total",
      "Calls outside that were ended because their minutes of 24 hours were used up",
      "why",
      registers,
      () => ({ minutes: outside().cut }),
      Counter,
    );
    labelled(
      "contacts_elsewhere_total",
      "Contacts that phones registered at an address that is not their own",
      "dialled",
      registers,
      () => ({ source: outside().contactsElsewhere }),
      Counter,
    );
  }

  #gauges(figures: () => EngineFigures, registers: Registry[]): void {
    const gauge = (name: string, help: string, value: () => number) => measured(name, help, registers, value);
    gauge("switch_connected", "1 while the engine is connected to the switch", () =>
      figures().connected ? 1 : 0,
    );
    gauge("office_revision", "The revision that new calls get", () => figures().revision);
    gauge("contacts", "Contacts of phones that are registered", () => figures().contacts);
    gauge("overloaded", "1 while new calls are refused because more arrive than are carried in time", () =>
      figures().overload.isFull ? 1 : 0,
    );
    labelled(
      "calls_shed_total",
      "New calls that were refused with 503, by why",
      "why",
      registers,
      () => ({ overload: figures().overload.refused }),
      Counter,
    );
    labelled("calls", "Calls in progress, by phase", "phase", registers, () => figures().calls, Gauge);
    const directory = () => figures().directory;
    labelled(
      "directory_look_ups_total",
      "Look-ups of phones by the switch, by answer",
      "answer",
      registers,
      () => directory()?.lookUps ?? {},
      Counter,
    );
    labelled(
      "sign_ins_total",
      "Sign-ins of phones that failed, were refused unseen, or led to a wait",
      "outcome",
      registers,
      () => directory()?.signIns ?? {},
      Counter,
    );
  }

  #mails(figures: () => EngineFigures, registers: Registry[]): void {
    const mail = () => figures().mail;
    measured("mails_waiting", "Mails that wait for the mail server", registers, () => mail()?.waiting ?? 0);
    measured("mail_server_failing", "1 while the mail server takes no mails", registers, () =>
      mail()?.isFailing === true ? 1 : 0,
    );
    labelled(
      "mails_total",
      "Mails, by what has become of them",
      "outcome",
      registers,
      () => mail()?.ended ?? {},
      Counter,
    );
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

/** What is not known has no value: while the switch is away, no carrier is up or down. */
function ofCarriers(carriers: () => readonly CarrierFigures[], registers: Registry[]): void {
  const known = (value: (carrier: CarrierFigures) => boolean | null) => () =>
    Object.fromEntries(
      carriers().flatMap((carrier) => {
        const is = value(carrier);
        return is === null ? [] : [[carrier.id, is ? 1 : 0]];
      }),
    );
  const counted = (value: (carrier: CarrierFigures) => number) => () =>
    Object.fromEntries(carriers().map((carrier) => [carrier.id, value(carrier)]));
  const byCarrier = (
    name: string,
    help: string,
    values: () => Record<string, number>,
    Kind: typeof Gauge | typeof Counter,
  ) => labelled(`carrier_${name}`, help, "carrier", registers, values, Kind);
  byCarrier(
    "up",
    "1 while the switch dials through the carrier",
    known(({ isUp }) => isUp),
    Gauge,
  );
  byCarrier(
    "registered",
    "1 while the switch is registered with the carrier",
    known(({ isRegistered }) => isRegistered),
    Gauge,
  );
  byCarrier(
    "calls_in_total",
    "Calls from the carrier",
    counted(({ callsIn }) => callsIn),
    Counter,
  );
  byCarrier(
    "calls_out_total",
    "Calls that were dialled through the carrier",
    counted(({ callsOut }) => callsOut),
    Counter,
  );
  byCarrier(
    "failures_total",
    "Calls out that failed because of the carrier",
    counted(({ failures }) => failures),
    Counter,
  );
}

/** A metric that is measured at each scrape. */
function measured(name: string, help: string, registers: Registry[], value: () => number): void {
  new Gauge({
    name: `ringline_${name}`,
    help,
    registers,
    collect() {
      this.set(value());
    },
  });
}

/** A metric with one value for each label; the values were counted elsewhere and are copied at each scrape. */
function labelled(
  name: string,
  help: string,
  label: string,
  registers: Registry[],
  values: () => Readonly<Record<string, number>>,
  Kind: typeof Gauge | typeof Counter,
): void {
  new Kind({
    name: `ringline_${name}`,
    help,
    labelNames: [label],
    registers,
    collect() {
      this.reset();
      for (const [key, value] of Object.entries(values())) this.inc({ [label]: key }, value);
    },
  });
}
