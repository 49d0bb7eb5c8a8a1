/** Calls for help: who is told of them, and where each phone stands, so that helpers find the person who called. */
import { z } from "zod";
import type { Device, User } from "../../../../../policy/office/office.js";
import { exportSettings } from "../../../../../policy/office-file/export.js";
import { officeSchema } from "../../../../../policy/office-file/schema.js";
import { emergencyNumbers } from "../../../../../policy/routing/emergency.js";
import { editOfficeBy } from "../../../../office/changes/edits.js";
import type { Live } from "../../../../office/views/live.js";
import { folded } from "../../../../office/views/office-index.js";
import { changeAnswer, changeQuery, changing, pointer } from "../../changes.js";
import { changedFields, entryFieldsOf } from "../../entry-fields.js";
import { withLive } from "../../live.js";
import { mapPage, pageFrom, pageOf, pageQuery } from "../../paging.js";
import { ok, route } from "../../route.js";

const TAG = "Emergency";
const SETTINGS = { needs: "permission", permission: "account_settings" } as const;
const emergencySchema = officeSchema.shape.emergency.unwrap();

const location = z.object({
  username: z.string(),
  name: z.string(),
  device: z.string(),
  /** The name with which the phone signs in. */
  sip: z.string(),
  /** Null: nobody has said where it stands. */
  location: z.string().nullable(),
  /** Whether the phone itself says it, or its user. */
  from: z.enum(["device", "user"]).nullable(),
});

export const emergencyRoutes = {
  getEmergency: route({
    method: "GET",
    path: "/emergency",
    tag: TAG,
    summary: "Show what happens when a phone calls for help",
    access: SETTINGS,
    answer: emergencySchema.extend({
      /** Those that count: the office's own, or its country's. */
      emergency_numbers: z.array(z.string()),
      /** SIP phones of which nobody has said where they stand. */
      without_location: z.number().int(),
      phones: z.number().int(),
    }),
    handle: ({ services }) =>
      withLive(services, ({ office, revision }, index) => {
        const all = index.once("phones", phonesIn);
        return ok(
          {
            ...exportSettings(office).emergency,
            emergency_numbers: [...emergencyNumbers(office)],
            without_location: all.filter((each) => each.location === null).length,
            phones: all.length,
          },
          { revision },
        );
      }),
  }),

  changeEmergency: route({
    method: "PATCH",
    path: "/emergency",
    tag: TAG,
    summary: "Change who is told of calls for help",
    access: SETTINGS,
    query: changeQuery,
    body: changedFields(emergencySchema, [], {}),
    answer: changeAnswer,
    isChangingOffice: true,
    handle: (request) => {
      const emergency = entryFieldsOf(request.body);
      const edits = [{ verb: "set", kind: "office", id: "", fields: { emergency } }] as const;
      return changing(request, {
        change: (deps, asked) => editOfficeBy(deps, asked, edits),
        about: edits,
        placeOf: ({ at }) =>
          at?.kind === "office" && at.path[0] === "emergency" ? pointer(at.path.slice(1)) : undefined,
      });
    },
  }),

  listLocations: route({
    method: "GET",
    path: "/locations",
    tag: TAG,
    summary: "List where each phone stands",
    description: "A location is changed with the user, or with the phone.",
    access: { needs: "permission", permission: "users", others: "own" },
    query: z.object({
      ...pageQuery,
      q: z.string().max(200).optional().describe("a part of the location, the name or the phone"),
      missing: z.stringbool().optional().describe("true: phones of which nobody has said where they stand"),
    }),
    answer: pageOf(location),
    handle: ({ services, query, actor, reach }) =>
      withLive(services, ({ table, revision }, index) => {
        const own = table.user(actor.user.username);
        const phones =
          reach === "all" ? index.once("phones", phonesIn) : own === undefined ? [] : phonesOf(own);
        const wanted = folded(query.q?.trim() ?? "");
        const page = pageFrom(
          phones,
          ({ username, device }) => [username, device],
          query,
          (each) =>
            (query.missing === undefined || (each.location === null) === query.missing) &&
            (wanted === "" ||
              folded(`${each.location ?? ""}\n${each.name}\n${each.username}\n${each.sip}`).includes(wanted)),
        );
        return ok(
          mapPage(page, (each) => each),
          { revision },
        );
      }),
  }),
};

function phonesIn({ office }: Live): z.infer<typeof location>[] {
  return office.users.flatMap(phonesOf);
}

function phonesOf(user: User): z.infer<typeof location>[] {
  return [...user.devices]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .flatMap((device) => (device.at.kind === "sip" ? [locationOf(user, device, device.at.name)] : []));
}

function locationOf({ username, name, location }: User, device: Device, sip: string) {
  const from = device.location !== undefined ? "device" : location !== undefined ? "user" : null;
  return {
    username,
    name,
    device: device.id,
    sip,
    location: device.location ?? location ?? null,
    from,
  } as const;
}
