/** The names of people and groups, for pages whose events name them by username alone. */
import { useMemo } from "react";
import { useList } from "../../office/read.js";

/** More people than that are named by their usernames where the server says no name. */
const ENOUGH = 500;

export interface People {
  user(username: string): string;
  /** Of `user:alice.wong` or `group:sales`; undefined: none is known. */
  target(target: string): string | undefined;
}

export function usePeople(): People {
  const { data } = useList("listDirectory", { query: { limit: ENOUGH } });
  return useMemo(() => {
    const names = new Map(data?.items.map(({ kind, id, name }) => [`${kind}:${id}`, name]));
    return {
      user: (username) => names.get(`user:${username}`) ?? username,
      target: (target) => names.get(target),
    };
  }, [data]);
}
