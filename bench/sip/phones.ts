/** The phones of a benchmark, registered ones and outside ones, over one socket. */
import type { RemoteInfo, Socket } from "node:dgram";
import { stopwatchMs, systemClock, type TimerHandle } from "../../engine/clock.js";
import { systemIds } from "../../engine/ids.js";
import {
  authorization,
  header,
  LOOPBACK,
  request,
  response,
  type SipMessage,
  sdp,
  uriIn,
  userIn,
} from "../../fixtures/harness/sip-message.js";
import { given } from "../../policy/office/optional.js";
import { type CallInProgress, type Key, PATIENCE_MS, RESENDS_MAX, RTP_PORT, T1_MS } from "./call.js";
import { bind, sipSocket } from "./socket.js";

export interface Phone {
  readonly user: string;
  readonly password: string;
}

export interface PhonesOptions {
  readonly port: number;
  /** Where phones sign in. */
  readonly registrar: { readonly host: string; readonly port: number };
  readonly domain: string;
  readonly phones: readonly Phone[];
  /** The call in progress of a caller's number. */
  readonly callOf: (caller: string) => CallInProgress | undefined;
}

/** One phone that rings, or has answered. */
interface Ring {
  readonly invite: SipMessage;
  readonly from: RemoteInfo;
  readonly caller: string;
  readonly tag: string;
  cseq: number;
  over: boolean;
  /** Set while it rings, and while its 200 is not acknowledged. */
  timer: TimerHandle | null;
  answered: boolean;
}

export class Phones {
  readonly #options: PhonesOptions;
  readonly #socket: Socket;
  readonly #rings = new Map<string, Ring>();
  #registering: ((message: SipMessage) => void) | null = null;
  #closed = false;
  /** Answers that had to be sent again. */
  resent = 0;

  private constructor(options: PhonesOptions) {
    this.#options = options;
    this.#socket = sipSocket((message, from) => this.#received(message, from));
  }

  /** Binds the port and signs the phones in. Rejects when the port is taken or the switch refuses. */
  static async open(options: PhonesOptions): Promise<Phones> {
    const phones = new Phones(options);
    await bind(phones.#socket, options.port);
    for (const phone of options.phones) await phones.#register(phone);
    return phones;
  }

  close(): void {
    this.#closed = true;
    for (const ring of this.#rings.values()) this.#stopTimer(ring);
    this.#socket.close();
  }

  /** Phones that ring or talk now. */
  get ringing(): number {
    return this.#rings.size;
  }

  #received(message: SipMessage, from: RemoteInfo): void {
    if (message.status !== 0) {
      if (header(message, "cseq").endsWith(" REGISTER")) this.#registering?.(message);
      return;
    }
    const callId = header(message, "call-id");
    const ring = this.#rings.get(callId);
    switch (message.method) {
      case "INVITE":
        if (ring === undefined) this.#ring(message, from);
        else if (ring.answered) this.#ok(ring);
        else this.#reply(message, from, 180, "Ringing", ring.tag);
        return;
      case "ACK":
        if (ring !== undefined) this.#acknowledged(ring);
        return;
      case "CANCEL":
        this.#reply(message, from, 200, "OK", ring?.tag ?? "p");
        if (ring !== undefined && !ring.answered) {
          this.#reply(ring.invite, ring.from, 487, "Request Terminated", ring.tag);
          this.#released(ring, callId);
        }
        return;
      case "BYE":
        if (ring !== undefined) this.#released(ring, callId);
    }
    this.#reply(message, from, 200, "OK", "p");
  }

  #ring(invite: SipMessage, from: RemoteInfo): void {
    // Outside numbers are written with a plus sign.
    const caller = userIn(header(invite, "from")).replace(/^\+/, "");
    const call = this.#options.callOf(caller);
    const nowMs = stopwatchMs();
    if (call !== undefined) {
      if (call.times.rangMs !== undefined) call.times.rangLastMs = nowMs;
      call.times.rangMs ??= nowMs;
    }
    const ring: Ring = {
      invite,
      from,
      caller,
      tag: systemIds.uuid(),
      cseq: 0,
      over: false,
      timer: null,
      answered: false,
    };
    this.#rings.set(header(invite, "call-id"), ring);
    this.#reply(invite, from, 180, "Ringing", ring.tag);
    const user = userIn(header(invite, "to"));
    const afterMs = call?.plan.answerAfterMs === undefined ? 0 : call.plan.answerAfterMs(user);
    if (afterMs === 0) this.#answer(ring);
    else if (afterMs !== null) ring.timer = systemClock.after(afterMs, () => this.#answer(ring));
  }

  #answer(ring: Ring): void {
    const call = this.#options.callOf(ring.caller);
    if (call !== undefined && call.plan.key === undefined) call.times.acceptedMs ??= stopwatchMs();
    ring.answered = true;
    this.#ok(ring);
    this.#answerAgainLater(ring, 1);
  }

