/**
 * What goes on in the office at this moment, for all parts of the page by one stream. A snapshot and numbered changes make
 * the picture; a gap in the numbers, or a connection that was lost, is followed by a new snapshot. The stream is open only
 * while some part looks and the tab is seen: a browser allows few connections to one server, for all tabs together.
 */
import { useQueryClient } from "@tanstack/react-query";
import { createElement, type ReactNode, useEffect, useRef, useState, useSyncExternalStore } from "react";
import type {
  LiveCall,
  LiveCarrier,
  LiveFigures,
  LiveGroup,
  LivePhone,
} from "../../../engine/web/client/live-events.js";
import { type ClientProblem, client } from "./client.js";
import { useReach } from "./me.js";

export type {
  LiveCall,
  LiveCarrier,
  LiveFigures,
  LiveGroup,
  LivePhone,
} from "../../../engine/web/client/live-events.js";

/** A call that is over, as it was last seen. */
export interface EndedCall {
  readonly call: LiveCall;
  readonly ending: string;
  readonly endedMs: number;
}

export interface LiveOffice {
  /**
   * `connecting`: nothing was seen yet; `live`: the picture is right; `reconnecting`: it is old, and the connection is tried
   * again; `away`: the web server cannot reach the engine; `refused`: the reader may not, or there is none.
   */
  readonly state: "connecting" | "live" | "reconnecting" | "away" | "refused";
  /** Why it is refused. */
  readonly problem: ClientProblem | null;
  /** When the picture was last known to be right; null: there is none. */
  readonly seenMs: number | null;
  readonly scope: "all" | "groups";
  /** In the order in which they began to be seen. */
  readonly calls: ReadonlyMap<string, LiveCall>;
  /** Calls that have just ended. */
  readonly ended: ReadonlyMap<string, EndedCall>;
  readonly phones: ReadonlyMap<string, LivePhone>;
  readonly groups: ReadonlyMap<string, LiveGroup>;
  /** Null: not for this reader. */
  readonly carriers: ReadonlyMap<string, LiveCarrier> | null;
  readonly figures: LiveFigures | null;
  /** How far the server's clock is ahead of this machine's. */
  readonly clockAheadMs: number;
}

const NOTHING: LiveOffice = {
  state: "connecting",
  problem: null,
  seenMs: null,
  scope: "groups",
  calls: new Map(),
  ended: new Map(),
  phones: new Map(),
  groups: new Map(),
  carriers: null,
  figures: null,
  clockAheadMs: 0,
};

/** The first try again comes so soon, the next ones each after twice the time. */
const AGAIN_MS = 500;
const AGAIN_MAX_MS = 15_000;
/** The server says something at least every 15 s. */
const SILENT_MAX_MS = 35_000;
/** Until a tab that nobody sees gives its connection up. */
const HIDDEN_MS = 20_000;
/** Parts that go and come within this time, as when another page is opened, find the stream open. */
const LINGER_MS = 5_000;
/** How long the end of a call is told. */
export const ENDED_SHOWN_MS = 6_000;
/** Many changes one after the other are drawn so often; one alone is drawn at once, with those that came with it. */
const DRAWN_EVERY_MS = 40;
/** A clock that differs by more has been set. */
const CLOCK_SET_MS = 5_000;

type Data = Readonly<Record<string, unknown>>;

class LiveStream {
  #office: LiveOffice = NOTHING;
  readonly #lookers = new Set<() => void>();
  #open: AbortController | null = null;
  #lastId: string | undefined;
  #seq: number | null = null;
  #tries = 0;
  #again: ReturnType<typeof setTimeout> | undefined;
  #silent: ReturnType<typeof setTimeout> | undefined;
  #closing: ReturnType<typeof setTimeout> | undefined;
  #drawing: ReturnType<typeof setTimeout> | undefined;
  #drawnMs = 0;
  #forgetting: ReturnType<typeof setTimeout> | undefined;

