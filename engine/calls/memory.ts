/**
 * What calls leave behind for later calls, in memory for reading and in the database for the next start.
 * Writing is never waited for: a turn forgotten in a crash costs one colleague one extra call.
 */
import type { Logger } from "pino";
import type { Memory } from "../../policy/call/world.js";
import type { Remembered } from "../../storage/memory.js";
import type { Store } from "../../storage/store.js";

export class CallMemory implements Memory {
  readonly #rungFirst = new Map<string, string>();
  readonly #answeredMs = new Map<string, number>();

  constructor(
    private readonly store: Pick<Store, "readMemory" | "remember">,
    private readonly log: Logger,
  ) {}

  async open(): Promise<void> {
    for (const what of await this.store.readMemory()) this.#keep(what);
  }

  rungFirst(groupId: string): string | undefined {
    return this.#rungFirst.get(groupId);
  }

  answeredMs(username: string): number | undefined {
    return this.#answeredMs.get(username);
  }

  remember(what: Remembered): void {
    this.#keep(what);
    this.store.remember(what).catch((error: unknown) => {
      this.log.warn({ err: error, what }, "could not be remembered for the next start");
    });
  }

  #keep(what: Remembered): void {
    if (what.kind === "rung_first") this.#rungFirst.set(what.group, what.username);
    else this.#answeredMs.set(what.username, what.atMs);
  }
}
