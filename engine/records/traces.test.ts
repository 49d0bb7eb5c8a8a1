/**
 * Goal: a call arrives at a collector as one trace with true times, and a collector that is away or broken harms nothing.
 * Method: OpenTelemetry's own libraries, and a small receiver of OTLP over HTTP.
 */
import { createServer, type Server } from "node:http";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Happening } from "../../policy/record/happening.js";
import type { CallRecord, RecordLeg } from "../../policy/record/record.js";
import { systemClock } from "../clock.js";
import { openTraces, traceIdOf, tracesUrl } from "./traces.js";

const CALL = "5b1f3a50-2222-4333-8444-00000000c0de";
/** Long before this process began: the libraries would take a number of milliseconds for another time. */
const BEGAN_MS = 1_600_000_000_123;

const leg = (name: string, more: Partial<RecordLeg>): RecordLeg => ({
  leg: `${name}-2222-4333-8444-00000000c0de`,
  who: "alice",
  device: "desk",
  to: "alice-desk",
  group: null,
  carrier: null,
  shows: null,
  payer: null,
  dialledMs: BEGAN_MS + 100,
  ringsMs: BEGAN_MS + 300,
  answeredMs: null,
  connectedMs: null,
  endedMs: BEGAN_MS + 20_000,
  cause: "USER_BUSY",
  status: 486,
  side: "callee",
  isEndSeen: true,
  sipCallId: `leg-${name}`,
  ...more,
});

const happening = (afterMs: number, what: Happening["what"]): Happening => ({
  call: CALL,
  atMs: BEGAN_MS + afterMs,
  what,
});

const RECORD: CallRecord = {
  id: CALL,
  direction: "in",
  from: "+19175550199",
  name: "Some Caller 9175550199",
  isWithheld: false,
  user: null,
  device: null,
  called: "+12125550100",
  revision: 7,
  carrier: "main",
  sipCallId: "abc@192.0.2.7",
  partOf: null,
  engines: ["e1"],
  beganMs: BEGAN_MS,
  firstRingMs: BEGAN_MS + 300,
  connectedMs: BEGAN_MS + 5_000,
  endedMs: BEGAN_MS + 20_456,
  ending: { kind: "answered", by: "alice" },
  result: "answered",
  side: "caller",
  cause: "NORMAL_CLEARING",
  isEndSeen: true,
  answeredBy: "alice",
  messageIn: null,
  about: ["number:+12125550100", "user:alice"],
  isEmergency: false,
  legs: [
    leg("aaaaaaaa", {}),
    leg("bbbbbbbb", {
      to: "+12125550144",
      device: "cell",
      carrier: "main",
      answeredMs: BEGAN_MS + 4_900,
      connectedMs: BEGAN_MS + 5_000,
      cause: "NORMAL_CLEARING",
      status: 200,
    }),
    leg("cccccccc", { cause: "LOSE_RACE", status: 487, endedMs: null }),
  ],
  happenings: [
    happening(1, { kind: "flow", source: "number:+12125550100", names: [], label: null }),
    happening(2, { kind: "step", text: "ring user:alice", names: ["user:alice"] }),
    happening(3, { kind: "digits", leg: null, digits: "1" }),
  ],
};

interface Attribute {
  readonly key: string;
  readonly value: Record<string, unknown>;
}
interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly events: ReadonlyArray<{ readonly name: string; readonly timeUnixNano: string }>;
  readonly status: { readonly code: number; readonly message?: string };
}
interface OtlpBody {
  readonly resourceSpans: ReadonlyArray<{
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: ReadonlyArray<{ readonly spans: readonly OtlpSpan[] }>;
  }>;
}

let server: Server;
let endpoint: string;
let status: number;
let received: Array<{ readonly path: string | undefined; readonly body: OtlpBody }>;
const logged: string[] = [];
const log = pino({ level: "debug" }, { write: (line) => logged.push(line) });

