/**
 * Plays one call: the live engine, with its own runner, registrations and core, on the simulated switch in this
 * process, on a virtual clock. `explain` shows the result and `test` checks it, so neither has a model of its own of
 * how a call goes.
 */
import { type Logger, pino } from "pino";
import { SeededIds } from "../../../fixtures/seeded-ids.js";
import type { CallerCall } from "../../../fixtures/switch/callers.js";
import { SimulatedSwitch } from "../../../fixtures/switch/model.js";
import { busy, neverAnswers, type PhoneScript, unavailable } from "../../../fixtures/switch/phone-script.js";
import type { Callee, PhoneLeg } from "../../../fixtures/switch/phones.js";
import { VirtualClock } from "../../../fixtures/virtual-clock.js";
import type { Note } from "../../../policy/call/command.js";
import type { Answer, Ask } from "../../../policy/call/mailbox-requests.js";
import { NO_CHANGES } from "../../../policy/office/entities.js";
import type { Carrier } from "../../../policy/office/office.js";
import { RoutingTable } from "../../../policy/routing/table.js";
import type { Call } from "../../calls/call.js";
import { CUSTOM_EVENTS, EVENTS } from "../../calls/switch-contract.js";
import { Engine, type EngineStore } from "../../engine.js";
import type { VoicemailPort } from "../../voicemail/voicemail-port.js";
import type { Pickup, Script } from "./call-script.js";
import { type Phone, phonesOf } from "./phones.js";
import { type Played, Recorder } from "./record.js";
import { soundMs } from "./sounds.js";

/** Time from picking up to pressing a key: the prompt has begun by then. */
export const DIGIT_AFTER_MS = 3_000;

/** Calls are not played any further than this, however patient the caller is. */
export const WATCHED_MAX_MS = 3_600_000;

/** The length of a conversation does not matter here, but the call can only end after it. */
const TALK_MS = 1_000;

/** A caller who is asked for a message speaks this long, then hangs up. */
export const MESSAGE_MS = 5_000;

/** Accepts every message, with as much speech in it as there was. */
export const EXPLAIN_VOICEMAIL: VoicemailPort = {
  folder: "/recordings",
  ask: (ask, _asker, done) => done(explainAnswer(ask)),
  listen: () => () => {},
  missed: () => {},
};

function explainAnswer(ask: Ask): Answer {
  switch (ask.kind) {
    case "open_message":
      return { kind: "opened", greetings: [] };
    case "measure_message":
      return { kind: "measured", soundMs: MESSAGE_MS };
    case "deliver_message":
      return { kind: "delivered", kept: true };
    case "drop_message":
    case "mark_urgent":
      return { kind: "done" };
    default:
      // There are no messages here, so a call that listens to messages is not explained.
      return { kind: "failed" };
  }
}

/** Everything left of a call that has ended is cleared within this time. */
const AFTER_MS = 30_000;

const READY_MAX_STEPS = 1_000_000;

/** A fixed seed, so that two runs of the same script are equal. */
const SEED = 7;

/** Who looks on as a call is played: its log, and its notes. */
interface Onlooker {
  readonly log: Logger;
  readonly onNote: (call: Call, note: Note) => void;
}

/** Plays the call to its end. */
export async function playCall(script: Script, onlooker?: Onlooker): Promise<Played> {
  const clock = new VirtualClock(script.startMs);
  const ids = new SeededIds(SEED);
  const sw = new SimulatedSwitch(clock, {
    ids,
    log: () => {},
    gateways: script.office.carriers.map(({ id }) => id),
    heartbeatMs: null,
    unknownOutside: neverAnswers(),
    soundLengthMs: soundMs,
  });
  const phones = new Map(phonesOf(script.office).map((phone) => [phone.name, putUp(sw, phone, script)]));
  const recorder = new Recorder(clock, script);
  const engine = new Engine({
    store: storeOf(script),
    engineId: ids.uuid(),
    link: sw.openLink({ events: [...EVENTS, ...CUSTOM_EVENTS.map((name) => `CUSTOM ${name}`)] }),
    clock,
    ids,
    log: onlooker?.log ?? pino({ level: "silent" }),
    voicemailPort: EXPLAIN_VOICEMAIL,
    onNote: (call, note) => {
      recorder.onNote(call, note);
      onlooker?.onNote(call, note);
      if (note.kind === "recording") clock.after(MESSAGE_MS, () => caller?.hangup());
    },
  });
  let caller: CallerCall | undefined;
  await engine.open();
  for (let n = 0; !engine.ready; n += 1)
    if (n > READY_MAX_STEPS || !clock.step()) throw new Error("the engine is never ready");
  const stage: Stage = { clock, sw, engine, recorder, phones };
  caller = place(sw, script);
  const unused = watch(stage, script, caller);
  await engine.close();
  sw.stop();
  return recorder.played(unused);
}

