/**
 * Brings the users of an office up to what a table says of them: adds, changes and, if asked, removes. Of what the table does not
 * say, nothing changes: a field without a column, an empty cell, a group that the table does not name.
 */
import { BUILT_IN_GROUPS } from "../office/built-in.js";
import type { Office } from "../office/office.js";
import { given, mapped } from "../office/optional.js";
import { targetsIn } from "../office/targets.js";
import { exportOffice, type GroupFile, type UserFile } from "../office-file/export.js";
import type { DeviceFile, MemberFile } from "../office-file/schema.js";
import { checkContents, type Edited, type Fault, refused } from "./edit.js";
import { contentWithMembers } from "./groups.js";
import { keepsAdmins } from "./last-admin.js";
import { placesOf } from "./mentions.js";
import { ADMIN_GROUPS, extensionFile, newUserFile, peopleContent } from "./people-content.js";
import type { People, Person } from "./person.js";
import { withExtensions } from "./users.js";

export interface PeopleOptions {
  /** Give every new user without an extension the next free one. */
  readonly autoExtension: boolean;
  /** Remove users whom the table does not have, this many at most; undefined: nobody is removed. */
  readonly removeMissing?: number | undefined;
}

/** The office with everybody as the table says. Users whom the table does not have stay unless they are to be removed. */
export function updatePeople(office: Office, table: People, options: PeopleOptions): Edited {
  const { people } = table;
  if (people.length === 0) return refused("there is nobody in the table");
  const removed = options.removeMissing === undefined ? new Set<string>() : missingFrom(office, people);
  const stop = mayRemove(office, removed, options.removeMissing ?? 0);
  if (stop !== undefined) return stop;
  const content = exportOffice(office);
  const byName = new Map(people.map((person) => [person.username, person]));
  const known = new Set(office.users.map(({ username }) => username));
  const kept = (content.users ?? []).filter(({ username }) => !removed.has(username));
  const changed = kept.map((user) => changedUser(user, byName.get(user.username)));
  const added = people.filter(({ username }) => !known.has(username)).map(newUserFile);
  const users = options.autoExtension ? withExtensions(office, added, extensionsOf(changed)) : added;
  if (users === undefined) return refused("there is no free extension left for everybody");
  const left = leaving(content.groups ?? [], table, removed);
  const joined = contentWithMembers({ ...content, groups: left }, peopleContent(table).groups);
  const edited = checkContents(
    [{ ...joined, users: [...changed, ...users] }],
    "the office cannot be as the table says",
  );
  return edited.ok ? (keepsAdmins(office, edited.office) ?? edited) : edited;
}

/** Usernames of the office that the table does not have. */
export function missingFrom(office: Office, people: readonly Person[]): ReadonlySet<string> {
  const there = new Set(people.map(({ username }) => username));
  return new Set(office.users.map(({ username }) => username).filter((username) => !there.has(username)));
}

/** Why these users cannot be removed; undefined: they can. */
function mayRemove(office: Office, removed: ReadonlySet<string>, most: number): Edited | undefined {
  if (removed.size === 0) return undefined;
  if (removed.size > most) {
    const some = [...removed].slice(0, 10).join(", ");
    return refused(
      `${removed.size} users are not in the table (${some}${removed.size > 10 ? ", …" : ""}), more than the ${most} that may be removed; --remove-missing ${removed.size} removes them`,
    );
  }
  const faults = leadingTo(office, removed);
  if (faults.length === 0) return undefined;
  return {
    ok: false,
    cause: "in_use",
    reason: "something still leads to users who are not in the table",
    faults,
  };
}

/** What leads to users who are removed, by name or by their extension. */
function leadingTo(office: Office, removed: ReadonlySet<string>): Fault[] {
  const extensions = new Map(
    office.users.flatMap(({ username, extension }) =>
      extension !== undefined && removed.has(username) ? [[extension, username] as const] : [],
    ),
  );
  const owners = new Set([...removed].map((username) => `user ${username}`));
  return [...placesOf(office)].flatMap((place) =>
    owners.has(place.owner)
      ? []
      : targetsIn(place.value).flatMap((target) => {
          const username =
            target.kind === "user"
              ? target.username
              : target.kind === "extension"
                ? extensions.get(target.extension)
                : undefined;
          if (username === undefined || !removed.has(username)) return [];
          return [
            { where: place.where, code: "dangling" as const, message: `leads to the user \`${username}\`` },
          ];
        }),
  );
}

