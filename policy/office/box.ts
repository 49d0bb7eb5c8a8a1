/** Names a mailbox, a user's or a group's, and writes the name as one word. */

/** The user or group that owns a mailbox. */
export type Box =
  | { readonly kind: "user"; readonly username: string }
  | { readonly kind: "group"; readonly id: string };

/** A mailbox's name as one word: `user:alice.wong`, `group:sales`. The database stores mailboxes under it. */
export function boxName(box: Box): string {
  return box.kind === "user" ? `user:${box.username}` : `group:${box.id}`;
}

/** The inverse of {@link boxName}; undefined for text that names no mailbox. */
export function parseBox(text: string): Box | undefined {
  const [, kind, name = ""] = /^(user|group):(.+)$/s.exec(text) ?? [];
  if (kind === "user") return { kind, username: name };
  return kind === "group" ? { kind, id: name } : undefined;
}