interface Stage {
  readonly clock: VirtualClock;
  readonly sw: SimulatedSwitch;
  readonly engine: Engine;
  readonly recorder: Recorder;
  readonly phones: ReadonlyMap<string, Callee>;
}

/** The given office, as the engine reads it from a database. */
function storeOf({ office, revision, memory, byHand = [] }: Script): EngineStore {
  return {
    loadTable: async () => RoutingTable.of({ ...office, carriers: office.carriers.map(plain) }, revision),
    currentRevision: async () => revision,
    changesSince: async () => ({ outcome: "changes", revision, changes: NO_CHANGES }),
    changesBetween: async () => ({ outcome: "changes", revision, changes: NO_CHANGES }),
    readMemory: async () => [...memory],
    readByHand: async () => [...byHand],
    renamesBetween: async () => [],
    remember: async () => {},
    writeLiveCalls: async () => {},
  };
}

/** The simulated phones outside are called by their numbers in E.164, whatever a real carrier wants. */
function plain({ wantsNumbers: _wanted, ...carrier }: Carrier): Carrier {
  return carrier;
}

function putUp(sw: SimulatedSwitch, phone: Phone, script: Script): Callee {
  const does = scriptOf(phone, script);
  return phone.kind === "sip"
    ? sw.phone({ sipName: phone.name, script: does, isRegistered: !script.away.has(phone.name) })
    : sw.outside(phone.name, does);
}

function scriptOf({ name }: Phone, script: Script): PhoneScript {
  if (script.busy.has(name)) return busy();
  return script.dnd.has(name) ? unavailable() : neverAnswers();
}

function place(sw: SimulatedSwitch, { dialled, caller, giveUpMs }: Script): CallerCall {
  return sw.call({
    dialled,
    callerNumber: caller.kind === "outside" ? caller.number : caller.sipName,
    callerName: caller.name,
    context: caller.kind === "outside" ? "inbound" : "phones",
    talkMs: TALK_MS,
    giveUpAfterMs: giveUpMs ?? WATCHED_MAX_MS,
  });
}

/**
 * Lets time pass until the call is over, and records the call's state after everything that happens.
 * @returns the pickups for which no phone was ringing at their time
 */
function watch(stage: Stage, script: Script, caller: CallerCall): readonly Pickup[] {
  const { clock, engine, recorder } = stage;
  const endMs = clock.nowMs() + WATCHED_MAX_MS + AFTER_MS;
  const waiting = new Set(script.pickups);
  let call: Call | undefined;
  while (clock.nowMs() < endMs && clock.step()) {
    if (call === undefined) {
      call = engine.calls.list()[0];
      if (call !== undefined) armPickups(clock, script, call.state.arrivedMs);
    }
    if (call !== undefined) {
      recorder.compareLegs(call);
      pickUp(stage, waiting, clock.nowMs() - call.state.arrivedMs);
    }
    if (caller.ending !== null && engine.calls.count === 0) break;
  }
  return [...waiting];
}

/** Timers that make the clock stop at the moments of the pickups. */
function armPickups(clock: VirtualClock, { pickups }: Script, arrivedMs: number): void {
  for (const { second } of pickups)
    clock.after(Math.max(0, arrivedMs + second * 1_000 - clock.nowMs()), () => {});
}

/** A phone may begin to ring up to a second late: the switch and the phone take some milliseconds. */
function pickUp({ clock, phones }: Stage, waiting: Set<Pickup>, atMs: number): void {
  for (const pickup of waiting) {
    if (atMs < pickup.second * 1_000 || atMs >= (pickup.second + 1) * 1_000) continue;
    const leg = pickup.phones.flatMap(({ name }) => phones.get(name)?.legs ?? []).find(isRinging);
    if (leg === undefined) continue;
    waiting.delete(pickup);
    leg.answer();
    const { digit } = pickup;
    if (digit !== undefined) clock.after(DIGIT_AFTER_MS, () => leg.press(digit));
  }
}

function isRinging(leg: PhoneLeg): boolean {
  return leg.rangAtMs !== null && leg.answeredAtMs === null && leg.ending === null;
}
