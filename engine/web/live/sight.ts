/**
 * What of the live feed somebody sees. It is the rule of the lists of calls: all of it with the permission, else what
 * concerns oneself and one's groups. A call may begin to concern somebody, and cease to, while it goes on.
 */
import type { FeedCall, FeedGroup, FeedPhone } from "../../feed/protocol.js";

export interface Sight {
  readonly username: string;
  /** Null: everything of the office. */
  readonly groups: ReadonlySet<string> | null;
  /** How carriers fare. */
  readonly carriers: boolean;
}

export function isSameSight(one: Sight, other: Sight): boolean {
  const groups = (sight: Sight) => (sight.groups === null ? null : [...sight.groups].sort());
  return (
    one.username === other.username &&
    one.carriers === other.carriers &&
    JSON.stringify(groups(one)) === JSON.stringify(groups(other))
  );
}

export function seesCall({ username, groups }: Sight, { user, talks, rings, about }: FeedCall): boolean {
  if (groups === null || user === username || talks?.who === username) return true;
  if (rings.some(({ who }) => who === username)) return true;
  return about.some(
    (name) => name === `user:${username}` || (name.startsWith(GROUP) && groups.has(name.slice(GROUP.length))),
  );
}

const GROUP = "group:";

export function seesPhone({ username, groups }: Sight, { user }: FeedPhone): boolean {
  return groups === null || user === username;
}

export function seesGroup({ groups }: Sight, { id }: Pick<FeedGroup, "id">): boolean {
  return groups === null || groups.has(id);
}

/** How busy the engine is. */
export function seesFigures({ groups }: Sight): boolean {
  return groups === null;
}
