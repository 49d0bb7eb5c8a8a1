/**
 * A caller and a phone in one process with one clock, so that the time from the INVITE into the switch to the INVITE out
 * of it is measured outside both switch and engine. Only callers with a voice send RTP: media costs the same, whether
 * the engine or the dialplan routes the call.
 */

import { createSocket, type Socket } from "node:dgram";
import { stopwatchMs, systemClock, type TimerHandle } from "../engine/clock.js";
import { systemIds } from "../engine/ids.js";
import { type MediaAddress, readMedia } from "../fixtures/harness/sdp.js";
import {
  authorization,
  header,
  LOOPBACK,
  parse,
  request,
  response,
  type SipMessage,
  sdp,
  uriIn,
  userIn,
} from "../fixtures/harness/sip-message.js";
import { given } from "../policy/office/optional.js";

/** T1 of RFC 3261 section 17.1.1.1: packets lost on the loopback to a full buffer are sent again. */
const T1_MS = 500;
const RESENDS_MAX = 6;
/** After this time without an answer the call counts as failed. */
const GIVE_UP_MS = 10_000;
/** The RTP port of callers without a voice; nothing is sent there. */
const RTP_PORT = 9;
/** Big enough for a burst of answers while this process is not scheduled. */
const RECEIVE_BYTES = 4_194_304;

/** When a call reached each stage, by `stopwatchMs`; undefined: it did not. */
export interface CallTimes {
  invitedMs: number;
  /** The INVITE came out of the switch at the phone. */
  rangMs?: number;
  /** The phone accepted: it sent its 200, or pressed its key. */
  acceptedMs?: number;
  /** The caller saw 200. */
  answeredMs?: number;
  endedMs?: number;
  /** The final status other than 200, or why it failed. */
  failure?: string;
}

export interface CallPlan {
  readonly number: string;
  /** Unique among the calls in progress: the phone tells calls apart by it. */
  readonly caller: string;
  /** From the 200 until the caller hangs up; with a voice, the longest wait for its end. */
  readonly talkMs: number;
  readonly voice?: Voice;
  /** The key that the phone presses after its 200, and again until the call is answered; left out: none. */
  readonly key?: Key;
}

/** A caller who sends and receives audio. */
export interface Voice {
  /** Where this caller wants its RTP. */
  readonly port: number;
  /** Called once when the call is answered; the caller hangs up when it resolves. */
  talk(to: MediaAddress): Promise<void>;
}

export interface Key {
  readonly digit: string;
  readonly afterMs: number;
  readonly timesMax: number;
}

export interface PairOptions {
  readonly callerPort: number;
  readonly phonePort: number;
  readonly switchPort: { readonly phones: number; readonly carriers: number };
  readonly domain: string;
  readonly phone: { readonly user: string; readonly password: string };
}

interface Dialog {
  readonly plan: CallPlan;
  readonly callId: string;
  readonly times: CallTimes;
  readonly done: (times: CallTimes) => void;
  readonly resends: Map<string, TimerHandle>;
  to: string;
  target: string;
}

/** The state of a call that the phone answered. */
interface Ring {
  readonly invite: SipMessage;
  readonly caller: string;
  readonly tag: string;
  cseq: number;
  over: boolean;
  resend: TimerHandle | null;
}

export class SipPair {
  readonly #options: PairOptions;
  readonly #caller: Socket;
  readonly #phone: Socket;
  readonly #calls = new Map<string, Dialog>();
  readonly #byCaller = new Map<string, Dialog>();
  readonly #rings = new Map<string, Ring>();
  #registering: ((message: SipMessage) => void) | null = null;
  #closed = false;
  /** Requests that had to be sent again. */
  resent = 0;

  private constructor(options: PairOptions) {
    this.#options = options;
    this.#caller = socket((text) => this.#atCaller(text));
    this.#phone = socket((text) => this.#atPhone(text));
  }

