/**
 * Calls that people ask for in a page: the user's own phones ring, and the one that is answered first dials, so that from then
 * on it is a call of that phone as any other. A call is rung once: it is written down before the switch is told. Until a
 * phone is answered the switch alone keeps the time, so that nothing rings for ever without an engine; an engine that starts
 * goes on with what it finds.
 */
import type { Logger } from "pino";
import { clickLeads } from "../../policy/call/click-to-call.js";
import { derivedId } from "../../policy/call/derived-id.js";
import type { CallState } from "../../policy/call/state.js";
import type { Contact } from "../../policy/call/world.js";
import type { User } from "../../policy/office/office.js";
import { given } from "../../policy/office/optional.js";
import type { OutsideUse } from "../../policy/outside/payer.js";
import type { RoutingTable } from "../../policy/routing/table.js";
import type { ClickCall, ClickCallTable, ClickNews } from "../../storage/click-calls.js";
import { CLICK_TO_VARIABLE, CLICK_VARIABLE, CONTEXT_PHONES } from "../calls/switch-contract.js";
import type { Clock, TimerHandle } from "../clock.js";
import * as commands from "../switch/commands.js";
import { channelId, type JobResult, jobResult } from "../switch/events.js";
import type { SwitchEvent, SwitchLink } from "../switch/wire.js";
import { TableLook } from "../table-look.js";
import { endedAs, unanswered } from "./endings.js";

/** People wait in front of their screen. */
const LOOK_MS = 250;
/** A call that was asked for longer ago is not made: whoever asked has gone on. */
export const CLICK_LATE_MS = 5_000;
/** How long the user's own phones ring. */
export const OWN_RING_MS = 25_000;
/** What was not seen to end is looked for when it must have ended, and so often again. */
const SETTLE_MS = 2_000;
/** The same of a call that is carried, and so tells its end itself. */
const CALLING_MS = 10_000;
/** Looks in a row that find no channel: one that is being made may not be there yet. */
const LOOKS_TO_BE_GONE = 2;
/** Phones that ring together, of all devices. */
const LEGS_MAX = 16;

export interface ClickCallsDeps {
  readonly link: Pick<SwitchLink, "send">;
  readonly clock: Clock;
  readonly log: Logger;
  readonly store: Pick<ClickCallTable, "open" | "rings" | "became">;
  readonly table: () => RoutingTable;
  readonly contactsOf: (sipName: string) => readonly Contact[];
  readonly outside: OutsideUse;
  /** More calls arrive than are carried. */
  readonly isFull: () => boolean;
  /** The call of this channel, which this engine carries; `soon`: it is about to take it over. */
  readonly callOf: (channel: string) => CallState | "soon" | undefined;
}

/** A call that has not ended. */
interface Going {
  readonly id: string;
  readonly legs: readonly string[];
  state: ClickNews["state"];
  /** The leg that was answered first; null: none was, or nobody has seen it. */
  winner: string | null;
  /** Legs whose end was seen. */
  readonly gone: Set<string>;
  isStopped: boolean;
  /** Looks in a row that have found no channel. */
  misses: number;
  settle: TimerHandle | undefined;
}

export class ClickCalls {
  readonly #deps: ClickCallsDeps;
  readonly #look: TableLook;
  readonly #going = new Map<string, Going>();
  /** By channel. */
  readonly #byLeg = new Map<string, Going>();
  #takesNew = true;
  #isUp = false;

