/**
 * Phones that all sign in within a minute, as after a power cut, at an even rate over one UDP socket. Each phone is
 * challenged, answers with its digest, and is timed from its first REGISTER to the final answer.
 */
import { createSocket } from "node:dgram";
import { stopwatchMs } from "../engine/clock.js";
import { sleep } from "../fixtures/harness/clock.js";
import {
  authorization,
  header,
  LOOPBACK,
  parse,
  request,
  response,
  userIn,
} from "../fixtures/harness/sip-message.js";

export interface StormOptions {
  readonly phones: ReadonlyArray<{ readonly user: string; readonly password: string }>;
  readonly seconds: number;
  /** The port of the switch's profile of phones. */
  readonly port: number;
  readonly domain: string;
}

export interface StormResult {
  /** Milliseconds from the first REGISTER to 200. */
  readonly tookMs: readonly number[];
  /** Phones with another final answer, or none within {@link PATIENCE_MS} of the last. */
  readonly failed: number;
  /** Final answer -> how many. */
  readonly finals: ReadonlyMap<number, number>;
  /** REGISTERs that were sent again because no answer came. */
  readonly repeated: number;
}

/** After the last phone has begun: RFC 3261's timer F, when a phone gives a REGISTER up. */
const PATIENCE_MS = 32_000;
/** RFC 3261, timer E: doubles each time, up to T2. */
const T1_MS = 500;
const T2_MS = 4_000;
const EXPIRES = 3_600;

interface Waiting {
  readonly beganMs: number;
  readonly user: string;
  readonly password: string;
  cseq: number;
  text: string;
  againMs: number;
  waitMs: number;
  done: boolean;
}

export async function storm({ phones, seconds, port, domain }: StormOptions): Promise<StormResult> {
  const socket = createSocket({ type: "udp4", recvBufferSize: 4 * 1024 ** 2 });
  await new Promise<void>((resolve) => socket.bind(0, LOOPBACK, resolve));
  const own = socket.address().port;
  const waiting = new Map<string, Waiting>();
  const tookMs: number[] = [];
  const finals = new Map<number, number>();
  let repeated = 0;

  const send = (text: string) => socket.send(text, port, LOOPBACK);
  const register = (phone: Waiting, challenge?: string) => {
    const uri = `sip:${domain}`;
    phone.cseq += 1;
    const address = `<sip:${phone.user}@${domain}>`;
    const answer =
      challenge === undefined
        ? []
        : ([["Authorization", authorization(challenge, phone, "REGISTER", uri)]] as const);
    phone.text = request("REGISTER", uri, [
      ["Via", `SIP/2.0/UDP ${LOOPBACK}:${own};rport;branch=z9hG4bK-${phone.user}-${phone.cseq}`],
      ["From", `${address};tag=storm`],
      ["To", address],
      ["Call-ID", `storm-${phone.user}`],
      ["CSeq", `${phone.cseq} REGISTER`],
      ["Contact", `<sip:${phone.user}@${LOOPBACK}:${own}>;expires=${EXPIRES}`],
      ["User-Agent", "storm"],
      ...answer,
    ]);
    phone.waitMs = T1_MS;
    phone.againMs = stopwatchMs() + T1_MS;
    send(phone.text);
  };

  socket.on("message", (packet) => {
    const message = parse(packet.toString("utf8"));
    if (message === null) return;
    if (message.status === 0) {
      // The switch asks whether phones are alive (OPTIONS) and tells their lamps (NOTIFY).
      send(response(message, 200, "OK", { tag: "storm", contact: `sip:storm@${LOOPBACK}:${own}` }));
      return;
    }
    const phone = waiting.get(userIn(header(message, "to")));
    if (phone === undefined || phone.done || message.status < 200) return;
    if (Number.parseInt(header(message, "cseq"), 10) !== phone.cseq) return;
    if (message.status === 401 && phone.cseq === 1) {
      register(phone, header(message, "www-authenticate"));
      return;
    }
    phone.done = true;
    finals.set(message.status, (finals.get(message.status) ?? 0) + 1);
    if (message.status === 200) tookMs.push(stopwatchMs() - phone.beganMs);
  });

  const beganMs = stopwatchMs();
  let begun = 0;
  const open = () => [...waiting.values()].filter(({ done }) => !done);
  for (;;) {
    const nowMs = stopwatchMs();
    const due = Math.min(phones.length, Math.ceil(((nowMs - beganMs) / (seconds * 1000)) * phones.length));
    for (; begun < due; begun++) {
      const phone = phones[begun];
      if (phone === undefined) break;
      const one: Waiting = {
        ...phone,
        beganMs: nowMs,
        cseq: 0,
        text: "",
        againMs: 0,
        waitMs: 0,
        done: false,
      };
      waiting.set(phone.user, one);
      register(one);
    }
    for (const phone of open()) {
      if (phone.againMs > nowMs) continue;
      repeated++;
      phone.waitMs = Math.min(2 * phone.waitMs, T2_MS);
      phone.againMs = nowMs + phone.waitMs;
      send(phone.text);
    }
    const over = begun === phones.length && open().length === 0;
    if (over || nowMs - beganMs > seconds * 1000 + PATIENCE_MS) break;
    await sleep(5);
  }
  socket.close();
  return { tookMs, failed: phones.length - tookMs.length, finals, repeated };
}
