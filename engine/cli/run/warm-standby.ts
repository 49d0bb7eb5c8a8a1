/**
 * An engine that stands by has its database checked and the office loaded before its turn comes: with a large office both
 * take seconds, in which callers would have no engine. It does nothing else yet. The database of an older release is left
 * alone, since the engine that carries calls uses it: then everything is done at the takeover.
 */
import { statSync } from "node:fs";
import type { Logger } from "pino";
import { SqlError } from "../../../storage/database.js";
import { describeFailure, openStore, type Store } from "../../../storage/store.js";
import type { Engine } from "../../engine.js";

export interface Prepared<Made> {
  readonly store: Store;
  readonly made: Made;
}

export class WarmStandby<Made extends { readonly engine: Pick<Engine, "prepare" | "close"> }> {
  #prepared: Promise<(Prepared<Made> & { readonly file: string }) | undefined> | undefined;

  /** @param make makes the engine on an open database */
  constructor(
    private readonly path: string,
    private readonly log: Logger,
    private readonly make: (store: Store) => Promise<Made>,
  ) {}

  /** This engine stands by. */
  begin(): void {
    this.#prepared ??= this.#prepare();
  }

  /**
   * It is this engine's turn. Undefined: nothing was prepared, or for a database that was replaced or migrated since;
   * opening it anew says whether this release can use it.
   */
  async take(): Promise<Prepared<Made> | undefined> {
    const prepared = await this.#prepared;
    if (prepared === undefined) return undefined;
    const changed = await this.#whatChanged(prepared);
    if (changed === undefined) return prepared;
    this.log.warn(`the database was ${changed} while this engine stood by: it is opened anew`);
    await this.discard();
    return undefined;
  }

  /** An engine of a later release may have had its turn meanwhile, and have migrated the database that is open here. */
  async #whatChanged({ store, file }: { store: Store; file: string }): Promise<string | undefined> {
    if (file !== fileAt(this.path)) return "replaced";
    return (await store.isOfThisSchema()) ? undefined : "migrated by another release";
  }

  /** This engine will not carry calls. */
  async discard(): Promise<void> {
    const prepared = await this.#prepared;
    this.#prepared = undefined;
    await prepared?.made.engine.close();
    await prepared?.store.close();
  }

  /** Never rejects. */
  async #prepare(): Promise<(Prepared<Made> & { readonly file: string }) | undefined> {
    const file = fileAt(this.path);
    const opened = await openStore(this.path, {
      ...{ mustExist: true, checkIntegrity: "office", mayMigrate: false },
    });
    if (!opened.ok) {
      this.log.warn(`the office is loaded at the takeover: ${describeFailure(this.path, opened.failure)}`);
      return undefined;
    }
    const { store } = opened;
    try {
      const made = await this.make(store);
      await made.engine.prepare();
      return { store, made, file };
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      this.log.warn({ err: error }, "the office is loaded at the takeover: it cannot be loaded now");
      await store.close();
      return undefined;
    }
  }
}

/** Names the file that is at a path now; empty: none. */
function fileAt(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? "" : `${stat.dev} ${stat.ino}`;
}
