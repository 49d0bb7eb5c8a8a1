/** Checks that an emergency call can leave the office. */
import type { Names } from "../names.js";
import type { Problem } from "../problem.js";
import type { Entries } from "../read-entries.js";

/** An office with phones but no carrier gets a warning only: not every office has a line to the public network. */
export function checkEmergency(entries: Entries, { emergency }: Names): Problem[] {
  const [office] = entries.office;
  const hasPhones = entries.users.some(({ devices }) =>
    devices.items.some(({ value }) => value.sip !== undefined),
  );
  if (office === undefined || emergency.length === 0 || !hasPhones || entries.carriers.length > 0) return [];
  return [
    {
      severity: "warning",
      code: "no_carrier",
      message: `no phone can call ${emergency.join(" or ")}: the office has no carrier`,
      at: office.at,
      expected: "a carrier under carriers",
    },
  ];
}
