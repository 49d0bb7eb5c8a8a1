/** Monitoring reads counts of notes and the current figures, and never a text from a caller. */
import { pino } from "pino";
import { afterEach, describe, expect, it } from "vitest";
import type { Note } from "../../policy/call/command.js";
import type { HookState } from "../../storage/webhooks.js";
import type { Call } from "../calls/call.js";
import { METRICS, type MetricEntry } from "./metric-catalogue.js";
import { type EngineFigures, type MetricSources, Metrics } from "./metrics.js";
import { MetricsServer } from "./metrics-server.js";
import type { Readiness } from "./readiness.js";
import { webhookFigures } from "./webhook-figures.js";

const READY: Readiness = {
  problems: { switch: null, office: null, disk: null, database: null },
  freeBytes: { database: 5e9 },
};
const CALL = { knownMs: 8_000, state: { arrivedMs: 1_000 } } as unknown as Call;
let figures: EngineFigures = {
  connected: true,
  revision: 7,
  calls: { ringing: 2, connected: 1 },
  contacts: 5,
  carriers: [
    { id: "main", callsIn: 7, callsOut: 9, failures: 2, isUp: true, isRegistered: false },
    { id: "backup", callsIn: 0, callsOut: 0, failures: 0, isUp: null, isRegistered: null },
  ],
  overload: { isFull: true, refused: 9 },
  outside: { calls: 3, minutes: 42, cut: 1, alarms: { spike: 2 }, contactsElsewhere: 4 },
  directory: { lookUps: { granted: 3, denied: 1 }, signIns: { failed: 4, refused: 2, locks: 1 } },
  mail: { ended: { sent: 6, refused: 1 }, waiting: 12, oldestMs: 90_000, isFailing: true },
};

const state = (hook: string, delivered: number): HookState => ({
  hook,
  url: "https://example.com/",
  delivered,
  ...{ givenUp: 0, dropped: 0, lastMs: null, failingMs: null, why: null, offMs: null, retryMs: null },
});

const SOURCES: MetricSources = {
  engine: () => figures,
  records: () => ({
    journal: { waiting: 3, waitingBytes: 700, written: 900, dropped: 1, isFailing: true },
    recorder: {
      ...{ happenings: 890, unreadable: 5, failures: 2, deaths: 1, deleted: 6, anonymised: 7, lagMs: 250 },
    },
  }),
  webhooks: () =>
    webhookFigures(
      {
        states: async () => [state("billing", 8), state("crm", 5)],
        waiting: async () => [{ hook: "billing", waiting: 4, oldestMs: 939_000 }],
      },
      1_000_000,
    ),
  readiness: async () => ({
    ready: { switch: 1, office: 1, disk: 0, database: 1 },
    freeBytes: { database: 5_000_000 },
  }),
};

function told(...notes: readonly Note[]): Metrics {
  const metrics = new Metrics(SOURCES);
  for (const note of notes) metrics.onNote(CALL, note);
  return metrics;
}

async function lines(metrics: Metrics): Promise<string[]> {
  return (await metrics.text()).body.split("\n");
}

