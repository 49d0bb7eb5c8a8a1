/**
 * One input at work: the state that it leads to, and the commands so far. A Turn exists only while `machine.ts` handles
 * one input. States are never changed: each patch makes a new one.
 */
import type { Box } from "../office/box.js";
import type { HangupReason } from "../steps/hangup/step.js";
import { KILL_AGAIN_MS } from "./bounds.js";
import type { Command, Note } from "./command.js";
import { derivedId } from "./derived-id.js";
import type { Caller, CallState, Ending, FlowSource, Leg, Phase } from "./state.js";
import { isArmed, isOfLeg, legTimer, type TimerId, withoutTimers } from "./timers.js";
import type { World } from "./world.js";

/**
 * Where the call goes once a phase has put itself in order. A phase never begins another: it says so here, and
 * `machine.ts` alone follows.
 */
export type GoOn =
  /** To the first step of a flow. */
  | { readonly kind: "start_flow"; readonly source: FlowSource }
  /** To another flow, for good; counted, since hand-overs may go in circles. */
  | { readonly kind: "hop"; readonly source: FlowSource }
  /** The transfer in progress has failed: the caller goes back to whoever transferred them. */
  | { readonly kind: "recall"; readonly why: HangupReason }
  /** The caller is hung up. */
  | { readonly kind: "hang_up"; readonly reason: HangupReason }
  /** To the next step of the flow. */
  | { readonly kind: "next_step" }
  /** A leg or the caller is gone: the phase may be over (`PhaseRun.checkOver`). */
  | { readonly kind: "check_phase" }
  /** To the messages in this mailbox: the caller has asked for them, and is asked who they are. */
  | { readonly kind: "listen"; readonly box: Box }
  /** The call is over now. */
  | { readonly kind: "finish"; readonly ending: Ending };

export class Turn {
  state: CallState;
  readonly commands: Command[] = [];
  goOn: GoOn | null = null;
  /** What this turn does becomes the answer to the switch's question. */
  isAnswer = false;
  /** The answer may have the switch ring phones itself. */
  mayRingNatively = false;

  constructor(
    state: CallState,
    readonly world: World,
    readonly atMs: number,
  ) {
    this.state = state;
  }

  emit(command: Command): void {
    this.commands.push(command);
  }

  note(note: Note): void {
    this.commands.push({ type: "note", note });
  }

  patch(patch: Partial<CallState>): void {
    this.state = { ...this.state, ...patch };
  }

  patchCaller(patch: Partial<Caller>): void {
    this.patch({ caller: { ...this.state.caller, ...patch } });
  }

  enter(phase: Phase): void {
    this.patch({ phase });
  }

  arm(id: TimerId, dueMs: number): void {
    this.patch({ timers: { ...this.state.timers, [id]: dueMs } });
  }

  /** Whether a timer is armed for later than in `ms`. */
  isDueAfter(id: TimerId, ms: number): boolean {
    return (this.state.timers[id] ?? 0) > this.atMs + ms;
  }

  disarm(id: TimerId): void {
    if (!(id in this.state.timers)) return;
    const { [id]: _gone, ...timers } = this.state.timers;
    this.patch({ timers });
  }

  isArmed(id: TimerId): boolean {
    return isArmed(this.state.timers, id);
  }

  /** Disarms every timer for which `isGone` is true. */
  disarmWhere(isGone: (id: TimerId) => boolean): void {
    const timers = withoutTimers(this.state.timers, isGone);
    if (timers !== this.state.timers) this.patch({ timers });
  }

  leg(id: string): Leg | undefined {
    return this.state.legs.find((leg) => leg.id === id);
  }

  patchLeg(id: string, patch: Partial<Leg>): void {
    this.patch({ legs: this.state.legs.map((leg) => (leg.id === id ? { ...leg, ...patch } : leg)) });
  }

  removeLeg(id: string): void {
    this.patch({ legs: this.state.legs.filter((leg) => leg.id !== id) });
    this.disarmWhere((timer) => isOfLeg(timer, id));
    const { transfer } = this.state;
    // The phone has hung up, and hears no more of its transfer.
    if (transfer?.channel === id) this.patch({ transfer: { ...transfer, channel: null } });
  }

  /**
   * Ends a leg. It stays in the state, as killed, until the switch confirms it: a kill sent before the
   * switch has made the channel is lost (mod_commands.c:2897), so it is sent again until it works.
   */
  killLeg(id: string, cause: string): void {
    const leg = this.leg(id);
    if (leg === undefined || leg.phase === "ended") return;
    if (leg.native) this.#guardBeforeKill();
    this.disarm(legTimer("decide", id));
    this.patchLeg(id, { phase: "killed", prompting: false, kills: leg.kills + 1, killCause: cause });
    this.arm(legTimer("kill", id), this.atMs + KILL_AGAIN_MS);
    this.emit({ type: "kill", channel: id, cause });
  }

  /**
   * The switch may have connected a leg that it rings itself, and its event may be on the way. The guard of the answer
   * holds only until the two have talked for ten frames (hand_over.inc); without a new one the caller would go with the leg.
   */
  #guardBeforeKill(): void {
    const { caller, phase } = this.state;
    if (phase.kind !== "ringing" || caller.parked || caller.asked) return;
    if (this.commands.some((command) => command.type === "save" && command.guard)) return;
    this.patchCaller({ guarded: true });
    this.emit({ type: "save", guard: true });
  }

  /** Repeats the kill of a leg that was killed. */
  killLegAgain({ id, killCause }: Leg): void {
    this.killLeg(id, killCause ?? "NORMAL_CLEARING");
  }

  /** The switch ends this leg by itself; it is killed only if it is still there after a while. */
  expectEnd(id: string, cause: string): void {
    const leg = this.leg(id);
    if (leg === undefined || leg.phase === "killed") return;
    this.patchLeg(id, { phase: "killed", prompting: false, killCause: cause });
    this.arm(legTimer("kill", id), this.atMs + KILL_AGAIN_MS);
  }

  /** A fresh id for something played. */
  playId(): string {
    this.patch({ playCount: this.state.playCount + 1 });
    return derivedId(this.state.id, -this.state.playCount);
  }
}
