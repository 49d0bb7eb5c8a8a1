/** Words of what people have of their own: home, messages, phones, settings, account, in English. `{name}` is filled in. */
export const own = {} as const;
