/**
 * How the schema of a saved state is held to the type it reads: a field that is added to a type and not to its schema
 * would be dropped without a word when the state is read, so it does not compile.
 */
import type { z } from "zod";

/** The schema of one phase's saved state. */
export type PhaseSchema<P> = z.ZodType<P> & z.core.$ZodTypeDiscriminable;

/** `T` with every optional field required, all the way down: so that two types can be compared field by field. */
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

/** Takes a schema that reads a `T`: all of its fields, and no others. */
export function schemaOf<T>(): <S extends z.ZodType<T>>(schema: S & HasFieldsOf<z.output<S>, T>) => S {
  return (schema) => schema;
}
