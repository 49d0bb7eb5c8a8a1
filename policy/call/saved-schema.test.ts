/** Schemas of saved states are held to their types: the compiler refuses these, which `npm run typecheck` proves. */
import { expect, it } from "vitest";
import { z } from "zod";
import { type SavedSchema, schemaOf } from "./saved-schema.js";

interface Sample {
  readonly id: string;
  readonly list: readonly { readonly at: number; readonly room?: "little" }[];
}

const item = z.object({ at: z.number(), room: z.literal("little").exactOptional() });

it("a schema reads all the fields of its type, and no others", () => {
  const whole = schemaOf<Sample>()(z.object({ id: z.string(), list: z.array(item) }));
  expect(whole.parse({ id: "1", list: [{ at: 1 }] })).toEqual({ id: "1", list: [{ at: 1 }] });

  // @ts-expect-error a needed field is missing
  schemaOf<Sample>()(z.object({ id: z.string() }));
  // @ts-expect-error an optional field is missing
  schemaOf<Sample>()(z.object({ id: z.string(), list: z.array(z.object({ at: z.number() })) }));
  // @ts-expect-error a field is of another kind
  schemaOf<Sample>()(z.object({ id: z.number(), list: z.array(item) }));
  // @ts-expect-error a needed field may be missing
  schemaOf<Sample>()(z.object({ id: z.string().exactOptional(), list: z.array(item) }));
  // @ts-expect-error there is no such field
  schemaOf<Sample>()(z.object({ id: z.string(), list: z.array(item), more: z.string() }));
});

interface Waiting {
  readonly kind: "waiting";
  readonly since?: number;
}

it("a schema of a phase counts only when it was held to the phase's type", () => {
  const checked = z.object({ kind: z.literal("waiting"), since: z.number().exactOptional() });
  const unchecked = z.object({ kind: z.literal("waiting") });
  const saved: SavedSchema<Waiting> = schemaOf<Waiting>()(checked);
  expect(saved.parse({ kind: "waiting", since: 1 })).toEqual({ kind: "waiting", since: 1 });

  // @ts-expect-error it leaves out a field, and nothing has compared it with the type
  const loose: SavedSchema<Waiting> = unchecked;
  expect(loose.parse({ kind: "waiting", since: 1 })).toEqual({ kind: "waiting" });
});
