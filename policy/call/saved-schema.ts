/**
 * How the schema of a saved state is held to the type it reads: a field that is added to a type and not to its schema
 * would be dropped without a word when the state is read, so it does not compile.
 */
import type { z } from "zod";

/** `T` with every optional field required, at every depth, so that two types can be compared field by field. */
type Whole<T> = T extends readonly (infer E)[]
  ? readonly Whole<E>[]
  : T extends object
    ? { readonly [K in keyof T]-?: Whole<T[K]> }
    : T;

type HasFieldsOf<A, B> = [Whole<A>] extends [Whole<B>]
  ? [Whole<B>] extends [Whole<A>]
    ? unknown
    : { readonly "a field of the type is missing in the schema": never }
  : { readonly "the schema reads a field that the type has not": never };

declare const reads: unique symbol;

/** A schema that reads a `T`: all of its fields, and no others. Only {@link schemaOf} makes one. */
export type SavedSchema<T> = z.ZodType<T> & z.core.$ZodTypeDiscriminable & Checked;

/** Stands in types alone, so that no schema counts as checked without {@link schemaOf}. */
interface Checked {
  readonly [reads]: true;
}

/** Takes a schema that reads a `T`; the compiler refuses one that reads more or less. */
export function schemaOf<T>() {
  return <S extends z.ZodType<T>>(schema: S & HasFieldsOf<z.output<S>, T>) =>
    schema as unknown as S & Checked;
}
