/**
 * Who asks, and what they may ask for: so that a page offers nothing that would be refused. The operations come from the
 * routes themselves, with how far each reaches.
 */
import { z } from "zod";
import { askerMay, decideAccess, type Reach } from "../../../../policy/access/access.js";
import { groupsOf } from "../../../../policy/access/membership.js";
import { RIGHTS } from "../../../../policy/access/rights.js";
import { parseBox } from "../../../../policy/office/box.js";
import { ALL_USERS, isBuiltIn } from "../../../../policy/office/built-in.js";
import { numberShownBy } from "../../../../policy/ring/caller-id.js";
import type { RoutingTable } from "../../../../policy/routing/table.js";
import { countFresh, type FreshBox } from "../../../voicemail/admin/reader.js";
import type { Actor } from "../actor.js";
import { databaseFailed } from "../failures.js";
import { withLive } from "../live.js";
import { ok, route } from "../route.js";
import type { Services } from "../services.js";

const reach = z.enum(["own", "groups", "all"]);

const mailbox = z.object({
  /** `user:NAME` or `group:ID`. */
  box: z.string(),
  name: z.string(),
  new: z.number().int(),
  new_urgent: z.number().int(),
});

const me = z.object({
  username: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  extension: z.string().nullable(),
  /** The number of the office that your calls outside show, unless you hide it; null: there is none. */
  number_shown: z.string().nullable(),
  hide_number: z.boolean(),
  /** The operator's files say something else of you. */
  drifts: z.boolean(),
  /** The live revision. */
  revision: z.number().int(),
  /** The mailboxes that you hear, your own first. */
  mailboxes: z.array(mailbox),
  /** Messages that you have not heard, of all of them. */
  new_messages: z.number().int(),
  /** By what the request was made. */
  via: z.enum(["session", "key"]),
  /** Of the API key. */
  key: z.string().nullable(),
  office: z.object({ name: z.string(), timezone: z.string(), country: z.string() }),
  /** The groups that you are a member of, besides All Users. */
  groups: z.array(z.object({ id: z.string(), name: z.string(), calls: z.boolean(), voicemail: z.boolean() })),
  /** What you may do, or what the key may do for you; `system_admin` is everything of the office. */
  may: z.record(z.string(), z.boolean()),
  /** The operations of the API that are open to you, by their ids, and how far each reaches. */
  operations: z.record(z.string(), reach),
});

export const meRoutes = {
  showMe: route({
    method: "GET",
    path: "/me",
    tag: "Me",
    summary: "Say who you are and what you may do",
    access: { needs: "own" },
    answer: me,
    handle: ({ actor, services }) =>
      withLive(services, async (live, index) => {
        const { user, via } = actor;
        const reader = { username: user.username, table: live.table, readsAll: false };
        const counted = await countFresh(services.deps, reader);
        if (counted.outcome === "database_failed") return databaseFailed(services, counted);
        const mailboxes = counted.boxes.filter(isWorthShowing).map(mailboxJson);
        const { name, timezone, country } = live.office;
        return ok(
          {
            username: user.username,
            name: user.name,
            email: user.email ?? null,
            extension: user.extension ?? null,
            number_shown: numberShownBy(user, live.table) ?? null,
            hide_number: user.hidesNumber ?? false,
            drifts: index.drifts("users", user.username),
            revision: live.revision,
            mailboxes,
            new_messages: mailboxes.reduce((sum, each) => sum + each.new, 0),
            via: via.kind,
            key: via.kind === "key" ? via.keyName : null,
            office: { name, timezone, country },
            groups: membershipsOf(user.username, live.table),
            may: Object.fromEntries(RIGHTS.map((right) => [right, askerMay(actor, right)])),
            operations: operationsFor(actor, services),
          },
          { revision: live.revision },
        );
      }),
  }),
};

/** Every office has the built-in groups, and hardly any has a mailbox for them. */
function isWorthShowing({ box: name, fresh, old }: Pick<FreshBox, "box" | "fresh" | "old">): boolean {
  const box = parseBox(name);
  return box?.kind !== "group" || !isBuiltIn(box.id) || fresh + old > 0;
}

function mailboxJson({ box, name, fresh, freshUrgent }: FreshBox): z.infer<typeof mailbox> {
  return { box, name, new: fresh, new_urgent: freshUrgent };
}

/** What somebody may ask for changes with the office only. */
const KNOWN_MAX = 500;
const known = new WeakMap<object, Map<string, Record<string, Reach>>>();

function operationsFor(actor: Actor, services: Services): Record<string, Reach> {
  const ofOffice = known.get(actor.office) ?? new Map<string, Record<string, Reach>>();
  known.set(actor.office, ofOffice);
  const who = JSON.stringify([actor.user.username, actor.keyPowers]);
  const made = ofOffice.get(who) ?? openOperations(actor, services);
  if (ofOffice.size >= KNOWN_MAX) ofOffice.clear();
  ofOffice.set(who, made);
  return made;
}

function openOperations(actor: Actor, { operations }: Services): Record<string, Reach> {
  return Object.fromEntries(
    Object.entries(operations).flatMap(([name, access]) => {
      const decided = decideAccess(access, actor);
      return decided.allowed ? [[name, decided.reach] as const] : [];
    }),
  );
}

function membershipsOf(username: string, table: RoutingTable): z.input<typeof me>["groups"] {
  return groupsOf(username, table).flatMap((id) => {
    const group = id === ALL_USERS ? undefined : table.group(id);
    const member = group?.members.find((each) => each.username === username);
    if (group === undefined || member === undefined) return [];
    return [{ id, name: group.name, calls: member.calls, voicemail: member.voicemail }];
  });
}
