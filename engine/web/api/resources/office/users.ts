/** Users: the list, everything about one of them, and their changes. */
import { z } from "zod";
import { ACCOUNT_STATES } from "../../../../../policy/accounts/state.js";
import type { Edit } from "../../../../../policy/change/edits/types.js";
import { MAILBOX_DEFAULTS } from "../../../../../policy/mailbox/mailbox.js";
import { BILLING_ADMINS, SYSTEM_ADMINS } from "../../../../../policy/office/built-in.js";
import type { User } from "../../../../../policy/office/office.js";
import { given, mapped } from "../../../../../policy/office/optional.js";
import { userSchema } from "../../../../../policy/office-file/schema.js";
import { mailboxFile, mailboxSchema } from "../../../../../policy/steps/voicemail/file.js";
import { type AccountSeen, seeAccounts, stateOfEach } from "../../../../accounts/account-views.js";
import type { FeedPhone } from "../../../../feed/protocol.js";
import type { Live } from "../../../../office/views/live.js";
import { type FoldedUser, folded, type OfficeIndex } from "../../../../office/views/office-index.js";
import { type AboutUser, listedUser, userIn } from "../../../../office/views/users.js";
import { orDatabaseFailed } from "../../../../use-case.js";
import type { Actor } from "../../actor.js";
import { changeAnswer, changeQuery, edit } from "../../changes.js";
import { changedFields, entryFieldsOf, newEntry } from "../../entry-fields.js";
import { databaseFailed } from "../../failures.js";
import { noSuchThing, withLive } from "../../live.js";
import { may, mayOfUser, userMay, userMayFields } from "../../may.js";
import { call, callJson, drift, driftJson } from "../../office-shapes.js";
import { compareKeys, mapPage, type PageKey, pageFrom, pageOf, pageQuery } from "../../paging.js";
import { type Problem, problem } from "../../problem.js";
import { ok, route } from "../../route.js";
import type { Services } from "../../services.js";
import { accountOfUser, accountOfUserJson, mayWithAccount } from "../account-json.js";

const TAG = "Users";
const USERS = { needs: "permission", permission: "users" } as const;
const OWN_USER = { ...USERS, others: "own" } as const;

const admin = z.object({ system: z.boolean(), billing: z.boolean() });

const phones = z.object({
  /** Phones that sign in to the switch; outside numbers are none. */
  count: z.number().int(),
  /** How many of them can be rung now; null: nobody can tell at this moment. */
  reachable: z.number().int().nullable(),
});

const listed = z.object({
  username: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  extension: z.string().nullable(),
  outbound_number: z.string().nullable(),
  suspended: z.boolean(),
  ...accountOfUser.shape,
  /** Ids of devices. */
  devices: z.array(z.string()),
  phones,
  /** Ids of groups, without All Users. */
  groups: z.array(z.string()),
  admin,
  /** The operator's files say something else. */
  drifts: z.boolean(),
  may: may.extend(mayWithAccount.shape),
});

const shown = userSchema.extend({
  extension: z.string().optional(),
  ...accountOfUser.shape,
  phones,
  admin,
  /** Groups by id, without All Users. */
  groups: z.array(z.object({ id: z.string(), name: z.string(), calls: z.boolean(), voicemail: z.boolean() })),
  /** What happens to a call to the user. */
  call,
  /** The settings of the mailbox, with the defaults for what the file does not say. */
  mailbox: mailboxSchema,
  /** The places that lead calls to the user, in words. */
  led_from: z.array(z.string()),
  drift,
  may: mayOfUser.extend(mayWithAccount.shape),
});

const SORTS: Readonly<Record<"name" | "username" | "extension", (each: FoldedUser) => PageKey>> = {
  name: ({ name, user }) => [name, user.username],
  username: ({ user }) => [user.username, ""],
  // Extensions of fewer digits come first; users without one come last.
  extension: ({ user }) => [user.extension === undefined ? "~" : user.extension.padStart(6), user.username],
};

