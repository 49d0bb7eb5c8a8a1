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
  // Every input to a call comes through here several times, so no lists are made on the way.
  const found: Partial<Record<keyof T, unknown>> = {};
  for (const name of Object.keys(properties) as Array<keyof T>)
    if (properties[name] !== undefined) found[name] = properties[name];
  return found as unknown as Given<T>;
}

/** What `make` makes of a value; undefined: there is no value. */
export function mapped<T, U>(value: T | undefined, make: (value: T) => U): U | undefined {
  return value === undefined ? undefined : make(value);
}
