/**
 * The bodies of requests that change entries of the office: fields in the words of its files. What is wrong in them is said
 * by the checks of files, all of it at once and in their words; here only the shape is told to the document and to the
 * compiler.
 */
import { z } from "zod";

/** Values of an entry as an edit has them: null takes a field away, and mappings are merged the same way. */
type FieldsOf<T> = { [K in keyof T]?: PatchOf<T[K]> | null | undefined };
type PatchOf<T> = T extends readonly unknown[] ? T : T extends object ? FieldsOf<T> : T;

type Input<S extends z.ZodObject, K extends keyof z.input<S>> = Omit<z.input<S>, K>;

/** Fields that a route has besides those of the entry; they are checked here. */
type More = Readonly<Record<string, z.ZodType>>;
/** No fields at all would be a record of nothing, in which no field of the entry may be. */
type MoreOf<M extends More> = [keyof M] extends [never]
  ? unknown
  : z.infer<z.ZodObject<{ [K in keyof M]: M[K] }>>;

/** The fields of a new entry. @param without fields that the path has, or that only files have */
export function newEntry<S extends z.ZodObject, K extends keyof z.input<S> & string, M extends More>(
  schema: S,
  without: readonly K[],
  more: M,
): z.ZodType<Input<S, K> & MoreOf<M>, Input<S, K> & MoreOf<M>> {
  return bodyOf(leftOut(schema, without), more) as never;
}

/** Fields of an entry to change: what is left out stays, null takes away. */
export function changedFields<S extends z.ZodObject, K extends keyof z.input<S> & string, M extends More>(
  schema: S,
  without: readonly K[],
  more: M,
): z.ZodType<FieldsOf<Input<S, K>> & MoreOf<M>, FieldsOf<Input<S, K>> & MoreOf<M>> {
  return bodyOf(patchable(leftOut(schema, without)), more) as never;
}

function leftOut(schema: z.ZodObject, without: readonly string[]): z.ZodObject {
  return z.strictObject(
    Object.fromEntries(Object.entries(schema.shape).filter(([name]) => !without.includes(name))),
  );
}

function patchable(schema: z.ZodObject): z.ZodObject {
  const fields = Object.entries(schema.shape).map(([name, field]) => {
    const inner = field instanceof z.ZodOptional ? (field.unwrap() as z.ZodType) : (field as z.ZodType);
    const value = inner instanceof z.ZodObject ? patchable(inner) : inner;
    return [name, value.nullable().optional()] as const;
  });
  return z.strictObject(Object.fromEntries(fields));
}

/** Accepts any mapping, and is described as the schema is. */
function bodyOf(schema: z.ZodObject, more: More): z.ZodType {
  return z.looseObject({ ...more }).meta(jsonOf(z.strictObject({ ...schema.shape, ...more })));
}

/** What the document says of a body that the checks of files read. */
export function jsonOf(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _version, ...json } = z.toJSONSchema(schema, { io: "input", reused: "inline" });
  return json;
}

/** The fields of the entry, without those that the route has besides. */
export function entryFieldsOf(
  body: Readonly<Record<string, unknown>>,
  more: readonly string[] = [],
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(body).filter(([name, value]) => !more.includes(name) && value !== undefined),
  );
}
