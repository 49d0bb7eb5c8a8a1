/** Changes users of the live office: adds one user or a whole table, suspends and resumes them. */
import { type Edited, notFound } from "../../../policy/change/edit.js";
import { addUsers, setSuspended } from "../../../policy/change/users.js";
import { BILLING_ADMINS, SYSTEM_ADMINS } from "../../../policy/office/built-in.js";
import type { E164, Office } from "../../../policy/office/office.js";
import { given } from "../../../policy/office/optional.js";
import type { Permission } from "../../../policy/office/permission-names.js";
import type { UserFile } from "../../../policy/office-file/export.js";
import { suggest } from "../../../policy/office-file/suggest.js";
import { RoutingTable } from "../../../policy/routing/table.js";
import type { Deps } from "../../use-case.js";
import { importTable, type TableProblem } from "../files/import-table.js";
import type { OfficeText } from "../files/texts.js";
import {
  type ChangeRequest,
  changeOffice,
  editOffice,
  type OfficeChanged,
  type Prepared,
  preparedEdit,
  type Refused,
} from "./change.js";

/** Stands for the next free extension. */
export const AUTO = "auto";

/** The groups whose members are administrators. */
export const ADMIN_GROUPS = { billing: BILLING_ADMINS, system: SYSTEM_ADMINS } as const;
export type AdminKind = keyof typeof ADMIN_GROUPS;

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

export interface UserTable {
  readonly text: OfficeText;
  /** The country by which numbers without a country code are read; left out: the office's country. */
  readonly country?: string | undefined;
  /** Headings to fields; see `importTable`. */
  readonly columns: ReadonlyMap<string, string>;
  /** Give every user without an extension the next free one. */
  readonly autoExtension: boolean;
  /** Told of what was read in one of several ways; again if the office has changed meanwhile. */
  readonly warn?: (problem: TableProblem) => void;
}

/** The table cannot be read, or is not a table of users. */
export type TableRefused =
  | { readonly outcome: "table_unreadable"; readonly reason: string }
  | { readonly outcome: "table_faulty"; readonly problems: readonly TableProblem[] }
  | { readonly outcome: "table_of_numbers" };

/** Adds all users of a table, and the groups that its rows name, as one revision or not at all. */
export function addUsersOfTable(
  deps: Deps,
  request: ChangeRequest,
  table: UserTable,
): Promise<OfficeChanged | TableRefused> {
  const name = table.text.name.split("/").at(-1) ?? table.text.name;
  return changeOffice(deps, request, `user add --from ${name}`, (live) => withTable(live, table));
}

/** Suspends users or resumes them. */
export function setUsersSuspended(
  deps: Deps,
  request: ChangeRequest,
  usernames: readonly string[],
  suspended: boolean,
): Promise<OfficeChanged> {
  const message = `user ${suspended ? "suspend" : "resume"} ${usernames.join(" ")}`;
  return editOffice(deps, request, message, (live) => setSuspended(live, usernames, suspended));
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

function withTable(live: Office, table: UserTable): Prepared<Refused | TableRefused> {
  const { text, country = live.country, columns, autoExtension } = table;
  if (text.failure !== undefined) {
    return { ok: false, failure: { outcome: "table_unreadable", reason: text.failure.reason } };
  }
  const routing = RoutingTable.of(live, 0);
  const owns = (number: E164) => routing.number(number) !== undefined;
  const { content, problems, warnings } = importTable(text.text, { country, columns, owns });
  for (const warning of warnings) table.warn?.(warning);
  if (problems.length > 0) return { ok: false, failure: { outcome: "table_faulty", problems } };
  if (content.numbers !== undefined) return { ok: false, failure: { outcome: "table_of_numbers" } };
  const { users = [], groups = [] } = content;
  return preparedEdit(addUsers(live, { users, groups }, { autoExtension }));
}
