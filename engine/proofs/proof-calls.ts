/**
 * Calls that prove an outside number: the engine dials it, by one carrier after the other, and says a code twice. There is no
 * caller, so these are no calls of the core. They cost as other calls outside do: places, limits and minutes count, and the
 * user who asked pays.
 */
import type { Logger } from "pino";
import { spokenDigits } from "../../policy/mailbox/spoken.js";
import { carrierOfGateway } from "../../policy/office/gateways.js";
import { isCarriersFault } from "../../policy/outside/carrier-answers.js";
import { firstWayOut, wayOutAfter } from "../../policy/outside/carriers.js";
import { limitReached, type OutsideUse, userPays, whyNotOutside } from "../../policy/outside/payer.js";
import { showOutside } from "../../policy/ring/caller-id.js";
import type { Dial } from "../../policy/ring/plan.js";
import type { RoutingTable } from "../../policy/routing/table.js";
import type { NumberProofTable, ProofCall } from "../../storage/accounts/number-proofs.js";
import { toWire } from "../calls/outputs.js";
import type { Clock, TimerHandle } from "../clock.js";
import type { IdSource } from "../ids.js";
import * as commands from "../switch/commands.js";
import { channelId, jobResult } from "../switch/events.js";
import type { SwitchEvent, SwitchLink, WireCommand } from "../switch/wire.js";
import { TableLook } from "../table-look.js";

const LOOK_MS = 1_000;
/** A call that was asked for longer ago is not made: nobody waits for it any more. */
const LATE_MS = 60_000;
const RING_MS = 30_000;
/** The code is said twice in some 25 s; then the call ends, whatever happens. */
const SAY_MS_MAX = 60_000;

export interface ProofCallsDeps {
  readonly link: Pick<SwitchLink, "send">;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Logger;
  readonly store: Pick<NumberProofTable, "hasCalls" | "takeCalls" | "called">;
  readonly table: () => RoutingTable;
  readonly outside: OutsideUse & { dialled(order: { leg: string; dial: Dial }): void };
}

interface Going extends ProofCall {
  readonly gateway: string;
  readonly isSaying: boolean;
  readonly deadline: TimerHandle;
}

export class ProofCalls {
  readonly #deps: ProofCallsDeps;
  /** By the leg's id, which is also that of the job that dials it. */
  readonly #going = new Map<string, Going>();
  readonly #look: TableLook;

  constructor(deps: ProofCallsDeps) {
    this.#deps = deps;
    const { clock, log } = deps;
    this.#look = new TableLook(clock, log, LOOK_MS, "calls that prove a number", () => this.#lookNow());
  }

  linkUp(): void {
    this.#look.start();
  }

