/**
 * A map of text keys that grows without stopping the event loop. JavaScript's Map doubles at once, which takes tens of
 * milliseconds at a million entries, in the middle of calls; this one consists of many small maps.
 */

/** With a million entries a shard has about a thousand, and doubles in well under a millisecond. */
const SHARDS = 1024;

export class ShardedMap<V> {
  readonly #shards: readonly Map<string, V>[] = Array.from({ length: SHARDS }, () => new Map<string, V>());

  get(key: string): V | undefined {
    return this.#shards[shardOf(key)]?.get(key);
  }

  set(key: string, value: V): void {
    this.#shards[shardOf(key)]?.set(key, value);
  }

  delete(key: string): void {
    this.#shards[shardOf(key)]?.delete(key);
  }

  /** Every key, in no particular order. */
  *keys(): Generator<string> {
    for (const shard of this.#shards) yield* shard.keys();
  }

  /** The number of entries. */
  get size(): number {
    return this.#shards.reduce((sum, shard) => sum + shard.size, 0);
  }
}

/** Chosen by the last four characters: numbers and names differ at their ends, and reading them costs nothing. */
function shardOf(key: string): number {
  const end = key.length;
  const a = key.charCodeAt(end - 1) | 0;
  const b = key.charCodeAt(end - 2) | 0;
  const c = key.charCodeAt(end - 3) | 0;
  const d = key.charCodeAt(end - 4) | 0;
  return (a * 31 + b * 331 + c * 3511 + d * 36_497) & (SHARDS - 1);
}
