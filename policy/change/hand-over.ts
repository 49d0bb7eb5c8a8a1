/**
 * Removing a user or a group, and handing over to somebody else all that leads to them: numbers, steps of every
 * flow, memberships, the outbound number and the extension where the other has none. Nothing dangles, and no
 * call that could be answered before goes in circles afterwards.
 */

import { ALL_USERS, BILLING_ADMINS, builtInGroup, isBuiltIn, SYSTEM_ADMINS } from "../office/built-in.js";
import type { Group, Member, NumberEntry, Office, User } from "../office/office.js";
import { given, mapped } from "../office/optional.js";
import type { Target } from "../office/target.js";
import { targetsIn, withTargets } from "../office/targets.js";
import { FlowGraph, type OwnerOf, onlyHandsOver } from "../steps/graph.js";
import { kindOf } from "../steps/registry.js";
import type { Step } from "../steps/types.js";
import { type Edited, notFound, refused, settleOffice } from "./edit.js";
import { means, mentionsOf, noSuch, type Somebody, somebody } from "./mentions.js";

/** Rights are given to people, not inherited: who replaces an administrator does not become one. */
const NOT_INHERITED: readonly string[] = [ALL_USERS, BILLING_ADMINS, SYSTEM_ADMINS];

/**
 * An office without a user. Memberships end with the user; anything else that leads to them is in the way,
 * unless it is handed over.
 * @param replaceBy who gets it
 */
export function removeUser(office: Office, username: string, replaceBy: string | undefined): Edited {
  return remove(office, "user", username, replaceBy);
}

/** The same for a group; its members stay in the office, and are not added to the other group. */
export function removeGroup(office: Office, id: string, replaceBy: string | undefined): Edited {
  if (isBuiltIn(id)) return refused(`the group \`${id}\` is built in: every office has it`);
  return remove(office, "group", id, replaceBy);
}

function remove(office: Office, kind: Somebody["kind"], id: string, replaceBy: string | undefined): Edited {
  const who = somebody(office, kind, id);
  if (who === undefined) return notFound(noSuch(office, kind, id));
  if (replaceBy === undefined) return removeAlone(office, who);
  if (replaceBy === id) return refused(`\`${id}\` cannot be replaced by itself`);
  const to = somebody(office, kind, replaceBy);
  if (to === undefined) return notFound(noSuch(office, kind, replaceBy));
  if (
    office.users.some((user) => kind === "user" && user.username === replaceBy && user.suspended === true)
  ) {
    return refused(`\`${replaceBy}\` is suspended and can take nothing over`);
  }
  return settleOffice(
    without(handOver(office, who, to), who),
    `\`${id}\` cannot be handed over to \`${replaceBy}\``,
  );
}

function removeAlone(office: Office, who: Somebody): Edited {
  const mentions = mentionsOf(office, who);
  if (mentions.length > 0) {
    const faults = mentions.map((where) => ({
      where,
      code: "dangling" as const,
      message: `leads to the ${who.kind} \`${who.id}\``,
    }));
    return {
      ok: false,
      cause: "in_use",
      reason: `something still leads to the ${who.kind} \`${who.id}\``,
      faults,
    };
  }
  return settleOffice(without(office, who), `the ${who.kind} \`${who.id}\` is still needed`);
}

function without(office: Office, who: Somebody): Office {
  if (who.kind === "group") return { ...office, groups: office.groups.filter(({ id }) => id !== who.id) };
  return {
    ...office,
    users: office.users.filter(({ username }) => username !== who.id),
    groups: office.groups.map((group) => ({
      ...group,
      members: group.members.filter(({ username }) => username !== who.id),
    })),
  };
}

function handOver(office: Office, from: Somebody, to: Somebody): Office {
  const taken = { ...to, extension: to.extension ?? from.extension };
  const handing = new Handing(office, from, taken);
  const groups = withHeir(office.groups, to);
  return {
    ...office,
    users: office.users.map(({ flow: before, ...facts }) => {
      const flow = handing.flow(`user:${facts.username}`, before);
      const user = handing.elsewhere(facts);
      return to.kind === "user" && user.username === to.id
        ? successor({ ...user, flow }, office, from)
        : { ...user, flow };
    }),
    groups: groups.map(({ flow: before, ...facts }) => {
      const flow = handing.flow(`group:${facts.id}`, before);
      const group = { ...handing.elsewhere(facts), flow };
      const isHeir = to.kind === "group" && group.id === to.id;
      const heir = isHeir ? withExtension(group, taken.extension) : group;
      return from.kind === "user" ? membership(heir, from.id, to.id) : heir;
    }),
    flows: Object.fromEntries(
      Object.entries(office.flows).map(([id, steps]) => [id, handing.flow(`flow:${id}`, steps)]),
    ),
    numbers: office.numbers.map((entry) => handedNumber(entry, handing)),
    ...given({ sections: mapped(office.sections, (sections) => handing.elsewhere(sections)) }),
  };
}

/** A built-in group that takes over is changed by it, and so has to be there. */
function withHeir(groups: readonly Group[], to: Somebody): readonly Group[] {
  const builtIn = to.kind === "group" ? builtInGroup(to.id) : undefined;
  const isThere = groups.some(({ id }) => id === to.id);
  return builtIn === undefined || isThere ? groups : [...groups, builtIn];
}

function handedNumber(entry: NumberEntry, handing: Handing): NumberEntry {
  if (entry.leadsTo?.kind !== "steps") return entry;
  const steps = handing.flow(`number:${entry.number}`, entry.leadsTo.steps);
  return { ...entry, leadsTo: { kind: "steps", steps } };
}

