/** The strategies that options offer, in the order in which people read of them. */
export const STRATEGIES = ["simultaneous", "in_order", "rotating", "random", "longest_idle"] as const;
