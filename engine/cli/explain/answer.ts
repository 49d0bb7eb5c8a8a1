/** Answers what programs ask of calls (`asked.ts`): plays them on the office that is meant. */
import { makeEdits } from "../../../policy/change/edits/make-edits.js";
import { noSuchFlow } from "../../../policy/change/routes/flow-edits.js";
import type { Office } from "../../../policy/office/office.js";
import type { Store } from "../../../storage/store.js";
import type { Answered, Asked, PlayedAnswer } from "./asked.js";
import type { Played } from "./record.js";
import { playCall } from "./run.js";
import { type OfficeAt, readScript, type Written } from "./script.js";
import { readCase, runCase } from "./test-run.js";
import { carrierRows, endingText, endOfRing, inWords, whyNot } from "./words.js";

/** The office of a revision, kept for the next question. */
export interface OfficeMemory {
  kept?: { readonly revision: number; readonly office: Office };
}

type PlayStore = Pick<Store, "currentRevision" | "loadOffice" | "readMemory" | "readByHand">;

export async function answer(
  store: PlayStore,
  asked: Asked,
  nowMs: number,
  memory: OfficeMemory = {},
): Promise<Answered> {
  const revision = asked.revision ?? (await store.currentRevision());
  const office = memory.kept?.revision === revision ? memory.kept.office : await store.loadOffice(revision);
  if (office === undefined)
    return asked.revision === undefined
      ? { outcome: "no_office" }
      : { outcome: "not_found", reason: `there is no revision ${revision}` };
  memory.kept = { revision, office };
  const { edits = [], what } = asked;
  const made = edits.length === 0 ? { ok: true as const, office } : makeEdits(office, edits);
  if (!made.ok) return { outcome: "refused", reason: made.reason, faults: made.faults };
  const at: OfficeAt = {
    office: made.office,
    revision,
    memory: await store.readMemory(),
    byHand: await store.readByHand(),
  };
  switch (what.kind) {
    case "call":
      return played(what.written, at, nowMs);
    case "flow":
      return playedFlow(what.flow, what.written, at, nowMs);
    case "tests":
      return tested(what.tests, at, nowMs);
  }
}

async function played(written: Written, at: OfficeAt, nowMs: number): Promise<Answered> {
  const read = readScript(written, at, nowMs);
  if (read.ok) return { outcome: "played", played: answerOf(await playCall(read.script), at.office) };
  const faults = read.problems.map(({ field, index, message }) => ({
    path: Array.isArray(written[field]) ? [field, index] : [field],
    message,
  }));
  return { outcome: "not_understood", faults };
}

/** Numbers that are never assigned (555-01xx): one of them leads to the flow while its call is played. */
const SPARE_NUMBERS = Array.from({ length: 100 }, (_, n) => `+1202555${String(100 + n).padStart(4, "0")}`);

async function playedFlow(
  flow: string,
  written: Omit<Written, "number">,
  at: OfficeAt,
  nowMs: number,
): Promise<Answered> {
  const { office } = at;
  if (!Object.hasOwn(office.flows, flow))
    return { outcome: "not_found", reason: noSuchFlow(office, flow).reason };
  const taken = new Set(office.numbers.map(({ number }) => number));
  const number = SPARE_NUMBERS.find((each) => !taken.has(each));
  if (number === undefined) return { outcome: "not_found", reason: "no number is free to try the flow with" };
  const numbers = [...office.numbers, { number, leadsTo: { kind: "flow" as const, flow } }];
  const ended = await played({ ...written, number }, { ...at, office: { ...office, numbers } }, nowMs);
  return ended.outcome === "played"
    ? { ...ended, played: { ...ended.played, called: `flow:${flow}` } }
    : ended;
}

async function tested(
  tests: Extract<Asked["what"], { kind: "tests" }>["tests"],
  at: OfficeAt,
  nowMs: number,
): Promise<Answered> {
  const read = tests.map((each, index) => readCase(each, at, nowMs, [index]));
  const faults = read.flatMap((each) => (each.ok ? [] : each.faults));
  if (faults.length > 0) return { outcome: "not_understood", faults };
  const results = [];
  for (const each of read) if (each.ok) results.push(await runCase(each.value));
  return { outcome: "tested", tests: results };
}

function answerOf(whole: Played, office: Office): PlayedAnswer {
  const { script, called, ending } = whole;
  const names = new Map(office.users.map(({ username, name }) => [username, name]));
  const nameOf = (who: string) => names.get(who) ?? who;
  return {
    called,
    from: script.caller.kind === "inside" ? script.caller.sipName : script.caller.number,
    atMs: script.startMs,
    timezone: office.timezone,
    revision: script.revision,
    timeline: whole.happenings.flatMap((happening) => {
      const text = inWords(happening);
      return text === null ? [] : [{ at: seconds(happening.atMs), text }];
    }),
    steps: whole.steps.map(({ kind, what, fromMs, toMs, timeoutMs }) => ({
      kind,
      what,
      from: seconds(fromMs),
      to: end(toMs),
      timeout: timeoutMs === undefined || timeoutMs === null ? null : seconds(timeoutMs),
    })),
    rings: whole.rings.map(({ fromMs, toMs, ...ring }) => ({
      ...ring,
      name: nameOf(ring.who),
      from: seconds(fromMs),
      to: end(toMs),
      endText: endOfRing(ring.end),
    })),
    notRung: whole.silent.map(({ atMs, ...silent }) => ({
      ...silent,
      name: nameOf(silent.who),
      at: seconds(atMs),
      reasonText: whyNot(silent.reason),
    })),
    carriers: carrierRows(whole).map(([number = "", order = ""]) => ({ number, order })),
    ending: {
      word: ending.word,
      at: seconds(ending.atMs),
      by: ending.by,
      device: ending.device,
      text: endingText(whole),
    },
    unusedAnswers: whole.unused.map(({ name, second }) => ({ name, second })),
  };
}

function seconds(ms: number): number {
  return ms / 1_000;
}

/** A step or a ring that was not over. */
function end(ms: number): number | null {
  return Number.isFinite(ms) ? seconds(ms) : null;
}
