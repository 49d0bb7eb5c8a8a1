/** How long people stay signed in, as options of `ringline web`, and of `ringline run` for the server beside it. */
import { InvalidArgumentError, Option } from "commander";
import { SESSION_LIMITS, type SessionLimits } from "../../../policy/accounts/session-life.js";

const [HOUR, DAY] = [3_600_000, 86_400_000];

export interface SessionOptions {
  readonly sessionIdle: number;
  readonly sessionDays: number;
}

/** @throws InvalidArgumentError */
export const idleHours = from1To(30 * 24);
/** @throws InvalidArgumentError */
export const sessionDays = from1To(365);

export function sessionOptions(): readonly Option[] {
  return [
    new Option("--session-idle <hours>", "who has asked nothing for so long is signed out")
      .argParser(idleHours)
      .default(SESSION_LIMITS.idleMs / HOUR),
    new Option("--session-days <days>", "who signed in so long ago signs in again")
      .argParser(sessionDays)
      .default(SESSION_LIMITS.wholeMs / DAY),
  ];
}

function from1To(most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d{1,3}$/.test(text) || value < 1 || value > most)
      throw new InvalidArgumentError(`expected a whole number from 1 to ${most}.`);
    return value;
  };
}

export function sessionLimits({ sessionIdle, sessionDays }: SessionOptions): SessionLimits {
  return { idleMs: sessionIdle * HOUR, wholeMs: sessionDays * DAY };
}
