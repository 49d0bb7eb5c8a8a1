/** Says in a few lines what drifts of an entry of the office that is shown. */
import { WHOLE_ENTITY } from "../../../policy/change/fields.js";
import { printable } from "../../../policy/text.js";
import type { EntityDrift } from "../../office/views/live.js";

/** For example `extension changed by command in revision 42, ann: new desk`. */
export function driftFacts(drift: EntityDrift | null): string[] {
  return (drift?.fields ?? []).map(({ field, revision, author, message }) => {
    const what = field === WHOLE_ENTITY ? "" : `${field} `;
    return printable(`${what}changed by command in revision ${revision}, ${author}: ${message}`);
  });
}
