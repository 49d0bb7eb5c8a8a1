/** Members of groups: who shares a group's calls and messages, in which order, and each member's switches. */
import { z } from "zod";
import type { Edit } from "../../../../../policy/change/edits/types.js";
import type { Group, Member } from "../../../../../policy/office/office.js";
import { exportMember } from "../../../../../policy/office-file/export.js";
import { memberSchema } from "../../../../../policy/office-file/schema.js";
import { groupIn } from "../../../../office/views/groups.js";
import type { Live } from "../../../../office/views/live.js";
import { folded } from "../../../../office/views/office-index.js";
import type { Actor } from "../../actor.js";
import { changeAnswer, changeQuery, edit } from "../../changes.js";
import { changedFields, entryFieldsOf, newEntry } from "../../entry-fields.js";
import { noSuchThing, withLive } from "../../live.js";
import { may, memberMay } from "../../may.js";
import { mapPage, pageFrom, pageOf, pageQuery } from "../../paging.js";
import { problem } from "../../problem.js";
import { ok, route } from "../../route.js";

const TAG = "Groups";
const FLOWS = { needs: "permission", permission: "call_flows" } as const;
const MY_GROUPS = { ...FLOWS, others: "groups" } as const;

const listed = z.object({
  ...memberSchema.shape,
  calls: z.boolean(),
  voicemail: z.boolean(),
  /** Seconds after the group's call begins. */
  delay: z.number(),
  /** Seconds; null: as long as the group. */
  ring: z.number().nullable(),
  name: z.string(),
  extension: z.string().nullable(),
  suspended: z.boolean(),
  /** The position in the order in which members ring, from 1. */
  place: z.number().int(),
  may,
});

const params = z.object({ id: z.string() });
const memberParams = z.object({ id: z.string(), username: z.string() });
/** An edit moves a member by its place. */
const memberFields = memberSchema.extend({ place: z.number().int().min(1).optional() });

export const memberRoutes = {
  listMembers: route({
    method: "GET",
    path: "/groups/{id}/members",
    tag: TAG,
    summary: "List the members of a group, in the order in which they ring",
    access: MY_GROUPS,
    params,
    query: z.object({
      ...pageQuery,
      q: z.string().max(200).optional().describe("a part of the name, username or extension"),
    }),
    answer: pageOf(listed),
    handle: ({ services, params: { id }, query, actor, reach }) =>
      withLive(services, (live) => {
        const group = live.table.group(id);
        if (group === undefined || (reach !== "all" && !isMember(group, actor)))
          return reach === "all"
            ? noSuchGroup(live, id)
            : problem("no_permission", { permission: "call_flows" });
        const wanted = folded(query.q?.trim() ?? "");
        const members = group.members.map((member, index) => ({ member, place: index + 1 }));
        const page = pageFrom(
          members,
          ({ place }) => [place, ""],
          query,
          ({ member: { username } }) => {
            if (wanted === "") return true;
            const user = live.table.user(username);
            return folded(`${user?.name}\n${username}\n${user?.extension ?? ""}`).includes(wanted);
          },
        );
        return ok(
          mapPage(page, ({ member, place }) => memberJson(member, place, live, id, actor)),
          { revision: live.revision },
        );
      }),
  }),

  addMember: route({
    method: "POST",
    path: "/groups/{id}/members",
    tag: TAG,
    summary: "Add a member to a group",
    access: FLOWS,
    params,
    query: changeQuery,
    body: newEntry(memberFields, [], {}),
    answer: changeAnswer,
    status: 201,
    isCreating: true,
    isChangingOffice: true,
    handle: (request) => {
      const { id } = request.params;
      const username = String(request.body.user);
      const fields = entryFieldsOf(request.body, ["user"]);
      return edit(request, [memberEdit("add", id, username, fields)], {
        location: `/groups/${encodeURIComponent(id)}/members/${encodeURIComponent(username)}`,
      });
    },
  }),

  changeMember: route({
    method: "PATCH",
    path: "/groups/{id}/members/{username}",
    tag: TAG,
    summary: "Change a member's switches, delay, ring time or place",
    description: "Members switch their own part in calls and messages.",
    access: MY_GROUPS,
    params: memberParams,
    query: changeQuery,
    body: changedFields(memberFields, ["user"], {}),
    answer: changeAnswer,
    isChangingOffice: true,
    handle: async (request) => {
      const { id, username } = request.params;
      if (request.reach !== "all" && username !== request.actor.user.username)
        return problem("no_permission", { permission: "call_flows" });
      return edit(request, [memberEdit("set", id, username, entryFieldsOf(request.body))]);
    },
  }),

  removeMember: route({
    method: "DELETE",
    path: "/groups/{id}/members/{username}",
    tag: TAG,
    summary: "Take a member out of a group",
    access: FLOWS,
    params: memberParams,
    query: changeQuery,
    answer: changeAnswer,
    isChangingOffice: true,
    handle: (request) => {
      const { id, username } = request.params;
      return edit(request, [{ verb: "remove", kind: "member", id: `${id}/${username}`, options: {} }]);
    },
  }),
};

function memberEdit(
  verb: "add" | "set",
  id: string,
  username: string,
  fields: Readonly<Record<string, unknown>>,
): Edit {
  return { verb, kind: "member", id: `${id}/${username}`, fields };
}

function isMember({ members }: Group, { user }: Actor): boolean {
  return members.some(({ username }) => username === user.username);
}

function noSuchGroup(live: Live, id: string) {
  const about = groupIn(live, id, () => []);
  return noSuchThing(about.outcome === "not_found" ? about : { reason: "" });
}

function memberJson(
  member: Member,
  place: number,
  { table }: Live,
  group: string,
  actor: Actor,
): z.infer<typeof listed> {
  const user = table.user(member.username);
  return {
    ...exportMember(member),
    calls: member.calls,
    voicemail: member.voicemail,
    delay: member.delayMs / 1000,
    ring: member.ringMs === null ? null : member.ringMs / 1000,
    name: user?.name ?? member.username,
    extension: user?.extension ?? null,
    suspended: user?.suspended ?? false,
    place,
    may: memberMay(actor, group, member.username),
  };
}
