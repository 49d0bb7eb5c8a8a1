/** The rows of `ringline top`: each call, phone, group and carrier in words, with what it is sorted and filtered by. */
import type { FeedCall, FeedCarrier, FeedGroup, FeedPhone } from "../../feed/protocol.js";
import type { FeedView } from "../../feed/reading.js";

/** What can be looked at. */
export const TABS = ["calls", "phones", "groups", "carriers"] as const;
export type Tab = (typeof TABS)[number];

export interface Column {
  readonly head: string;
  /** Its width where the terminal has 80 columns; the last column has what is left. */
  readonly width: number;
  /** The share of what a wider terminal has more. */
  readonly grows: number;
}

export interface Row {
  readonly cells: readonly string[];
  readonly tone: "plain" | "bad" | "good" | "faint";
  /** For the filter, in small letters. */
  readonly text: string;
}

export const COLUMNS: Readonly<Record<Tab, readonly Column[]>> = {
  calls: [
    { head: "since", width: 7, grows: 0 },
    { head: "from", width: 22, grows: 0.25 },
    { head: "called", width: 13, grows: 0.2 },
    { head: "what goes on", width: 0, grows: 0 },
  ],
  phones: [
    { head: "user", width: 20, grows: 0.2 },
    { head: "device", width: 14, grows: 0.1 },
    { head: "does", width: 6, grows: 0 },
    { head: "signed in from", width: 0, grows: 0 },
  ],
  groups: [
    { head: "group", width: 18, grows: 0.2 },
    { head: "waits", width: 5, grows: 0 },
    { head: "reachable", width: 9, grows: 0 },
    { head: "members", width: 0, grows: 0 },
  ],
  carriers: [
    { head: "carrier", width: 20, grows: 0.2 },
    { head: "state", width: 22, grows: 0 },
    { head: "in", width: 7, grows: 0 },
    { head: "out", width: 7, grows: 0 },
    { head: "failed", width: 0, grows: 0 },
  ],
};

interface Sort<T> {
  readonly name: string;
  readonly by: (a: T, b: T) => number;
}

const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const CALL_ORDER: readonly FeedCall["state"][] = [
  "ringing",
  "arriving",
  "announcement",
  "transferring",
  "voicemail",
  "mailbox",
  "talking",
  "ending",
];

const isWaiting = ({ state }: FeedCall): number => (state === "talking" || state === "ending" ? 1 : 0);

const CALL_SORTS: ReadonlyArray<Sort<FeedCall>> = [
  { name: "waiting first", by: (a, b) => isWaiting(a) - isWaiting(b) || a.sinceMs - b.sinceMs },
  { name: "oldest", by: (a, b) => a.sinceMs - b.sinceMs },
  { name: "newest", by: (a, b) => b.sinceMs - a.sinceMs },
  { name: "state", by: (a, b) => CALL_ORDER.indexOf(a.state) - CALL_ORDER.indexOf(b.state) },
  { name: "from", by: (a, b) => text(fromText(a), fromText(b)) },
  { name: "called", by: (a, b) => text(calledText(a), calledText(b)) },
];

const PHONE_ORDER: readonly FeedPhone["state"][] = ["rings", "calls", "talks", "idle"];

const PHONE_SORTS: ReadonlyArray<Sort<FeedPhone>> = [
  { name: "user", by: (a, b) => text(phoneUser(a), phoneUser(b)) },
  { name: "state", by: (a, b) => PHONE_ORDER.indexOf(a.state) - PHONE_ORDER.indexOf(b.state) },
];

const GROUP_SORTS: ReadonlyArray<Sort<FeedGroup>> = [
  { name: "waiting", by: (a, b) => b.waits - a.waits },
  { name: "name", by: (a, b) => text(a.id, b.id) },
  { name: "fewest reachable", by: (a, b) => a.reachable - b.reachable },
];

const CARRIER_SORTS: ReadonlyArray<Sort<FeedCarrier>> = [{ name: "name", by: (a, b) => text(a.id, b.id) }];

/** The orders of each tab, by name. */
export const SORTS: Readonly<Record<Tab, readonly string[]>> = {
  calls: CALL_SORTS.map(({ name }) => name),
  phones: PHONE_SORTS.map(({ name }) => name),
  groups: GROUP_SORTS.map(({ name }) => name),
  carriers: CARRIER_SORTS.map(({ name }) => name),
};

