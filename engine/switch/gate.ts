/**
 * A link that can be shut. Once an engine has left its calls, another one carries them, and a late reply or an answer of
 * voicemail must not make the first engine send anything. Every part of the engine that acts on calls has a gate in the
 * place of the link.
 */
import type { LinkListener, Reply, SwitchLink, WireCommand } from "./wire.js";

export class Gate implements SwitchLink {
  #isShut = false;

  constructor(private readonly link: SwitchLink) {}

  /** From now on nothing is sent, and no reply is passed on, not even to a command that was sent before. */
  shut(): void {
    this.#isShut = true;
  }

  send(command: WireCommand, done: (reply: Reply) => void): void {
    if (this.#isShut) return;
    this.link.send(command, (reply) => {
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
