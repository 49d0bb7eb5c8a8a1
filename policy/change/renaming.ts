/**
 * What a rename of a group, a flow or a device is, and the office after it: every reference follows. What is kept outside
 * of the office under the old id, such as messages, follows in storage (`storage/renames.ts`). Usernames never change.
 */
import type { NumberEntry, Office, User } from "../office/office.js";
import { given, mapped } from "../office/optional.js";
import type { Target } from "../office/target.js";
import { withTargets } from "../office/targets.js";

/** A group or flow that has another id, or a user's device. */
export type Rename =
  | { readonly kind: "group" | "flow"; readonly from: string; readonly to: string }
  | { readonly kind: "device"; readonly username: string; readonly from: string; readonly to: string };

/** The office with the id changed wherever it stands. Nothing is checked; an id that is not there changes nothing. */
export function withRename(office: Office, rename: Rename): Office {
  switch (rename.kind) {
    case "group":
      return withGroupRenamed(office, rename.from, rename.to);
    case "flow":
      return withFlowRenamed(office, rename.from, rename.to);
    case "device":
      return { ...office, users: office.users.map((user) => withDeviceRenamed(user, rename)) };
  }
}

/**
 * The same for several at once: two may have changed ids with each other. Each id stands once in `from` and once in `to`.
 */
export function withRenames(office: Office, renames: readonly Rename[]): Office {
  const meet = renames.some((one) =>
    renames.some((other) => isSameScope(one, other) && one.to === other.from),
  );
  if (!meet) return renames.reduce(withRename, office);
  const aside = renames.map((rename, index) => ({ rename, id: `>${index}` }));
  const parted = aside.reduce((all, { rename, id }) => withRename(all, { ...rename, to: id }), office);
  return aside.reduce((all, { rename, id }) => withRename(all, { ...rename, from: id }), parted);
}

/** What undoes these renames. */
export function inverseOf(renames: readonly Rename[]): Rename[] {
  return renames.map((rename) => ({ ...rename, from: rename.to, to: rename.from }));
}

/** Renames, and others after them, as renames at once: from the first id to the last, without those that lead back. */
export function thenRenamed(first: readonly Rename[], then: readonly Rename[]): Rename[] {
  const goesOn = (one: Rename) => then.find((next) => isSameScope(one, next) && next.from === one.to);
  const all = first.map((one) => ({ ...one, to: goesOn(one)?.to ?? one.to }));
  // Who has the first id of another since is somebody else, who was not there at first.
  const own = then.filter(
    (next) => !first.some((one) => isSameScope(one, next) && [one.to, one.from].includes(next.from)),
  );
  return [...all, ...own].filter(({ from, to }) => from !== to);
}

/** Renames that were made one after the other, as renames at once. */
export function summedUp(renames: readonly Rename[]): Rename[] {
  return renames.reduce((sum, rename) => thenRenamed(sum, [rename]), [] as Rename[]);
}

/** The id that something has after renames. */
export function idAfter(renames: readonly Rename[], kind: "group" | "flow", id: string): string {
  return renames.find((rename) => rename.kind === kind && rename.from === id)?.to ?? id;
}

/** Whether two renames are about ids of the same kind, and for devices of the same user. */
export function isSameScope(one: Rename, other: Rename): boolean {
  if (one.kind === "device" || other.kind === "device")
    return one.kind === "device" && other.kind === "device" && one.username === other.username;
  return one.kind === other.kind;
}

/** The ids there are of a rename's kind; undefined: there is no such user. */
export function idsOf(office: Office, rename: Rename): readonly string[] | undefined {
  switch (rename.kind) {
    case "group":
      return office.groups.map(({ id }) => id);
    case "flow":
      return Object.keys(office.flows);
    case "device":
      return office.users.find(({ username }) => username === rename.username)?.devices.map(({ id }) => id);
  }
}

function withGroupRenamed(office: Office, from: string, to: string): Office {
  const isMeant = (target: Target) => target.kind === "group" && target.id === from;
  const led = withTargetsRenamed(office, (target) => (isMeant(target) ? { kind: "group", id: to } : target));
  // A group whose file gives no name is shown by its id.
  const groups = led.groups.map((group) =>
    group.id === from ? { ...group, id: to, name: group.name === from ? to : group.name } : group,
  );
  return { ...led, groups: inOrder(groups, ({ id }) => id) };
}

function withFlowRenamed(office: Office, from: string, to: string): Office {
  const isMeant = (target: Target) => target.kind === "flow" && target.id === from;
  const led = withTargetsRenamed(office, (target) => (isMeant(target) ? { kind: "flow", id: to } : target));
  const flows = Object.entries(led.flows).map(([id, steps]) => [id === from ? to : id, steps] as const);
  const numbers = led.numbers.map(
    (entry): NumberEntry =>
      entry.leadsTo?.kind === "flow" && entry.leadsTo.flow === from
        ? { ...entry, leadsTo: { kind: "flow", flow: to } }
        : entry,
  );
  return { ...led, flows: Object.fromEntries(inOrder(flows, ([id]) => id)), numbers };
}

function withDeviceRenamed(user: User, { username, from, to }: Rename & { readonly kind: "device" }): User {
  if (user.username !== username) return user;
  return {
    ...user,
    devices: user.devices.map((device) => (device.id === from ? { ...device, id: to } : device)),
  };
}

function withTargetsRenamed(office: Office, replace: (target: Target) => Target): Office {
  const renamed = <T>(part: T) => withTargets(part, replace);
  return {
    ...office,
    users: office.users.map(renamed),
    groups: office.groups.map(renamed),
    flows: renamed(office.flows),
    numbers: office.numbers.map(renamed),
    ...given({ sections: mapped(office.sections, renamed) }),
  };
}

/** By code unit, as everywhere. */
function inOrder<T>(all: readonly T[], key: (item: T) => string): T[] {
  return [...all].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}