/** @param sort the index of an order of the tab */
export function rowsOf(view: FeedView, tab: Tab, sort: number, nowMs: number): Row[] {
  switch (tab) {
    case "calls":
      return sorted(view.calls, CALL_SORTS, sort, ({ id }) => id).map((call) => callRow(call, nowMs));
    case "phones":
      return sorted(view.phones, PHONE_SORTS, sort, ({ sip }) => sip).map(phoneRow);
    case "groups":
      return sorted(view.groups, GROUP_SORTS, sort, ({ id }) => id).map(groupRow);
    case "carriers":
      return sorted(view.carriers, CARRIER_SORTS, sort, ({ id }) => id).map(carrierRow);
  }
}

/** Equal ones keep their place from one second to the next. */
function sorted<T>(
  all: ReadonlyMap<string, T>,
  sorts: ReadonlyArray<Sort<T>>,
  sort: number,
  idOf: (one: T) => string,
): T[] {
  const by = sorts[sort % sorts.length]?.by;
  return [...all.values()].sort((a, b) => by?.(a, b) || text(idOf(a), idOf(b)));
}

function rowOf(cells: readonly string[], more: readonly string[], tone: Row["tone"]): Row {
  return { cells, tone, text: [...cells, ...more].join(" ").toLowerCase() };
}

function callRow(call: FeedCall, nowMs: number): Row {
  const tone = call.isEmergency ? "bad" : call.state === "talking" ? "good" : "plain";
  const cells = [clockText(nowMs - call.sinceMs), fromText(call), calledText(call), whatText(call, nowMs)];
  return rowOf(cells, [call.called, call.name, ...call.about, ...call.rings.map(({ who }) => who)], tone);
}

function fromText({ user, device, from, name, isWithheld }: FeedCall): string {
  if (user !== null) return device === null ? user : `${user} ${device}`;
  if (isWithheld) return "withheld number";
  return [from, name === from ? "" : name].filter((part) => part !== "").join(" ") || "unknown number";
}

function calledText({ label, called }: FeedCall): string {
  return label ?? called;
}

export function whatText(call: FeedCall, nowMs: number): string {
  const help = call.isEmergency ? "EMERGENCY, " : "";
  const { talks, rings } = call;
  if (talks !== null) return `${help}talks${since(talks.sinceMs, nowMs)} with ${partyText(talks)}`;
  if (rings.length === 0) return `${help}${call.text}${since(call.stateSinceMs, nowMs)}`;
  const phones = rings.map((party) => {
    const asked = party.state === "asked" ? " is asked" : party.state === "answered" ? " answers" : "";
    return `${partyText(party)}${asked}${since(party.sinceMs, nowMs)}`;
  });
  return `${help}${call.text}: ${phones.join(", ")}`;
}

function partyText({ who, device }: { readonly who: string; readonly device: string }): string {
  return device === "" ? who || "somebody" : `${who}/${device}`;
}

/** Empty: it is not known since when. */
function since(atMs: number | null, nowMs: number): string {
  return atMs === null ? "" : ` ${clockText(nowMs - atMs)}`;
}

/** `9s`, `2:41`, `1:02:41`: seconds count while somebody waits. */
export function clockText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds}s`;
  const two = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

function phoneUser({ user, sip }: FeedPhone): string {
  return user ?? `(nobody's) ${sip}`;
}

function phoneRow(phone: FeedPhone): Row {
  const { device, sip, state, contacts } = phone;
  const agents = contacts.map(({ agent }) => agent || "a phone").join(", ");
  const from = contacts.length > 1 ? `${contacts.length} contacts: ${agents}` : agents;
  const tone = state === "idle" ? "faint" : state === "talks" ? "good" : "plain";
  return rowOf([phoneUser(phone), device ?? sip, state, from], [sip], tone);
}

function groupRow({ id, name, members, memberCount, reachable, waits }: FeedGroup): Row {
  const takesCalls = members.filter(({ calls }) => calls).length;
  const people = members.map(({ user, calls, isReachable }) =>
    calls ? (isReachable ? user : `${user} (away)`) : `${user} (off)`,
  );
  const more = memberCount > members.length ? `, ${memberCount - members.length} more` : "";
  const tone = reachable === 0 && takesCalls > 0 ? "bad" : "plain";
  return rowOf(
    [id, waits === 0 ? "" : String(waits), `${reachable} of ${takesCalls}`, people.join(", ") + more],
    [name],
    tone,
  );
}

function carrierRow({ id, isUp, isRegistered, callsIn, callsOut, failures }: FeedCarrier): Row {
  const state =
    isUp === null
      ? "not known"
      : !isUp
        ? "CANNOT BE USED"
        : isRegistered === null
          ? "up"
          : isRegistered
            ? "up, registered"
            : "up, NOT REGISTERED";
  const tone = isUp === false || isRegistered === false ? "bad" : "plain";
  return rowOf([id, state, String(callsIn), String(callsOut), String(failures)], [], tone);
}
