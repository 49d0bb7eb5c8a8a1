/**
 * What goes over the event socket, as values: commands, replies, events. The link to a real switch and the link to
 * the simulated switch both use these types, so the rest of the engine works with either.
 */

/** A command ready to be encoded. Only `commands.ts` makes commands, because it checks their text. */
export type WireCommand =
  /** Runs inline on the switch, and events wait behind it: for short commands only. */
  | { readonly verb: "api"; readonly line: string }
  /** Runs in its own thread on the switch; the result comes as BACKGROUND_JOB with this Job-UUID. */
  | { readonly verb: "bgapi"; readonly line: string; readonly jobId: string }
  /** A private message to one channel: header lines in order, and a body for long arguments. */
  | {
      readonly verb: "sendmsg";
      readonly uuid: string;
      readonly headers: ReadonlyArray<readonly [name: string, value: string]>;
      readonly body?: string;
    }
  /** Fires an event on the switch (message lamps, events of our own). */
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
 * - `unknown`: no reply came in time, the connection was lost, or the command was not even sent: it may or may not have
 *   been carried out. The link never sends it again; the core asks the switch what is true, and decides.
 */
export type Reply =
  | { readonly outcome: "ok"; readonly text: string }
  | { readonly outcome: "refused"; readonly text: string }
  | { readonly outcome: "unknown"; readonly text: string };

/** An event: header name -> value, as the switch's JSON form has them; the body under `_body`. */
export type SwitchEvent = { readonly [header: string]: string | undefined };

/** What the link reports to its one listener, in the order it happened. */
export interface LinkListener {
  /** Authenticated and subscribed; `coreUuid` differs from the last `coreUuid` when the switch was restarted. */
  up(coreUuid: string): void;
  /** The connection is gone and all pending commands were answered `unknown`; the link reconnects by itself. */
  down(reason: string): void;
  event(event: SwitchEvent): void;
}

/** A connection to a switch. Replies come in the order of the commands, and before the events the commands cause. */
export interface SwitchLink {
  /** Sends at once. `done` is called exactly once, after `send` has returned. */
  send(command: WireCommand, done: (reply: Reply) => void): void;
  /** Starts connecting, with reports to the listener from then on. */
  open(listener: LinkListener): void;
  /** Ends the connection for good and resolves when nothing is left open. */
  close(): Promise<void>;
}
