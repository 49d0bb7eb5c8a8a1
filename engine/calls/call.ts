/**
 * The runner of one call. Inputs wait in one inbox and are handled in order: each goes through the pure core, and the
 * core's commands are carried out. Replies and failures come back as inputs.
 */
import type { Logger } from "pino";
import { aboutOf } from "../../policy/call/about.js";
import type { Command, Note, SwitchCommand, TransferCommand } from "../../policy/call/command.js";
import { legIds } from "../../policy/call/derived-id.js";
import type { Arrival, Input } from "../../policy/call/input.js";
import { begin, beginByQuestion, type Outcome, step } from "../../policy/call/machine.js";
import { withoutSecrets } from "../../policy/call/mailbox-session/without-secrets.js";
import { openRecording, poundEndsSounds, readsKeys } from "../../policy/call/phases.js";
import type { CallState } from "../../policy/call/state.js";
import { dueTimers, isDue, nextDueMs } from "../../policy/call/timers.js";
import type { World } from "../../policy/call/world.js";
import type { Box } from "../../policy/office/box.js";
import { carrierOfGateway } from "../../policy/office/gateways.js";
import { given } from "../../policy/office/optional.js";
import type { ArrivedBy } from "../../policy/record/began.js";
import { Observer } from "../../policy/record/observe.js";
import type { Clock, TimerHandle } from "../clock.js";
import type { IdSource } from "../ids.js";
import { arrivedBy, type RecordsPort } from "../records/records-port.js";
import * as commands from "../switch/commands.js";
import { channelId } from "../switch/events.js";
import type { Reply, SwitchEvent, SwitchLink } from "../switch/wire.js";
import type { VoicemailPort } from "../voicemail/voicemail-port.js";
import type { ClaimResult, Measures } from "../watch/measures.js";
import {
  isBlindTransfer,
  readInput,
  readSentTo,
  readTransferrers,
  type SentTo,
  sendsTones,
  transferName,
} from "./inputs.js";
import { WAITING_VARIABLE } from "./lease.js";
import { GUARD, handOverVariables, toWire, UNENDING } from "./outputs.js";
import { type Found, isNoChannel, type Sender } from "./resync.js";
import { isMarkOf, writeState } from "./saved-state.js";
import {
  CALL_VARIABLE,
  CLAIM_REALM,
  CONTEXT_FALLBACK,
  EXTENSION_FALLBACK,
  SEEN_TRANSFER_VARIABLE,
  STATE_VARIABLE,
  TRANSFER_EVENT_VARIABLE,
} from "./switch-contract.js";

export interface CallDeps {
  readonly link: SwitchLink;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Logger;
  /** The name under which this engine claims calls. */
  readonly engineId: string;
  readonly world: World;
  /** A leg was dialled: its events belong to this call from now on. */
  readonly legOpened: (leg: string, call: Call) => void;
  /** A leg is being dialled. */
  readonly onDial: (order: Extract<Command, { type: "dial" }>) => void;
  readonly onNote: (call: Call, note: Note) => void;
  readonly remember: (
    memory: Extract<Command, { type: "remember_rung_first" | "remember_answered" }>,
  ) => void;
  readonly onState: (call: Call) => void;
  /**
   * Asks the switch what it has of the call; answered by {@link Call.resynced}, unless another input comes first.
   * `stopFirst`: after the switch has stopped what plays or records on the caller's channel.
   */
  readonly inspect: (call: Call, stopFirst: boolean) => void;
  /** A reply did not come, so nobody knows what became of the command: the switch is asked what it has of the call. */
  readonly unsure: (call: Call) => void;
  /** What the call needs of voicemail. */
  readonly voicemail: VoicemailPort;
  /** Keeps what happens; left out: nobody does. */
  readonly records?: RecordsPort;
  readonly measures?: Pick<Measures, "claimed">;
}

/**
 * Gives up a call that this engine cannot carry: its legs are ended, and the switch's fallback plays an announcement to
 * the caller, so that they are not left in silence.
 */
