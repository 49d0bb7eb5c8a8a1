/** Words of calls, the live board, reports, usage and plans, in English. `{name}` is filled in. */
export const insight = {} as const;
