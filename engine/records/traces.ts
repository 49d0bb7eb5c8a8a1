/**
 * Calls as traces of OpenTelemetry: a call is a trace whose id is the call's, its legs are spans. They are made of records
 * of calls that are over, by OpenTelemetry's own libraries, which are loaded only when its standard variables of the
 * environment name where traces go.
 */
import { createHash } from "node:crypto";
import type { Attributes, AttributeValue, Context, HrTime, Span } from "@opentelemetry/api";
import type { Logger } from "pino";
import type { Happening } from "../../policy/record/happening.js";
import type { CallRecord, RecordLeg, Result } from "../../policy/record/record.js";
import type { Clock } from "../clock.js";
import { redactNumbers } from "../watch/redact-numbers.js";

export interface Traces {
  /** Hands the trace of a call that is over to the exporter; never throws, and waits for nothing. */
  exportTrace(record: CallRecord): void;
  /** Sends what is left, and waits for that a second at most. */
  close(): Promise<void>;
}

export interface TracesDeps {
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly log: Logger;
  /** Attributes show no full telephone number. */
  readonly isRedacted: boolean;
}

/** How long the end of the process waits for the last traces. */
const FLUSH_MS = 1_000;

/** Where traces go; undefined: nowhere, traces are off. */
export function tracesUrl(env: NodeJS.ProcessEnv): string | undefined {
  const { OTEL_SDK_DISABLED, OTEL_TRACES_EXPORTER } = env;
  if (OTEL_SDK_DISABLED?.toLowerCase() === "true") return undefined;
  if (OTEL_TRACES_EXPORTER !== undefined && !["", "otlp"].includes(OTEL_TRACES_EXPORTER)) return undefined;
  const own = env["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];
  if (own !== undefined && own !== "") return own;
  const all = env["OTEL_EXPORTER_OTLP_ENDPOINT"];
  // OTLP, section "Endpoint URLs for OTLP/HTTP": the path of the signal is added to this one.
  return all === undefined || all === "" ? undefined : `${all.replace(/\/$/, "")}/v1/traces`;
}

/** Undefined: traces are off, and no library was loaded. */
export async function openTraces(deps: TracesDeps): Promise<Traces | undefined> {
  const url = tracesUrl(deps.env);
  if (url === undefined) return undefined;
  const [api, sdk, { OTLPTraceExporter }, resources] = await Promise.all([
    import("@opentelemetry/api"),
    import("@opentelemetry/sdk-trace-base"),
    import("@opentelemetry/exporter-trace-otlp-http"),
    import("@opentelemetry/resources"),
  ]);
  const trouble = troublesIn(deps.log);
  api.diag.setLogger(trouble, { suppressOverrideMessage: true });
  const ids = new GivenIds();
  const own = resources.resourceFromAttributes({
    "service.name": deps.env["OTEL_SERVICE_NAME"] || "ringline",
  });
  const detected = resources.detectResources({ detectors: [resources.envDetector] });
  const provider = new sdk.BasicTracerProvider({
    idGenerator: ids,
    resource: detected.merge(own),
    spanProcessors: [new sdk.BatchSpanProcessor(new OTLPTraceExporter({ url }))],
  });
  const tracer = provider.getTracer("ringline");
  deps.log.info({ url: withoutUser(url) }, "calls are sent as traces");
  const start = ({ name, kind, fromMs, attributes, spanId, traceId }: SpanWords, parent: Context): Span => {
    ids.next = { traceId, spanId };
    return tracer.startSpan(
      name,
      { kind: api.SpanKind[kind], startTime: time(fromMs), attributes: shown(attributes, deps.isRedacted) },
      parent,
    );
  };
  const finish = (span: Span, { events, status, fromMs, untilMs }: SpanWords): void => {
    for (const { name, atMs, attributes } of events)
      span.addEvent(name, shown(attributes, deps.isRedacted), time(atMs));
    if (status !== null)
      span.setStatus(
        status === "ok"
          ? { code: api.SpanStatusCode.OK }
          : { code: api.SpanStatusCode.ERROR, message: status.error },
      );
    span.end(time(Math.max(fromMs, untilMs)));
  };
  return {
    exportTrace: (record) => {
      const call = callWords(record);
      const root = start(call, api.ROOT_CONTEXT);
      const inside = api.trace.setSpan(api.ROOT_CONTEXT, root);
      for (const leg of record.legs) {
        const words = legWords(leg, record);
        finish(start(words, inside), words);
      }
      finish(root, call);
    },
    close: () =>
      inTime(
        provider.shutdown().catch((error: unknown) => trouble.error(String(error))),
        deps.clock,
      ),
  };
}

/** What a span says, in our words. */
interface SpanWords {
  readonly name: string;
  readonly kind: "SERVER" | "CLIENT";
  readonly traceId: string;
  readonly spanId: string;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly attributes: Said;
  readonly events: ReadonlyArray<{ readonly name: string; readonly atMs: number; readonly attributes: Said }>;
  readonly status: "ok" | { readonly error: string } | null;
}

/** Null and empty: not said. */
type Said = Readonly<Record<string, AttributeValue | null>>;

/** The id of a call is a uuid, which has as many bits as the id of a trace. */
export function traceIdOf(call: string): string {
  const hex = call.replaceAll("-", "").toLowerCase();
  return /^[0-9a-f]{32}$/.test(hex) ? hex : digest(call).slice(0, 32);
}

function spanIdOf(channel: string): string {
  return digest(channel).slice(0, 16);
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

const WENT_WELL: ReadonlySet<Result> = new Set(["answered", "message", "listened"]);

function callWords(record: CallRecord): SpanWords {
  const { id, result, cause } = record;
  return {
    name: `call ${record.direction}`,
    kind: "SERVER",
    traceId: traceIdOf(id),
    spanId: spanIdOf(id),
    fromMs: record.beganMs,
    untilMs: record.endedMs ?? record.beganMs,
    attributes: {
      "ringline.call": id,
      "ringline.direction": record.direction,
      "ringline.from": record.from,
      "ringline.from.withheld": record.isWithheld ? true : null,
      "ringline.called": record.called,
      "ringline.part_of": record.partOf,
      "ringline.user": record.user,
      "ringline.device": record.device,
      "ringline.carrier": record.carrier,
      "ringline.revision": record.revision,
      "ringline.engines": [...record.engines],
      "ringline.about": [...record.about],
      "ringline.result": result,
      "ringline.answered_by": record.answeredBy,
      "ringline.message_in": record.messageIn,
      "ringline.emergency": record.isEmergency ? true : null,
      "ringline.cause": cause,
      "ringline.side": record.side,
      "ringline.end_unseen": record.isEndSeen || record.endedMs === null ? null : true,
      "sip.call_id": record.sipCallId,
    },
    events: record.happenings.flatMap(eventOf),
    status: WENT_WELL.has(result) ? "ok" : result === "failed" ? { error: cause ?? "failed" } : null,
  };
}

/** The happenings that say why the call went as it did; those of legs are in their spans. */
function eventOf({ atMs, what }: Happening): SpanWords["events"] {
  switch (what.kind) {
    case "flow":
      return [{ name: "flow", atMs, attributes: { "ringline.source": what.source } }];
    case "step":
      return [{ name: "step", atMs, attributes: { "ringline.step": what.text } }];
    case "step_outcome":
      return [
        {
          name: "outcome",
          atMs,
          attributes: { "ringline.step": what.text, "ringline.outcome": what.outcome },
        },
      ];
    case "not_rung":
      return [
        {
          name: "not rung",
          atMs,
          attributes: {
            "ringline.who": what.who,
            "ringline.device": what.device,
            "ringline.why": what.reason,
          },
        },
      ];
    case "rollover":
      return [{ name: "rollover", atMs, attributes: { "ringline.why": what.why } }];
    case "transferred":
      return [{ name: "transferred", atMs, attributes: { "ringline.to": what.to } }];
    case "recording":
      return [{ name: "recording", atMs, attributes: { "ringline.mailbox": what.box } }];
    case "adopted":
      return [{ name: "taken over", atMs, attributes: { "ringline.engine": what.engine } }];
    default:
      return [];
  }
}

function legWords(leg: RecordLeg, record: CallRecord): SpanWords {
  const times = [
    ["rings", leg.ringsMs],
    ["answered", leg.answeredMs],
    ["connected", leg.connectedMs],
  ] as const;
  return {
    name: "leg",
    kind: "CLIENT",
    traceId: traceIdOf(record.id),
    spanId: spanIdOf(leg.leg),
    fromMs: leg.dialledMs,
    untilMs: leg.endedMs ?? record.endedMs ?? leg.dialledMs,
    attributes: {
      "ringline.leg": leg.leg,
      "ringline.who": leg.who,
      "ringline.device": leg.device,
      "ringline.to": leg.to,
      "ringline.group": leg.group,
      "ringline.carrier": leg.carrier,
      "ringline.shows": leg.shows,
      "ringline.payer": leg.payer,
      "ringline.cause": leg.cause,
      "ringline.side": leg.side,
      "ringline.end_unseen": leg.isEndSeen || leg.endedMs === null ? null : true,
      "sip.status": leg.status,
      "sip.call_id": leg.sipCallId,
    },
    events: times.flatMap(([name, atMs]) => (atMs === null ? [] : [{ name, atMs, attributes: {} }])),
    status: legStatus(leg),
  };
}

/** 487 answers our own CANCEL (RFC 3261, section 9.2): nothing has failed. */
const CANCELLED = 487;

function legStatus({ answeredMs, status, cause }: RecordLeg): SpanWords["status"] {
  if (answeredMs !== null) return "ok";
  if (status === null || status < 400 || status === CANCELLED) return null;
  return { error: `SIP ${status}${cause === null ? "" : ` (${cause})`}` };
}

function shown(said: Said, isRedacted: boolean): Attributes {
  const hidden = (value: AttributeValue): AttributeValue => {
    if (!isRedacted) return value;
    if (typeof value === "string") return redactNumbers(value);
    return Array.isArray(value)
      ? value.map((each) => (typeof each === "string" ? redactNumbers(each) : String(each)))
      : value;
  };
  return Object.fromEntries(
    Object.entries(said).flatMap(([name, value]) =>
      value === null || value === "" ? [] : [[name, hidden(value)]],
    ),
  );
}

/** Seconds and nanoseconds: the libraries take a small number of milliseconds for one since the start of the process. */
function time(ms: number): HrTime {
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.round((ms - seconds * 1000) * 1e6)];
}

/** Gives the ids that are set; the libraries would draw random ones. */
class GivenIds {
  next = { traceId: "", spanId: "" };
  generateTraceId(): string {
    return this.next.traceId;
  }
  generateSpanId(): string {
    return this.next.spanId;
  }
}

/** A name and a password may stand before the host. */
function withoutUser(url: string): string {
  return URL.canParse(url) ? `${new URL(url).origin}${new URL(url).pathname}` : url;
}

/** Trouble is told the 1st, 2nd, 4th … time: a collector that is away must not fill the log. */
function troublesIn(log: Logger) {
  let troubles = 0;
  const trouble = (message: string) => {
    troubles += 1;
    if ((troubles & (troubles - 1)) === 0)
      log.warn({ times: troubles, why: message.slice(0, 300) }, "traces cannot be sent; calls go on without");
  };
  const nothing = () => {};
  return { error: trouble, warn: trouble, info: nothing, debug: nothing, verbose: nothing };
}

/** @param closing never rejects */
function inTime(closing: Promise<void>, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const late = clock.after(FLUSH_MS, resolve);
    void closing.then(resolve).finally(() => clock.cancel(late));
  });
}
