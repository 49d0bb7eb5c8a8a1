/** Groups: the list, everything about one of them, and their changes. Members are a resource of their own. */
import { z } from "zod";
import type { Edit } from "../../../../../policy/change/edits/types.js";
import { MAILBOX_DEFAULTS } from "../../../../../policy/mailbox/mailbox.js";
import { isBuiltIn } from "../../../../../policy/office/built-in.js";
import type { Group } from "../../../../../policy/office/office.js";
import { given, mapped } from "../../../../../policy/office/optional.js";
import { groupSchema } from "../../../../../policy/office-file/schema.js";
import { mailboxFile, mailboxSchema } from "../../../../../policy/steps/voicemail/file.js";
import { groupIn, groupsIn } from "../../../../office/views/groups.js";
import { folded, type OfficeIndex } from "../../../../office/views/office-index.js";
import type { Actor } from "../../actor.js";
import { changeAnswer, changeQuery, edit } from "../../changes.js";
import { changedFields, entryFieldsOf, newEntry } from "../../entry-fields.js";
import { noSuchThing, withLive } from "../../live.js";
import { groupMay, mayOfGroup } from "../../may.js";
import { call, callJson, drift, driftJson } from "../../office-shapes.js";
import { mapPage, pageFrom, pageOf, pageQuery } from "../../paging.js";
import { problem } from "../../problem.js";
import { ok, route } from "../../route.js";

const TAG = "Groups";
const FLOWS = { needs: "permission", permission: "call_flows" } as const;
const MY_GROUPS = { ...FLOWS, others: "groups" } as const;

const listed = z.object({
  id: z.string(),
  name: z.string(),
  extension: z.string().nullable(),
  strategy: z.string(),
  /** Every office has it: its id and its place in the list stay. */
  built_in: z.boolean(),
  member_count: z.number().int(),
  /** The reader is a member. */
  is_mine: z.boolean(),
  drifts: z.boolean(),
  may: mayOfGroup,
});

const { members: _members, renamed_from: _earlier, ...fields } = groupSchema.shape;

const shown = z.object({
  ...fields,
  extension: z.string().optional(),
  built_in: z.boolean(),
  member_count: z.number().int(),
  is_mine: z.boolean(),
  call,
  /** The settings of the shared mailbox, with the defaults for what the file does not say. */
  mailbox: mailboxSchema,
  led_from: z.array(z.string()),
  drift,
  may: mayOfGroup,
});

const params = z.object({ id: z.string() });
const groupFields = groupSchema.extend({
  extension: z.union([z.literal("auto"), groupSchema.shape.extension.unwrap()]).optional(),
});

