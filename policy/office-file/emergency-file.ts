/** What an office says about calls for help, as a file says it, and back. */
import type { E164, EmergencyContact, EmergencySettings } from "../office/office.js";
import { given, mapped } from "../office/optional.js";
import { emergencyContact, emergencyNumber, numberText, rightItems } from "./fields.js";
import type { Mapping } from "./meant.js";
import type { EmergencyFile } from "./schema.js";

/**
 * Reads what has the right form; what has not was reported.
 * @param contact the user or address that a text names; undefined: what is wrong was reported
 * @param owned a number of the office, likewise
 */
export function emergencyOf(
  raw: Mapping,
  contact: (written: string, index: number) => EmergencyContact | undefined,
  owned: (written: string) => E164 | undefined,
): EmergencySettings {
  const notify = rightItems(raw["notify"], emergencyContact);
  const tests = rightItems(raw["test_numbers"], emergencyNumber);
  return given({
    notify: mapped(notify, (all) => unique(all.map(([index, each]) => contact(each, index)))),
    callBack: mapped(numberText.safeParse(raw["call_back"]).data, owned),
    testNumbers: mapped(tests, (numbers) => [...new Set(numbers.map(([, number]) => String(number)))]),
  });
}

export function emergencyFile({ notify, callBack, testNumbers }: EmergencySettings): EmergencyFile {
  return given({
    notify: mapped(notify, (all) => all.map((each) => (each.kind === "user" ? each.username : each.address))),
    call_back: callBack,
    test_numbers: mapped(testNumbers, (numbers) => [...numbers]),
  });
}

function unique(contacts: readonly (EmergencyContact | undefined)[]): EmergencyContact[] {
  const known = new Map<string, EmergencyContact>();
  for (const contact of contacts) {
    if (contact === undefined) continue;
    const key = contact.kind === "user" ? contact.username : contact.address.toLowerCase();
    if (!known.has(key)) known.set(key, contact);
  }
  return [...known.values()];
}
