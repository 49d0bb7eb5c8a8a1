/** What an office says of signing in on the web, as its file says it, and back. */
import type { SignInSettings } from "../accounts/session-life.js";
import { given } from "../office/optional.js";
import type { SignInFile } from "./schema.js";

export function signInOf({ idle_hours, absolute_days, guesses_an_hour }: SignInFile): SignInSettings {
  return given({ idleHours: idle_hours, absoluteDays: absolute_days, guessesAnHour: guesses_an_hour });
}

/** The settings as a file writes them. */
export function signInFile({ idleHours, absoluteDays, guessesAnHour }: SignInSettings): SignInFile {
  return given({ idle_hours: idleHours, absolute_days: absoluteDays, guesses_an_hour: guessesAnHour });
}
