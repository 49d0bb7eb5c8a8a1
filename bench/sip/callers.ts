/** The callers of a benchmark, over one socket: each invites, talks and hangs up, or cancels when nobody answers. */
import type { RemoteInfo, Socket } from "node:dgram";
import { stopwatchMs, systemClock, type TimerHandle } from "../../engine/clock.js";
import { systemIds } from "../../engine/ids.js";
import { readMedia } from "../../fixtures/harness/sdp.js";
import {
  header,
  LOOPBACK,
  request,
  response,
  type SipMessage,
  sdp,
  uriIn,
} from "../../fixtures/harness/sip-message.js";
import {
  type CallInProgress,
  type CallPlan,
  type CallTimes,
  GAVE_UP,
  PATIENCE_MS,
  RESENDS_MAX,
  RTP_PORT,
  STUCK,
  T1_MS,
} from "./call.js";
import { bind, sipSocket } from "./socket.js";

/** From CANCEL or BYE to the final answer. */
const END_MS = 10_000;

interface Dialog extends CallInProgress {
  readonly callId: string;
  readonly done: (times: CallTimes) => void;
  readonly resends: Map<string, TimerHandle>;
  to: string;
  target: string;
  /** Fires when the caller has waited long enough, and then when the end has taken too long. */
  patience: TimerHandle | null;
}

export class Callers {
  readonly #socket: Socket;
  readonly #port: number;
  readonly #switch: { readonly host: string; readonly port: number };
  readonly #calls = new Map<string, Dialog>();
  readonly #byCaller = new Map<string, Dialog>();
  /** Requests that had to be sent again. */
  resent = 0;

  private constructor(port: number, theSwitch: { readonly host: string; readonly port: number }) {
    this.#port = port;
    this.#switch = theSwitch;
    this.#socket = sipSocket((message, from) => this.#received(message, from));
  }

  /** @param theSwitch where carriers send calls to */
  static async open(
    port: number,
    theSwitch: { readonly host: string; readonly port: number },
  ): Promise<Callers> {
    const callers = new Callers(port, theSwitch);
    await bind(callers.#socket, port);
    return callers;
  }

  close(): void {
    for (const dialog of this.#calls.values()) this.#stopTimers(dialog);
    this.#socket.close();
  }

  /** The call in progress of this caller's number. */
  of(caller: string): CallInProgress | undefined {
    return this.#byCaller.get(caller);
  }

  /** Calls, talks, hangs up; resolves with the times when the call is over, also if it failed. */
  call(plan: CallPlan): Promise<CallTimes> {
    return new Promise((done) => {
      const dialog: Dialog = {
        plan,
        callId: systemIds.uuid(),
        times: { invitedMs: stopwatchMs() },
        done,
        resends: new Map(),
        to: `<sip:${plan.number}@${LOOPBACK}>`,
        target: `sip:${plan.number}@${this.#switch.host}:${this.#switch.port}`,
        patience: systemClock.after(plan.patienceMs ?? PATIENCE_MS, () => this.#giveUp(dialog)),
      };
      this.#calls.set(dialog.callId, dialog);
      this.#byCaller.set(plan.caller, dialog);
      this.#send(dialog, "INVITE", "1 INVITE", sdp(plan.voice?.port ?? RTP_PORT));
      void plan.cancelled?.then(() => this.#giveUp(dialog));
    });
  }

  #send(dialog: Dialog, method: string, cseq: string, body = ""): void {
    const { callId, plan } = dialog;
    // CANCEL has the branch of its INVITE (RFC 3261 section 9.1), which is that of the same CSeq number here.
    const branch = `z9hG4bK${callId}.${cseq.replace(/ .*/, "")}`;
    const text = request(
      method,
      dialog.target,
      [
        ["Via", `SIP/2.0/UDP ${LOOPBACK}:${this.#port};rport;branch=${branch}`],
        ["From", `"Bench" <sip:${plan.caller}@${LOOPBACK}>;tag=c`],
        ["To", dialog.to],
        ["Call-ID", callId],
        ["CSeq", cseq],
        ["Contact", `<sip:${plan.caller}@${LOOPBACK}:${this.#port}>`],
        ...(body === "" ? [] : [["Content-Type", "application/sdp"] as const]),
      ],
      body,
    );
    const send = () => this.#socket.send(text, this.#switch.port, this.#switch.host);
    send();
    if (method !== "ACK") this.#resendLater(dialog, cseq, send, 1);
  }

  #resendLater(dialog: Dialog, cseq: string, send: () => void, count: number): void {
    const timer = systemClock.after(T1_MS * count, () => {
      this.resent += 1;
      send();
      if (count < RESENDS_MAX) this.#resendLater(dialog, cseq, send, count + 1);
    });
    dialog.resends.set(cseq, timer);
  }

  #answered(dialog: Dialog, cseq: string): void {
    const timer = dialog.resends.get(cseq);
    if (timer !== undefined) systemClock.cancel(timer);
    dialog.resends.delete(cseq);
  }

  #giveUp(dialog: Dialog): void {
    if (this.#calls.get(dialog.callId) !== dialog || dialog.times.answeredMs !== undefined) return;
    dialog.times.failure = GAVE_UP;
    this.#answered(dialog, "1 INVITE");
    this.#send(dialog, "CANCEL", "1 CANCEL");
    this.#endWithin(dialog);
  }

  #endWithin(dialog: Dialog): void {
    if (dialog.patience !== null) systemClock.cancel(dialog.patience);
    dialog.patience = systemClock.after(END_MS, () => this.#over(dialog, STUCK));
  }

  #stopTimers(dialog: Dialog): void {
    for (const cseq of [...dialog.resends.keys()]) this.#answered(dialog, cseq);
    if (dialog.patience !== null) systemClock.cancel(dialog.patience);
  }

