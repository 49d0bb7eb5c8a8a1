/**
 * A link that can be shut. Once an engine has left its calls, another one carries them, and a late reply or an answer of
 * voicemail must not make the first engine send anything. Every part of the engine that acts on calls has a gate in the
 * place of the link.
 */
import type { Clock } from "../clock.js";
import type { LinkListener, Reply, SwitchLink, WireCommand } from "./wire.js";

export class Gate implements SwitchLink {
  #isShut = false;

  /** @param onReply told of each reply, with the time it took */
  constructor(
    private readonly link: SwitchLink,
    private readonly clock: Pick<Clock, "nowMs">,
    private readonly onReply: (command: WireCommand, tookMs: number, reply: Reply) => void,
  ) {}

  /** From now on nothing is sent, and no reply is passed on, not even to a command that was sent before. */
  shut(): void {
    this.#isShut = true;
  }

  send(command: WireCommand, done: (reply: Reply) => void): void {
    if (this.#isShut) return;
    const sentMs = this.clock.nowMs();
    this.link.send(command, (reply) => {
      this.onReply(command, this.clock.nowMs() - sentMs, reply);
      if (!this.#isShut) done(reply);
    });
  }

  open(listener: LinkListener): void {
    this.link.open(listener);
  }

  close(): Promise<void> {
    return this.link.close();
  }
}
