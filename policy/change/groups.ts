/**
 * Edits of groups by command: makes groups, adds and removes members, and switches their part in calls and messages.
 */
import { ALL_USERS, builtInGroup, isBuiltIn } from "../office/built-in.js";
import type { Office } from "../office/office.js";
import { exportGroup, exportOffice, type GroupFile, type OfficeFileContent } from "../office-file/export.js";
import type { MemberFile } from "../office-file/schema.js";
import { checkContents, type Edited, notFound, refused } from "./edit.js";
import { noSuch, somebody } from "./mentions.js";

/** Makes a group. */
export function addGroup(office: Office, group: GroupFile): Edited {
  const reason = `the group \`${group.id}\` cannot be added`;
  if (isBuiltIn(group.id)) return refused(`the group \`${group.id}\` is built in: it is there already`);
  return checkContents([exportOffice(office), { groups: [group] }], reason);
}

/** Adds members to a group. Refused for a user who is a member already: `switchMembers` changes those. */
export function addMembers(office: Office, id: string, members: readonly MemberFile[]): Edited {
  if (id === ALL_USERS) return refused("everyone is in All Users; there is nobody to add");
  return change(office, id, (group) => ({ ...group, members: [...(group.members ?? []), ...members] }));
}

/** Takes members out of a group. */
export function removeMembers(office: Office, id: string, usernames: readonly string[]): Edited {
  if (id === ALL_USERS) {
    return refused("everyone is in All Users; switch a member's calls or voicemail off instead");
  }
  const missing = notMembers(office, id, usernames);
  if (missing !== undefined) return notFound(missing);
  return change(office, id, (group) => ({
    ...group,
    members: (group.members ?? []).filter(({ user }) => !usernames.includes(user)),
  }));
}

/** What a member takes part in; a missing switch stays as it is. */
export interface Switches {
  readonly calls?: boolean;
  readonly voicemail?: boolean;
}

/** Switches members' calls or messages on or off. Every user is a member of All Users and can be switched there. */
export function switchMembers(
  office: Office,
  id: string,
  usernames: readonly string[],
  switches: Switches,
): Edited {
  const missing = id === ALL_USERS ? undefined : notMembers(office, id, usernames);
  if (missing !== undefined) return notFound(missing);
  return change(office, id, (group) => {
    const members = group.members ?? [];
    const known = new Set(members.map(({ user }) => user));
    const everyone = [
      ...members,
      ...usernames.filter((user) => !known.has(user)).map((user): MemberFile => ({ user })),
    ];
    return {
      ...group,
      members: everyone.map((member) =>
        usernames.includes(member.user) ? { ...member, ...switches } : member,
      ),
    };
  });
}

/** An office's content with members added to groups; groups it does not have are added whole. */
export function contentWithMembers(
  content: OfficeFileContent,
  joined: readonly GroupFile[],
): OfficeFileContent {
  const groups = new Map((content.groups ?? []).map((group) => [group.id, group]));
  for (const { id, members = [], ...rest } of joined) {
    if (id === ALL_USERS) continue;
    const builtIn = builtInGroup(id);
    const group = groups.get(id) ?? (builtIn === undefined ? { id, ...rest } : exportGroup(builtIn));
    const already = new Set(group.members?.map(({ user }) => user));
    groups.set(id, {
      ...group,
      members: [...(group.members ?? []), ...members.filter(({ user }) => !already.has(user))],
    });
  }
  return groups.size === 0 ? content : { ...content, groups: [...groups.values()] };
}

function notMembers(office: Office, id: string, usernames: readonly string[]): string | undefined {
  const group = office.groups.find((each) => each.id === id);
  if (group === undefined && !isBuiltIn(id)) return noSuch(office, "group", id);
  const missing = usernames.find((name) => !group?.members.some(({ username }) => username === name));
  return missing === undefined ? undefined : `\`${missing}\` is not in the group \`${id}\``;
}

function change(office: Office, id: string, edit: (group: GroupFile) => GroupFile): Edited {
  if (somebody(office, "group", id) === undefined) return notFound(noSuch(office, "group", id));
  const group = office.groups.find((each) => each.id === id) ?? builtInGroup(id);
  if (group === undefined) throw new Error(`a group that is somebody and is not there: ${id}`);
  const content = exportOffice(office);
  const others = (content.groups ?? []).filter((each) => each.id !== id);
  return checkContents(
    [{ ...content, groups: [...others, edit(exportGroup(group))] }],
    `the group \`${id}\` cannot be so`,
  );
}
