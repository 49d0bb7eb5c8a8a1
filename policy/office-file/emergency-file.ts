/** What an office says about calls for help, as a file says it, and back. */
import type { E164, EmergencyContact, EmergencySettings } from "../office/office.js";
import { given, mapped } from "../office/optional.js";
import type { EmergencyFile } from "./schema.js";

/**
 * @param contact the user or address that a text names; undefined: what is wrong was reported
 * @param owned a number of the office, likewise
 */
export function emergencyOf(
  { notify, call_back: callBack, test_numbers: testNumbers }: EmergencyFile,
  contact: (written: string, index: number) => EmergencyContact | undefined,
  owned: (written: string) => E164 | undefined,
): EmergencySettings {
  return given({
    notify: mapped(notify, (all) => unique(all.map((each, index) => contact(each, index)))),
    callBack: mapped(callBack, owned),
    testNumbers: mapped(testNumbers, (numbers) => [...new Set(numbers.map(String))]),
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
