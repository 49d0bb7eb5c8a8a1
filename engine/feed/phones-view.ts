/** Phones as the live feed shows them: whose each is, its contacts, and what it does in the calls in progress. */
import type { RoutingTable } from "../../policy/routing/table.js";
import type { Contact } from "../switch/registrations.js";
import type { FeedCall, FeedPhone } from "./protocol.js";

type Doing = Exclude<FeedPhone["state"], "idle">;

/** What each phone does, by `phoneKey`. */
export type BusyPhones = ReadonlyMap<string, Doing>;

function phoneKey(user: string, device: string): string {
  return `${user}/${device}`;
}

/** A phone that does several things is said to do the greatest of them. */
const GREATER: readonly Doing[] = ["calls", "rings", "talks"];

export function busyPhones(calls: Iterable<FeedCall>): BusyPhones {
  const busy = new Map<string, Doing>();
  const note = (user: string, device: string, doing: Doing): void => {
    const key = phoneKey(user, device);
    const before = busy.get(key);
    if (before === undefined || GREATER.indexOf(before) < GREATER.indexOf(doing)) busy.set(key, doing);
  };
  for (const { user, device, talks, rings } of calls) {
    if (user !== null && device !== null) note(user, device, talks === null ? "calls" : "talks");
    if (talks !== null) note(talks.who, talks.device, "talks");
    for (const each of rings) note(each.who, each.device, each.state === "asked" ? "talks" : "rings");
  }
  return busy;
}

export function phoneView(
  sipName: string,
  contacts: readonly Contact[],
  office: RoutingTable,
  busy: BusyPhones,
): FeedPhone {
  const owned = office.deviceBySip(sipName);
  const [user, device] = owned === undefined ? [null, null] : [owned.user.username, owned.device.id];
  return {
    sip: sipName,
    user,
    device,
    contacts: contacts.map(({ agent, sinceMs }) => ({ agent, sinceMs })),
    state: (user === null ? undefined : busy.get(phoneKey(user, device))) ?? "idle",
  };
}
