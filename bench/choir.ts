/**
 * The audio of many callers of a mailbox over one port (RTP, RFC 3550, G.711): each hears the greeting and the tone,
 * then sends a tone of its own and leaves. One socket and one timer serve all callers, so that hundreds of them take
 * little CPU time from the switch.
 */
import { createSocket, type Socket } from "node:dgram";
import { stopwatchMs, systemClock, type TimerHandle } from "../engine/clock.js";
import { pitchOf } from "../fixtures/harness/pitch.js";
import {
  decodePcmu,
  encodePcmu,
  HEADER_BYTES,
  loudness,
  PACKET_MS,
  PACKET_SAMPLES,
  rtpPacket,
  SILENCE,
  SOUND_LEVEL,
  tonePayload,
} from "../fixtures/harness/rtp.js";
import { type MediaAddress, PAYLOAD_TYPES } from "../fixtures/harness/sdp.js";
import { LOOPBACK } from "../fixtures/harness/sip-message.js";

/** The callers' packets are spread over a packet's time, as those of independent callers are. */
const PARTS = 4;
/** Big enough for the packets that arrive while this process is not scheduled. */
const RECEIVE_BYTES = 4_194_304;
/** Lies between the pitches of the greeting and the tone. */
const GREETING_HZ_MAX = 550;

/** When a caller heard and spoke, by `stopwatchMs`; undefined: it did not happen. */
export interface Sung {
  /** The last packet of the greeting. */
  greetedMs?: number;
  /** The first packet of the tone. */
  toneMs?: number;
  /** How much of the own tone was sent. */
  readonly spokenMs: number;
}

interface Singer {
  readonly to: MediaAddress;
  readonly source: number;
  readonly tone: Buffer;
  readonly speaksMs: number;
  readonly done: (sung: Sung) => void;
  readonly heard: { greetedMs?: number; toneMs?: number };
  sequence: number;
  timestamp: number;
  speaking: boolean;
  spokenMs: number;
}

export class Choir {
  readonly port: number;
  readonly #socket: Socket;
  /** By the switch's port, which each call has for itself. */
  readonly #singers = new Map<number, Singer>();
  readonly #startMs = stopwatchMs();
  #ticks = 0;
  #joined = 0;
  #timer: TimerHandle | null = null;

  private constructor(port: number, socket: Socket) {
    this.port = port;
    this.#socket = socket;
    socket.on("message", (packet, from) => this.#receive(packet, from.port));
    this.#tick();
  }

  static async open(port: number): Promise<Choir> {
    const socket = createSocket({ type: "udp4", recvBufferSize: RECEIVE_BYTES });
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.bind(port, LOOPBACK, resolve);
    });
    return new Choir(port, socket);
  }

  close(): void {
    if (this.#timer !== null) systemClock.cancel(this.#timer);
    this.#socket.close();
  }

  /** One caller: silent until the tone has ended, then a tone for `speaksMs`; resolves after its last packet. */
  sing(to: MediaAddress, toneHz: number, speaksMs: number): Promise<Sung> {
    return new Promise((done) => {
      this.#singers.set(to.port, {
        to,
        source: ++this.#joined,
        tone: tonePayload(toneHz, encodePcmu),
        speaksMs,
        done,
        heard: {},
        sequence: 0,
        timestamp: 0,
        speaking: false,
        spokenMs: 0,
      });
    });
  }

  /** Makes a caller who has not finished leave now. */
  giveUp(to: MediaAddress): void {
    this.#leave(to.port);
  }

  /** Sends the packets that are due. The next due time is planned from the last, so that delays do not add up. */
  #tick(): void {
    for (const [port, singer] of this.#singers)
      if (singer.source % PARTS === this.#ticks % PARTS) this.#send(port, singer);
    this.#ticks += 1;
    const dueMs = this.#startMs + (this.#ticks * PACKET_MS) / PARTS;
    this.#timer = systemClock.after(Math.max(0, dueMs - stopwatchMs()), () => this.#tick());
  }

  #send(port: number, singer: Singer): void {
    if (singer.speaking && singer.spokenMs >= singer.speaksMs) {
      this.#leave(port);
      return;
    }
    const { sequence, timestamp, source } = singer;
    const payload = singer.speaking ? singer.tone : SILENCE.PCMU;
    const header = { type: PAYLOAD_TYPES.PCMU, marker: false, sequence, timestamp, source };
    this.#socket.send(rtpPacket(header, payload), singer.to.port, singer.to.ip);
    singer.sequence += 1;
    singer.timestamp = (singer.timestamp + PACKET_SAMPLES) >>> 0;
    if (singer.speaking) singer.spokenMs += PACKET_MS;
  }

  #leave(port: number): void {
    const singer = this.#singers.get(port);
    this.#singers.delete(port);
    singer?.done({ ...singer.heard, spokenMs: singer.spokenMs });
  }

  #receive(packet: Buffer, port: number): void {
    const singer = this.#singers.get(port);
    if (singer === undefined || singer.speaking || packet.length < HEADER_BYTES) return;
    if ((packet.readUInt8(1) & 0x7f) !== PAYLOAD_TYPES.PCMU) return;
    const payload = packet.subarray(HEADER_BYTES);
    const { heard } = singer;
    if (loudness(payload) <= SOUND_LEVEL) {
      // The tone is over: from now on the caller is recorded.
      if (heard.toneMs !== undefined) singer.speaking = true;
    } else if (heard.toneMs === undefined)
      if (pitchOf([...payload].map(decodePcmu)) > GREETING_HZ_MAX) heard.toneMs = stopwatchMs();
      else heard.greetedMs = stopwatchMs();
  }
}
