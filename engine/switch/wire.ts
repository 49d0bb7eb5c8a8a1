/**
 * What goes over the event socket, as values: the commands the engine may send, the replies, the
 * events. The link to a real switch and the in-process front of the simulated one both speak these
 * types, so everything above them cannot tell which it is talking to.
 */

/** A command ready for the wire. Only `commands.ts` makes these: it is where text is checked. */
export type WireCommand =
  /** Runs inline on the switch: short ones only, events wait behind it. */
  | { readonly verb: "api"; readonly line: string }
  /** Runs in a thread of its own; its result comes as BACKGROUND_JOB with this Job-UUID. */
  | { readonly verb: "bgapi"; readonly line: string; readonly jobId: string }
  /** A private message to one channel: header lines in order, and a body for long arguments. */
  | {
      readonly verb: "sendmsg";
      readonly uuid: string;
      readonly headers: ReadonlyArray<readonly [name: string, value: string]>;
      readonly body?: string;
    }
  /** Fires an event on the switch (message lamps, own echoes). */
  | {
      readonly verb: "sendevent";
      readonly name: string;
      readonly headers: ReadonlyArray<readonly [name: string, value: string]>;
      readonly body?: string;
    };

/**
 * The answer to one command.
 * - `ok`: the switch answered `+OK…`, or an api text without `-ERR`/`-USAGE`; `text` is the trimmed body
 *   (for bgapi and sendmsg, the reply text).
 * - `refused`: the switch answered `-ERR…`/`-USAGE…`; `text` is the whole trimmed reply.
 * - `unknown`: nobody knows whether it was done: no reply in time, or the connection went.
 *   It is never sent again; the core decides.
 */
export type Reply =
  | { readonly outcome: "ok"; readonly text: string }
  | { readonly outcome: "refused"; readonly text: string }
  | { readonly outcome: "unknown"; readonly text: string };

/** An event: header name -> value, as the switch's JSON form has them; the body under `_body`. */
export type SwitchEvent = { readonly [header: string]: string | undefined };

/** What the link tells its one listener, in the order it happened. */
export interface LinkListener {
  /** Authenticated and subscribed; `coreUuid` differs from the last one when the switch was restarted. */
  up(coreUuid: string): void;
  /** The connection is gone, every pending command has been answered `unknown`; reconnecting goes on by itself. */
  down(reason: string): void;
  event(event: SwitchEvent): void;
}

/** A connection to a switch. Replies come strictly in the order of the commands, before the events they cause. */
export interface SwitchLink {
  /** Sends at once; `done` is called exactly once, and never before `send` has returned. */
  send(command: WireCommand, done: (reply: Reply) => void): void;
  /** Starts connecting; the listener hears of everything from then on. */
  open(listener: LinkListener): void;
  /** Ends the connection for good and resolves when nothing is left open. */
  close(): Promise<void>;
}
