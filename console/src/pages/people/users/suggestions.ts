/** What a new user is given unless one types something else: a username made of the name, and the next free extension. */
import type { AnswerOf } from "../../../office/client.js";
import { useMe } from "../../../office/me.js";
import { useRead } from "../../../office/read.js";

const USERNAME_MAX = 30;
const USERNAME_MIN = 5;

/** `alice.wong` of Alice Wong; empty: there is nothing to make one of. */
export function usernameOf(name: string): string {
  return name
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll("ß", "ss")
    .replaceAll(/[^a-z0-9]+/g, ".")
    .replaceAll(/^\.+|\.+$/g, "")
    .slice(0, USERNAME_MAX)
    .replace(/\.+$/, "");
}

/** The first form of a username that nobody has: `alice.wong`, `alice.wong2`. */
function freeUsername(base: string, taken: ReadonlySet<string>): string {
  const isFree = (each: string) => each.length >= USERNAME_MIN && !taken.has(each);
  if (isFree(base)) return base;
  for (let number = base.length < USERNAME_MIN ? 1 : 2; ; number++) {
    const tail = String(number);
    const whole = base.padEnd(USERNAME_MIN - tail.length, "0").slice(0, USERNAME_MAX - tail.length) + tail;
    if (isFree(whole)) return whole;
  }
}

/** @param isAsked false: it is being saved, and nobody waits for another suggestion */
export function useSuggestedUsername(name: string, isAsked: boolean): string {
  const base = usernameOf(name);
  const found = useRead("listUsers", { query: { q: base, limit: 500 } }, { enabled: isAsked && base !== "" });
  if (base === "" || found.data === undefined) return base;
  return freeUsername(base, new Set(found.data.value.items.map(({ username }) => username)));
}

/** The extension that the office would give; undefined: it is not known yet. */
export function useNextExtension(isAsked: boolean): string | undefined {
  const body = { username: "next.extension", name: "Next", extension: "auto" as const };
  const planned = useRead("addUser", { query: { dry_run: true }, body }, { enabled: isAsked });
  return planned.data === undefined ? undefined : extensionIn(planned.data.value);
}

/** For a group in the same way. */
export function useNextGroupExtension(isAsked: boolean): string | undefined {
  const { username } = useMe();
  // A group without members is refused.
  const members = [{ user: username }];
  const body = { id: "next-extension", name: "Next", extension: "auto" as const, members };
  const planned = useRead("addGroup", { query: { dry_run: true }, body }, { enabled: isAsked });
  return planned.data === undefined ? undefined : extensionIn(planned.data.value);
}

function extensionIn({ changes }: Pick<AnswerOf<"addUser">, "changes">): string | undefined {
  for (const { fields } of changes)
    for (const { field, to } of fields) if (field === "extension" && to !== null) return to;
  return undefined;
}
