/** Compares two offices the way plan, apply and diff show it. */
import { diffOffices, type EntityDifference } from "../../../policy/change/diff.js";
import type { Moment } from "../../../policy/change/reach.js";
import { changedReach, type ReachChange } from "../../../policy/change/reach-changes.js";
import { type Rename, withRenames } from "../../../policy/change/renaming.js";
import type { Office } from "../../../policy/office/office.js";
import { RoutingTable } from "../../../policy/routing/table.js";

/** What changes, and the numbers that will therefore ring other phones. */
export interface OfficeDifference {
  readonly changes: readonly EntityDifference[];
  readonly reach: readonly ReachChange[];
}

/**
 * What differs; undefined is the empty office, before anything was applied.
 * @param renames what has another id in `after`, all at once
 * @param moment when calls to the numbers are compared
 */
export function compareOffices(
  before: Office | undefined,
  after: Office | undefined,
  renames: readonly Rename[],
  moment: Moment,
): OfficeDifference {
  const changes = diffOffices(before, after, renames);
  if (changes.length === 0) return { changes, reach: [] };
  // A device that has another id is no other phone.
  const old = before === undefined ? RoutingTable.empty() : RoutingTable.of(withRenames(before, renames), 0);
  const now = after === undefined ? RoutingTable.empty() : RoutingTable.of(after, 0);
  // Only numbers that both offices have: a number that is added or removed is listed as such.
  const kept = new Set(before?.numbers.map(({ number }) => number) ?? []);
  const numbers = (after?.numbers ?? []).map(({ number }) => number).filter((number) => kept.has(number));
  return { changes, reach: changedReach(old, now, changes, numbers, moment) };
}
