/**
 * Finds the numbers that ring other phones after a change than before, now or at other times. Only numbers whose calls can
 * come to something that has changed are followed, since an office may have a million of them.
 */
import type { EntityKind } from "../office/entities.js";
import type { E164 } from "../office/office.js";
import type { Target } from "../office/target.js";
import type { RoutingTable } from "../routing/table.js";
import { exitTargets } from "../steps/graph.js";
import { kindOf } from "../steps/registry.js";
import type { Step } from "../steps/types.js";
import type { EntityDifference } from "./diff.js";
import { type Moment, Reach, type Stage } from "./reach.js";

/** A number that will ring other phones than before, or in another order. */
export interface ReachChange {
  readonly number: E164;
  /** `now`: for a call at this moment. `other_times`: at some time, and not now, for example when a schedule is closed. */
  readonly when: "now" | "other_times";
  readonly from: readonly Stage[];
  readonly to: readonly Stage[];
}

/** Those of these numbers that will ring other phones. */
export function changedReach(
  before: RoutingTable,
  after: RoutingTable,
  changes: readonly EntityDifference[],
  numbers: Iterable<E164>,
  moment: Moment,
): ReachChange[] {
  const concerned = new Concerned(after, changes);
  const sides = [moment, undefined].map((at) => [new Reach(before, at), new Reach(after, at)] as const);
  const found: ReachChange[] = [];
  for (const number of numbers) {
    if (!concerned.number(number)) continue;
    for (const [index, [was, is]] of sides.entries()) {
      const [from, to] = [was.of(number), is.of(number)];
      if (JSON.stringify(from) === JSON.stringify(to)) continue;
      found.push({ number, when: index === 0 ? "now" : "other_times", from, to });
      break;
    }
  }
  return found;
}

/** Changes of these may concern every number. */
const FOR_ALL: readonly EntityKind[] = ["settings", "carriers", "sections"];

/** Whether calls can come to something that has changed. What has not changed is the same before and after. */
class Concerned {
  readonly #office: RoutingTable;
  readonly #all: boolean;
  /** `users alice.wong`. */
  readonly #changed: ReadonlySet<string>;
  /** By owner of a flow; an owner that is being looked at counts as not concerned, for its own sake. */
  readonly #known = new Map<string, boolean>();
  readonly #anyUser: boolean;

  constructor(office: RoutingTable, changes: readonly EntityDifference[]) {
    this.#office = office;
    this.#all = changes.some(({ kind }) => FOR_ALL.includes(kind));
    this.#changed = new Set(changes.map(({ kind, key }) => `${kind} ${key}`));
    this.#anyUser = changes.some(({ kind }) => kind === "users");
  }

  number(number: E164): boolean {
    if (this.#all || this.#changed.has(`numbers ${number}`)) return true;
    const leadsTo = this.#office.numberEntry(number)?.leadsTo;
    if (leadsTo === undefined || leadsTo === null) return false;
    return leadsTo.kind === "flow" ? this.#flow(leadsTo.flow) : this.#steps(leadsTo.steps);
  }

  #steps(steps: readonly Step[]): boolean {
    return steps.some((step) => {
      const rung = kindOf(step).rings?.(step);
      return [...(rung === undefined ? [] : [rung]), ...exitTargets(step)].some((target) =>
        this.#target(target),
      );
    });
  }

  #target(target: Target): boolean {
    switch (target.kind) {
      case "user":
        return this.#user(target.username);
      case "group":
        return this.#group(target.id);
      case "flow":
        return this.#flow(target.id);
      case "extension": {
        // An extension that has another owner now has changed both owners; the old one may be gone.
        const owner = this.#office.lookupExtension(target.extension);
        if (owner === undefined) return true;
        return owner.kind === "user" ? this.#user(owner.user.username) : this.#group(owner.group.id);
      }
      case "number":
        return (
          this.#office.lookupNumber(target.number) !== undefined &&
          this.#once(`numbers ${target.number}`, () => this.number(target.number))
        );
    }
  }

  #user(username: string): boolean {
    return this.#once(`users ${username}`, () => this.#steps(this.#office.user(username)?.flow ?? []));
  }

  #flow(id: string): boolean {
    return this.#once(`flows ${id}`, () => this.#steps(this.#office.flow(id) ?? []));
  }

  #group(id: string): boolean {
    return this.#once(`groups ${id}`, () => {
      const group = this.#office.group(id);
      if (group === undefined) return false;
      const members =
        this.#anyUser && group.members.some(({ username }) => this.#changed.has(`users ${username}`));
      return members || this.#steps(group.flow);
    });
  }

  #once(key: string, look: () => boolean): boolean {
    if (this.#changed.has(key)) return true;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#known.set(key, false);
    const found = look();
    this.#known.set(key, found);
    return found;
  }
}
