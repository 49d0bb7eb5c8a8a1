/** Calls outside, as an office file says them, and back. */
import { given, mapped } from "../office/optional.js";
import type { OutsideCalls, OutsideLimits, OutsidePlaces, UserOutsideCalls } from "../outside/settings.js";
import type { OutsideFile, UserOutsideFile } from "./schema.js";

type LimitsFile = Pick<OutsideFile, "calls_at_once" | "minutes_a_day">;

export function outsideCallsOf(file: OutsideFile): OutsideCalls {
  return { ...userOutsideCallsOf(file), ...given({ eachUser: mapped(file.each_user, limitsOf) }) };
}

export function userOutsideCallsOf(file: UserOutsideFile): UserOutsideCalls {
  const { countries, prefixes, short_numbers: shortNumbers } = file;
  return {
    ...given({
      countries: mapped(countries, unique),
      prefixes: mapped(prefixes, unique),
      shortNumbers: mapped(shortNumbers, (numbers) => unique(numbers.map(String))),
    }),
    ...limitsOf(file),
  };
}

/** The settings as a file writes them. */
export function outsideCallsFile(settings: OutsideCalls): OutsideFile {
  return {
    ...userOutsideCallsFile(settings),
    ...given({ each_user: mapped(settings.eachUser, limitsFile) }),
  };
}

export function userOutsideCallsFile({
  countries,
  prefixes,
  shortNumbers,
  ...limits
}: OutsidePlaces & OutsideLimits): UserOutsideFile {
  return {
    ...given({
      countries: mapped(countries, unique),
      prefixes: mapped(prefixes, unique),
      short_numbers: mapped(shortNumbers, unique),
    }),
    ...limitsFile(limits),
  };
}

function limitsOf({ calls_at_once: calls, minutes_a_day: minutes }: LimitsFile): OutsideLimits {
  return given({ callsAtOnce: mapped(calls, orNull), minutesADay: mapped(minutes, orNull) });
}

function limitsFile({ callsAtOnce, minutesADay }: OutsideLimits): LimitsFile {
  return given({ calls_at_once: mapped(callsAtOnce, orNone), minutes_a_day: mapped(minutesADay, orNone) });
}

function orNull(limit: number | "none"): number | null {
  return limit === "none" ? null : limit;
}

function orNone(limit: number | null): number | "none" {
  return limit ?? "none";
}

function unique(list: readonly string[]): string[] {
  return [...new Set(list)].sort();
}