describe("metrics", () => {
  it("count what calls tell", async () => {
    const all = await lines(
      told(
        { kind: "arrived", from: "+1", to: "+2" },
        { kind: "rings", who: "alice", device: "desk", leg: "x" },
        { kind: "connected", who: "alice", device: "desk", leg: "leg-1" },
        { kind: "pin_refused", username: "alice", why: "locked" },
        { kind: "mailbox_refused", box: "user:alice", why: "full" },
        { kind: "bound_reached", bound: "hops" },
        { kind: "refused", number: "+19005551234", why: "premium" },
        { kind: "not_rung", whom: { who: "bob", device: "cell", reason: "premium" } },
        { kind: "not_rung", whom: { who: "bob", device: "cell", reason: "not_registered" } },
        { kind: "ended", ending: { kind: "answered", by: "alice" }, rang: [], ms: 1 },
        { kind: "ended", ending: { kind: "missed" }, rang: [], ms: 1 },
        { kind: "ended", ending: { kind: "hung_up", reason: "no_answer" }, rang: [], ms: 1 },
      ),
    );
    expect(all).toEqual(
      expect.arrayContaining([
        "ringline_calls_arrived_total 1",
        'ringline_outside_calls_refused_total{why="premium"} 2',
        "ringline_outside_calls 3",
        "ringline_outside_minutes_24h 42",
        'ringline_outside_alarms_total{kind="spike"} 2',
        "ringline_phones_rung_total 1",
        'ringline_calls_ended_total{ending="answered"} 1',
        'ringline_calls_ended_total{ending="missed"} 1',
        'ringline_calls_ended_total{ending="hung_up"} 1',
        'ringline_calls_hung_up_total{reason="no_answer"} 1',
        'ringline_calls_hung_up_total{reason="busy"} 0',
        'ringline_pins_refused_total{why="locked"} 1',
        'ringline_mailboxes_refused_total{why="full"} 1',
        "ringline_bounds_reached_total 1",
        'ringline_call_connected_seconds_bucket{le="5"} 0',
        'ringline_call_connected_seconds_bucket{le="10"} 1',
      ]),
    );
  });

  it("show the engine as it is at each scrape", async () => {
    const metrics = told();
    expect(await lines(metrics)).toEqual(
      expect.arrayContaining([
        "ringline_switch_connected 1",
        "ringline_office_revision 7",
        "ringline_contacts 5",
        'ringline_carrier_up{carrier="main"} 1',
        'ringline_carrier_registered{carrier="main"} 0',
        'ringline_carrier_calls_in_total{carrier="main"} 7',
        'ringline_carrier_calls_out_total{carrier="main"} 9',
        'ringline_carrier_failures_total{carrier="main"} 2',
        "ringline_overloaded 1",
        'ringline_calls_shed_total{why="overload"} 9',
        'ringline_calls{phase="ringing"} 2',
        'ringline_directory_look_ups_total{answer="granted"} 3',
        'ringline_sign_ins_total{outcome="failed"} 4',
        "ringline_mails_waiting 12",
        "ringline_mails_oldest_seconds 90",
        "ringline_record_lines_queued 3",
        "ringline_record_lines_written_total 900",
        "ringline_record_bytes_queued 700",
        "ringline_record_journal_failing 1",
        "ringline_record_lines_ingested_total 890",
        "ringline_record_lines_unreadable_total 5",
        "ringline_record_ingest_failures_total 2",
        "ringline_record_recorder_deaths_total 1",
        'ringline_records_removed_total{how="anonymised"} 7',
        "ringline_record_lines_dropped_total 1",
        "ringline_record_lag_seconds 0.25",
        'ringline_webhooks_waiting{webhook="billing"} 4',
        'ringline_webhooks_waiting{webhook="crm"} 0',
        'ringline_webhooks_oldest_seconds{webhook="billing"} 61',
        'ringline_webhooks_total{outcome="delivered"} 13',
        'ringline_ready{part="switch"} 1',
        'ringline_ready{part="disk"} 0',
        'ringline_disk_free_bytes{folder="database"} 5000000',
        "ringline_mail_server_failing 1",
        'ringline_mails_total{outcome="refused"} 1',
      ]),
    );
    expect(await lines(metrics)).not.toContain('ringline_carrier_up{carrier="backup"} 0');
    figures = { ...figures, connected: false, calls: {}, directory: null };
    const later = await lines(metrics);
    expect(later).toContain("ringline_switch_connected 0");
    expect(later.filter((line) => line.startsWith("ringline_calls{"))).toEqual([]);
  });

  it("measure the engine's own work", async () => {
    const metrics = told();
    metrics.replied("ok", 3);
    metrics.replied("refused", 700);
    metrics.replied("unknown", 5_000);
    metrics.eventCame(30);
    metrics.claimed("won");
    metrics.claimed("lost");
    metrics.answeredAboutCall("rung", 8);
    metrics.answeredAboutCall("not_found", 90);
    expect(await lines(metrics)).toEqual(
      expect.arrayContaining([
        'ringline_switch_commands_total{outcome="ok"} 1',
        'ringline_switch_commands_total{outcome="refused"} 1',
        'ringline_switch_commands_total{outcome="unknown"} 1',
        // A reply that never came says nothing about how long replies take.
        "ringline_switch_reply_seconds_count 2",
        'ringline_switch_reply_seconds_bucket{le="0.005"} 1',
        'ringline_switch_event_lag_seconds_bucket{le="0.05"} 1',
        'ringline_switch_event_lag_seconds_bucket{le="0.02"} 0',
        'ringline_claims_total{result="won"} 1',
        'ringline_claims_total{result="lost"} 1',
        'ringline_claims_total{result="unanswered"} 0',
        'ringline_arrival_look_ups_total{answer="rung"} 1',
        'ringline_arrival_look_ups_total{answer="parked"} 0',
        'ringline_arrival_look_up_seconds_bucket{le="0.01"} 1',
        "ringline_arrival_look_up_seconds_count 2",
      ]),
    );
  });

  it("are shown although a database or a disk cannot be asked", async () => {
    const broken = async (): Promise<never> => {
      throw new Error("SQLITE_BUSY");
    };
    const all = await lines(new Metrics({ ...SOURCES, webhooks: broken, readiness: broken }));
    expect(all).toContain("ringline_contacts 5");
    expect(all.filter((line) => /^ringline_(webhooks|ready|disk)/.test(line))).toEqual([]);
  });

  it("begin with 0, so that a first failure is growth", async () => {
    expect(await lines(told())).toEqual(
      expect.arrayContaining([
        'ringline_calls_ended_total{ending="failed"} 0',
        'ringline_mailboxes_refused_total{why="unavailable"} 0',
        'ringline_legs_ended_total{cause="GATEWAY_DOWN"} 0',
        'ringline_call_wait_seconds_count{result="missed"} 0',
        "ringline_emergency_calls_total 0",
      ]),
    );
  });

  it("are all in the list, with its kind, its words and its labels", async () => {
    const metrics = told();
    metrics.happened({
      call: "x",
      atMs: 1,
      what: {
        kind: "leg_ended",
        leg: "l",
        cause: "A_NEW_CAUSE",
        status: null,
        side: "switch",
        sipCallId: null,
        isSeen: true,
      },
    });
    const { body } = await metrics.text();
    const ours = body
      .split("\n")
      .filter((line) => !/^(# (HELP|TYPE) )?ringline_(process|nodejs)_/.test(line));
    for (const [name, entry] of Object.entries<MetricEntry>(METRICS)) {
      expect(ours).toContain(`# TYPE ringline_${name} ${entry.kind}`);
      expect(ours).toContain(`# HELP ringline_${name} ${entry.help}`);
    }
    for (const line of ours) {
      const [, name = "", labels] =
        /^ringline_([a-z0-9_]+?)(?:_bucket|_sum|_count)?(?:\{(.*)\})? /.exec(line) ?? [];
      if (name === "") continue;
      const entry: MetricEntry | undefined = Object.entries<MetricEntry>(METRICS).find(
        ([each]) => each === name,
      )?.[1];
      expect(entry, line).toBeDefined();
      for (const [, label = "", value = ""] of (labels ?? "").matchAll(/([a-z]+)="([^"]*)"/g)) {
        if (label === "le") continue;
        const values = entry?.labels[label];
        expect(values, line).toBeDefined();
        if (values !== "open") expect(values, line).toContain(value);
      }
    }
  });

  it("have nothing in them of what callers and phones say", async () => {
    const evil = 'x"} 1\nringline_evil 1';
    const { body } = await told(
      { kind: "arrived", from: evil, to: evil },
      { kind: "pin_refused", username: evil, why: "wrong" },
      { kind: "leg_ended", who: evil, device: evil, leg: evil, cause: evil },
      { kind: "bound_reached", bound: evil },
      { kind: "ended", ending: { kind: "answered", by: evil }, rang: [evil], ms: 1 },
    ).text();
    expect(body).not.toContain("evil");
  });
});

describe("the server", () => {
  let server: MetricsServer | undefined;
  afterEach(() => server?.close());

  async function open(isHealthy: boolean, port = 0, readiness: Readiness = READY): Promise<string> {
    server = new MetricsServer({
      host: "127.0.0.1",
      port,
      log: pino({ level: "silent" }),
      metrics: () => told().text(),
      isHealthy: () => isHealthy,
      readiness: async () => readiness,
    });
    const listening = await server.listen();
    if (!listening.ok) throw new Error(listening.why);
    return `http://${listening.host}:${listening.port}`;
  }

  it("gives metrics and health, and nothing else", async () => {
    const url = await open(true);
    const metrics = await fetch(`${url}/metrics`);
    expect(metrics.headers.get("content-type")).toMatch(/^text\/plain; version=/);
    expect(await metrics.text()).toContain("ringline_switch_connected");
    expect((await fetch(`${url}/health`)).status).toBe(200);
    expect((await fetch(`${url}/phones`)).status).toBe(404);
    expect((await fetch(`${url}/metrics`, { method: "POST", body: "x" })).status).toBe(405);
  });

  it("is not healthy while the switch is away", async () => {
    expect((await fetch(`${await open(false)}/health`)).status).toBe(503);
  });

  it("is ready while every part is, and says which is not", async () => {
    const url = await open(true);
    const ready = await fetch(`${url}/ready`);
    expect(ready.status).toBe(200);
    expect(await ready.text()).toBe("switch: ready\noffice: ready\ndisk: ready\ndatabase: ready\n");
    await server?.close();
    const problems = { ...READY.problems, disk: "the folder of messages: 12 MB left, 100 MB are needed" };
    const not = await fetch(`${await open(true, 0, { ...READY, problems })}/ready`);
    expect(not.status).toBe(503);
    expect(await not.text()).toContain("\ndisk: the folder of messages: 12 MB left, 100 MB are needed\n");
  });

  it("says why it cannot listen", async () => {
    const { port } = new URL(await open(true));
    const second = new MetricsServer({
      host: "127.0.0.1",
      port: Number(port),
      log: pino({ level: "silent" }),
      metrics: () => told().text(),
      isHealthy: () => true,
      readiness: async () => READY,
    });
    expect(await second.listen()).toMatchObject({ ok: false, why: expect.stringContaining("EADDRINUSE") });
  });
});
