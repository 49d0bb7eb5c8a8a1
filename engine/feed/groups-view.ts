/** Groups as the live feed shows them: who of the members can be reached, and how many calls wait for the group. */
import type { Group, User } from "../../policy/office/office.js";
import type { RoutingTable } from "../../policy/routing/table.js";
import type { Contact } from "../switch/registrations.js";
import type { FeedCall, FeedGroup } from "./protocol.js";

/** A group may have everybody as a member; more than this nobody reads. */
const MEMBERS_MAX = 500;

export type GroupMembers = Omit<FeedGroup, "waits">;

export function groupMembers(
  group: Group,
  office: RoutingTable,
  contactsOf: (sipName: string) => readonly Contact[],
): GroupMembers {
  const members = group.members.map(({ username, calls }) => ({
    user: username,
    calls,
    isReachable: isReachable(office.user(username), contactsOf),
  }));
  return {
    id: group.id,
    name: group.name,
    members: members.slice(0, MEMBERS_MAX),
    memberCount: members.length,
    reachable: members.filter(({ calls, isReachable }) => calls && isReachable).length,
  };
}

function isReachable(user: User | undefined, contactsOf: (sipName: string) => readonly Contact[]): boolean {
  if (user === undefined || user.suspended === true) return false;
  return user.devices.some(({ at }) => at.kind === "phone" || contactsOf(at.name).length > 0);
}

const PREFIX = "group:";

/** Who leaves a message has given up waiting. */
const WAITING: ReadonlySet<FeedCall["state"]> = new Set([
  "arriving",
  "ringing",
  "announcement",
  "transferring",
]);

/** How many callers who wait for somebody are about each group, by its id. */
export function waitingFor(calls: Iterable<FeedCall>): ReadonlyMap<string, number> {
  const waits = new Map<string, number>();
  for (const { state, about } of calls) {
    if (!WAITING.has(state)) continue;
    for (const name of about)
      if (name.startsWith(PREFIX)) {
        const id = name.slice(PREFIX.length);
        waits.set(id, (waits.get(id) ?? 0) + 1);
      }
  }
  return waits;
}
