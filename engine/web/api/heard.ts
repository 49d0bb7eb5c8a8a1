/**
 * A browser fetches a sound in many parts, which is one hearing: the audit has it once a while for each person, key, address
 * and message. Each part could be the only one, so every request counts, whatever part it asks for.
 */
import type { Clock } from "../../clock.js";

const WHILE_MS = 3_600_000;
/** More hearings than this are not remembered, and are noted again. */
const REMEMBERED_MAX = 10_000;

export interface Hearing {
  readonly actor: string | null;
  readonly key: string | null;
  readonly address: string | null;
  readonly message: string;
}

export class Heard {
  readonly #noted = new Map<string, number>();

  constructor(private readonly clock: Pick<Clock, "nowMs">) {}

  /** Notes a hearing unless it was noted a while ago. */
  async once({ actor, key, address, message }: Hearing, note: () => Promise<void>): Promise<void> {
    const name = JSON.stringify([actor, key, address, message]);
    const nowMs = this.clock.nowMs();
    const before = this.#noted.get(name);
    if (before !== undefined && nowMs - before < WHILE_MS) return;
    this.#noted.delete(name);
    this.#noted.set(name, nowMs);
    for (const oldest of this.#noted.keys()) {
      if (this.#noted.size <= REMEMBERED_MAX) break;
      this.#noted.delete(oldest);
    }
    await note();
  }
}