export function handToFallback(link: SwitchLink, callId: string, engineId: string): void {
  const nothing = () => {};
  link.send(commands.hashDeleteIfMatch(CLAIM_REALM, callId, engineId), nothing);
  link.send(commands.hupallVar("NORMAL_CLEARING", CALL_VARIABLE, callId), nothing);
  link.send(commands.transfer(callId, EXTENSION_FALLBACK, CONTEXT_FALLBACK), nothing);
}

/**
 * The switch sets this when a recording ends. Unset before each one, it says whether the recording is over
 * (`resync.ts`).
 */
const NOT_RECORDED = { record_ms: "" } as const;

const NOWHERE: SentTo = { destination: "", earlier: "", transfer: "", seen: "" };

/** Whether a phone has transferred the caller while no engine was there. */
function wasTransferred(sentTo: SentTo): boolean {
  return isBlindTransfer(sentTo) && transferName(sentTo) !== sentTo.seen;
}

type Dialling = Extract<Command, { type: "dial" }>;

function isNativeDial(command: Command): command is Dialling {
  return command.type === "dial" && command.native;
}

/** The switch itself rings phones for the caller, who waits for no engine. */
function isRungBySwitch({ phase }: CallState): boolean {
  return phase.kind === "ringing" && phase.ring.native;
}

/** What a call about which the switch asks needs the switch to do. */
export interface Asked {
  readonly call: Call;
  /** Legs that the switch is to ring itself. */
  readonly legs: readonly Dialling[];
  /** Legs of our own ring, too. */
  readonly isGuarded: boolean;
  readonly savedState: string;
  readonly written: () => void;
}

/** How long the legs of a call that begins anew may take to end. */
const LEGS_GONE_MS = 1_000;

/** How long a phone may take to hang up after it was told what became of its transfer. */
const TOLD_SECONDS = 1;

export class Call {
  readonly id: string;
  #state: CallState;
  readonly #observer: Observer | undefined;
  #about: { readonly state: CallState; readonly names: readonly string[] } | undefined;
  #knownMs: number;
  #inputs = 0;
  #dead = false;
  #paused = false;
  #isLeft = false;
  /** The recording in which silence is listened for. */
  #listening: { readonly id: string; readonly stop: () => void } | undefined;
  /** Legs of whose dialling no reply came; see `resynced`. */
  readonly #undialled = new Set<string>();
  /** The last state may not have reached the switch, where an engine that takes over reads it. */
  #isUnsaved = false;
  #isAnothers = false;
  #mayHaveLegs = false;
  /** The other side of the caller's channel, or of a leg, sends keys as tones in the audio (RFC 4733 was not offered). */
  readonly #tonal = new Set<string>();
  /** The switch listens for keys in the audio of these. */
  readonly #listenedTo = new Set<string>();
  /** Inputs that came while another was being worked on. */
  readonly #inbox: Input[] = [];
  #working = false;
  #timer: { readonly handle: TimerHandle; readonly dueMs: number } | undefined;
  /**
   * Where the caller's channel was sent last, and by which transfer: tells a new transfer from a bridge that failed.
   */
  #sentTo: SentTo;

  private constructor(
    readonly deps: CallDeps,
    outcome: Outcome,
    sentTo: SentTo,
  ) {
    this.id = outcome.state.id;
    this.#state = outcome.state;
    this.#observer = deps.records && new Observer(this.id, deps.records);
    this.#knownMs = deps.clock.nowMs();
    this.#sentTo = sentTo;
  }

  /**
   * Takes a call that has just parked.
   * @param mayHaveLegs an earlier run of this engine may have claimed it and dialled, and its state was not saved
   */
  static arrive(deps: CallDeps, arrival: Arrival, sentTo: SentTo, mayHaveLegs: boolean): Call {
    const outcome = begin(arrival, deps.world);
    const call = new Call(deps, outcome, sentTo);
    call.#mayHaveLegs = mayHaveLegs;
    call.#observeBegan(arrival, outcome);
    try {
      for (const command of outcome.commands) call.#do(command);
    } catch (error) {
      call.#rescue(arrival, error);
    }
    call.#setTimer();
    call.#listen();
    return call;
  }

