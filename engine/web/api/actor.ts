/** Somebody who asks for something by the API, and under which name a change of theirs is kept. */
import type { Asker } from "../../../policy/access/access.js";
import type { Changer } from "../../../policy/access/guard.js";

export interface Actor extends Asker {
  readonly via:
    | { readonly kind: "session"; readonly sessionId: string; readonly signedInMs: number }
    | { readonly kind: "key"; readonly keyId: string; readonly keyName: string };
}

/** The author of a revision: the username, and the key's name where a key asked. */
export function authorOf({ user, via }: Actor): string {
  return via.kind === "session" ? user.username : `${user.username} (key ${via.keyName})`;
}

/** Whose permissions decide about a change of the office: for `ChangeRequest.changer`. */
export function changerOf({ user, keyPowers }: Actor): Changer {
  return { username: user.username, keyPowers };
}