  #ok(ring: Ring): void {
    this.#reply(ring.invite, ring.from, 200, "OK", ring.tag, sdp(RTP_PORT));
  }

  #answerAgainLater(ring: Ring, count: number): void {
    ring.timer = systemClock.after(T1_MS * count, () => {
      this.resent += 1;
      this.#ok(ring);
      if (count < RESENDS_MAX) this.#answerAgainLater(ring, count + 1);
    });
  }

  #acknowledged(ring: Ring): void {
    if (!ring.answered || ring.timer === null) return;
    this.#stopTimer(ring);
    const key = this.#options.callOf(ring.caller)?.plan.key;
    if (key !== undefined) this.#press(ring, key, key.timesMax);
  }

  #stopTimer(ring: Ring): void {
    if (ring.timer !== null) systemClock.cancel(ring.timer);
    ring.timer = null;
  }

  /** Sends the digit by INFO (RFC 6086), as phones without telephone-events do; the switch accepts both. */
  #press(ring: Ring, key: Key, times: number): void {
    systemClock.after(key.afterMs, () => {
      const call = this.#options.callOf(ring.caller);
      if (this.#closed || ring.over || times === 0 || call?.times.answeredMs !== undefined) return;
      const body = `Signal=${key.digit}\r\nDuration=100\r\n`;
      ring.cseq += 1;
      const text = request(
        "INFO",
        uriIn(header(ring.invite, "contact")),
        [
          ["Via", `SIP/2.0/UDP ${LOOPBACK}:${this.#options.port};rport;branch=z9hG4bK${systemIds.uuid()}`],
          ["From", `${header(ring.invite, "to")};tag=${ring.tag}`],
          ["To", header(ring.invite, "from")],
          ["Call-ID", header(ring.invite, "call-id")],
          ["CSeq", `${ring.cseq} INFO`],
          ["Content-Type", "application/dtmf-relay"],
        ],
        body,
      );
      if (call !== undefined) call.times.acceptedMs = stopwatchMs();
      this.#socket.send(text, ring.from.port, ring.from.address);
      this.#press(ring, key, times - 1);
    });
  }

  #released(ring: Ring, callId: string): void {
    ring.over = true;
    this.#stopTimer(ring);
    this.#rings.delete(callId);
  }

  #reply(
    to: SipMessage,
    from: RemoteInfo,
    status: number,
    reason: string,
    tag: string,
    description?: string,
  ): void {
    const contact = `sip:phone@${LOOPBACK}:${this.#options.port}`;
    const text = response(to, status, reason, { tag, contact, ...given({ sdp: description }) });
    this.#socket.send(text, from.port, from.address);
  }

  async #register(phone: Phone): Promise<void> {
    const uri = `sip:${this.#options.domain}`;
    const callId = systemIds.uuid();
    const challenge = await this.#sendRegister(phone, callId, 1, null);
    const proof = authorization(header(challenge, "www-authenticate"), phone, "REGISTER", uri);
    const answer = await this.#sendRegister(phone, callId, 2, proof);
    this.#registering = null;
    if (answer.status !== 200) throw new Error(`REGISTER was answered ${answer.status}`);
  }

  #sendRegister(phone: Phone, callId: string, cseq: number, proof: string | null): Promise<SipMessage> {
    const { domain, port, registrar } = this.#options;
    return new Promise((resolve, reject) => {
      const late = systemClock.after(PATIENCE_MS, () => reject(new Error("no answer to REGISTER")));
      this.#registering = (message) => {
        systemClock.cancel(late);
        resolve(message);
      };
      const text = request("REGISTER", `sip:${domain}`, [
        ["Via", `SIP/2.0/UDP ${LOOPBACK}:${port};rport;branch=z9hG4bK${systemIds.uuid()}`],
        ["From", `<sip:${phone.user}@${domain}>;tag=r`],
        ["To", `<sip:${phone.user}@${domain}>`],
        ["Call-ID", callId],
        ["CSeq", `${cseq} REGISTER`],
        ["Contact", `<sip:${phone.user}@${LOOPBACK}:${port}>`],
        ["Expires", "3600"],
        ...(proof === null ? [] : [["Authorization", proof] as const]),
      ]);
      this.#socket.send(text, registrar.port, registrar.host);
    });
  }
}
