/** Users as people and programs are shown them: a list of all, or everything about one user. */
import { membershipsOf, mentionsOf, noSuch, type Somebody } from "../../../policy/change/mentions.js";
import { ALL_USERS } from "../../../policy/office/built-in.js";
import type { Office, User } from "../../../policy/office/office.js";
import { decide, type Verdict } from "../../../policy/office/permission.js";
import { PERMISSION_NAMES, type Permission } from "../../../policy/office/permission-names.js";
import { exportUser, type UserFile } from "../../../policy/office-file/export.js";
import type { Step } from "../../../policy/steps/types.js";
import type { Deps } from "../../use-case.js";
import { driftOf, type EntityDrift, type Live, type Viewed, viewLive } from "./live.js";

export interface ListedUser {
  readonly username: string;
  readonly name: string;
  readonly email: string | null;
  readonly extension: string | null;
  readonly outboundNumber: string | null;
  readonly suspended: boolean;
  /** By id. */
  readonly devices: readonly string[];
  /** By id, without All Users. */
  readonly groups: readonly string[];
}

export interface UserList {
  readonly outcome: "listed";
  readonly users: readonly ListedUser[];
}

export interface AboutUser {
  readonly outcome: "shown";
  readonly user: UserFile;
  /** The steps of a call to the user. */
  readonly flow: readonly Step[];
  /** By id, without All Users. */
  readonly groups: readonly string[];
  /** The places that lead calls to the user, in words. */
  readonly ledFrom: readonly string[];
  readonly permissions: Readonly<Record<Permission, Verdict>>;
  /** Null: the files have the user as it is live. */
  readonly drift: EntityDrift | null;
}

/** The office has no user or group of that name; `reason` says so, and which name was probably meant. */
export interface NotFound {
  readonly outcome: "not_found";
  readonly reason: string;
}

/** Lists the users, or the members of one group. */
export function listUsers(deps: Pick<Deps, "store">, groupId?: string): Promise<Viewed<UserList | NotFound>> {
  return viewLive<UserList | NotFound>(deps, ({ office, table }) => {
    const group = groupId === undefined ? undefined : table.group(groupId);
    if (groupId !== undefined && group === undefined)
      return { outcome: "not_found", reason: `there is no group \`${groupId}\`` };
    const members = group && new Set(group.members.map(({ username }) => username));
    const users = office.users.filter(({ username }) => members?.has(username) ?? true);
    const groups = groupsByUser(office);
    return { outcome: "listed", users: users.map((user) => listedUser(user, groups)) };
  });
}

/** Everything the live office says of one user. */
export function showUser(deps: Pick<Deps, "store">, username: string): Promise<Viewed<AboutUser | NotFound>> {
  return viewLive<AboutUser | NotFound>(deps, (live) => userIn(live, username));
}

/** What is looked up of all users, where many are shown. */
interface UserLookups {
  /** By id, without All Users. */
  groupsOf(username: string): readonly string[];
  /** The places that lead calls to somebody, in words. */
  ledTo(who: Somebody): readonly string[];
}

/** The same of an office that is in memory. @param index of that office */
export function userIn(live: Live, username: string, index?: UserLookups): AboutUser | NotFound {
  const user = live.table.user(username);
  return user === undefined
    ? { outcome: "not_found", reason: noSuch(live.office, "user", username) }
    : aboutUser(
        user,
        live,
        index ?? {
          groupsOf: (name) => membershipsOf(live.office, name),
          ledTo: (who) => mentionsOf(live.office, who),
        },
      );
}

function aboutUser(user: User, live: Live, index: UserLookups): AboutUser {
  const { table } = live;
  const { username, extension } = user;
  const decisions = PERMISSION_NAMES.map((name) => [name, decide(user, name, table)] as const);
  return {
    outcome: "shown",
    user: exportUser(user),
    flow: user.flow,
    groups: index.groupsOf(username),
    ledFrom: index.ledTo({ kind: "user", id: username, extension }),
    permissions: Object.fromEntries(decisions) as Record<Permission, Verdict>,
    drift: driftOf(live, "users", username),
  };
}

export function listedUser(user: User, groups: ReadonlyMap<string, readonly string[]>): ListedUser {
  const { username, name, email, extension, outboundNumber, suspended, devices } = user;
  return {
    username,
    name,
    email: email ?? null,
    extension: extension ?? null,
    outboundNumber: outboundNumber ?? null,
    suspended: suspended ?? false,
    devices: devices.map(({ id }) => id),
    groups: groups.get(username) ?? [],
  };
}

/** Made once: asking every group about every user would take quadratic time in a large office. */
export function groupsByUser(office: Office): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const { id, members } of office.groups) {
    if (id === ALL_USERS) continue;
    for (const { username } of members) groups.set(username, [...(groups.get(username) ?? []), id]);
  }
  return groups;
}
