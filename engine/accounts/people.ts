/** The users that accounts are about, as the live office has them. */
import type { User } from "../../policy/office/office.js";
import type { Deps } from "../use-case.js";

/** Users of the newest revision by their names; those that it does not have are left out. */
export async function usersOf(
  { store }: Pick<Deps, "store">,
  usernames: readonly string[],
): Promise<ReadonlyMap<string, User>> {
  return store.entities("users", await store.currentRevision(), usernames);
}

/** The same address, however it is written: nearly no mail server tells capitals apart. */
export function sameAddress(text: string): string {
  return text.trim().toLowerCase();
}
