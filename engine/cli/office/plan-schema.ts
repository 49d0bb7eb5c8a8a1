/**
 * The JSON that `plan --json` prints, as a schema for programs. It stays as it is within a major version: fields may be
 * added, and none is removed or given another meaning. `docs/plan.schema.json` is made of it, and tests hold outputs to it.
 */
import { z } from "zod";
import { VANISHING_KINDS } from "../../../policy/change/vanishing.js";
import { ENTITY_KINDS } from "../../../policy/office/entities.js";

const count = z.int().min(0);
const place = z.int().min(1);
const ms = z.int().describe("milliseconds since the epoch");

const listChange = z.discriminatedUnion("change", [
  z.strictObject({ change: z.literal("added"), item: z.string(), to: place }),
  z.strictObject({ change: z.literal("removed"), item: z.string(), from: place }),
  z.strictObject({ change: z.literal("moved"), item: z.string(), from: place, to: place }),
  z.strictObject({
    change: z.literal("changed"),
    item: z.string(),
    was: z.string(),
    from: place,
    to: place,
  }),
]);

const field = {
  field: z.string().describe("as in the office file; a field of a device: devices.cell.delay"),
  from: z.string().nullable().describe("null: the field was not there"),
  to: z.string().nullable().describe("null: the field is not there any more"),
  items: z
    .array(listChange)
    .optional()
    .describe(
      "of members and steps that both sides have: what was added, removed, moved or changed; places from 1",
    ),
};

const cause = {
  revision: count.nullable().describe("of the change; null: it is only kept by this plan (--keep)"),
  author: z.string(),
  message: z.string(),
  appliedMs: ms,
};

const entity = {
  kind: z.enum(ENTITY_KINDS),
  key: z.string(),
  change: z.enum(["added", "removed", "changed"]),
  renamedFrom: z.string().optional().describe("the id of a group or flow before it was renamed"),
};

const stages = z
  .array(z.array(z.string()))
  .describe("phones that ring together, stage after stage, those that begin first in front");

const vanished = z.strictObject({
  kind: z.enum(VANISHING_KINDS),
  id: z.string().describe("of a device: USERNAME/ID"),
  messages: count,
  greetings: count,
  hasPin: z.boolean(),
  passwords: count.describe("of phones"),
  calls: count.describe("in progress, a few seconds ago at most"),
});

const message = { message: z.string().describe("for people, with the option that allows it") };
const refusal = z.discriminatedUnion("code", [
  z.strictObject({ code: z.literal("would_lose"), vanished, ...message }),
  z.strictObject({
    code: z.literal("too_many"),
    section: z.enum(["users", "numbers"]),
    removed: count,
    of: count,
    ...message,
  }),
  z.strictObject({ code: z.literal("last_admin"), admins: z.array(z.string()), ...message }),
  z.strictObject({ code: z.literal("still_there"), name: z.string(), ...message }),
  z.strictObject({ code: z.literal("no_replacement"), name: z.string(), why: z.string(), ...message }),
]);

const rename = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.enum(["group", "flow"]), from: z.string(), to: z.string() }),
  z.strictObject({ kind: z.literal("device"), username: z.string(), from: z.string(), to: z.string() }),
]);

const position = { file: z.string(), line: place, column: place };
const problem = z.strictObject({
  severity: z.enum(["error", "warning"]),
  code: z.string(),
  message: z.string(),
  ...position,
  found: z.string().optional(),
  expected: z.string().optional(),
  suggestion: z.string().optional(),
  others: z.array(z.strictObject({ ...position, note: z.string() })).optional(),
});

/** A plan; `ok` is false, with a message or errors, when there is none. */
export const planSchema = z.strictObject({
  ok: z.literal(true),
  revision: count.describe("the live revision; 0: nothing was applied yet"),
  timezone: z.string().describe("the office's, by which schedules count and in which times are shown"),
  renames: z.array(rename).describe("what gets another id, with all that is kept about it"),
  changes: z.array(z.strictObject({ ...entity, fields: z.array(z.strictObject(field)) })),
  reach: z
    .array(
      z.strictObject({
        number: z.string(),
        when: z
          .enum(["now", "other_times"])
          .describe("other_times: not for a call at this moment, but for example when a schedule is closed"),
        from: stages,
        to: stages,
      }),
    )
    .describe("numbers that ring other phones when nobody answers"),
  removes: z.array(vanished).describe("what would be removed, with what is kept about it"),
  refusals: z.array(refusal).describe("why apply would refuse"),
  drift: z
    .array(
      z.strictObject({
        ...entity,
        fields: z.array(z.strictObject({ ...field, ...cause })),
        ...cause,
      }),
    )
    .describe("what commands changed and the files do not have; from: the files, to: live"),
  renamedByCommand: z
    .array(rename)
    .describe(
      "what commands have renamed and the files call as before; what they say of it counts all the same",
    ),
  liveCalls: z
    .array(z.strictObject({ revision: count, calls: count }))
    .describe("calls in progress, by the revision they began with"),
  byHand: z.array(
    z.strictObject({
      kind: z.string(),
      id: z.string(),
      state: z.string(),
      untilMs: ms.nullable().describe("null: until it is reset"),
      author: z.string(),
      timezone: z.string(),
      isInFiles: z.boolean(),
    }),
  ),
  errors: z.array(problem),
  warnings: z.array(problem),
});
