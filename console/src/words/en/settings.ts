/** Words of carriers, the office, history, audit, keys and webhooks, in English. `{name}` is filled in. */
export const settings = {} as const;