  /** Calls that were being made may be, or may not: nothing is said of them, and people ask for another one. */
  linkDown(): void {
    this.#look.stop();
    for (const leg of [...this.#going.keys()]) this.#over(leg, "failed", "connection_lost");
  }

  close(): void {
    this.#look.stop();
    for (const { deadline } of this.#going.values()) this.#deps.clock.cancel(deadline);
    this.#going.clear();
  }

  event(event: SwitchEvent): void {
    const job = jobResult(event);
    const leg = job?.jobId ?? channelId(event) ?? "";
    const going = this.#going.get(leg);
    if (going === undefined) return;
    if (job !== undefined) {
      if (job.ok) this.#say(leg, going);
      else this.#failed(leg, going, job.cause);
    } else if (event["Event-Name"] === "CHANNEL_HANGUP_COMPLETE") {
      // Before its answer the job says what became of it.
      if (going.isSaying) this.#over(leg, "said", null);
    } else if (event["Event-Name"] === "CHANNEL_EXECUTE_COMPLETE" && going.isSaying) this.#hangUp(leg);
  }

  async #lookNow(): Promise<void> {
    const { store, clock } = this.#deps;
    const sinceMs = clock.nowMs() - LATE_MS;
    if (await store.hasCalls(sinceMs)) for (const call of await store.takeCalls(sinceMs)) this.#begin(call);
  }

  #begin(call: ProofCall): void {
    const table = this.#deps.table();
    const payer = userPays(call.username);
    const refusal =
      whyNotOutside(call.number, payer, false, table) ?? limitReached(payer, table, this.#deps.outside);
    if (refusal === null) this.#dial(call, firstWayOut(call.number, table.carriers)?.gateway);
    else this.#said(call.id, "failed", refusal);
  }

  #dial(call: ProofCall, gateway: string | undefined): void {
    if (gateway === undefined) {
      this.#said(call.id, "failed", "no_carrier");
      return;
    }
    const { link, clock, ids, log, outside } = this.#deps;
    const table = this.#deps.table();
    const leg = ids.uuid();
    const dial: Dial = {
      kind: "gateway",
      carrier: gateway,
      number: call.number,
      payer: userPays(call.username),
    };
    const deadline = clock.after(RING_MS + SAY_MS_MAX, () => this.#hangUp(leg));
    this.#going.set(leg, { ...call, gateway, isSaying: false, deadline });
    outside.dialled({ leg, dial });
    log.info({ user: call.username, carrier: gateway }, "a number is called that somebody proves");
    link.send(this.#dialling(leg, dial, call.username, table), (reply) => {
      if (reply.outcome !== "ok") this.#over(leg, "failed", "switch_refused");
    });
  }

  /** As a leg of a call that the user makes. */
  #dialling(leg: string, dial: Dial, username: string, table: RoutingTable): WireCommand {
    const { ids } = this.#deps;
    const shown = showOutside(
      {
        ...{ callerNumber: table.lowestNumber() ?? "anonymous", callerName: table.settings.name },
        ...{ called: null, prefix: null, payer: null, emergency: false },
        from: { username, device: null },
      },
      table,
      false,
    );
    return toWire(
      {
        ...{ type: "dial", leg, dial, native: false, station: 0, codecs: "", deadmanMs: RING_MS },
        ...shown,
      },
      {
        // Its own mark: no caller has this leg.
        callId: leg,
        country: table.settings.country,
        carrierOf: (gateway) => carrierOfGateway(gateway, table.carriers),
        recordings: "",
        freshId: () => ids.uuid(),
        savedState: () => "",
      },
    );
  }

  #say(leg: string, going: Going): void {
    if (going.isSaying) return;
    this.#going.set(leg, { ...going, isSaying: true });
    const code = spokenDigits(going.code);
    const sounds = ["proof-intro", ...code, "proof-again", ...code, "proof-end"].map((name) => `${name}.wav`);
    const { link, ids } = this.#deps;
    this.#said(going.id, "said", null);
    link.send(commands.playback(leg, sounds, ids.uuid()), (reply) => {
      if (reply.outcome === "refused") this.#over(leg, "failed", "switch_refused");
    });
  }

  /** The next carrier is tried while the first could not ring the phone; who is busy or declines is not called again. */
  #failed(leg: string, going: Going, cause: string): void {
    this.#forget(leg);
    const { table } = this.#deps;
    const next = isCarriersFault({ cause })
      ? wayOutAfter(going.gateway, going.number, table().carriers)?.gateway
      : undefined;
    if (next !== undefined) this.#dial(going, next);
    else this.#said(going.id, "failed", cause.toLowerCase());
  }

  #hangUp(leg: string): void {
    if (!this.#going.has(leg)) return;
    this.#deps.link.send(commands.kill(leg, "NORMAL_CLEARING"), () => {});
    this.#over(leg, this.#going.get(leg)?.isSaying === true ? "said" : "failed", null);
  }

  #over(leg: string, state: "said" | "failed", why: string | null): void {
    const going = this.#going.get(leg);
    if (going === undefined) return;
    this.#forget(leg);
    this.#said(going.id, state, why);
  }

  #forget(leg: string): void {
    const going = this.#going.get(leg);
    if (going !== undefined) this.#deps.clock.cancel(going.deadline);
    this.#going.delete(leg);
  }

  #said(id: string, state: "said" | "failed", why: string | null): void {
    const { store, log } = this.#deps;
    store.called(id, state, why).catch((error: unknown) => {
      log.error({ err: error }, "what became of a call that proves a number cannot be written");
    });
  }
}