  /** Binds both ports and signs the phone in. Rejects when a port is taken or the switch refuses. */
  static async open(options: PairOptions): Promise<SipPair> {
    const pair = new SipPair(options);
    await bind(pair.#caller, options.callerPort);
    await bind(pair.#phone, options.phonePort);
    await pair.#register();
    return pair;
  }

  close(): void {
    this.#closed = true;
    for (const dialog of this.#calls.values())
      for (const timer of dialog.resends.values()) systemClock.cancel(timer);
    for (const ring of this.#rings.values()) if (ring.resend !== null) systemClock.cancel(ring.resend);
    this.#caller.close();
    this.#phone.close();
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
        target: `sip:${plan.number}@${LOOPBACK}:${this.#options.switchPort.carriers}`,
      };
      this.#calls.set(dialog.callId, dialog);
      this.#byCaller.set(plan.caller, dialog);
      this.#send(dialog, "INVITE", "1 INVITE", sdp(plan.voice?.port ?? RTP_PORT));
      systemClock.after(GIVE_UP_MS + plan.talkMs, () => this.#over(dialog, "no end in time"));
    });
  }

  #send(dialog: Dialog, method: string, cseq: string, body = ""): void {
    const text = request(
      method,
      dialog.target,
      [
        [
          "Via",
          `SIP/2.0/UDP ${LOOPBACK}:${this.#options.callerPort};rport;branch=z9hG4bK${dialog.callId}.${cseq.replace(/ .*/, "")}`,
        ],
        ["From", `"Bench" <sip:${dialog.plan.caller}@${LOOPBACK}>;tag=c`],
        ["To", dialog.to],
        ["Call-ID", dialog.callId],
        ["CSeq", cseq],
        ["Contact", `<sip:${dialog.plan.caller}@${LOOPBACK}:${this.#options.callerPort}>`],
        ...(body === "" ? [] : [["Content-Type", "application/sdp"] as const]),
      ],
      body,
    );
    const send = () => this.#caller.send(text, this.#options.switchPort.carriers, LOOPBACK);
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

  #over(dialog: Dialog, failure?: string): void {
    if (this.#calls.get(dialog.callId) !== dialog) return;
    for (const cseq of [...dialog.resends.keys()]) this.#answered(dialog, cseq);
    if (failure !== undefined) dialog.times.failure = failure;
    dialog.times.endedMs = stopwatchMs();
    this.#calls.delete(dialog.callId);
    this.#byCaller.delete(dialog.plan.caller);
    dialog.done(dialog.times);
  }

  #atCaller(text: string): void {
    const message = parse(text);
    const dialog = message === null ? undefined : this.#calls.get(header(message, "call-id"));
    if (message === null) return;
    if (message.method !== "") {
      const own = { tag: "c", contact: `sip:bench@${LOOPBACK}:${this.#options.callerPort}` };
      this.#caller.send(response(message, 200, "OK", own), this.#options.switchPort.carriers, LOOPBACK);
      if (message.method === "BYE" && dialog !== undefined) this.#over(dialog, "the switch hung up");
      return;
    }
    if (dialog === undefined) return;
    const cseq = header(message, "cseq");
    this.#answered(dialog, cseq);
    if (message.status < 200) return;
    if (cseq === "2 BYE") this.#over(dialog);
    else if (message.status === 200) this.#talk(dialog, message);
    else {
      dialog.to = header(message, "to");
      this.#send(dialog, "ACK", "1 ACK");
      this.#over(dialog, String(message.status));
    }
  }

  #talk(dialog: Dialog, ok: SipMessage): void {
    const again = dialog.times.answeredMs !== undefined;
    dialog.times.answeredMs ??= stopwatchMs();
    dialog.to = header(ok, "to");
    dialog.target = uriIn(header(ok, "contact"));
    this.#send(dialog, "ACK", "1 ACK");
    if (again) return;
    const { voice, talkMs } = dialog.plan;
    const media = readMedia(ok.body);
    if (voice === undefined || media === null) systemClock.after(talkMs, () => this.#hangUp(dialog));
    else void voice.talk(media).then(() => this.#hangUp(dialog));
  }

  #hangUp(dialog: Dialog): void {
    if (this.#calls.has(dialog.callId)) this.#send(dialog, "BYE", "2 BYE");
  }

  #atPhone(text: string): void {
    const message = parse(text);
    if (message === null) return;
    if (message.status !== 0) {
      if (header(message, "cseq").endsWith(" REGISTER")) this.#registering?.(message);
      return;
    }
    const ring = this.#rings.get(header(message, "call-id"));
    switch (message.method) {
      case "INVITE":
        this.#ring(message, ring);
        return;
      case "ACK":
        if (ring !== undefined) this.#acknowledged(ring);
        return;
      case "CANCEL":
      case "BYE":
        if (ring !== undefined) this.#released(ring, header(message, "call-id"));
    }
    this.#reply(message, 200, "OK", "p");
  }

  #ring(invite: SipMessage, known: Ring | undefined): void {
    if (known === undefined) {
      const caller = userIn(header(invite, "from"));
      const call = this.#byCaller.get(caller);
      const times = call?.times;
      if (times !== undefined) times.rangMs = stopwatchMs();
      const ring: Ring = { invite, caller, tag: systemIds.uuid(), cseq: 0, over: false, resend: null };
      this.#rings.set(header(invite, "call-id"), ring);
      this.#reply(invite, 180, "Ringing", ring.tag);
      if (times !== undefined && call?.plan.key === undefined) times.acceptedMs = stopwatchMs();
      this.#reply(invite, 200, "OK", ring.tag, sdp(RTP_PORT));
      this.#answerAgainLater(ring, 1);
    } else this.#reply(invite, 200, "OK", known.tag, sdp(RTP_PORT));
  }

