/**
 * Finds rings that can ring nobody: groups whose members all have calls switched off, users without devices, and
 * devices that would start after the step has ended.
 */
import { ALL_USERS, isBuiltIn } from "../../office/built-in.js";
import type { Device, Member } from "../../office/office.js";
import type { Target } from "../../office/target.js";
import { kindOf } from "../../steps/registry.js";
import type { RingStep } from "../../steps/ring/step.js";
import type { Step } from "../../steps/types.js";
import type { LocatedFlow } from "../make-office.js";
import type { Names } from "../names.js";
import type { Place, Problem } from "../problem.js";
import type { Located } from "../read-entries.js";

/** What these checks need of a user or group. `whole`: none of its devices or members was left out. */
export interface Ringable<T> {
  readonly id: string;
  readonly at: Place;
  readonly whole: boolean;
  readonly parts: readonly T[];
}

export interface Ringables {
  readonly users: ReadonlyMap<string, Ringable<Device>>;
  readonly groups: ReadonlyMap<string, Ringable<Member>>;
}

/** Groups that nobody can answer. Built-in groups always exist, so for them this is checked where a step rings them. */
export function checkGroups({ users, groups }: Ringables): Problem[] {
  return [...groups.values()].flatMap((group) => {
    if (!group.whole || isBuiltIn(group.id)) return [];
    const base = { code: "nobody_rings", at: group.at } as const;
    if (group.parts.length === 0) {
      return [
        {
          ...base,
          severity: "error",
          message: `the group \`${group.id}\` has no members`,
          expected: "at least one member",
        },
      ];
    }
    const problems: Problem[] = [];
    const taking = group.parts.filter((member) => member.calls);
    if (taking.length === 0) {
      problems.push({
        ...base,
        severity: "error",
        message: `nobody can answer the group \`${group.id}\`: every member has calls switched off`,
        expected: "at least one member with calls: true",
      });
    } else if (
      taking.every(({ username }) => users.get(username)?.whole && hasNoDevice(users.get(username)))
    ) {
      problems.push({
        ...base,
        severity: "warning",
        message: `nobody can answer the group \`${group.id}\`: no member who takes calls has a device`,
        expected: "at least one member with a device",
      });
    }
    if (group.parts.every((member) => !member.voicemail)) {
      problems.push({
        ...base,
        severity: "warning",
        message: `nobody gets the messages of the group \`${group.id}\`: every member has voicemail switched off`,
        expected: "at least one member with voicemail: true",
      });
    }
    return problems;
  });
}

function hasNoDevice(user: Ringable<Device> | undefined): boolean {
  return user === undefined || user.parts.length === 0;
}

/** Ring steps that reach nobody: a user without a device, devices that never get to ring, an empty built-in group. */
export function checkRings(flow: LocatedFlow, names: Names, { users, groups }: Ringables): Problem[] {
  return flow.steps.flatMap((step) => {
    if (step.value.kind !== "ring") return [];
    const { target } = step.value;
    if (target.kind === "group" && isBuiltIn(target.id)) {
      const rung = builtInRings(target.id, groups.get(target.id), users.size);
      return rung ? [] : [noMember(target.id, step)];
    }
    const username = rungUser(step.value.target, names);
    const user = username === undefined ? undefined : users.get(username);
    if (user === undefined || !user.whole) return [];
    return user.parts.length === 0 ? [noDevice(user.id, step)] : lateDevices(user, step.value, step.at);
  });
}

/** A user's own flow that leads elsewhere without ringing the user: `no_answer` replaces the whole default flow. */
export function checkOwnRing(username: string, flow: LocatedFlow, names: Names): Problem[] {
  const rings = flow.steps.some(({ value }) => {
    const target = kindOf(value).rings?.(value);
    return target !== undefined && rungUser(target, names) === username;
  });
  const first = flow.steps[0];
  if (rings || !flow.whole || first === undefined) return [];
  return [
    {
      severity: "warning",
      code: "nobody_rings",
      message: `a call to \`${username}\` never rings the user's own devices`,
      at: first.at,
      found: `${first.value.kind} as the first step`,
      expected: `- { ring: user:${username}, timeout: 20 } first: no_answer says all that happens, ringing included`,
    },
  ];
}

function rungUser(target: Target, names: Names): string | undefined {
  if (target.kind === "user") return target.username;
  if (target.kind !== "extension") return undefined;
  const owner = names.extensions.get(target.extension);
  return owner?.kind === "user" ? owner.id : undefined;
}

/** Whether a built-in group has a member who takes calls; All Users has every user, except those switched off. */
function builtInRings(id: string, group: Ringable<Member> | undefined, users: number): boolean {
  const mentioned = group?.parts ?? [];
  if (mentioned.some(({ calls }) => calls) || group?.whole === false) return true;
  return id === ALL_USERS && users > mentioned.length;
}

function noMember(id: string, step: Located<Step>): Problem {
  return {
    severity: "warning",
    code: "nobody_rings",
    message: `ringing \`${id}\` rings nobody: no member takes calls`,
    at: step.at,
    expected: "a group with at least one member who takes calls",
  };
}

function noDevice(username: string, step: Located<Step>): Problem {
  return {
    severity: "warning",
    code: "nobody_rings",
    message: `ringing \`${username}\` rings nothing: the user has no devices`,
    at: step.at,
    expected: "a user with at least one device",
  };
}

function lateDevices(user: Ringable<Device>, step: RingStep, at: Place): Problem[] {
  const { timeoutMs } = step;
  if (timeoutMs === null) return [];
  return user.parts
    .filter((device) => device.delayMs >= timeoutMs)
    .map((device) => ({
      severity: "warning",
      code: "never_rings",
      message: `the device \`${device.id}\` of \`${user.id}\` never rings here: its delay is as long as the step`,
      at,
      found: `delay ${device.delayMs / 1000}, timeout ${timeoutMs / 1000}`,
      expected: "a longer timeout, or a shorter delay",
    }));
}
