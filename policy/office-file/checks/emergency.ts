/** Checks that an emergency call can leave the office, that somebody hears of it, and that a call for help is no test. */
import { helpNumbersOf } from "../../routing/emergency.js";
import { emergencyContact, emergencyNumber, rightItems } from "../fields.js";
import { isMapping } from "../meant.js";
import type { Names } from "../names.js";
import { type Place, type Problem, show, under } from "../problem.js";
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

/** A number that brings help would be taken for a test, and nobody would come. */
export function checkTestNumbers(entries: Entries, { country }: Names): Problem[] {
  const written = emergencyPart(entries);
  if (country === undefined || written === undefined) return [];
  const list = under(written.at, "test_numbers", "value");
  return (rightItems(written.raw["test_numbers"], emergencyNumber) ?? []).flatMap(
    ([index, number]): Problem[] =>
      helpNumbersOf(country).includes(String(number))
        ? [
            {
              severity: "error",
              code: "emergency_number",
              message: `${number} brings help in this country (${country}), and is no number to try that`,
              at: under(list, index, "value"),
              found: show(number),
              expected: "a number that reads back where a call for help comes from, such as 933",
            },
          ]
        : [],
  );
}

/** Users without an address get no mail about a call for help. */
export function checkEmergencyMail(entries: Entries): Problem[] {
  const written = emergencyPart(entries);
  if (written === undefined) return [];
  const withAddress = new Set(
    entries.users.flatMap(({ id, fields }) => (fields.email === undefined ? [] : [id])),
  );
  const list = under(written.at, "notify", "value");
  return (rightItems(written.raw["notify"], emergencyContact) ?? []).flatMap(([index, contact]): Problem[] =>
    contact.includes("@") || withAddress.has(contact)
      ? []
      : [
          {
            severity: "warning",
            code: "no_address",
            message: `\`${contact}\` gets no mail about calls for help: the user has no address`,
            at: under(list, index, "value"),
            found: show(contact),
            expected: "an email of the user, or an e-mail address here",
          },
        ],
  );
}

function emergencyPart({
  office: [office],
}: Entries): { readonly raw: Readonly<Record<string, unknown>>; readonly at: Place } | undefined {
  const raw = office?.raw["emergency"];
  return office !== undefined && isMapping(raw)
    ? { raw, at: under(office.at, "emergency", "value") }
    : undefined;
}