const listQuery = z.object({
  ...pageQuery,
  q: z.string().max(200).optional().describe("a part of the name, username, address, extension or number"),
  group: z.string().max(64).optional().describe("members of this group"),
  suspended: z.stringbool().optional(),
  admin: z.enum(["system", "billing"]).optional(),
  account: z.enum(ACCOUNT_STATES).optional().describe("users whose account is in this state"),
  sort: z.enum(["name", "username", "extension"]).default("name"),
});

const params = z.object({ username: z.string() });

/** What a new user has besides the fields of a file. */
const joins = {
  groups: z.array(z.string()).max(200).optional().describe("ids of groups to join"),
  admin: z.object({ system: z.boolean().optional(), billing: z.boolean().optional() }).optional(),
};

const EXTENSION_AUTO = z.union([z.literal("auto"), userSchema.shape.extension.unwrap()]).optional();
const userFields = userSchema.extend({ extension: EXTENSION_AUTO });

export const userRoutes = {
  listUsers: route({
    method: "GET",
    path: "/users",
    tag: TAG,
    summary: "List users",
    access: USERS,
    query: listQuery,
    answer: pageOf(listed),
    handle: ({ services, query, actor }) =>
      withLive(services, async (live, index) => {
        const read = await orDatabaseFailed(async () => {
          const isWanted = await filterOf(services, query, live, index);
          const page = pageFrom(sorted(index, query.sort), SORTS[query.sort], query, isWanted);
          const about = await aboutThem(
            services,
            page.items.map(({ user }) => user),
          );
          return { outcome: "read" as const, page, about };
        });
        if (read.outcome === "database_failed") return databaseFailed(services, read);
        const answer = mapPage(read.page, ({ user }) => listedJson(user, index, actor, read.about));
        return ok(answer, { revision: live.revision });
      }),
  }),

  getUser: route({
    method: "GET",
    path: "/users/{username}",
    tag: TAG,
    summary: "Show everything about a user",
    access: OWN_USER,
    params,
    answer: shown,
    handle: ({ services, params: { username }, actor, reach }) =>
      reach === "own" && username !== actor.user.username
        ? othersProblem()
        : withLive(services, async (live, index) => {
            const about = userIn(live, username, index);
            if (about.outcome === "not_found") return noSuchThing(about);
            const found = live.table.user(username);
            const read = await orDatabaseFailed(async () => ({
              outcome: "read" as const,
              them: await aboutThem(services, found === undefined ? [] : [found]),
            }));
            if (read.outcome === "database_failed") return databaseFailed(services, read);
            return ok(shownJson(about, live, index, actor, read.them), { revision: live.revision });
          }),
  }),

  addUser: route({
    method: "POST",
    path: "/users",
    tag: TAG,
    summary: "Add a user",
    description:
      "The fields are those of the office file; `extension` may be `auto`. An invitation is a request of its own.",
    access: USERS,
    query: changeQuery,
    body: newEntry(userFields, [], joins),
    answer: changeAnswer,
    status: 201,
    isCreating: true,
    isChangingOffice: true,
    handle: (request) => {
      const { username, groups = [], admin: admins } = request.body;
      const fields = entryFieldsOf(request.body, ["username", "groups", "admin"]);
      const joined = [
        ...groups.map((id) => ({ id, field: `/groups/${groups.indexOf(id)}` })),
        ...adminGroups(admins),
      ];
      const edits: Edit[] = [
        { verb: "add", kind: "user", id: String(username), fields },
        ...joined.map(
          ({ id }): Edit => ({ verb: "add", kind: "member", id: `${id}/${username}`, fields: {} }),
        ),
      ];
      return edit(request, edits, {
        location: `/users/${encodeURIComponent(String(username))}`,
        pointerOf: (index) => (index === 0 ? "" : (joined[index - 1]?.field ?? "")),
      });
    },
  }),

  changeUser: route({
    method: "PATCH",
    path: "/users/{username}",
    tag: TAG,
    summary: "Change fields of a user",
    description:
      "What is left out stays as it is, `null` takes a field away. One's own profile needs no permission.",
    access: OWN_USER,
    params,
    query: changeQuery,
    body: changedFields(userFields, ["username"], { admin: joins.admin }),
    answer: changeAnswer,
    isChangingOffice: true,
    handle: async (request) => {
      const { username } = request.params;
      if (request.reach === "own" && username !== request.actor.user.username) return othersProblem();
      const { admin: admins } = request.body;
      const fields = entryFieldsOf(request.body, ["admin"]);
      const switches = admins === undefined ? [] : await adminEdits(request, username, admins);
      if ("kind" in switches) return switches;
      const set: Edit = { verb: "set", kind: "user", id: username, fields };
      const isOnlyAdmin = Object.keys(fields).length === 0 && admins !== undefined;
      return edit(request, [...(isOnlyAdmin ? [] : [set]), ...switches], {
        pointerOf: (index) => (index === 0 && !isOnlyAdmin ? "" : "/admin"),
      });
    },
  }),

  removeUser: route({
    method: "DELETE",
    path: "/users/{username}",
    tag: TAG,
    summary: "Remove a user",
    description:
      "A replacement gets what led to the user: call flows, messages, numbers. With `dry_run` the plan says all that it would get.",
    access: USERS,
    params,
    query: changeQuery.extend({
      replace_by: z.string().max(64).optional().describe("the username of the replacement"),
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
      return edit(request, [{ verb: "remove", kind: "user", id: request.params.username, options }]);
    },
  }),
};

async function othersProblem(): Promise<Problem> {
  return problem("no_permission", { permission: "users" });
}

function sorted(index: OfficeIndex, sort: keyof typeof SORTS): readonly FoldedUser[] {
  if (sort === "name") return index.people;
  const keyOf = SORTS[sort];
  return index.sorted(sort, (people) => [...people].sort((a, b) => compareKeys(keyOf(a), keyOf(b))));
}

async function filterOf(
  { deps }: Services,
  query: z.infer<typeof listQuery>,
  live: Live,
  index: OfficeIndex,
): Promise<(each: FoldedUser) => boolean> {
  const { group, suspended, admin: administrators, account } = query;
  const inGroup = mapped(
    group,
    (id) => new Set(live.table.group(id)?.members.map(({ username }) => username)),
  );
  const stateOf = account === undefined ? undefined : await stateOfEach(deps);
  const wanted = folded(query.q?.trim() ?? "");
  const digits = wanted.replaceAll(/[\s()./-]/g, "");
  return ({ user, text }) => {
    if (inGroup?.has(user.username) === false) return false;
    if (suspended !== undefined && (user.suspended ?? false) !== suspended) return false;
    if (administrators !== undefined && !adminOf(index, user.username)[administrators]) return false;
    if (stateOf !== undefined && stateOf(user) !== account) return false;
    return wanted === "" || text.includes(wanted) || (/^\+?\d+$/.test(digits) && text.includes(digits));
  };
}

/** What is known of users besides the office. */
interface AboutThem {
  readonly accounts: ReadonlyMap<string, AccountSeen>;
  /** Null: nobody can tell at this moment. */
  readonly phones: ReadonlyMap<string, FeedPhone> | null;
}

/** A list does not wait for a live feed that hangs. */
const PHONES_WAIT_MS = 150;

async function aboutThem({ deps, voice }: Services, users: readonly User[]): Promise<AboutThem> {
  const [accounts, reachable] = await Promise.all([
    seeAccounts(deps, users),
    voice.hub?.phones(PHONES_WAIT_MS) ?? null,
  ]);
  return {
    accounts: new Map(accounts.map((each) => [each.user.username, each])),
    phones: reachable,
  };
}

function phonesJson({ devices }: User, live: AboutThem["phones"]): z.infer<typeof phones> {
  const names = devices.flatMap(({ at }) => (at.kind === "sip" ? [at.name] : []));
  const reachable = live && names.filter((name) => (live.get(name)?.contacts ?? []).length > 0).length;
  return { count: names.length, reachable };
}

/** An account that is not known to be there is none. */
const NO_ACCOUNT = { state: "none", activatedMs: null, passwordMs: null, invitation: null } as const;

function accountFields(user: User, { accounts, phones: live }: AboutThem, actor: Actor) {
  const seen = accounts.get(user.username) ?? { user, ...NO_ACCOUNT };
  return { ...accountOfUserJson(seen, actor), phones: phonesJson(user, live) };
}

function adminOf(index: OfficeIndex, username: string): z.infer<typeof admin> {
  const groups = index.groupsOf(username);
  return { system: groups.includes(SYSTEM_ADMINS), billing: groups.includes(BILLING_ADMINS) };
}

function listedJson(user: User, index: OfficeIndex, actor: Actor, about: AboutThem): z.infer<typeof listed> {
  const { may: mayOfAccount, ...fields } = accountFields(user, about, actor);
  const groups = index.groupsOf(user.username);
  const { outboundNumber, ...shownUser } = listedUser(user, new Map([[user.username, groups]]));
  return {
    ...shownUser,
    ...fields,
    devices: [...shownUser.devices],
    groups: [...shownUser.groups],
    outbound_number: outboundNumber,
    admin: adminOf(index, user.username),
    drifts: index.drifts("users", user.username),
    may: { ...userMay(actor, user), ...mayOfAccount },
  };
}

function shownJson(
  { user, flow, groups, ledFrom, drift: drifting }: AboutUser,
  live: Parameters<typeof userIn>[0],
  index: OfficeIndex,
  actor: Actor,
  about: AboutThem,
): z.infer<typeof shown> {
  const { username, extension, ...fields } = user;
  const found = live.table.user(username);
  if (found === undefined) throw new Error(`${username} is shown and not in the office`);
  const { may: mayOfAccount, ...account } = accountFields(found, about, actor);
  return {
    username,
    ...fields,
    ...given({ extension: mapped(extension, String) }),
    ...account,
    admin: adminOf(index, username),
    groups: groups.flatMap((id) => {
      const group = live.table.group(id);
      const member = group?.members.find((each) => each.username === username);
      return group === undefined || member === undefined
        ? []
        : [{ id, name: group.name, calls: member.calls, voicemail: member.voicemail }];
    }),
    call: callJson(flow, live.table),
    mailbox: { ...mailboxFile(MAILBOX_DEFAULTS, undefined), ...fields.voicemail },
    led_from: [...ledFrom],
    drift: driftJson(drifting),
    may: { ...userMayFields(actor, found), ...mayOfAccount },
  };
}

type AdminSwitches = NonNullable<z.infer<(typeof joins)["admin"]>>;
const ADMINS = { system: SYSTEM_ADMINS, billing: BILLING_ADMINS } as const;

function adminGroups(admins: AdminSwitches | undefined): { id: string; field: string }[] {
  return (["system", "billing"] as const).flatMap((name) =>
    admins?.[name] === true ? [{ id: ADMINS[name], field: `/admin/${name}` }] : [],
  );
}

/** Memberships that are to change; one that is as asked for already is left alone. */
function adminEdits(
  { services }: Parameters<typeof edit>[0],
  username: string,
  admins: AdminSwitches,
): Promise<readonly Edit[] | Problem> {
  return withLive<readonly Edit[]>(services, ({ table }) =>
    (["system", "billing"] as const).flatMap((name): Edit[] => {
      const wanted = admins[name];
      const id = ADMINS[name];
      const is = table.group(id)?.members.some((member) => member.username === username) ?? false;
      if (wanted === undefined || wanted === is) return [];
      const subject = { kind: "member", id: `${id}/${username}` };
      return wanted
        ? [{ verb: "add", ...subject, fields: {} }]
        : [{ verb: "remove", ...subject, options: {} }];
    }),
  );
}
