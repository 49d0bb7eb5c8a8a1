/** Schemas of what several phases of a call have in their saved states: targets, mailboxes, how a leg is dialled. */
import { z } from "zod";
import type { Box } from "../office/box.js";
import { SRTP } from "../office/carrier-settings.js";
import type { Target } from "../office/target.js";
import type { Dial } from "../ring/plan.js";
import { schemaOf } from "./saved-schema.js";
import type { Transferrer } from "./state.js";

const user = z.object({ kind: z.literal("user"), username: z.string() });
const group = z.object({ kind: z.literal("group"), id: z.string() });
const number = z.object({ kind: z.literal("number"), number: z.string() });

export const savedBox = schemaOf<Box>()(z.discriminatedUnion("kind", [user, group]));

export const savedTarget = schemaOf<Target>()(
  z.discriminatedUnion("kind", [
    user,
    group,
    z.object({ kind: z.literal("flow"), id: z.string() }),
    z.object({ kind: z.literal("extension"), extension: z.string() }),
    number,
  ]),
);

export const savedTransferrer = schemaOf<Transferrer>()(z.discriminatedUnion("kind", [user, number]));

export const savedDial = schemaOf<Dial>()(
  z.discriminatedUnion("kind", [
    z.object({
      kind: z.literal("contact"),
      sip: z.string(),
      url: z.string(),
      srtp: z.enum(SRTP).exactOptional(),
    }),
    z.object({
      kind: z.literal("gateway"),
      carrier: z.string(),
      number: z.string(),
      payer: z.string().exactOptional(),
    }),
  ]),
);
