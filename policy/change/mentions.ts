/**
 * Finds where an office's flows mention a user or a group, by name or by extension. People are shown these places, and
 * they would dangle if the user or group were removed.
 */
import { ALL_USERS, BUILT_IN_GROUPS, builtInGroup } from "../office/built-in.js";
import type { Office } from "../office/office.js";
import { formatTarget, type Target } from "../office/target.js";
import { targetsIn } from "../office/targets.js";
import { sectionOf } from "../office-file/sections.js";
import { suggest } from "../office-file/suggest.js";
import type { Step } from "../steps/types.js";

/** A user or group that calls can be sent to. */
export interface Somebody {
  readonly kind: "user" | "group";
  readonly id: string;
  readonly extension?: string | undefined;
}

/** Whether a target means this user or group. */
export function means(target: Target, who: Somebody): boolean {
  switch (target.kind) {
    case "user":
      return who.kind === "user" && target.username === who.id;
    case "group":
      return who.kind === "group" && target.id === who.id;
    case "extension":
      return target.extension === who.extension;
    case "flow":
    case "number":
      return false;
  }
}

/** The user or group of this name; undefined when the office has none. */
export function somebody(office: Office, kind: Somebody["kind"], id: string): Somebody | undefined {
  const found =
    kind === "user"
      ? office.users.find(({ username }) => username === id)
      : (office.groups.find((group) => group.id === id) ?? builtInGroup(id));
  return found === undefined ? undefined : { kind, id, extension: found.extension };
}

/** The message about a name that the office does not have. */
export function noSuch(office: Office, kind: Somebody["kind"], id: string): string {
  const known =
    kind === "user"
      ? office.users.map(({ username }) => username)
      : [...BUILT_IN_GROUPS, ...office.groups.map((group) => group.id)];
  const meant = suggest(id, known);
  return `there is no ${kind} \`${id}\`${meant === undefined ? "" : `; did you mean ${meant}?`}`;
}

/** For example `number +12125550100, step 1: ring`. The user's or group's own entry is left out. */
export function mentionsOf(office: Office, who: Somebody): string[] {
  const own = `${who.kind} ${who.id}`;
  return [...placesOf(office)].flatMap(({ owner, where, value }) =>
    owner !== own && targetsIn(value).some((target) => means(target, who)) ? [where] : [],
  );
}

/** Finds the same of anybody: the office is read once, however many are asked about. */
export function mentionsIndex(office: Office): (who: Somebody) => string[] {
  const byTarget = new Map<string, (Place & { readonly order: number })[]>();
  let order = 0;
  for (const place of placesOf(office)) {
    order += 1;
    for (const key of new Set(targetsIn(place.value).map(formatTarget))) {
      const places = byTarget.get(key);
      if (places === undefined) byTarget.set(key, [{ ...place, order }]);
      else places.push({ ...place, order });
    }
  }
  return (who) => {
    const { kind, id, extension } = who;
    const keys = [`${kind}:${id}`, ...(extension === undefined ? [] : [`extension:${extension}`])];
    const places = new Map(keys.flatMap((key) => byTarget.get(key) ?? []).map((each) => [each.order, each]));
    return [...places.values()]
      .filter(({ owner }) => owner !== `${kind} ${id}`)
      .sort((a, b) => a.order - b.order)
      .map(({ where }) => where);
  };
}

/** A part of an office that may lead somewhere. */
export interface Place {
  /** The entry it belongs to, for example `user alice.wong`. */
  readonly owner: string;
  /** In words, with the step or the field. */
  readonly where: string;
  readonly value: unknown;
}

/** Every step of every flow, and every field of users, groups and other entries. */
export function* placesOf(office: Office): Generator<Place> {
  for (const [owner, steps] of flowsOf(office))
    for (const [index, step] of steps.entries())
      yield { owner, where: `${owner}, step ${index + 1}: ${step.kind}`, value: step };
  for (const [owner, facts] of factsOf(office))
    for (const [field, value] of Object.entries(facts)) yield { owner, where: `${owner}: ${field}`, value };
}

/** What users and groups say apart from their flows, the entries of other sections, and who is told of calls for help. */
export function* factsOf(office: Office): Generator<[title: string, facts: object]> {
  if (office.emergency !== undefined) yield ["office", { emergency: office.emergency }];
  for (const { flow: _flow, ...facts } of office.groups) yield [`group ${facts.id}`, facts];
  for (const { flow: _flow, ...facts } of office.users) yield [`user ${facts.username}`, facts];
  for (const [section, entities] of Object.entries(office.sections ?? {}))
    for (const entity of entities) yield [`${sectionOf(section)?.noun ?? section} ${entity.id}`, entity];
}

/** Every flow of an office, with a title that names its owner. */
export function* flowsOf(office: Office): Generator<[title: string, steps: readonly Step[]]> {
  for (const { number, leadsTo } of office.numbers) {
    if (leadsTo?.kind === "steps") yield [`number ${number}`, leadsTo.steps];
  }
  for (const [id, steps] of Object.entries(office.flows)) yield [`flow ${id}`, steps];
  for (const { id, flow } of office.groups) yield [`group ${id}`, flow];
  for (const { username, flow } of office.users) yield [`user ${username}`, flow];
}

/** The groups a user is a member of, without All Users. */
export function membershipsOf(office: Office, username: string): string[] {
  return office.groups
    .filter(({ id, members }) => id !== ALL_USERS && members.some((member) => member.username === username))
    .map(({ id }) => id);
}
