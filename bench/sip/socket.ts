/** A UDP socket for SIP, with a buffer for bursts. */
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { LOOPBACK, parse, type SipMessage } from "../../fixtures/harness/sip-message.js";

/** Big enough for a burst of answers while this process is not scheduled. */
const BUFFER_BYTES = 4_194_304;

/** Keep-alives and other packets that are not SIP are dropped. */
export function sipSocket(received: (message: SipMessage, from: RemoteInfo) => void): Socket {
  const made = createSocket({ type: "udp4", recvBufferSize: BUFFER_BYTES, sendBufferSize: BUFFER_BYTES });
  made.on("message", (data, from) => {
    const message = parse(data.toString("latin1"));
    if (message !== null) received(message, from);
  });
  return made;
}

export function bind(bound: Socket, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    bound.once("error", reject);
    bound.bind(port, LOOPBACK, () => resolve());
  });
}
