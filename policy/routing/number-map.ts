/**
 * A map from E.164 numbers, for the look-up that every call begins with. The key is the number's value: 15 digits fit a
 * double exactly, comparing two keys costs nothing, and no text has to be fetched from memory.
 * Open addressing with linear probing in many small tables, so that growing one never stops the event loop (see
 * `sharded-map.ts`). Tables are at most half full. Deleting moves the following entries back, so no markers of deleted
 * entries are left.
 */

const SHARD_BITS = 10;
const SHARDS = 1 << SHARD_BITS;
const SLOTS_MIN = 8;
/** No number is 0, so 0 marks an empty bucket. */
const EMPTY = 0;
/** E.164, section 6.1. */
const DIGITS_MAX = 15;

interface Shard<V> {
  keys: Float64Array;
  values: (V | undefined)[];
  size: number;
}

export class NumberMap<V> {
  readonly #shards: readonly Shard<V>[] = Array.from({ length: SHARDS }, () => newShard<V>(SLOTS_MIN));

  /** Undefined for any text that is not a plus sign and digits. */
  get(number: string): V | undefined {
    const key = keyOf(number);
    if (key === EMPTY) return undefined;
    const hash = hashOf(key);
    const { keys, values } = this.#shardOf(hash);
    const mask = keys.length - 1;
    for (let bucket = hash & mask; ; bucket = (bucket + 1) & mask) {
      const there = keys[bucket];
      if (there === key) return values[bucket];
      if (there === EMPTY) return undefined;
    }
  }

  /** @throws Error when `number` is not of the form +14155550100 */
  set(number: string, value: V): void {
    const key = keyOf(number);
    if (key === EMPTY) throw new Error(`not a number in E.164: ${number}`);
    const hash = hashOf(key);
    const shard = this.#shardOf(hash);
    if (put(shard, hash, key, value)) {
      shard.size += 1;
      if (shard.size * 2 > shard.keys.length) grow(shard);
    }
  }

  delete(number: string): void {
    const key = keyOf(number);
    if (key === EMPTY) return;
    const hash = hashOf(key);
    remove(this.#shardOf(hash), hash, key);
  }

  /** All values, in no particular order. */
  *values(): Iterable<V> {
    for (const { keys, values } of this.#shards)
      for (const [bucket, key] of keys.entries()) if (key !== EMPTY) yield values[bucket] as V;
  }

  #shardOf(hash: number): Shard<V> {
    const shard = this.#shards[hash >>> (32 - SHARD_BITS)];
    if (shard === undefined) throw new Error("a hash beyond the shards");
    return shard;
  }
}

/** The value of a number's digits; EMPTY for a text that is no E.164 number. */
function keyOf(number: string): number {
  const { length } = number;
  // A leading zero would give two texts the same key, and no country code begins with zero.
  if (length < 2 || length > DIGITS_MAX + 1 || number.charCodeAt(0) !== 43 || number.charCodeAt(1) === 48)
    return EMPTY;
  let key = 0;
  for (let index = 1; index < length; index += 1) {
    const digit = number.charCodeAt(index) - 48;
    if (digit < 0 || digit > 9) return EMPTY;
    key = key * 10 + digit;
  }
  return key;
}

/** 32 bits that each depend on the whole key: the upper ones choose the shard, the lower ones the bucket. */
function hashOf(key: number): number {
  const low = key >>> 0;
  const high = (key / 4_294_967_296) | 0;
  let hash = low ^ Math.imul(high, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function newShard<V>(buckets: number): Shard<V> {
  return {
    keys: new Float64Array(buckets),
    values: new Array<V | undefined>(buckets).fill(undefined),
    size: 0,
  };
}

/** @returns whether the key is new */
function put<V>(shard: Shard<V>, hash: number, key: number, value: V): boolean {
  const mask = shard.keys.length - 1;
  let bucket = hash & mask;
  while (shard.keys[bucket] !== EMPTY && shard.keys[bucket] !== key) bucket = (bucket + 1) & mask;
  const isNew = shard.keys[bucket] === EMPTY;
  shard.keys[bucket] = key;
  shard.values[bucket] = value;
  return isNew;
}

function grow<V>(shard: Shard<V>): void {
  const { keys, values } = shard;
  const larger = newShard<V>(keys.length * 2);
  for (const [bucket, key] of keys.entries()) {
    const value = values[bucket];
    if (key !== EMPTY && value !== undefined) put(larger, hashOf(key), key, value);
  }
  shard.keys = larger.keys;
  shard.values = larger.values;
}

/** Closes the gap: following entries that are not in their preferred bucket move up (Knuth 6.4, algorithm R). */
function remove<V>(shard: Shard<V>, hash: number, key: number): void {
  const { keys, values } = shard;
  const mask = keys.length - 1;
  let gap = hash & mask;
  while (keys[gap] !== key) {
    if (keys[gap] === EMPTY) return;
    gap = (gap + 1) & mask;
  }
  for (let bucket = (gap + 1) & mask; ; bucket = (bucket + 1) & mask) {
    const there = keys[bucket] ?? EMPTY;
    if (there === EMPTY) break;
    const home = hashOf(there) & mask;
    const mayMove = ((bucket - home) & mask) >= ((bucket - gap) & mask);
    if (!mayMove) continue;
    keys[gap] = there;
    values[gap] = values[bucket];
    gap = bucket;
  }
  keys[gap] = EMPTY;
  values[gap] = undefined;
  shard.size -= 1;
}
