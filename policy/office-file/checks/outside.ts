/**
 * Warns of outside phones that would never be called: `outside_calls` does not name their place, or no carrier takes their
 * number.
 */

import { mapped } from "../../office/optional.js";
import { carriersFor } from "../../outside/carriers.js";
import { placeRefusal } from "../../outside/places.js";
import type { OutsidePlaces } from "../../outside/settings.js";
import { isCountry, isValidNumber } from "../../routing/country.js";
import { parseNumber } from "../../routing/number.js";
import type { Step } from "../../steps/types.js";
import { carrierOf } from "../carrier-file.js";
import type { Names } from "../names.js";
import { outsideCallsOf, userOutsideCallsOf } from "../outside-file.js";
import { type Place, type Problem, show, under } from "../problem.js";
import type { Entries, Located } from "../read-entries.js";

/** Countries that do not exist would name no place. */
export function checkCountries(entries: Entries): Problem[] {
  const written = [...entries.office, ...entries.users].map(
    ({ fields, at }) => [fields.outside_calls?.countries ?? [], at] as const,
  );
  return written.flatMap(([countries, at]) =>
    countries.flatMap((country, index): Problem[] =>
      isCountry(country)
        ? []
        : [
            {
              severity: "error",
              code: "wrong_value",
              message: "there is no such country",
              at: under(under(under(at, "outside_calls", "value"), "countries", "value"), index, "value"),
              found: show(country),
              expected: "a country's two letters (ISO 3166), such as US",
            },
          ],
    ),
  );
}

export function checkOutsideDevices(entries: Entries, { country }: Names): Problem[] {
  const office = mapped(entries.office[0]?.fields.outside_calls, outsideCallsOf);
  return entries.users.flatMap(({ fields, devices }) =>
    devices.items.flatMap(({ value, at }) => {
      if (value.phone === undefined) return [];
      const place = under(at, "phone", "value");
      if (fields.permissions?.outside_calls === false)
        return [
          warning(place, value.phone, "its user is denied `outside_calls`", "`outside_calls` not denied"),
        ];
      return judge(value.phone, place, entries, country, [
        office,
        mapped(fields.outside_calls, userOutsideCallsOf),
      ]);
    }),
  );
}

/** @param steps of one flow. @param user what the flow's user names besides, if it is a user's */
export function checkOutsideSteps(
  steps: readonly Located<Step>[],
  entries: Entries,
  { country }: Names,
  user: OutsidePlaces | undefined,
): Problem[] {
  const office = mapped(entries.office[0]?.fields.outside_calls, outsideCallsOf);
  return steps.flatMap(({ value, at }) => {
    if (value.kind !== "ring" && value.kind !== "send") return [];
    if (value.target.kind !== "number") return [];
    return judge(value.target.number, under(at, value.kind, "value"), entries, country, [office, user]);
  });
}

function judge(
  written: string,
  at: Place,
  entries: Entries,
  country: string | undefined,
  named: readonly (OutsidePlaces | undefined)[],
): Problem[] {
  const number = country === undefined ? undefined : parseNumber(written, country);
  // Another warning says that no numbering plan has a number.
  if (number === undefined || country === undefined || !isValidNumber(number)) return [];
  const refusal = placeRefusal(number, country, named);
  if (refusal === null) return judgeCarriers(number, written, at, entries);
  const why =
    refusal === "premium"
      ? "it is a premium or satellite number, which `outside_calls` does not name"
      : "`outside_calls` names neither its country nor its first digits";
  return [
    warning(at, written, why, "a number that `outside_calls` allows, or its place under `outside_calls`"),
  ];
}

/** Another warning says that the office has no carrier at all. */
function judgeCarriers(number: string, written: string, at: Place, { carriers }: Entries): Problem[] {
  const all = carriers.flatMap(({ fields }) => carrierOf(fields) ?? []);
  if (all.length === 0 || carriersFor(number, all).length > 0) return [];
  return [
    warning(
      at,
      written,
      "it begins with no prefix of any carrier",
      "a carrier without `prefixes`, or one with a prefix of this number",
    ),
  ];
}

function warning(at: Place, written: string, why: string, expected: string): Problem {
  return {
    severity: "warning",
    code: "never_called",
    message: `this number is never called: ${why}`,
    at,
    found: show(written),
    expected,
  };
}