/** The one who takes over, with the extension and the outbound number that they lack. */
function successor(user: User, office: Office, from: Somebody): User {
  const gone = office.users.find(({ username }) => username === from.id);
  const outboundNumber = user.outboundNumber ?? gone?.outboundNumber;
  return withExtension(
    outboundNumber === undefined ? user : { ...user, outboundNumber },
    user.extension ?? from.extension,
  );
}

function withExtension<T extends User | Group>(owner: T, extension: string | undefined): T {
  return extension === undefined ? owner : { ...owner, extension };
}

/** In the same place, with the same switches; who is a member already also takes part in what the other did. */
function membership(group: Group, from: string, to: string): Group {
  const gone = group.members.find(({ username }) => username === from);
  if (gone === undefined || NOT_INHERITED.includes(group.id)) return group;
  const isMember = group.members.some(({ username }) => username === to);
  const members = group.members.flatMap((member): Member[] => {
    if (member.username === from) return isMember ? [] : [{ ...member, username: to }];
    if (member.username !== to) return [member];
    return [{ ...member, calls: member.calls || gone.calls, voicemail: member.voicemail || gone.voicemail }];
  });
  return { ...group, members };
}

/** A step, and whether it was somebody else's before. */
interface Handed {
  readonly step: Step;
  readonly isNew: boolean;
}

/**
 * Rewrites flows. If the flow of the one who takes over leads to the one who goes, be it by way of others, the steps
 * that lead there cannot simply be turned round: calls would be sent round for ever. The steps of the one who goes
 * stand in for each of them that does nothing but hand the call over; a step that also leads elsewhere is turned
 * round all the same, and the check of the office refuses the loop.
 */
class Handing {
  readonly #from: Somebody;
  /** With the extension they will have. */
  readonly #to: Somebody;
  readonly #fromFlow: readonly Step[];
  /** Steps that must not lead to the one who takes over, as `user:NAME 2`: the flow, and the step's place in it. */
  readonly #closing: ReadonlySet<string>;

  constructor(office: Office, from: Somebody, to: Somebody) {
    this.#from = from;
    this.#to = to;
    const flows = flowsLedTo(office);
    this.#fromFlow = flows.get(keyOf(from)) ?? [];
    const graph = new FlowGraph(flows, ownersOf(office));
    const led = [...graph.reachable(keyOf(to), keyOf(from))].filter((key) => key !== keyOf(from));
    const closing = led.flatMap((key) => graph.edgesFrom(key).filter((edge) => edge.to === keyOf(from)));
    this.#closing = new Set(closing.map(({ from: key, step }) => `${key} ${step}`));
  }

  /** @param key whose flow it is, as `user:NAME` */
  flow(key: string, steps: readonly Step[]): readonly Step[] {
    if (key === keyOf(this.#from)) return steps;
    const handed = steps.flatMap((step, index): Handed[] => {
      if (this.#closing.has(`${key} ${index}`) && onlyHandsOver(step)) {
        return this.#fromFlow.map((inner) => ({ step: this.elsewhere(inner), isNew: true }));
      }
      const now = this.elsewhere(step);
      return [{ step: now, isNew: now !== step || this.#keepsTarget(step) }];
    });
    return this.#withoutRepeats(handed);
  }

  /**
   * Anything but a flow with its targets rewritten. A user takes a user's place and a group a group's, so whatever
   * names the one may name the other.
   */
  elsewhere<T>(value: T): T {
    const { kind, id } = this.#to;
    const successor: Target = kind === "user" ? { kind, username: id } : { kind, id };
    return withTargets(value, (target) =>
      means(target, this.#from) && !means(target, this.#to) ? successor : target,
    );
  }

  /** An extension that goes over with its target stays written as it is. */
  #keepsTarget(step: Step): boolean {
    return targetsIn(step).some((target) => means(target, this.#from));
  }

  /** Two rings of the same, one behind the other, where only one of them was meant for them: that one stays. */
  #withoutRepeats(handed: readonly Handed[]): Step[] {
    const kept: Handed[] = [];
    for (const each of handed) {
      const last = kept.at(-1);
      if (last === undefined || !this.#rings(last.step) || !this.#rings(each.step)) kept.push(each);
      else if (last.isNew && !each.isNew) kept[kept.length - 1] = each;
      else if (!each.isNew) kept.push(each);
    }
    return kept.map(({ step }) => step);
  }

  #rings(step: Step): boolean {
    const rung = kindOf(step).rings?.(step);
    return rung !== undefined && means(rung, this.#to);
  }
}

function keyOf(who: Somebody): string {
  return `${who.kind}:${who.id}`;
}

/** The flows that others can lead to. */
function flowsLedTo(office: Office): Map<string, readonly Step[]> {
  return new Map<string, readonly Step[]>([
    ...office.users.map(({ username, flow }) => [`user:${username}`, flow] as const),
    ...office.groups.map(({ id, flow }) => [`group:${id}`, flow] as const),
    ...Object.entries(office.flows).map(([id, steps]) => [`flow:${id}`, steps] as const),
  ]);
}

function ownersOf(office: Office): OwnerOf {
  const owners = new Map<string | undefined, string>([
    ...office.users.map(({ username, extension }) => [extension, `user:${username}`] as const),
    ...office.groups.map(({ id, extension }) => [extension, `group:${id}`] as const),
  ]);
  return (extension) => owners.get(extension);
}
