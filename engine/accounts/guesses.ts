/**
 * Guards everything by which somebody might guess a password or a code. Each try is counted as failed before it is looked at:
 * many at the same moment are not looked at more often than one after the other.
 */
import { addressOwner, counted, officeKey, waitMs } from "../../policy/accounts/slowing.js";
import type { CountedTry, Counter } from "../../storage/accounts/sign-in-failures.js";
import type { Deps } from "../use-case.js";
import { secretHash } from "./secrets.js";
import type { From } from "./sessions.js";

/** A try that may be looked at. */
export interface Guess {
  readonly outcome: "admitted";
  readonly tries: readonly CountedTry[];
}

/** There were too many failures; it is looked at no sooner than in this time. */
export interface Slowed {
  readonly outcome: "slowed";
  readonly retryMs: number;
}

export interface Guessed {
  /**
   * What was typed as the name. It is not what it stands for: otherwise the time to wait would tell that an address and a
   * username belong to the same person.
   */
  readonly name: string;
  /** The user that it is; null: none. */
  readonly username: string | null;
  readonly from: From;
}

type GuessDeps = Pick<Deps, "store" | "clock">;

/** Counts a try as failed, unless it has to wait. Rejects with `SqlError`. */
export async function admitGuess({ store, clock }: GuessDeps, guessed: Guessed): Promise<Guess | Slowed> {
  const nowMs = clock.nowMs();
  const counters = await countersOf({ store }, guessed, nowMs);
  const free = (await store.settings())?.signIn?.guessesAnHour;
  const admitted = await store.signInFailures.count(counters, nowMs, (before) => {
    const waits = before.map((each) =>
      waitMs(each, each.scope, nowMs, each.scope === "office" ? free : undefined),
    );
    const longest = Math.max(...waits);
    if (longest > 0) return { waitMs: longest };
    return { failures: before.map((each) => counted(each, each.scope, nowMs) + 1) };
  });
  return "waitMs" in admitted
    ? { outcome: "slowed", retryMs: admitted.waitMs }
    : { outcome: "admitted", tries: admitted.tries };
}

async function countersOf(
  { store }: Pick<Deps, "store">,
  { name, username, from }: Guessed,
  nowMs: number,
): Promise<readonly Counter[]> {
  // It is looked up for names that do not exist, too, so that both take as long.
  const browser = secretHash(from.browser ?? "");
  const isKnown = (await store.sessions.isKnown(username ?? "", browser)) && from.browser !== undefined;
  if (isKnown) return [{ scope: "browser", key: secretHash(`${username} ${browser}`) }];
  return [
    { scope: "account", key: secretHash(name) },
    { scope: "address", key: secretHash(addressOwner(from.address)) },
    { scope: "office", key: officeKey(nowMs) },
  ];
}

/** The person has signed in: failures for the account, or of this browser, are forgotten. */
export async function guessedRight({ store }: Pick<Deps, "store">, { tries }: Guess): Promise<void> {
  const isShared = ({ scope }: CountedTry) => scope === "address" || scope === "office";
  await store.signInFailures.takeBack(tries.filter(isShared));
  for (const counter of tries) if (!isShared(counter)) await store.signInFailures.forget(counter);
}

/** It was no failure, and nobody has signed in either: failures before it still count. */
export function noGuess({ store }: Pick<Deps, "store">, { tries }: Guess): Promise<void> {
  return store.signInFailures.takeBack(tries);
}
