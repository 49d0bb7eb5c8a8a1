/**
 * Outside phones of colleagues are theirs: who sees a call only because it came to them, or to a group of theirs, sees that
 * a colleague's phone rang, and not under which number.
 */
import type { Happening } from "./happening.js";
import type { CallRecord } from "./record.js";

/** The same record without the numbers of other people's outside phones. */
export function withoutOthersNumbers(record: CallRecord, username: string): CallRecord {
  const isAnothers = ({ who, device }: { readonly who: string; readonly device: string }) =>
    device !== "" && who !== username;
  const happenings = record.happenings.map((happening): Happening => {
    const { what } = happening;
    return what.kind === "leg_dialled" && isAnothers(what)
      ? { ...happening, what: { ...what, to: withoutNumber(what.to) } }
      : happening;
  });
  const legs = record.legs.map((leg) => (isAnothers(leg) ? { ...leg, to: withoutNumber(leg.to) } : leg));
  return { ...record, happenings, legs };
}

/** The name with which a phone signs in is no secret. */
function withoutNumber(to: string): string {
  return to.startsWith("+") ? "" : to;
}