  /**
   * Takes a call about which the switch asks. Nothing is ordered before the answer was written.
   * @returns undefined: the core failed, and the switch's own dialplan parks the caller
   */
  static ask(deps: CallDeps, arrival: Arrival, sentTo: SentTo): Asked | undefined {
    try {
      const outcome = beginByQuestion({ ...arrival, askedBy: deps.engineId }, deps.world);
      const call = new Call(deps, outcome, sentTo);
      const legs = outcome.commands.filter(isNativeDial);
      const isGuarded = outcome.state.caller.guarded;
      return {
        call,
        legs,
        isGuarded,
        savedState: call.#savedState(),
        written: () => call.#begin(outcome, arrival),
      };
    } catch (error) {
      deps.log.error(
        { call: arrival.id, input: arrival, err: error },
        "the core failed on a question about a call",
      );
      return undefined;
    }
  }

  #observeBegan(arrival: Arrival, { state, commands: all }: Outcome): void {
    const { office } = this.deps.world;
    this.#observe((observer) => {
      observer.began(state, arrivedBy(arrival, office.carriers), office);
      observer.begun(state, all, office);
    });
  }

  /** A mistake in what is kept of a call must not cost the call. */
  #observe(see: (observer: Observer) => void): void {
    if (this.#observer === undefined) return;
    try {
      see(this.#observer);
    } catch (error) {
      this.deps.log.error({ call: this.id, err: error }, "the record of a call is incomplete");
    }
  }

  /** The answer was written, and says what is saved and which phones the switch rings. */
  #begin(outcome: Outcome, arrival: Arrival): void {
    const all = outcome.commands;
    this.#observeBegan(arrival, outcome);
    for (const command of all.filter(isNativeDial)) {
      this.deps.legOpened(command.leg, this);
      this.deps.onDial(command);
    }
    try {
      for (const command of all) if (command.type !== "save" && !isNativeDial(command)) this.#do(command);
    } catch (error) {
      this.#rescue(arrival, error);
    }
    this.#setTimer();
    this.deps.onState(this);
  }

  /**
   * Takes over a call that this engine, before it was restarted, had begun.
   * @param by what the caller's channel says of the arrival
   */
  static adopt(deps: CallDeps, state: CallState, sentTo: SentTo, by: ArrivedBy): Call {
    const call = new Call(deps, { state, commands: [] }, wasTransferred(sentTo) ? NOWHERE : sentTo);
    for (const leg of legIds(state)) deps.legOpened(leg, call);
    call.#observe((observer) => observer.adopted(state, by, deps.world.office, deps.clock.nowMs()));
    call.pause();
    call.#listen();
    return call;
  }

  /** What of the office the call is about now; see `aboutOf`. Made once for a state: most calls only talk. */
  get about(): readonly string[] {
    if (this.#about?.state !== this.#state)
      this.#about = { state: this.#state, names: aboutOf(this.#state, this.deps.world.office) };
    return this.#about.names;
  }

  get state(): CallState {
    return this.#state;
  }

  /** Another engine, or the switch's fallback, has claimed the call. */
  get isAnothers(): boolean {
    return this.#isAnothers;
  }

  get ended(): boolean {
    return this.#dead || this.#state.phase.kind === "ended";
  }

  /**
   * An event of the caller's channel or of one of the legs.
   * @param who whose phone the caller is bridged with, if it is a leg of another call
   */
  event(event: SwitchEvent, who?: string): void {
    const atMs = this.deps.clock.nowMs();
    this.noteTones(event);
    if (event["Event-Name"] === "CHANNEL_PARK" && channelId(event) === this.id) {
      const transferredTo = this.#transferredTo(event);
      // The dialplan a transfer runs through arms the fallback anew (hand_over.inc).
      const fellBack = event["Caller-Destination-Number"] === EXTENSION_FALLBACK;
      const isMarked = isMarkOf(this.#state, event[`variable_${STATE_VARIABLE}`]);
      // So does the dialplan when no phone has answered that the switch itself has rung (`arrival/answer.ts`). A caller
      // without the mark was not rung for, and needs the fallback until the claim is won.
      if (transferredTo !== null || fellBack || (isMarked && isRungBySwitch(this.#state)))
        this.cancelFallback();
      const unmarked = isMarked ? {} : { unmarked: true as const };
      this.input({ type: "caller_parked", atMs, transferredTo, ...readTransferrers(event), ...unmarked });
      return;
    }
    const input = readInput(event, this.id, atMs);
    if (input?.type === "bridged") this.input({ ...input, ...given({ who }) });
    else if (input !== undefined) this.input(input);
  }

  /** How the other side of a channel sends keys: any event of the channel may say it. */
  noteTones(event: SwitchEvent): void {
    const channel = channelId(event) ?? "";
    const isTonal = sendsTones(event);
    if (isTonal === true) this.#tonal.add(channel);
    else if (isTonal === false) this.#tonal.delete(channel);
  }

  /**
   * Before something is played to somebody who is asked for keys and whose keys are tones, the switch begins to listen for
   * them, which costs it time. Before that side talks to somebody, it stops: each key would be heard twice.
   */
  #listenForTones(order: SwitchCommand): void {
    if (order.type === "play" && this.#tonal.has(order.channel) && !this.#listenedTo.has(order.channel)) {
      if (!readsKeys(this.#state, order.channel)) return;
      this.#listenedTo.add(order.channel);
      this.#send(commands.listenForTones(order.channel, true, this.deps.ids.uuid()));
    }
    if (order.type !== "bridge") return;
    for (const channel of [this.id, order.leg])
      if (this.#listenedTo.delete(channel))
        this.#send(commands.listenForTones(channel, false, this.deps.ids.uuid()));
  }

  /** A phone may transfer to where the call is or was already, so the destination alone does not tell. */
  #transferredTo(event: SwitchEvent): string | null {
    return this.#movedTo(readSentTo(event));
  }

  #movedTo(now: SentTo): string | null {
    // uuid_bridge writes itself down there too (switch_ivr_bridge.c, switch_ivr_uuid_bridge).
    if (now.transfer.includes(":uuid_br:")) return null;
    const before = this.#sentTo;
    this.#sentTo = now;
    const isUnmoved = now.transfer === before.transfer;
    if (isUnmoved && now.destination === before.destination) return null;
    // A question of the switch does not tell `%2B` from `+`, since the switch does not escape what looks escaped
    // (switch_url_encode): the caller is where they were.
    if (now.destination !== EXTENSION_FALLBACK) return isUnmoved ? null : now.destination;
    // Who talked can only have come to the fallback by a transfer that no engine has seen.
    return this.#state.phase.kind === "connected" && now.earlier !== "" ? now.earlier : null;
  }

  /** When the switch last showed the caller's channel as this call has it; milliseconds since the epoch. */
  get knownMs(): number {
    return this.#knownMs;
  }

  /** An inspection has shown the call on the switch as its state says. */
  known(): void {
    this.#knownMs = this.deps.clock.nowMs();
  }

  /** Inputs handled so far, but for keys that meant nothing: a caller may press keys without end. */
  get inputs(): number {
    return this.#inputs;
  }

  input(input: Input): void {
    this.#inbox.push(input);
    if (this.#working) return;
    this.#working = true;
    for (let next = this.#inbox.shift(); next !== undefined; next = this.#inbox.shift()) this.#work(next);
    this.#working = false;
  }

  #work(input: Input): void {
    if (this.#dead || this.#isLeft) return;
    if (input.type === "resync" || input.type === "bridged" || input.type === "caller_parked") this.known();
    try {
      const outcome = step(this.#state, input, this.deps.world);
      if (input.type !== "digit" || outcome.state !== this.#state) this.#inputs += 1;
      const before = this.#state;
      this.#state = outcome.state;
      const { state: after, commands: all } = outcome;
      this.#observe((observer) => observer.handled(before, input, after, all, this.deps.world.office));
      for (const command of outcome.commands) this.#do(command);
      if (before.caller.asked && !after.caller.asked) this.#saveLate();
    } catch (error) {
      this.#rescue(input, error);
      return;
    }
    this.#setTimer();
    this.#listen();
    this.deps.onState(this);
  }

  /** Listens for silence in what is being recorded of the caller, if anything is. Silence ends the recording. */
  #listen(): void {
    const recording = this.ended ? undefined : openRecording(this.#state, this.deps.world.office);
    if (recording?.id === this.#listening?.id) return;
    this.#listening?.stop();
    this.#listening = recording && {
      id: recording.id,
      stop: this.deps.voicemail.listen(recording, () => this.#send(commands.breakAll(this.id))),
    };
  }

  /** The connection is back, and this is what the switch has of the call. */
  resynced(found: Found): void {
    if (this.ended) return;
    const undialled = [...this.#undialled];
    if (found.isInspection !== true) this.#undialled.clear();
    this.#paused = false;
    this.#resyncedBy(found, undialled);
    this.#saveLate();
  }

  /** What was not saved when it was to be. */
  #saveLate(): void {
    if (this.#isUnsaved && !this.ended) this.#do({ type: "save", guard: false });
  }

  #resyncedBy(found: Found, undialled: readonly string[]): void {
    const atMs = this.deps.clock.nowMs();
    if (found.caller === null) {
      this.input({ ...found, caller: null, undialled, atMs });
      return;
    }
    const { sentTo, ...caller } = found.caller;
    // A caller who is leaving a bridge is transferred when they have parked, or when an inspection shows no bridge.
    const isLeaving = caller.bridgedTo !== null && isBlindTransfer(sentTo);
    const transferredTo = isLeaving ? null : this.#movedTo(sentTo);
    // The event of the parking may be lost; see `event`.
    const isBackFromPhones = caller.parked && caller.unmarked !== true && isRungBySwitch(this.#state);
    if (transferredTo !== null || isBackFromPhones) this.cancelFallback();
    this.input({ ...found, caller: { ...caller, transferredTo }, undialled, atMs });
  }

  /**
   * The connection is gone. A leg may have been answered meanwhile, so no timer may end it: timers stand still until
   * `resynced`, and those that ran out before are handled then.
   */
  pause(): void {
    this.#paused = true;
    this.#cancelTimer();
  }

  /** The connection was gone, and the call waits for an inspection. */
  get isPaused(): boolean {
    return this.#paused;
  }

  /** The call is the next engine's: whatever comes late changes nothing and orders nothing. */
  leave(): void {
    this.#isLeft = true;
    this.pause();
    this.#listening?.stop();
    this.#listening = undefined;
  }

  #do(command: Command): void {
    switch (command.type) {
      case "claim":
        this.#claim();
        return;
      case "release":
        this.#send(commands.hashDeleteIfMatch(CLAIM_REALM, this.id, this.deps.engineId));
        return;
      case "note":
        this.deps.onNote(this, command.note);
        return;
      case "remember_rung_first":
      case "remember_answered":
        this.deps.remember(command);
        return;
      case "save":
        // A saved state on the channel shows that the switch has used the answer to its question: until that is known, only
        // the answer itself may bring one there.
        if (this.#state.caller.asked) {
          this.#isUnsaved = true;
          return;
        }
        this.#send(
          commands.setVariables(this.id, {
            [STATE_VARIABLE]: this.#savedState(),
            // While the switch rings phones, the caller needs no engine.
            ...(isRungBySwitch(this.#state)
              ? handOverVariables(this.id)
              : { [WAITING_VARIABLE]: this.deps.engineId }),
            ...(isBlindTransfer(this.#sentTo)
              ? { [SEEN_TRANSFER_VARIABLE]: transferName(this.#sentTo) }
              : {}),
            ...(command.guard ? GUARD : {}),
            // At a mailbox a `#` must end what the caller hears and what is recorded.
            ...(poundEndsSounds(this.#state) ? {} : UNENDING),
            ...(command.recording ? NOT_RECORDED : {}),
          }),
          (reply) => this.#saved(reply),
        );
        return;
      case "dial":
        this.deps.legOpened(command.leg, this);
        this.deps.onDial(command);
        this.#order(command);
        return;
      case "ask":
        this.#ask(command);
        return;
      case "inspect":
        this.deps.inspect(this, command.stopFirst === true);
        return;
      case "tell_transfer":
        this.#tellTransfer(command);
        return;
      case "missed_call":
        this.#missed(command.box);
        return;
      default:
        this.#order(command);
    }
  }

  #savedState(): string {
    return writeState(withoutSecrets(this.#state));
  }

  #send(command: Parameters<SwitchLink["send"]>[0], done: (reply: Reply) => void = () => {}): void {
    this.deps.link.send(command, done);
  }

  /**
   * When the switch says that the channel does not exist any more, the event of its end was lost. Any other refusal says
   * nothing about the caller.
   */
  #saved(reply: Reply): void {
    this.#isUnsaved = reply.outcome !== "ok";
    if (this.ended) return;
    if (reply.outcome === "unknown") this.deps.unsure(this);
    if (isNoChannel(reply))
      this.input({ type: "caller_gone", atMs: this.deps.clock.nowMs(), cause: "UNKNOWN" });
  }

  #order(order: SwitchCommand): void {
    const around = {
      callId: this.id,
      country: this.deps.world.office.settings.country,
      carrierOf: (gateway: string) => carrierOfGateway(gateway, this.deps.world.office.carriers),
      recordings: this.deps.voicemail.folder,
      freshId: () => this.deps.ids.uuid(),
      savedState: () => this.#savedState(),
    };
    this.#listenForTones(order);
    this.#send(toWire(order, around), (reply) => this.#replied(order, reply));
  }

  /**
   * A phone may have asked for several transfers: its channel knows which of its requests waits for the outcome. The
   * order to end the channel is the switch's, so that it holds when this engine is gone.
   */
  #tellTransfer({ channel, status }: TransferCommand): void {
    if (status !== null)
      this.#send(commands.readVariable(channel, TRANSFER_EVENT_VARIABLE), ({ outcome, text }) => {
        if (outcome === "ok") this.#send(commands.notifyTransfer(channel, text, status));
      });
    this.#send(commands.schedHangup(TOLD_SECONDS, channel, "BLIND_TRANSFER"));
  }

  #ask({ id, ask }: Extract<Command, { type: "ask" }>): void {
    const { voicemail, clock } = this.deps;
    const { number, name, called } = this.#state.caller;
    const asker = {
      callId: this.id,
      askId: id,
      callerNumber: number,
      callerName: name,
      called,
      atMs: clock.nowMs(),
      revision: this.#state.revision,
    };
    voicemail.ask(ask, asker, (answer) => this.input({ type: "answered", atMs: clock.nowMs(), id, answer }));
  }

  #missed(box: Box): void {
    const { caller, rang, arrivedMs, revision } = this.#state;
    this.deps.voicemail.missed({
      callId: this.id,
      revision,
      box,
      callerNumber: caller.number,
      callerName: caller.name,
      from: caller.from?.username ?? null,
      called: caller.called,
      rang,
      arrivedMs,
      endedMs: this.deps.clock.nowMs(),
    });
  }

  /** What a refusal means. After `unknown`, an inspection tells; if the connection is gone, the one after its return. */
  #replied(order: SwitchCommand, reply: Reply): void {
    if (reply.outcome === "unknown") this.#notKnown(order);
    if (reply.outcome !== "refused") return;
    const atMs = this.deps.clock.nowMs();
    switch (order.type) {
      case "dial":
        this.input({ type: "leg_ended", atMs, leg: order.leg, cause: "REFUSED" });
        return;
      case "bridge":
        this.input({ type: "bridge_refused", atMs, leg: order.leg });
        return;
      case "play":
        this.input({ type: "played", atMs, playId: order.playId });
        return;
      case "record":
        this.input({ type: "recorded", atMs, playId: order.playId });
        return;
      case "kill":
        // The caller's channel existed, so now it is gone. A leg's channel may not exist yet: its kill is repeated.
        if (order.channel === this.id && isNoChannel(reply))
          this.input({ type: "caller_gone", atMs, cause: "UNKNOWN" });
        return;
      default:
    }
  }

  #notKnown(order: SwitchCommand): void {
    if (order.type === "dial") this.#undialled.add(order.leg);
    if (order.type === "answer_caller") this.input({ type: "answer_unknown", atMs: this.deps.clock.nowMs() });
    if (!this.ended) this.deps.unsure(this);
  }

  /**
   * Only one engine carries a call: the insert is atomic on the switch (mod_hash.c:505-516). If it is refused, the claim
   * may still be this engine's own, of which the reply was lost.
   */
  #claim(): void {
    const { engineId, measures } = this.deps;
    const count = (result: ClaimResult) => measures?.claimed(result);
    this.#send(commands.hashInsertIfEmpty(CLAIM_REALM, this.id, engineId), (reply) => {
      if (reply.outcome === "unknown") count("unanswered");
      if (reply.outcome === "ok") count("won");
      if (reply.outcome === "ok") this.#claimed(true);
      else if (reply.outcome === "refused")
        this.#send(commands.hashSelect(CLAIM_REALM, this.id), (held) => {
          // Nobody's: the other one has just released it. The caller is looked for again when this call is over.
          if (held.outcome === "ok") this.#isAnothers = held.text !== engineId;
          if (held.outcome === "unknown") count("unanswered");
          else count(held.text === engineId ? "won" : "lost");
          if (held.outcome === "unknown") this.deps.unsure(this);
          else if (held.text === engineId && this.#mayHaveLegs) this.#endLegsOfEarlierRun();
          else this.#claimed(held.text === engineId);
        });
      else this.deps.unsure(this);
    });
  }

  /**
   * An earlier run of this engine has claimed the call. Its legs have the ids that the new ones will have, and the switch
   * refuses an id that is still in use. Without the claim they may be another engine's.
   */
  #endLegsOfEarlierRun(): void {
    const { link, clock } = this.deps;
    link.send(commands.hupallVar("NORMAL_CLEARING", CALL_VARIABLE, this.id), ({ outcome }) => {
      if (outcome === "ok") this.#mayHaveLegs = false;
    });
    clock.after(LEGS_GONE_MS, () => {
      if (this.#state.phase.kind === "claiming") this.#claimed(true);
    });
  }

  /** Cancels the fallback's transfer, which would tear the caller out of any conversation (switch_ivr_async.c:5555). */
  cancelFallback(sender: Sender = this.deps.link): void {
    sender.send(commands.schedDel(this.id), (reply) => {
      if (reply.outcome === "unknown" && !this.ended) this.deps.unsure(this);
    });
  }

  #claimed(won: boolean): void {
    if (this.ended) {
      // The reply came too late: the switch's fallback has the call by now, and must find no claim of ours.
      if (won) this.#send(commands.hashDeleteIfMatch(CLAIM_REALM, this.id, this.deps.engineId));
      return;
    }
    if (won) this.cancelFallback();
    this.input({ type: "claimed", atMs: this.deps.clock.nowMs(), won });
  }

  /** Arms one timer of the clock, for the call's timer that is due next. */
  #setTimer(): void {
    // A call that was given up keeps its last state, whose timers would be due for ever.
    if (this.#dead || this.#paused) return;
    const next = nextDueMs(this.#state.timers);
    if (next === this.#timer?.dueMs) return;
    this.#cancelTimer();
    if (next === undefined) return;
    const { clock } = this.deps;
    const dueMs = next;
    const handle = clock.after(Math.max(0, dueMs - clock.nowMs()), () => this.#due());
    this.#timer = { handle, dueMs };
  }

  #cancelTimer(): void {
    if (this.#timer !== undefined) this.deps.clock.cancel(this.#timer.handle);
    this.#timer = undefined;
  }

  #due(): void {
    this.#timer = undefined;
    const atMs = this.deps.clock.nowMs();
    // Each input may disarm timers that follow, or arm them anew for later, as the next step does with its ring clock.
    for (const id of dueTimers(this.#state.timers, atMs))
      if (isDue(this.#state.timers, id, atMs)) this.input({ type: "timer", atMs, id });
    this.#setTimer();
  }

  /** The core failed, which is our own mistake: the call is given up. */
  #rescue(input: Input | Arrival, error: unknown): void {
    this.deps.log.error(
      { call: this.id, input, state: withoutSecrets(this.#state), err: error },
      "the core failed on a call",
    );
    this.#dead = true;
    this.#observe((observer) => observer.failed(this.deps.clock.nowMs(), "a mistake of the engine"));
    this.#cancelTimer();
    this.#listen();
    // A conversation goes on, and the switch ends that call by itself.
    if (this.#state.phase.kind === "connected")
      this.#send(commands.hashDeleteIfMatch(CLAIM_REALM, this.id, this.deps.engineId));
    else handToFallback(this.deps.link, this.id, this.deps.engineId);
    this.deps.onState(this);
  }
}