beforeEach(async () => {
  status = 200;
  received = [];
  logged.length = 0;
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      received.push({ path: request.url, body: JSON.parse(Buffer.concat(chunks).toString("utf8")) });
      response.writeHead(status, { "Content-Type": "application/json" }).end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  endpoint = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const open = (isRedacted = false, at = endpoint) =>
  openTraces({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: at }, clock: systemClock, log, isRedacted });

async function sent(isRedacted = false): Promise<OtlpSpan[]> {
  const traces = await open(isRedacted);
  traces?.exportTrace(RECORD);
  await traces?.close();
  return received.flatMap(({ body }) =>
    body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
  );
}

const nano = (afterMs: number) => `${BEGAN_MS + afterMs}000000`;
const said = (span: OtlpSpan | undefined) =>
  Object.fromEntries((span?.attributes ?? []).map(({ key, value }) => [key, Object.values(value)[0]]));

describe("a call as a trace", () => {
  it("has the call's id, and its legs as spans with true times", async () => {
    const spans = await sent();
    expect(received.map(({ path }) => path)).toEqual(["/v1/traces"]);
    const resource = received[0]?.body.resourceSpans[0]?.resource.attributes;
    expect(resource).toContainEqual({ key: "service.name", value: { stringValue: "ringline" } });
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(
      new Set(["5b1f3a502222433384440000" + "0000c0de"]),
    );
    const root = spans.find(({ name }) => name === "call in");
    expect(root?.parentSpanId ?? "").toBe("");
    expect([root?.startTimeUnixNano, root?.endTimeUnixNano]).toEqual([nano(0), nano(20_456)]);
    expect(root?.status.code).toBe(1);
    expect(said(root)).toMatchObject({
      "ringline.call": CALL,
      "ringline.from": "+19175550199",
      "ringline.called": "+12125550100",
      "ringline.result": "answered",
      "sip.call_id": "abc@192.0.2.7",
    });
    // What a caller is called, and what was pressed, is nobody else's business.
    expect(JSON.stringify(root)).not.toMatch(/Some Caller|digits/);
    expect(root?.events.map(({ name, timeUnixNano }) => [name, timeUnixNano])).toEqual([
      ["flow", nano(1)],
      ["step", nano(2)],
    ]);
    const legs = spans.filter(({ name }) => name === "leg");
    expect(legs.map(({ parentSpanId }) => parentSpanId)).toEqual([root?.spanId, root?.spanId, root?.spanId]);
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(4);
    const [busy, winner, loser] = legs;
    expect([busy?.startTimeUnixNano, busy?.endTimeUnixNano]).toEqual([nano(100), nano(20_000)]);
    expect(busy?.status).toEqual({ code: 2, message: "SIP 486 (USER_BUSY)" });
    expect(winner?.status.code).toBe(1);
    expect(winner?.events.map(({ name, timeUnixNano }) => [name, timeUnixNano])).toEqual([
      ["rings", nano(300)],
      ["answered", nano(4_900)],
      ["connected", nano(5_000)],
    ]);
    expect(said(winner)).toMatchObject({
      "ringline.to": "+12125550144",
      "sip.status": 200,
      "sip.call_id": "leg-bbbbbbbb",
    });
    // A leg of which nobody saw the end ends with its call; 487 is the answer to our own CANCEL.
    expect(loser?.endTimeUnixNano).toBe(nano(20_456));
    expect(loser?.status.code ?? 0).toBe(0);
  });

  it("shows no number where numbers are redacted", async () => {
    const spans = await sent(true);
    expect(spans).toHaveLength(4);
    for (const number of ["9175550199", "2125550100", "2125550144"])
      expect(JSON.stringify(received)).not.toContain(number);
    expect(said(spans.find(({ name }) => name === "call in"))["ringline.from"]).toBe("+1917•••99");
  });

  it("has no ids that a collector refuses, whatever the call is called", () => {
    for (const id of [CALL, "", "not a uuid", CALL.toUpperCase()])
      expect(traceIdOf(id)).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe("traces are off", () => {
  it.each<[string, NodeJS.ProcessEnv, string | undefined]>([
    ["without a variable", {}, undefined],
    ["with an empty one", { OTEL_EXPORTER_OTLP_ENDPOINT: "" }, undefined],
    [
      "when the libraries are switched off",
      { OTEL_EXPORTER_OTLP_ENDPOINT: "http://a", OTEL_SDK_DISABLED: "true" },
      undefined,
    ],
    [
      "when another exporter is asked for",
      { OTEL_EXPORTER_OTLP_ENDPOINT: "http://a", OTEL_TRACES_EXPORTER: "none" },
      undefined,
    ],
    ["not with an endpoint", { OTEL_EXPORTER_OTLP_ENDPOINT: "http://a:4318/" }, "http://a:4318/v1/traces"],
    [
      "not with an endpoint of their own, which is taken as it is",
      { OTEL_EXPORTER_OTLP_ENDPOINT: "http://a", OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://b/x" },
      "http://b/x",
    ],
  ])("%s", (_when, env, url) => {
    expect(tracesUrl(env)).toBe(url);
  });

  it("and then nothing is made", async () => {
    expect(await openTraces({ env: {}, clock: systemClock, log, isRedacted: false })).toBe(undefined);
  });
});

describe("a collector", () => {
  it("that refuses harms nothing, and is told of in the log", async () => {
    status = 400;
    expect(await sent()).toHaveLength(4);
    expect(logged.join("")).toContain("traces cannot be sent; calls go on without");
  });

  it("that is gone does not hold up the end", async () => {
    server.close();
    const traces = await open(false, "http://127.0.0.1:1");
    for (let n = 0; n < 5_000; n += 1) traces?.exportTrace(RECORD);
    const beganMs = systemClock.nowMs();
    await traces?.close();
    expect(systemClock.nowMs() - beganMs).toBeLessThan(5_000);
  });
});