  #answerAgainLater(ring: Ring, count: number): void {
    ring.resend = systemClock.after(T1_MS * count, () => {
      this.resent += 1;
      this.#reply(ring.invite, 200, "OK", ring.tag, sdp(RTP_PORT));
      if (count < RESENDS_MAX) this.#answerAgainLater(ring, count + 1);
    });
  }

  #acknowledged(ring: Ring): void {
    if (ring.resend === null) return;
    systemClock.cancel(ring.resend);
    ring.resend = null;
    const key = this.#byCaller.get(ring.caller)?.plan.key;
    if (key !== undefined) this.#press(ring, key, key.timesMax);
  }

  /** Sends the digit by INFO (RFC 6086), as phones without telephone-events do; the switch accepts both. */
  #press(ring: Ring, key: Key, times: number): void {
    systemClock.after(key.afterMs, () => {
      const call = this.#byCaller.get(ring.caller);
      if (this.#closed || ring.over || times === 0 || call?.times.answeredMs !== undefined) return;
      const body = `Signal=${key.digit}\r\nDuration=100\r\n`;
      ring.cseq += 1;
      const { phonePort, switchPort } = this.#options;
      const text = request(
        "INFO",
        uriIn(header(ring.invite, "contact")),
        [
          ["Via", `SIP/2.0/UDP ${LOOPBACK}:${phonePort};rport;branch=z9hG4bK${systemIds.uuid()}`],
          ["From", `${header(ring.invite, "to")};tag=${ring.tag}`],
          ["To", header(ring.invite, "from")],
          ["Call-ID", header(ring.invite, "call-id")],
          ["CSeq", `${ring.cseq} INFO`],
          ["Content-Type", "application/dtmf-relay"],
        ],
        body,
      );
      if (call !== undefined) call.times.acceptedMs = stopwatchMs();
      this.#phone.send(text, switchPort.phones, LOOPBACK);
      this.#press(ring, key, times - 1);
    });
  }

  #released(ring: Ring, callId: string): void {
    ring.over = true;
    if (ring.resend !== null) systemClock.cancel(ring.resend);
    this.#rings.delete(callId);
  }

  #reply(to: SipMessage, status: number, reason: string, tag: string, description?: string): void {
    const own = {
      tag,
      contact: `sip:${this.#options.phone.user}@${LOOPBACK}:${this.#options.phonePort}`,
      ...given({ sdp: description }),
    };
    this.#phone.send(response(to, status, reason, own), this.#options.switchPort.phones, LOOPBACK);
  }

  async #register(): Promise<void> {
    const { domain, phone, phonePort, switchPort } = this.#options;
    const uri = `sip:${domain}`;
    const callId = systemIds.uuid();
    const attempt = (cseq: number, proof: string | null): Promise<SipMessage> =>
      new Promise((resolve, reject) => {
        const late = systemClock.after(GIVE_UP_MS, () => reject(new Error("no answer to REGISTER")));
        this.#registering = (message) => {
          systemClock.cancel(late);
          resolve(message);
        };
        const text = request("REGISTER", uri, [
          ["Via", `SIP/2.0/UDP ${LOOPBACK}:${phonePort};rport;branch=z9hG4bK${systemIds.uuid()}`],
          ["From", `<sip:${phone.user}@${domain}>;tag=r`],
          ["To", `<sip:${phone.user}@${domain}>`],
          ["Call-ID", callId],
          ["CSeq", `${cseq} REGISTER`],
          ["Contact", `<sip:${phone.user}@${LOOPBACK}:${phonePort}>`],
          ["Expires", "3600"],
          ...(proof === null ? [] : [["Authorization", proof] as const]),
        ]);
        this.#phone.send(text, switchPort.phones, LOOPBACK);
      });
    const challenge = await attempt(1, null);
    const proof = authorization(header(challenge, "www-authenticate"), phone, "REGISTER", uri);
    const answer = await attempt(2, proof);
    this.#registering = null;
    if (answer.status !== 200) throw new Error(`REGISTER was answered ${answer.status}`);
  }
}

function socket(received: (text: string) => void): Socket {
  const made = createSocket({ type: "udp4", recvBufferSize: RECEIVE_BYTES });
  made.on("message", (data) => received(data.toString("latin1")));
  return made;
}

function bind(bound: Socket, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    bound.once("error", reject);
    bound.bind(port, LOOPBACK, () => resolve());
  });
}
