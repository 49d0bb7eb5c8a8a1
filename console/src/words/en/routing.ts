/** Words of numbers, call flows, schedules and trying them, in English. `{name}` is filled in. */
export const routing = {} as const;
