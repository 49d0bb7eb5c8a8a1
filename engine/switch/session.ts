/**
 * A short session of a command with the switch: connects, asks, and disconnects. Its failures are sentences that say
 * what to do, since people often run such a command to find out exactly that.
 */
import { pino } from "pino";
import { systemClock } from "../clock.js";
import { systemIds } from "../ids.js";
import { createLink, type LinkTrouble } from "./link.js";
import type { Reply, WireCommand } from "./wire.js";

/** Time for all attempts to connect: a reachable switch answers within milliseconds. */
const CONNECT_MS = 5_000;

export interface SwitchSession {
  /** Sends one command; replies come in order. */
  ask(command: WireCommand): Promise<Reply>;
}

export interface SwitchTarget {
  readonly host: string;
  readonly port: number;
  readonly password: string;
}

export type SessionEnd<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly trouble: LinkTrouble };

/** Runs `work` while connected; returns the trouble when there is no connection. */
export function withSwitch<T>(
  target: SwitchTarget,
  work: (session: SwitchSession) => Promise<T>,
): Promise<SessionEnd<T>> {
  return new Promise((resolve, reject) => {
    let begun = false;
    const link = createLink({
      ...target,
      clock: systemClock,
      ids: systemIds,
      log: pino({ level: "silent" }),
      // A link must subscribe to an event; this one is ignored here.
      events: ["HEARTBEAT"],
      customEvents: [],
      handshakeMs: CONNECT_MS,
      onTrouble: (trouble) => {
        if (!begun) void link.close().then(() => resolve({ ok: false, trouble }));
      },
    });
    const ask = (command: WireCommand): Promise<Reply> =>
      new Promise((answered) => link.send(command, answered));
    link.open({
      up: () => {
        if (begun) return;
        begun = true;
        work({ ask })
          .then(async (value) => {
            await link.close();
            resolve({ ok: true, value });
          })
          .catch(reject);
      },
      down: () => {},
      event: () => {},
    });
  });
}

/** What is wrong, and how to mend it. */
export function troubleInWords({ host, port }: SwitchTarget, trouble: LinkTrouble): TroubleInWords {
  const where = `${host}:${port}`;
  switch (trouble.kind) {
    case "unreachable":
      return {
        what: `no event socket at ${where}: ${trouble.text}`,
        mend: "start the switch; see that mod_event_socket is loaded and that RINGLINE_SWITCH_IP and RINGLINE_SWITCH_PORT name this address and port",
      };
    case "password_refused":
      return {
        what: `the switch at ${where} refuses the password`,
        mend: "give this command the same RINGLINE_SWITCH_PASSWORD as the switch was started with; the switch reads it only when it starts",
      };
    case "address_refused":
      return {
        what: `the switch at ${where} lets nobody in from this address`,
        mend: "name an access list that has this address in RINGLINE_SWITCH_ACL of the switch, or connect from its own machine",
      };
    case "not_ready":
    case "lost":
      return {
        what: `what answers at ${where} does not behave as a switch: ${trouble.text}`,
        mend: "see that the port is the event socket's, and that the switch has finished starting",
      };
  }
}

export interface TroubleInWords {
  readonly what: string;
  readonly mend: string;
}
