/** Changes users of the live office: adds one user, suspends and resumes users. */
import { type Edited, notFound } from "../../../policy/change/edit.js";
import { ADMIN_GROUPS } from "../../../policy/change/people-content.js";
import type { AdminKind } from "../../../policy/change/person.js";
import { addUsers, setSuspended } from "../../../policy/change/users.js";
import type { Office } from "../../../policy/office/office.js";
import { given } from "../../../policy/office/optional.js";
import type { Permission } from "../../../policy/office/permission-names.js";
import type { UserFile } from "../../../policy/office-file/export.js";
import { suggest } from "../../../policy/office-file/suggest.js";
import type { Deps } from "../../use-case.js";
import { type ChangeRequest, editOffice, type OfficeChanged } from "./change.js";

/** Stands for the next free extension. */
export const AUTO = "auto";

export interface NewUser {
  readonly username: string;
  readonly name: string;
  readonly email?: string | undefined;
  /** 2 to 6 digits, or {@link AUTO}. */
  readonly extension?: string | undefined;
  readonly outboundNumber?: string | undefined;
  /** The name that a SIP phone signs in with. */
  readonly sip?: string | undefined;
  /** An outside phone that rings as well. */
  readonly phone?: string | undefined;
  /** Groups to join, by id. */
  readonly groups: readonly string[];
  readonly admin: readonly AdminKind[];
  readonly permit: readonly Permission[];
  readonly deny: readonly Permission[];
}

/** Adds a user, with devices, memberships and permissions. */
export function addUser(deps: Deps, request: ChangeRequest, user: NewUser): Promise<OfficeChanged> {
  return editOffice(deps, request, `user add ${user.username}`, (live) => withUser(live, user));
}

/** Suspends users or resumes them. */
export function setUsersSuspended(
  deps: Deps,
  request: ChangeRequest,
  usernames: readonly string[],
  suspended: boolean,
): Promise<OfficeChanged> {
  const message = `user ${suspended ? "suspend" : "resume"} ${usernames.join(" ")}`;
  const asEdits = usernames.map((id) => {
    return { verb: "set", kind: "user", id, fields: { suspended: suspended ? true : null } } as const;
  });
  return editOffice(deps, request, message, (live) => setSuspended(live, usernames, suspended), asEdits);
}

function withUser(live: Office, user: NewUser): Edited {
  const ids = live.groups.map(({ id }) => id);
  const unknown = user.groups.find((id) => !ids.includes(id));
  if (unknown !== undefined) {
    const meant = suggest(unknown, ids);
    return notFound(
      `there is no group \`${unknown}\`${meant === undefined ? "" : `; did you mean ${meant}?`}`,
    );
  }
  const joined = [...user.groups, ...user.admin.map((kind) => ADMIN_GROUPS[kind])];
  const groups = joined.map((id) => ({ id, members: [{ user: user.username }] }));
  return addUsers(live, { users: [userFile(user)], groups }, { autoExtension: user.extension === AUTO });
}

function userFile(user: NewUser): UserFile {
  const { username, name, email, extension, outboundNumber, sip, phone, permit, deny } = user;
  const devices = [
    ...(sip === undefined ? [] : [{ id: "desk", sip }]),
    ...(phone === undefined ? [] : [{ id: "cell", phone }]),
  ];
  const permissions = Object.fromEntries([
    ...permit.map((permission) => [permission, true]),
    ...deny.map((permission) => [permission, false]),
  ]);
  return {
    username,
    name,
    ...given({ email }),
    ...(extension === undefined || extension === AUTO ? {} : { extension }),
    ...given({ outbound_number: outboundNumber }),
    ...(permit.length + deny.length === 0 ? {} : { permissions }),
    ...(devices.length === 0 ? {} : { devices }),
  };
}
