/**
 * Finds rings that can ring nobody: groups whose members all have calls switched off, users without devices, and
 * devices that would start after the step has ended.
 */
import { LEGS_PER_STEP_MAX, STATIONS_MAX } from "../../call/bounds.js";
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
    if (isBuiltIn(group.id)) return [];
    const many = tooManyPhones(group.id, group.at, takers(group), users);
    if (many.length > 0 || !group.whole) return many;
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

/** Members who take calls. */
function takers({ parts }: Ringable<Member>): readonly string[] {
  return parts.filter(({ calls }) => calls).map(({ username }) => username);
}

/** The same of a built-in group; All Users has every user, except those whom the files switch off. */
function builtInTakers(
  id: string,
  group: Ringable<Member> | undefined,
  users: Ringables["users"],
): readonly string[] {
  const mentioned = group === undefined ? [] : takers(group);
  if (id !== ALL_USERS) return mentioned;
  const off = new Set(group?.parts.filter(({ calls }) => !calls).map(({ username }) => username));
  return [...users.keys()].filter((username) => !off.has(username));
}

/** A ring step starts a bounded number of legs at a time, and plans for a bounded number of phones. */
function tooManyPhones(
  id: string,
  at: Place,
  members: readonly string[],
  users: Ringables["users"],
): Problem[] {
  const phones = members.reduce((sum, username) => sum + (users.get(username)?.parts.length ?? 0), 0);
  if (phones <= LEGS_PER_STEP_MAX) return [];
  return [
    {
      severity: "warning",
      code: "too_many_phones",
      message: `ringing \`${id}\` does not ring all of its ${phones} phones: a call rings ${LEGS_PER_STEP_MAX} at a time, and ${STATIONS_MAX} in one step`,
      at,
      found: `${phones} phones of ${members.length} members who take calls`,
      expected: `at most ${LEGS_PER_STEP_MAX} phones, or several groups that ring one after the other`,
    },
  ];
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
      const group = groups.get(target.id);
      if (!builtInRings(target.id, group, users.size)) return [noMember(target.id, step)];
      return tooManyPhones(target.id, step.at, builtInTakers(target.id, group, users), users);
    }
    const username = rungUser(step.value.target, names);
    const user = username === undefined ? undefined : users.get(username);
    if (user === undefined) return [];
    if (user.parts.length > 0) return lateDevices(user, step.value, step.at);
    return user.whole ? [noDevice(user.id, step)] : [];
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
