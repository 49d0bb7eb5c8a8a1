/** Changes groups of the live office: makes them, adds and removes members, and switches members on and off. */
import * as edits from "../../../policy/change/groups.js";
import type { Strategy } from "../../../policy/office/office.js";
import { given } from "../../../policy/office/optional.js";
import type { GroupFile } from "../../../policy/office-file/export.js";
import type { MemberFile } from "../../../policy/office-file/schema.js";
import type { Deps } from "../../use-case.js";
import { type ChangeRequest, editOffice, type OfficeChanged } from "./change.js";

export interface NewGroup {
  readonly id: string;
  /** Left out: the id. */
  readonly name?: string | undefined;
  readonly extension?: string | undefined;
  readonly strategy?: Strategy | undefined;
  /** By username. */
  readonly members: readonly string[];
}

/** A user who becomes a member; delay and ring time in seconds. */
export interface NewMember {
  readonly username: string;
  readonly delay?: number | undefined;
  readonly ring?: number | undefined;
  readonly calls?: boolean | undefined;
  readonly voicemail?: boolean | undefined;
}

/** What members take part in; a switch that is left out stays as it is. */
export interface MemberSwitches {
  readonly calls?: boolean | undefined;
  readonly voicemail?: boolean | undefined;
}

/** Makes a group with members. */
export function addGroup(deps: Deps, request: ChangeRequest, group: NewGroup): Promise<OfficeChanged> {
  return editOffice(deps, request, `group add ${group.id}`, (live) => edits.addGroup(live, groupFile(group)));
}

/** Adds members to a group. */
export function addGroupMembers(
  deps: Deps,
  request: ChangeRequest,
  id: string,
  members: readonly NewMember[],
): Promise<OfficeChanged> {
  const names = members.map(({ username }) => username).join(" ");
  const files = members.map(memberFile);
  const asEdits = files.map(({ user, ...fields }) => {
    return { verb: "add", kind: "member", id: `${id}/${user}`, fields } as const;
  });
  const message = `group member add ${id} ${names}`;
  return editOffice(deps, request, message, (live) => edits.addMembers(live, id, files), asEdits);
}

/** Removes members from a group; they stay in the office. */
export function removeGroupMembers(
  deps: Deps,
  request: ChangeRequest,
  id: string,
  usernames: readonly string[],
): Promise<OfficeChanged> {
  const asEdits = usernames.map((username) => {
    return { verb: "remove", kind: "member", id: `${id}/${username}`, options: {} } as const;
  });
  const message = `group member remove ${id} ${usernames.join(" ")}`;
  return editOffice(deps, request, message, (live) => edits.removeMembers(live, id, usernames), asEdits);
}

/** Switches members' part in a group's calls or messages on or off. */
export function switchGroupMembers(
  deps: Deps,
  request: ChangeRequest,
  id: string,
  usernames: readonly string[],
  given: MemberSwitches,
): Promise<OfficeChanged> {
  const switches = onlyGiven(given);
  const words = Object.entries(switches).map(([name, on]) => `--${name} ${on ? "on" : "off"}`);
  const message = `group member switch ${id} ${usernames.join(" ")} ${words.join(" ")}`;
  const asEdits = usernames.map((username) => {
    return { verb: "set", kind: "member", id: `${id}/${username}`, fields: { ...switches } } as const;
  });
  return editOffice(
    deps,
    request,
    message,
    (live) => edits.switchMembers(live, id, usernames, switches),
    asEdits,
  );
}

function groupFile({ id, name, extension, strategy, members }: NewGroup): GroupFile {
  return {
    id,
    ...given({ name, extension, strategy }),
    members: members.map((user) => ({ user })),
  };
}

function memberFile({ username, delay, ring, ...switches }: NewMember): MemberFile {
  return {
    user: username,
    ...given({ delay, ring }),
    ...onlyGiven(switches),
  };
}

function onlyGiven({ calls, voicemail }: MemberSwitches): edits.Switches {
  return given({ calls, voicemail });
}
