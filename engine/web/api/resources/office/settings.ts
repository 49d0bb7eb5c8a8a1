/** The office itself: its name and zone for everybody, its settings and what it counts for those who may see them. */
import { z } from "zod";
import { askerMay } from "../../../../../policy/access/access.js";
import { officeSchema } from "../../../../../policy/office-file/schema.js";
import { officeIn } from "../../../../office/views/settings.js";
import { changeAnswer, changeQuery, edit } from "../../changes.js";
import { changedFields, entryFieldsOf } from "../../entry-fields.js";
import { withLive } from "../../live.js";
import { may, mayJson } from "../../may.js";
import { drift, driftJson } from "../../office-shapes.js";
import { ok, route } from "../../route.js";

const TAG = "Office";

export const settingsRoutes = {
  getOffice: route({
    method: "GET",
    path: "/office",
    tag: TAG,
    summary: "Show the office: its name, country and time zone, and its settings",
    access: { needs: "own" },
    answer: z.object({
      name: z.string(),
      country: z.string(),
      timezone: z.string(),
      /** Those that every phone may dial. */
      emergency_numbers: z.array(z.string()),
      revision: z.number().int(),
      /** As a file writes them; null: the reader may not see them. */
      settings: officeSchema.nullable(),
      counts: z
        .object({
          carriers: z.number().int(),
          users: z.number().int(),
          groups: z.number().int(),
          flows: z.number().int(),
          numbers: z.number().int(),
        })
        .nullable(),
      drift,
      may: may.omit({ remove: true }),
    }),
    handle: ({ services, actor }) =>
      withLive(services, (live) => {
        const { revision, office, emergencyNumbers, counts, drift: drifting } = officeIn(live);
        const sees = askerMay(actor, "account_settings");
        return ok(
          {
            name: office.name,
            country: office.country,
            timezone: office.timezone,
            emergency_numbers: [...emergencyNumbers],
            revision,
            settings: sees ? office : null,
            counts: sees ? counts : null,
            drift: sees ? driftJson(drifting) : null,
            may: { change: mayJson(actor, "office", "").change },
          },
          { revision },
        );
      }),
  }),

  changeOffice: route({
    method: "PATCH",
    path: "/office",
    tag: TAG,
    summary: "Change the office's settings",
    access: { needs: "permission", permission: "account_settings" },
    query: changeQuery,
    body: changedFields(officeSchema, [], {}),
    answer: changeAnswer,
    isChangingOffice: true,
    handle: (request) =>
      edit(request, [{ verb: "set", kind: "office", id: "", fields: entryFieldsOf(request.body) }]),
  }),
};
