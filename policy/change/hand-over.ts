/**
 * Removes a user or a group and hands over to a replacement everything that leads there: numbers, steps of every flow,
 * memberships, and the outbound number and the extension where the replacement has none. No reference is left dangling,
 * and a call that could be answered before does not go in circles afterwards.
 */

import { ALL_USERS, BILLING_ADMINS, builtInGroup, isBuiltIn, SYSTEM_ADMINS } from "../office/built-in.js";
import type { Group, Member, NumberEntry, Office, User } from "../office/office.js";
import { given, mapped } from "../office/optional.js";
import type { Target } from "../office/target.js";
import { targetsIn, withTargets } from "../office/targets.js";
import { FlowGraph, type OwnerOf, onlyHandsOver } from "../steps/graph.js";
import { kindOf } from "../steps/registry.js";
import type { Step } from "../steps/types.js";
import { checkOffice, type Edited, notFound, refused } from "./edit.js";
import { means, mentionsOf, noSuch, type Somebody, somebody } from "./mentions.js";

/** Rights are given to people and not inherited: an administrator's replacement does not become an administrator. */
const NOT_INHERITED: readonly string[] = [ALL_USERS, BILLING_ADMINS, SYSTEM_ADMINS];

/**
 * An office without a user. Memberships end with the user; anything else that leads to the user prevents the removal,
 * unless it is handed over.
 * @param replaceBy the username of the replacement
 */
export function removeUser(office: Office, username: string, replaceBy: string | undefined): Edited {
  return remove(office, "user", username, replaceBy);
}

/** The same for a group; its members stay in the office, and do not become members of the other group. */
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
  return checkOffice(
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
  return checkOffice(without(office, who), `the ${who.kind} \`${who.id}\` is still needed`);
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
    ...given({
      emergency: mapped(office.emergency, (emergency) => handing.elsewhere(emergency)),
      sections: mapped(office.sections, (sections) => handing.elsewhere(sections)),
    }),
  };
}

/** A built-in group that is the replacement is changed by it, so the office must mention it. */
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

/** The replacement, with the removed user's extension and outbound number where it has none. */
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

/**
 * The replacement gets the same place and the same switches. A member already also takes part in what the removed user
 * took part in.
 */
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

/** A step, and whether its target was replaced. */
interface Handed {
  readonly step: Step;
  readonly isNew: boolean;
}

/**
 * Rewrites flows. If the replacement's flow leads to the removed user or group, also by way of other flows, the steps
 * that lead there cannot simply be pointed at the replacement: calls would be sent round for ever. Where such a step
 * does nothing but hand the call over, the removed flow's steps are put in its place; a step that also leads elsewhere
 * is rewritten all the same, and the check of the office refuses the loop.
 */
class Handing {
  readonly #from: Somebody;
  /** With the extension it will have. */
  readonly #to: Somebody;
  readonly #fromFlow: readonly Step[];
  /** Steps that must not lead to the replacement, as `user:NAME 2`: the flow, and the step's place in it. */
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

  /** @param key the owner of the flow, as `user:NAME` */
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
   * Rewrites the targets of anything but a flow. A user replaces a user and a group a group, so the new target is valid
   * wherever the old one was.
   */
  elsewhere<T>(value: T): T {
    const { kind, id } = this.#to;
    const successor: Target = kind === "user" ? { kind, username: id } : { kind, id };
    return withTargets(value, (target) =>
      means(target, this.#from) && !means(target, this.#to) ? successor : target,
    );
  }

  /** Whether the step names an extension that goes to the replacement: such a step is not changed. */
  #keepsTarget(step: Step): boolean {
    return targetsIn(step).some((target) => means(target, this.#from));
  }

  /**
   * Removes a repeat: of two equal rings one behind the other, of which only one was meant for the replacement, that
   * one stays.
   */
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

/** The flows that other flows can lead to. */
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
