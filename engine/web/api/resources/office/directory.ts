/** Colleagues and groups with their extensions, for everybody; and one search for all that the reader may see. */
import { z } from "zod";
import { askerMay } from "../../../../../policy/access/access.js";
import { SCHEDULES } from "../../../../../policy/steps/schedule/step.js";
import { groupsIn } from "../../../../office/views/groups.js";
import type { Live } from "../../../../office/views/live.js";
import { wantedNumbers } from "../../../../office/views/numbers.js";
import { folded, type OfficeIndex } from "../../../../office/views/office-index.js";
import { plansIn } from "../../../../office/views/plans.js";
import type { Actor } from "../../actor.js";
import { withLive } from "../../live.js";
import { mapPage, pageFrom, pageOf, pageQuery } from "../../paging.js";
import { ok, route } from "../../route.js";

const entry = z.object({
  kind: z.enum(["user", "group"]),
  /** Username or id; with the kind it is a target, as `user:alice.wong`. */
  id: z.string(),
  name: z.string(),
  extension: z.string().nullable(),
  /** The reader, or a group that the reader is in. */
  is_mine: z.boolean(),
});
type Entry = z.infer<typeof entry>;

const found = z.object({
  kind: z.enum(["user", "group", "number", "flow", "schedule", "plan", "carrier"]),
  id: z.string(),
  title: z.string(),
  /** An extension, a label, what it does; empty: nothing to say. */
  detail: z.string(),
});
type Found = z.infer<typeof found>;

/** Of each kind: who looks for more opens the list. */
const FOUND_MAX = 8;

export const directoryRoutes = {
  listDirectory: route({
    method: "GET",
    path: "/directory",
    tag: "Directory",
    summary: "List colleagues and groups with their extensions",
    description: "People who are suspended are left out.",
    access: { needs: "own" },
    query: z.object({
      ...pageQuery,
      q: z.string().max(200).optional().describe("a part of the name, username or extension"),
      kind: z.enum(["user", "group"]).optional(),
    }),
    answer: pageOf(entry),
    handle: ({ services, query, actor }) =>
      withLive(services, (live, index) => {
        const wanted = folded(query.q?.trim() ?? "");
        const page = pageFrom(
          index.directory,
          ({ key, entry: { kind, id } }) => [key, `${kind}:${id}`],
          query,
          ({ entry: { kind }, text }) =>
            (query.kind === undefined || kind === query.kind) && text.includes(wanted),
        );
        const mine = new Set(index.groupsOf(actor.user.username));
        const json = ({ entry: each }: (typeof index.directory)[number]): Entry => ({
          ...each,
          is_mine: each.kind === "user" ? each.id === actor.user.username : mine.has(each.id),
        });
        return ok(mapPage(page, json), { revision: live.revision });
      }),
  }),

  search: route({
    method: "GET",
    path: "/search",
    tag: "Directory",
    summary: "Find users, groups, numbers, flows and more by a part of their names",
    description: `At most ${FOUND_MAX} of each kind. Colleagues and groups are found by everybody, the rest by those who may see it.`,
    access: { needs: "own" },
    query: z.object({ q: z.string().trim().min(1).max(200) }),
    answer: z.object({ items: z.array(found) }),
    handle: ({ services, query: { q }, actor }) =>
      withLive(services, (live, index) =>
        ok({ items: findAll(q, live, index, actor) }, { revision: live.revision }),
      ),
  }),
};

/** The first of those that are wanted. */
function few<T>(all: Iterable<T>, isWanted: (each: T, at: number) => boolean): T[] {
  const chosen: T[] = [];
  let at = 0;
  for (const each of all) {
    if (chosen.length === FOUND_MAX) break;
    if (isWanted(each, at)) chosen.push(each);
    at += 1;
  }
  return chosen;
}

function findAll(q: string, live: Live, index: OfficeIndex, actor: Actor): Found[] {
  const wanted = folded(q);
  const people = askerMay(actor, "users")
    ? few(index.people, ({ text }) => text.includes(wanted)).map(
        ({ user }): Found => ({
          kind: "user",
          id: user.username,
          title: user.name,
          detail: user.extension ?? "",
        }),
      )
    : few(index.directory, ({ entry: { kind }, text }) => kind === "user" && text.includes(wanted)).map(
        ({ entry: { id, name, extension } }): Found => ({
          kind: "user",
          id,
          title: name,
          detail: extension ?? "",
        }),
      );
  const groups = few(groupsIn(live), ({ id, name, extension }) =>
    folded(`${name}\n${id}\n${extension ?? ""}`).includes(wanted),
  ).map(({ id, name, extension }): Found => ({ kind: "group", id, title: name, detail: extension ?? "" }));
  return [
    ...people,
    ...groups,
    ...(askerMay(actor, "numbers") ? numbers(q, live, index) : []),
    ...(askerMay(actor, "call_flows") ? flowsAndSchedules(wanted, live) : []),
    ...(askerMay(actor, "billing") ? plans(wanted, live) : []),
    ...(askerMay(actor, "system_admin") ? carriers(wanted, live) : []),
  ];
}

function numbers(q: string, live: Live, index: OfficeIndex): Found[] {
  const isWanted = wantedNumbers(live, { text: q, unused: false }, (each, at) =>
    index.textOfNumber(each, at),
  );
  if (typeof isWanted !== "function") return [];
  return few(live.office.numbers, isWanted).map(
    ({ number, label }): Found => ({ kind: "number", id: number, title: number, detail: label ?? "" }),
  );
}

function flowsAndSchedules(wanted: string, { office }: Live): Found[] {
  const schedules = office.sections?.[SCHEDULES] ?? [];
  const ids = (kind: "flow" | "schedule", all: readonly string[]) =>
    all
      .filter((id) => id.includes(wanted))
      .slice(0, FOUND_MAX)
      .map((id): Found => ({ kind, id, title: id, detail: "" }));
  return [
    ...ids("flow", Object.keys(office.flows)),
    ...ids(
      "schedule",
      schedules.map(({ id }) => id),
    ),
  ];
}

function plans(wanted: string, { office }: Live): Found[] {
  return plansIn(office)
    .plans.filter(({ plan }) => folded(`${plan.id}\n${plan.name ?? ""}`).includes(wanted))
    .slice(0, FOUND_MAX)
    .map(
      ({ plan }): Found => ({
        kind: "plan",
        id: plan.id,
        title: plan.name ?? plan.id,
        detail: plan.currency,
      }),
    );
}

function carriers(wanted: string, { office }: Live): Found[] {
  return office.carriers
    .filter(({ id, proxy }) => folded(`${id}\n${proxy}`).includes(wanted))
    .slice(0, FOUND_MAX)
    .map(({ id, proxy }): Found => ({ kind: "carrier", id, title: id, detail: proxy }));
}
