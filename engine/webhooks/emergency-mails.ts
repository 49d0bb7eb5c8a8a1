/** Who gets a mail about a call for help, and what is kept of the call for it. */
import type { EmergencyContact, User } from "../../policy/office/office.js";
import type { EventOf } from "../../policy/webhooks/shape.js";
import type { EmergencyAddressee, EmergencyCallRow } from "../../storage/emergency.js";

export interface EmergencyMails {
  readonly call: EmergencyCallRow;
  /** Each address once. */
  readonly to: readonly EmergencyAddressee[];
}

/** @param users those whom the contacts name; one without an address gets no mail */
export function emergencyMails(
  { id, atMs, call, emergency }: EventOf<"emergency.call">,
  contacts: readonly EmergencyContact[],
  users: ReadonlyMap<string, User>,
): EmergencyMails {
  const to = new Map<string, EmergencyAddressee>();
  for (const contact of contacts) {
    const isUser = contact.kind === "user";
    const address = isUser ? users.get(contact.username)?.email : contact.address;
    if (address !== undefined && !to.has(address.toLowerCase()))
      to.set(address.toLowerCase(), { username: isUser ? contact.username : "", address });
  }
  return { call: { id, call: call.id, atMs, ...emergency }, to: [...to.values()] };
}