export const groupRoutes = {
  listGroups: route({
    method: "GET",
    path: "/groups",
    tag: TAG,
    summary: "List groups, the built-in ones first",
    access: MY_GROUPS,
    query: z.object({
      ...pageQuery,
      q: z.string().max(200).optional().describe("a part of the name, id or extension"),
    }),
    answer: pageOf(listed),
    handle: ({ services, query, actor, reach }) =>
      withLive(services, (live, index) => {
        const wanted = folded(query.q?.trim() ?? "");
        const groups = groupsIn(live).map((group) => ({ group, key: sortKey(group) }));
        groups.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
        const page = pageFrom(
          groups,
          ({ group, key }) => [key, group.id],
          query,
          ({ group }) => {
            if (reach !== "all" && !isMine(group, actor, index)) return false;
            return folded(`${group.name}\n${group.id}\n${group.extension ?? ""}`).includes(wanted);
          },
        );
        return ok(
          mapPage(page, ({ group }) => listedJson(group, index, actor)),
          { revision: live.revision },
        );
      }),
  }),

  getGroup: route({
    method: "GET",
    path: "/groups/{id}",
    tag: TAG,
    summary: "Show everything about a group",
    access: MY_GROUPS,
    params,
    answer: shown,
    handle: ({ services, params: { id }, actor, reach }) =>
      withLive(services, (live, index) => {
        const group = live.table.group(id);
        if (reach !== "all" && (group === undefined || !isMine(group, actor, index)))
          return problem("no_permission", { permission: "call_flows" });
        const about = groupIn(live, id, (who) => index.ledTo(who));
        if (about.outcome === "not_found" || group === undefined)
          return noSuchThing(about.outcome === "not_found" ? about : { reason: "" });
        const { members: _all, renamed_from: _before, extension, ...file } = about.group;
        return ok(
          {
            ...file,
            ...given({ extension: mapped(extension, String) }),
            built_in: about.builtIn,
            member_count: group.members.length,
            is_mine: isMine(group, actor, index),
            call: callJson(about.flow, live.table),
            mailbox: { ...mailboxFile(MAILBOX_DEFAULTS, undefined), ...file.voicemail },
            led_from: [...about.ledFrom],
            drift: driftJson(about.drift),
            may: groupMay(actor, group.id),
          },
          { revision: live.revision },
        );
      }),
  }),

  addGroup: route({
    method: "POST",
    path: "/groups",
    tag: TAG,
    summary: "Add a group, with its members",
    access: FLOWS,
    query: changeQuery,
    body: newEntry(groupFields, ["renamed_from"], {}),
    answer: changeAnswer,
    status: 201,
    isCreating: true,
    isChangingOffice: true,
    handle: (request) => {
      const id = String(request.body.id);
      const edits: Edit[] = [{ verb: "add", kind: "group", id, fields: entryFieldsOf(request.body, ["id"]) }];
      return edit(request, edits, { location: `/groups/${encodeURIComponent(id)}` });
    },
  }),

  changeGroup: route({
    method: "PATCH",
    path: "/groups/{id}",
    tag: TAG,
    summary: "Change fields of a group",
    description:
      "What is left out stays as it is, `null` takes a field away. `members` replaces all members.",
    access: FLOWS,
    params,
    query: changeQuery,
    body: changedFields(groupFields, ["id", "renamed_from"], {}),
    answer: changeAnswer,
    isChangingOffice: true,
    handle: (request) =>
      edit(request, [
        { verb: "set", kind: "group", id: request.params.id, fields: entryFieldsOf(request.body) },
      ]),
  }),

  renameGroup: route({
    method: "POST",
    path: "/groups/{id}/rename",
    tag: TAG,
    summary: "Give a group another id; all that belongs to it goes with it",
    access: FLOWS,
    params,
    query: changeQuery,
    body: z.strictObject({ to: z.string() }),
    answer: changeAnswer,
    isChangingOffice: true,
    handle: (request) =>
      edit(request, [{ verb: "rename", kind: "group", id: request.params.id, to: request.body.to }], {
        pointerOf: () => "/to",
      }),
  }),

  removeGroup: route({
    method: "DELETE",
    path: "/groups/{id}",
    tag: TAG,
    summary: "Remove a group; its members stay in the office",
    access: FLOWS,
    params,
    query: changeQuery.extend({
      replace_by: z.string().max(64).optional().describe("the id of the group that takes over"),
      discard_messages: z.stringbool().optional().describe("without a replacement: delete the messages"),
    }),
    answer: changeAnswer,
    isChangingOffice: true,
    handle: (request) => {
      const { replace_by: replaceBy, discard_messages: discard } = request.query;
      const options = {
        ...given({ replaceBy }),
        ...(discard === true ? { discardMessages: true as const } : {}),
      };
      return edit(request, [{ verb: "remove", kind: "group", id: request.params.id, options }]);
    },
  }),
};

/** Built-in groups come first, then all by name. */
function sortKey({ id, name }: Group): string {
  return `${isBuiltIn(id) ? 0 : 1}${folded(name)}`;
}

/** Everybody is in All Users. */
function isMine({ id, members }: Group, { user }: Actor, index: OfficeIndex): boolean {
  return isBuiltIn(id)
    ? members.some(({ username }) => username === user.username)
    : index.groupsOf(user.username).includes(id);
}

function listedJson(group: Group, index: OfficeIndex, actor: Actor): z.infer<typeof listed> {
  const { id, name, extension, strategy, members } = group;
  return {
    id,
    name,
    extension: extension ?? null,
    strategy,
    built_in: isBuiltIn(id),
    member_count: members.length,
    is_mine: isMine(group, actor, index),
    drifts: index.drifts("groups", id),
    may: groupMay(actor, group.id),
  };
}
