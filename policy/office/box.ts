/** Which mailbox is meant: a user's or a group's; and its name in one word. */

/** Whose mailbox it is. */
export type Box =
  | { readonly kind: "user"; readonly username: string }
  | { readonly kind: "group"; readonly id: string };

/** A mailbox in one word: `user:alice.wong`, `group:sales`. Also how it is kept in the database. */
export function boxName(box: Box): string {
  return box.kind === "user" ? `user:${box.username}` : `group:${box.id}`;
}

/** The inverse of {@link boxName}; undefined for text that names no mailbox. */
export function parseBox(text: string): Box | undefined {
  const [, kind, name = ""] = /^(user|group):(.+)$/s.exec(text) ?? [];
  if (kind === "user") return { kind, username: name };
  return kind === "group" ? { kind, id: name } : undefined;
}