  readonly look = (looker: () => void): (() => void) => {
    this.#lookers.add(looker);
    clearTimeout(this.#closing);
    if (this.#lookers.size === 1) {
      document.addEventListener("visibilitychange", this.#onVisible);
      window.addEventListener("online", this.#onOnline);
      window.addEventListener("offline", this.#onOffline);
      this.#onVisible();
    }
    return () => {
      this.#lookers.delete(looker);
      if (this.#lookers.size === 0) this.#closing = setTimeout(() => this.#leave(), LINGER_MS);
    };
  };

  readonly office = (): LiveOffice => this.#office;

  /** Tries at once, whatever time was left. */
  readonly retry = (): void => {
    this.#tries = 0;
    this.#close();
    void this.#connect();
  };

  #leave(): void {
    document.removeEventListener("visibilitychange", this.#onVisible);
    window.removeEventListener("online", this.#onOnline);
    window.removeEventListener("offline", this.#onOffline);
    this.#close();
    this.#seq = null;
    this.#lastId = undefined;
    this.#office = NOTHING;
  }

  readonly #onVisible = (): void => {
    clearTimeout(this.#closing);
    if (document.visibilityState === "hidden")
      this.#closing = setTimeout(() => {
        this.#close();
        this.#lost();
      }, HIDDEN_MS);
    else if (this.#open === null) this.retry();
  };

  readonly #onOnline = (): void => this.retry();

  readonly #onOffline = (): void => {
    this.#close();
    this.#lost();
  };

  #close(): void {
    clearTimeout(this.#again);
    clearTimeout(this.#silent);
    this.#open?.abort();
    this.#open = null;
  }

  async #connect(): Promise<void> {
    const open = new AbortController();
    this.#open = open;
    const onAlive = () => this.#alive(open);
    onAlive();
    const given = { signal: open.signal, onAlive };
    const stream = client.events(
      "watchLive",
      this.#lastId === undefined ? given : { ...given, lastEventId: this.#lastId },
    );
    this.#seq = null;
    for await (const event of stream) {
      if (this.#open !== open) return;
      if ("ok" in event) {
        if (!event.ok && this.#isRefusal(event.problem)) return;
        break;
      }
      if (event.event === "ended" && this.#isRefusal(event.data as ClientProblem)) return;
      if (event.id !== null) this.#lastId = event.id;
      if (!this.#take(event.event, event.data as Data)) break;
    }
    if (this.#open !== open) return;
    this.#close();
    this.#lost();
    this.#againLater();
  }

  /** Some of the server's bytes came: the connection stands. */
  #alive(open: AbortController): void {
    if (this.#open !== open) return;
    clearTimeout(this.#silent);
    this.#silent = setTimeout(() => {
      if (this.#open !== open) return;
      this.#close();
      this.#lost();
      this.#againLater();
    }, SILENT_MAX_MS);
    if (this.#office.state === "live") this.#office = { ...this.#office, seenMs: Date.now() };
  }

  #lost(): void {
    if (this.#office.state !== "live" && this.#office.state !== "away") return;
    this.#set({ state: "reconnecting" });
  }

  #againLater(): void {
    if (this.#lookers.size === 0) return;
    const waitMs = Math.min(AGAIN_MAX_MS, AGAIN_MS * 2 ** this.#tries);
    this.#tries += 1;
    // Pages that have lost the server together do not come back all at once.
    this.#again = setTimeout(() => void this.#connect(), waitMs * (0.5 + Math.random() / 2));
  }

  /** What was refused is not tried again by itself. */
  #isRefusal(problem: ClientProblem): boolean {
    const { status } = problem;
    const isMissing = problem.type === "not_available";
    if (!isMissing && (status === 0 || status === 429 || status >= 500)) return false;
    this.#close();
    this.#set({ ...NOTHING, state: "refused", problem });
    return true;
  }

  /** @returns false: a change is missing */
  #take(event: string, data: Data): boolean {
    const seq = Number(data["seq"]);
    if (this.#seq !== null && seq !== this.#seq + 1) return false;
    this.#seq = seq;
    this.#tries = 0;
    this.#set(this.#changed(event, data));
    return true;
  }

  #changed(event: string, data: Data): Partial<LiveOffice> {
    const { calls, phones, groups, carriers } = this.#office;
    const id = String(data["id"]);
    switch (event) {
      case "snapshot":
        return snapshotOf(data, this.#office);
      case "away":
        return { state: "away" };
      case "call": {
        const call = data["call"] as LiveCall;
        return { calls: put(calls, call.id, call) };
      }
      case "call_ended":
        return this.#ended(id, String(data["ending"]));
      case "call_gone":
        return { calls: without(calls, id) };
      case "phone": {
        const phone = data["phone"] as LivePhone;
        return { phones: put(phones, phone.sip, phone) };
      }
      case "phone_gone":
        return { phones: without(phones, String(data["sip"])) };
      case "group": {
        const group = data["group"] as LiveGroup;
        return { groups: put(groups, group.id, group) };
      }
      case "group_gone":
        return { groups: without(groups, id) };
      case "carrier": {
        const carrier = data["carrier"] as LiveCarrier;
        return { carriers: put(carriers ?? new Map(), carrier.id, carrier) };
      }
      case "carrier_gone":
        return { carriers: without(carriers ?? new Map(), id) };
      case "figures":
        return figuresOf(data["figures"] as LiveFigures, this.#office);
      default:
        return {};
    }
  }

  #ended(id: string, ending: string): Partial<LiveOffice> {
    const { calls, ended } = this.#office;
    const call = calls.get(id);
    if (call === undefined) return {};
    if (this.#forgetting === undefined) this.#forgetting = setTimeout(() => this.#forget(), ENDED_SHOWN_MS);
    return { calls: without(calls, id), ended: put(ended, id, { call, ending, endedMs: Date.now() }) };
  }

  #forget(): void {
    this.#forgetting = undefined;
    const sinceMs = Date.now() - ENDED_SHOWN_MS;
    const ended = new Map([...this.#office.ended].filter(([, { endedMs }]) => endedMs > sinceMs));
    this.#set({ ended });
    const [oldest] = ended.values();
    if (oldest !== undefined)
      this.#forgetting = setTimeout(() => this.#forget(), Math.max(50, oldest.endedMs - sinceMs));
  }

  #set(changes: Partial<LiveOffice>): void {
    const isLive = (changes.state ?? this.#office.state) === "live";
    this.#office = { ...this.#office, ...changes, ...(isLive ? { seenMs: Date.now() } : {}) };
    if (this.#drawing !== undefined) return;
    const sinceMs = Date.now() - this.#drawnMs;
    this.#drawing = setTimeout(
      () => {
        this.#drawing = undefined;
        this.#drawnMs = Date.now();
        for (const looker of [...this.#lookers]) looker();
      },
      Math.max(0, DRAWN_EVERY_MS - sinceMs),
    );
  }
}

/** Calls that were seen before keep their places. */
function snapshotOf(data: Data, before: LiveOffice): Partial<LiveOffice> {
  const all = data["calls"] as readonly LiveCall[];
  const byId = new Map(all.map((call) => [call.id, call]));
  const calls = new Map<string, LiveCall>();
  for (const id of before.calls.keys()) {
    const call = byId.get(id);
    if (call !== undefined) calls.set(id, call);
  }
  for (const call of [...all].sort((a, b) => (a.since_at < b.since_at ? -1 : 1)))
    if (!calls.has(call.id)) calls.set(call.id, call);
  const carriers = data["carriers"] as readonly LiveCarrier[] | null;
  const figures = data["figures"] as LiveFigures | null;
  return {
    state: "live",
    problem: null,
    scope: data["scope"] as "all" | "groups",
    calls,
    ended: new Map([...before.ended].filter(([id]) => !calls.has(id))),
    phones: new Map((data["phones"] as readonly LivePhone[]).map((each) => [each.sip, each])),
    groups: new Map((data["groups"] as readonly LiveGroup[]).map((each) => [each.id, each])),
    carriers: carriers === null ? null : new Map(carriers.map((each) => [each.id, each])),
    figures,
  };
}

/** Figures come each second, so that the latest of them say how the two clocks differ. */
function figuresOf(figures: LiveFigures, { clockAheadMs }: LiveOffice): Partial<LiveOffice> {
  const aheadMs = new Date(figures.at).getTime() - Date.now();
  const isSet = Math.abs(aheadMs - clockAheadMs) > CLOCK_SET_MS;
  return { figures, clockAheadMs: isSet ? aheadMs : Math.max(aheadMs, clockAheadMs) };
}

function put<T>(all: ReadonlyMap<string, T>, id: string, one: T): ReadonlyMap<string, T> {
  return new Map(all).set(id, one);
}

function without<T>(all: ReadonlyMap<string, T>, id: string): ReadonlyMap<string, T> {
  const rest = new Map(all);
  rest.delete(id);
  return rest;
}

const stream = new LiveStream();

/** The office at this moment. Parts that look at the same time share one stream. */
export function useLive(): LiveOffice & { readonly retry: () => void } {
  const office = useSyncExternalStore(stream.look, stream.office);
  return { ...office, retry: stream.retry };
}

/** The server's time now, each second anew, for lengths that go on. */
export function useTick(): number {
  const { clockAheadMs } = useSyncExternalStore(stream.look, stream.office);
  const [nowMs, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return nowMs + clockAheadMs;
}

/** Reads everything anew when somebody else has changed the office. For those who see the figures: they name its revision. */
export function OfficeNews(): ReactNode {
  return useReach()("watchLive") === "all" ? createElement(Watching) : null;
}

function Watching(): null {
  const queries = useQueryClient();
  const revision = useSyncExternalStore(stream.look, () => stream.office().figures?.revision ?? null);
  const seen = useRef<number | null>(null);
  useEffect(() => {
    if (revision === null) return;
    if (seen.current !== null && seen.current !== revision) void queries.invalidateQueries();
    seen.current = revision;
  }, [revision, queries]);
  return null;
}
