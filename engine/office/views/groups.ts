/** Groups as people and programs are shown them: a list of all, built-in ones first, or everything about one group. */
import { mentionsOf, noSuch, type Somebody } from "../../../policy/change/mentions.js";
import { BUILT_IN_GROUPS, isBuiltIn } from "../../../policy/office/built-in.js";
import type { Group, Strategy } from "../../../policy/office/office.js";
import { exportGroup, type GroupFile } from "../../../policy/office-file/export.js";
import type { Step } from "../../../policy/steps/types.js";
import type { Deps } from "../../use-case.js";
import { driftOf, type EntityDrift, type Live, type Viewed, viewLive } from "./live.js";
import type { NotFound } from "./users.js";

export interface ListedGroup {
  readonly id: string;
  readonly name: string;
  readonly extension: string | null;
  readonly strategy: Strategy;
  readonly builtIn: boolean;
  /** By username. */
  readonly members: readonly string[];
}

export interface GroupList {
  readonly outcome: "listed";
  readonly groups: readonly ListedGroup[];
}

export interface AboutGroup {
  readonly outcome: "shown";
  readonly group: GroupFile;
  /** The steps of a call to the group. */
  readonly flow: readonly Step[];
  readonly builtIn: boolean;
  /** The places that lead calls to the group, in words. */
  readonly ledFrom: readonly string[];
  /** Null: the files have the group as it is live. */
  readonly drift: EntityDrift | null;
}

export function listGroups(deps: Pick<Deps, "store">): Promise<Viewed<GroupList>> {
  return viewLive<GroupList>(deps, (live) => ({ outcome: "listed", groups: groupsIn(live).map(listed) }));
}

/** Everything the live office says of one group. */
export function showGroup(deps: Pick<Deps, "store">, id: string): Promise<Viewed<AboutGroup | NotFound>> {
  return viewLive<AboutGroup | NotFound>(deps, (live) => groupIn(live, id));
}

/** The places that lead calls to somebody, in words. */
type LedTo = (who: Somebody) => readonly string[];

/** The same of an office that is in memory. */
export function groupIn(
  live: Live,
  id: string,
  ledTo: LedTo = (who) => mentionsOf(live.office, who),
): AboutGroup | NotFound {
  const group = live.table.group(id);
  return group === undefined
    ? { outcome: "not_found", reason: noSuch(live.office, "group", id) }
    : aboutGroup(group, live, ledTo);
}

/** The built-in ones first. */
export function groupsIn({ office, table }: Pick<Live, "office" | "table">): Group[] {
  const own = office.groups.filter(({ id }) => !isBuiltIn(id)).map(({ id }) => id);
  return [...BUILT_IN_GROUPS, ...own].flatMap((id) => table.group(id) ?? []);
}

function listed({ id, name, extension, strategy, members }: Group): ListedGroup {
  return {
    id,
    name,
    extension: extension ?? null,
    strategy,
    builtIn: isBuiltIn(id),
    members: members.map(({ username }) => username),
  };
}

function aboutGroup(group: Group, live: Live, ledTo: LedTo): AboutGroup {
  const { id, extension } = group;
  return {
    outcome: "shown",
    group: exportGroup(group),
    flow: group.flow,
    builtIn: isBuiltIn(id),
    ledFrom: ledTo({ kind: "group", id, extension }),
    drift: driftOf(live, "groups", id),
  };
}
