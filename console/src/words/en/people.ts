/** Words of users and groups, in English. `{name}` is filled in. */
export const people = {} as const;