  constructor(deps: ClickCallsDeps) {
    this.#deps = deps;
    this.#look = new TableLook(deps.clock, deps.log, LOOK_MS, "the calls that people ask for in a page", () =>
      this.#lookNow(),
    );
  }

  /** What was going on before is found out: its end may have come meanwhile. */
  linkUp(): void {
    this.#isUp = true;
    this.#look.start();
    for (const going of this.#going.values()) this.#settleIn(going, SETTLE_MS);
  }

  linkDown(): void {
    this.#isUp = false;
    this.#look.stop();
    for (const going of this.#going.values()) this.#keepTime(going, undefined);
  }

  takeNoMore(): void {
    this.#takesNew = false;
  }

  close(): void {
    this.linkDown();
    this.#going.clear();
    this.#byLeg.clear();
  }

  event(event: SwitchEvent): void {
    const job = jobResult(event);
    if (job !== undefined) {
      const going = this.#going.get(job.jobId);
      if (going !== undefined) this.#rung(going, job);
      return;
    }
    const channel = channelId(event) ?? "";
    const going = this.#byLeg.get(channel);
    if (going === undefined) return;
    if (event["Event-Name"] === "CHANNEL_HANGUP_COMPLETE") this.#legGone(going, channel);
    // The kill came before the switch had made the channel.
    else if (going.isStopped && going.state !== "connected") this.#kill(channel);
  }

  /** A call has handled an input. */
  called(state: CallState): void {
    const going = this.#byLeg.get(state.id);
    if (going === undefined) return;
    going.winner = state.id;
    const { kind } = state.phase;
    if (kind === "ended") {
      const isStopped = going.isStopped && state.ending?.kind === "missed";
      this.#became(going, { state: "ended", ...(isStopped ? STOPPED : endedAs(state)), call: state.id });
    } else if (kind === "connected") this.#became(going, { state: "connected", call: state.id });
    else {
      this.#became(going, { state: "calling", call: state.id });
      if (going.isStopped) this.#kill(state.id);
    }
  }

  async #lookNow(): Promise<void> {
    for (const call of await this.#deps.store.open()) {
      if (!this.#isUp) return;
      if (call.state === "asked") await this.#begin(call);
      else if (!this.#going.has(call.id)) this.#settleIn(this.#goOn(call), SETTLE_MS);
      if (call.isStopped) this.#stop(call.id);
    }
  }

  async #begin(call: ClickCall): Promise<void> {
    if (!this.#takesNew) return;
    const { clock, store, log } = this.#deps;
    if (clock.nowMs() - call.askedMs > CLICK_LATE_MS) {
      await store.became(call.id, { state: "ended", reason: "too_late" });
      return;
    }
    const planned = this.#plan(call);
    if ("state" in planned) {
      await store.became(call.id, planned);
      return;
    }
    // Another second in the database would be too long for whoever is rung and has gone on.
    if (
      !(await store.rings(
        call.id,
        planned.legs.map(({ legId }) => legId),
      )) ||
      !this.#isUp
    )
      return;
    log.info(
      { click: call.id, user: call.username, phones: planned.legs.length },
      "a user's phones ring for a call",
    );
    const going = this.#goOn({ ...call, state: "ringing_you", legs: planned.legs.map(({ legId }) => legId) });
    this.#settleIn(going, OWN_RING_MS + SETTLE_MS);
    this.#deps.link.send(commands.originateToDialplan(planned), ({ outcome }) => {
      if (outcome === "refused")
        this.#became(going, { state: "ended", reason: "failed", why: "switch_refused" });
      else if (outcome === "unknown") this.#settleIn(going, SETTLE_MS);
    });
  }

  /** What the switch is told, or why it is not. */
  #plan({ id, username, dialled, device }: ClickCall): commands.OwnPhonesOptions | ClickNews {
    const { table, outside, isFull } = this.#deps;
    const office = table();
    const user = office.user(username);
    if (user === undefined || user.suspended === true) return refused("permission");
    if (isFull()) return refused("too_many_calls");
    const leads = clickLeads(dialled, username, { office, outside });
    if (leads.kind === "refused") return refused(leads.why);
    const legs = this.#legs(id, user, device);
    if (legs.length === 0) return { state: "ended", reason: "no_device" };
    return {
      ...{ jobId: id, legs, timeoutMs: OWN_RING_MS },
      ...{ callerName: `Ringline: ${leads.name}`, callerNumber: leads.called },
      variables: { [CLICK_VARIABLE]: id, [CLICK_TO_VARIABLE]: leads.dialled },
      ...{ dialled: leads.dialled, context: CONTEXT_PHONES },
    };
  }

  /** Every contact of the user's phones, or of one of them. An outside phone is none: the user could not dial there. */
  #legs(id: string, { devices }: User, wanted: string | null): commands.OwnPhoneLeg[] {
    const contacts = devices
      .filter((device) => wanted === null || device.id === wanted)
      .flatMap(({ at, srtp }) => {
        if (at.kind !== "sip") return [];
        return this.#deps.contactsOf(at.name).map(({ url }) => ({ sip: at.name, url, srtp }));
      });
    return contacts.slice(0, LEGS_MAX).map(({ sip, url, srtp }, n) => ({
      legId: derivedId(id, n + 1),
      dial: { kind: "contact", url, ...given({ srtp }) },
      variables: { [commands.PHONE_VARIABLE]: sip },
    }));
  }

  #goOn(call: Pick<ClickCall, "id" | "legs" | "state">): Going {
    const going: Going = {
      ...{ id: call.id, legs: call.legs },
      state: call.state === "asked" ? "ringing_you" : call.state,
      ...{ winner: null, gone: new Set<string>(), isStopped: false, misses: 0, settle: undefined },
    };
    this.#going.set(going.id, going);
    for (const leg of going.legs) this.#byLeg.set(leg, going);
    return going;
  }

  /** The job is over: somebody has answered, or nobody. */
  #rung(going: Going, job: JobResult): void {
    if (going.state !== "ringing_you") return;
    if (!job.ok) {
      this.#became(going, { state: "ended", ...(going.isStopped ? STOPPED : unanswered(job.cause)) });
      return;
    }
    going.winner = job.text;
    this.#became(going, { state: "calling" });
    if (going.gone.has(job.text)) this.#leftAlone(going);
    else if (going.isStopped) this.#kill(job.text);
  }

  #legGone(going: Going, channel: string): void {
    going.gone.add(channel);
    if (channel === going.winner) this.#leftAlone(going);
  }

  /** The channel that was answered has ended. If it has become a call, that call tells how. */
  #leftAlone(going: Going): void {
    if (this.#deps.callOf(going.winner ?? "") !== undefined) return;
    this.#became(going, { state: "ended", ...(going.isStopped ? STOPPED : { reason: "you_hung_up" }) });
  }

  /** Said again with each look until the call has ended, since a command may be lost. */
  #stop(id: string): void {
    const going = this.#going.get(id);
    if (going === undefined || going.state === "connected") return;
    going.isStopped = true;
    for (const leg of going.legs) if (!going.gone.has(leg)) this.#kill(leg);
  }

  #kill(leg: string): void {
    this.#deps.link.send(commands.kill(leg, "ORIGINATOR_CANCEL"), () => {});
  }

  /** Asks the switch for the channels of a call whose end may have been missed. */
  #settleIn(going: Going, ms: number): void {
    if (!this.#isUp) return;
    this.#keepTime(
      going,
      this.#deps.clock.after(ms, () => this.#settle(going)),
    );
  }

  #keepTime(going: Going, timer: TimerHandle | undefined): void {
    if (going.settle !== undefined) this.#deps.clock.cancel(going.settle);
    going.settle = timer;
  }

  #settle(going: Going): void {
    this.#keepTime(going, undefined);
    const { link, callOf } = this.#deps;
    const call = going.legs.map(callOf).find((found) => found !== undefined);
    if (call !== undefined) {
      going.misses = 0;
      if (call !== "soon") this.called(call);
      this.#settleIn(going, CALLING_MS);
      return;
    }
    let left = going.legs.length;
    let isMissed = true;
    const looked = () => {
      if (this.#going.get(going.id) !== going) return;
      going.misses = isMissed ? going.misses + 1 : 0;
      if (going.misses >= LOOKS_TO_BE_GONE) this.#became(going, { state: "ended", reason: "interrupted" });
      else this.#settleIn(going, SETTLE_MS);
    };
    if (left === 0) looked();
    for (const leg of going.legs)
      link.send(commands.exists(leg), ({ outcome, text }) => {
        if (outcome !== "ok" || text.trim() !== "false") isMissed = false;
        left -= 1;
        if (left === 0) looked();
      });
  }

  #became(going: Going, news: ClickNews): void {
    const { store, log } = this.#deps;
    const isNews = news.state !== going.state;
    going.state = news.state;
    if (news.state === "ended") {
      this.#keepTime(going, undefined);
      this.#going.delete(going.id);
      for (const leg of going.legs) this.#byLeg.delete(leg);
    }
    if (!isNews) return;
    store.became(going.id, news).catch((error: unknown) => {
      log.error({ err: error }, "what became of a call that somebody asked for cannot be written");
    });
  }
}

const STOPPED = { reason: "stopped" } as const;

function refused(why: string): ClickNews {
  return { state: "ended", reason: "refused", why };
}
