/** How a group rings its members, and what of a member each way uses. */
export const STRATEGIES = ["simultaneous", "in_order", "rotating", "random", "longest_idle"] as const;
export type Strategy = (typeof STRATEGIES)[number];

/** Members ring one after the other in their order, so that it can be changed. */
export function hasOrder(strategy: string): boolean {
  return strategy === "in_order" || strategy === "rotating";
}

/** All ring at once, so that some may begin later. */
export function hasDelay(strategy: string): boolean {
  return strategy === "simultaneous";
}
