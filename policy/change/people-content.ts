/** Writes the people of a table in the words of an office file. */
import { BILLING_ADMINS, SYSTEM_ADMINS } from "../office/built-in.js";
import { given, mapped } from "../office/optional.js";
import type { GroupFile, UserFile } from "../office-file/export.js";
import type { AdminKind, People, Person } from "./person.js";

/** The groups whose members are administrators. */
export const ADMIN_GROUPS: Readonly<Record<AdminKind, string>> = {
  billing: BILLING_ADMINS,
  system: SYSTEM_ADMINS,
};

/** Everybody as a new user, and the groups with them as members. */
export function peopleContent({ people, groups }: People): {
  readonly users: readonly UserFile[];
  readonly groups: readonly GroupFile[];
} {
  const members = new Map<string, GroupFile>();
  const names = new Map(groups.map(({ id, name }) => [id, name]));
  const join = (id: string, user: string) => {
    const group = members.get(id) ?? { id, ...given({ name: names.get(id) }), members: [] };
    group.members?.push({ user });
    members.set(id, group);
  };
  for (const { username, groups: joined = [], admin = [] } of people)
    for (const id of new Set([...joined, ...admin.map((kind) => ADMIN_GROUPS[kind])])) join(id, username);
  return { users: people.map(newUserFile), groups: [...members.values()] };
}

/** A person as a new user. */
export function newUserFile(person: Person): UserFile {
  const { username, name, email, extension, outboundNumber, suspended, permissions, devices } = person;
  return {
    username,
    name,
    ...given({ email, extension: mapped(extension, extensionFile), outbound_number: outboundNumber }),
    ...(suspended === true ? { suspended } : {}),
    ...given({ permissions }),
    ...(devices.length === 0 ? {} : { devices: [...devices] }),
  };
}

/** An extension as a plain number, unless a leading zero would be lost. */
export function extensionFile(extension: string): string | number {
  return extension.startsWith("0") ? extension : Number(extension);
}