function extensionsOf(users: readonly UserFile[]): string[] {
  return users.flatMap(({ extension }) => (extension === undefined ? [] : [String(extension)]));
}

function changedUser(user: UserFile, person: Person | undefined): UserFile {
  if (person === undefined) return user;
  const { name, email, extension, outboundNumber, suspended, permissions, without } = person;
  const { suspended: _suspended, ...rest } = user;
  const isSuspended = suspended ?? user.suspended;
  const changed: UserFile = {
    ...rest,
    name,
    ...(email === undefined || email.toLowerCase() === user.email?.toLowerCase() ? {} : { email }),
    ...given({ extension: mapped(extension, extensionFile), outbound_number: outboundNumber }),
    ...(isSuspended === true ? { suspended: true } : {}),
    ...given({ permissions: mapped(permissions, (said) => ({ ...user.permissions, ...said })) }),
    devices: changedDevices(user.devices ?? [], person),
  };
  for (const field of ["email", "extension", "outbound_number"] as const)
    if (without.has(field)) delete changed[field];
  return changed;
}

/** A device of the same id gets the new number or name; one that rings the same already stays as it is. */
function changedDevices(before: readonly DeviceFile[], { devices, without }: Person): DeviceFile[] {
  const kept = before.filter(
    ({ id }) => !(id === "desk" || id === "cell" || id === "phone") || !without.has(id),
  );
  const result = [...kept];
  for (const { id, sip, phone } of devices) {
    if (
      result.some(
        (device) =>
          (sip !== undefined && device.sip === sip) || (phone !== undefined && device.phone === phone),
      )
    )
      continue;
    const at = result.findIndex((device) => device.id === id);
    const { sip: _sip, phone: _phone, ...rest } = result[at] ?? { id };
    const device: DeviceFile = {
      ...rest,
      ...given({ sip, phone }),
    };
    if (at < 0) result.push(device);
    else result[at] = device;
  }
  return result;
}

/** Who leaves groups: whoever is removed, and whoever is in other groups of the table now. */
function leaving(
  groups: readonly GroupFile[],
  { people, groups: named }: People,
  removed: ReadonlySet<string>,
): GroupFile[] {
  const joins = new Map(people.map((person) => [person.username, groupsAfter(person)]));
  const managed = new Set(named.map(({ id }) => id).filter((id) => !BUILT_IN_GROUPS.includes(id)));
  const admin = new Map(
    people.flatMap((person) =>
      adminAfter(person) === undefined ? [] : [[person.username, adminAfter(person)] as const],
    ),
  );
  const stays = (id: string, { user }: MemberFile) => {
    if (removed.has(user)) return false;
    const kinds = admin.get(user);
    if (kinds !== undefined && ADMIN_IDS.has(id)) return kinds.has(id);
    const now = managed.has(id) ? joins.get(user) : undefined;
    return now === undefined || now.has(id);
  };
  return groups.map((group) => ({
    ...group,
    members: (group.members ?? []).filter((member) => stays(group.id, member)),
  }));
}

const ADMIN_IDS: ReadonlySet<string> = new Set(Object.values(ADMIN_GROUPS));

/** Undefined: the table says nothing of the person's groups. */
function groupsAfter({ groups, without }: Person): ReadonlySet<string> | undefined {
  return groups === undefined && !without.has("groups") ? undefined : new Set(groups);
}

function adminAfter({ admin, without }: Person): ReadonlySet<string> | undefined {
  if (admin === undefined && !without.has("admin")) return undefined;
  return new Set((admin ?? []).map((kind) => ADMIN_GROUPS[kind]));
}
