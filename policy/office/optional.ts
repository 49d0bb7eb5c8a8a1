/**
 * Optional properties are left out when they have no value, and never present as undefined; this file has the helper
 * for it.
 */

export type Given<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The properties that have a value: `{ ...given({ accept: file.accept }) }`. */
export function given<T extends object>(properties: T): Given<T> {
  const entries = Object.entries(properties).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Given<T>;
}

/** What `make` makes of a value; undefined: there is no value. */
export function mapped<T, U>(value: T | undefined, make: (value: T) => U): U | undefined {
  return value === undefined ? undefined : make(value);
}
