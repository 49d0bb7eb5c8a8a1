/** Who did something, for the audit: the person, the key that asked for them, and from where. */
import type { NewAuditEntry } from "../../../storage/audit.js";
import type { Actor } from "./actor.js";

export function auditOf({
  actor,
  address,
}: {
  readonly actor: Actor;
  readonly address: string;
}): Pick<NewAuditEntry, "actor" | "key" | "address"> {
  const { user, via } = actor;
  return { actor: user.username, key: via.kind === "key" ? via.keyName : null, address };
}
