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
import { shortNumber } from "../../routing/short-numbers.js";
import type { Step } from "../../steps/types.js";
import { carrierOf } from "../carrier-file.js";
import { countryCode, rightItems, shortNumber as shortNumberField } from "../fields.js";
import { isMapping } from "../meant.js";
import type { Names } from "../names.js";
import { outsideCallsOf, userOutsideCallsOf } from "../outside-file.js";
import { type Place, type Problem, show, under } from "../problem.js";
import type { Entries, Located } from "../read-entries.js";

/** Countries that do not exist would name no place, and short numbers that people do not call would name no number. */
export function checkPlaces(entries: Entries, { country }: Names): Problem[] {
  return [...entries.office, ...entries.users].flatMap(({ raw, at }) => {
    const places = under(at, "outside_calls", "value");
    const written = raw["outside_calls"];
    if (!isMapping(written)) return [];
    return [
      ...wrongOf(rightItems(written["countries"], countryCode), isCountry, {
        message: "there is no such country",
        at: under(places, "countries", "value"),
        expected: "a country's two letters (ISO 3166), such as US",
      }),
      ...wrongOf(
        rightItems(written["short_numbers"], shortNumberField),
        (number) => isShortNumber(String(number), country),
        {
          message: `people call no such short number in the office's country (${country})`,
          at: under(places, "short_numbers", "value"),
          expected: "a short number of the office's country, as it is dialled",
        },
      ),
    ];
  });
}

/** The country has such a number. Another error says that the office's country is unknown. */
function isShortNumber(number: string, country: string | undefined): boolean {
  return country === undefined || shortNumber(number, country) !== undefined;
}

/** @param wrong what is said of each value of the list that is not right */
function wrongOf<Value>(
  values: readonly (readonly [index: number, value: Value])[] | undefined,
  isRight: (value: Value) => boolean,
  { at, ...wrong }: Pick<Problem, "message" | "at" | "expected">,
): Problem[] {
  return (values ?? []).flatMap(([index, value]): Problem[] =>
    isRight(value)
      ? []
      : [
          {
            severity: "error",
            code: "wrong_value",
            ...wrong,
            at: under(at, index, "value"),
            found: show(value),
          },
        ],
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
  if (number === undefined || country === undefined) return [];
  const refusal = placeRefusal(number, country, named);
  // Another warning says that no numbering plan has a number. What is allowed by its place, is in one.
  const isAllowed = refusal === null && named.every((places) => places?.prefixes === undefined);
  if (!isAllowed && !isValidNumber(number)) return [];
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