  #over(dialog: Dialog, failure?: string): void {
    if (this.#calls.get(dialog.callId) !== dialog) return;
    this.#stopTimers(dialog);
    if (failure !== undefined) dialog.times.failure = failure;
    dialog.times.endedMs = stopwatchMs();
    this.#calls.delete(dialog.callId);
    this.#byCaller.delete(dialog.plan.caller);
    dialog.done(dialog.times);
  }

  #received(message: SipMessage, from: RemoteInfo): void {
    const dialog = this.#calls.get(header(message, "call-id"));
    if (message.method !== "") {
      const own = { tag: "c", contact: `sip:bench@${LOOPBACK}:${this.#port}` };
      this.#socket.send(response(message, 200, "OK", own), from.port, from.address);
      if (message.method === "BYE" && dialog !== undefined) this.#over(dialog, "the switch hung up");
      return;
    }
    if (dialog === undefined) return;
    const cseq = header(message, "cseq");
    this.#answered(dialog, cseq);
    if (message.status < 200) return;
    if (cseq === "2 BYE") this.#over(dialog);
    else if (cseq === "1 INVITE") this.#final(dialog, message);
  }

  #final(dialog: Dialog, message: SipMessage): void {
    if (message.status === 200) {
      this.#talk(dialog, message);
      return;
    }
    dialog.to = header(message, "to");
    this.#send(dialog, "ACK", "1 ACK");
    this.#over(dialog, dialog.times.failure ?? String(message.status));
  }

  #talk(dialog: Dialog, ok: SipMessage): void {
    const again = dialog.times.answeredMs !== undefined;
    dialog.to = header(ok, "to");
    dialog.target = uriIn(header(ok, "contact"));
    this.#send(dialog, "ACK", "1 ACK");
    if (again) return;
    dialog.times.answeredMs = stopwatchMs();
    if (dialog.patience !== null) systemClock.cancel(dialog.patience);
    dialog.patience = null;
    // The answer has crossed the CANCEL: hang up (RFC 3261 section 9.1).
    if (dialog.times.failure !== undefined) this.#hangUp(dialog);
    else this.#speak(dialog, ok);
  }

  #speak(dialog: Dialog, ok: SipMessage): void {
    const { voice, talkMs } = dialog.plan;
    const media = readMedia(ok.body);
    if (voice === undefined || media === null) systemClock.after(talkMs, () => this.#hangUp(dialog));
    else void voice.talk(media).then(() => this.#hangUp(dialog));
  }

  #hangUp(dialog: Dialog): void {
    if (!this.#calls.has(dialog.callId)) return;
    this.#send(dialog, "BYE", "2 BYE");
    this.#endWithin(dialog);
  }
}
