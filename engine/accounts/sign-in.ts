/**
 * Signing in: with a password and, where the account asks for it, a second step; or with a passkey alone. A name that does not
 * exist, one without an account and a wrong password have the same answer after the same time. SIP passwords of phones and
 * PINs of mailboxes are never looked at.
 */
import type { AuthenticationResponseJSON } from "@simplewebauthn/server";
import { browserName } from "../../policy/accounts/browser-name.js";
import type { SessionLimits } from "../../policy/accounts/session-life.js";
import type { User } from "../../policy/office/office.js";
import { given } from "../../policy/office/optional.js";
import type { SignInWay } from "../../storage/accounts/sessions.js";
import type { Live } from "../office/views/live.js";
import { type DatabaseFailed, type Deps, orDatabaseFailed } from "../use-case.js";
import { admitGuess, type Guess, guessedRight, noGuess, type Slowed } from "./guesses.js";
import { NEW_DEVICE } from "./mail-sender.js";
import { type Site, takePasskey } from "./passkeys.js";
import { type HashingBusy, verifyPassword } from "./password-hash.js";
import { sameAddress } from "./people.js";
import { needsSecondStep, takeRecoveryCode, takeTotp } from "./second-factors.js";
import { freshSecret, secretHash } from "./secrets.js";
import { beginSession, type From, type SessionMade } from "./sessions.js";

/** What else may show that it is them. */
export type StepWay = "totp" | "passkey" | "recovery_code";

/** The password is right; the second step is missing. */
export interface StepNeeded {
  readonly outcome: "second_step";
  readonly username: string;
  /** Whoever has it may try the second step a few times; shown here only. */
  readonly step: string;
  readonly ways: readonly StepWay[];
  readonly endsMs: number;
}

/** What was shown is wrong. `username`: whose it would have been, for the audit alone; null: nobody's. */
export interface WrongSignIn {
  readonly outcome: "wrong";
  readonly username: string | null;
}

/** All that was shown is right, but the user is suspended. */
export interface SuspendedSignIn {
  readonly outcome: "suspended";
  readonly username: string;
}

export type SignedIn =
  | (SessionMade & { readonly way: SignInWay })
  | StepNeeded
  | WrongSignIn
  | SuspendedSignIn
  | Slowed
  | HashingBusy
  | DatabaseFailed;

export interface SigningIn {
  readonly from: From;
  readonly limits: SessionLimits;
  /** Whether mails to people are sent. */
  readonly sendsMail: boolean;
}

/** Who chose the password so short a while ago signs in for the first time, and needs no mail about it. */
const JUST_CHOSEN_MS = 3_600_000;

/** A person fetches a phone from another room. */
const STEP_MS = 10 * 60_000;
const STEP_TRIES_MAX = 5;

/** Nothing longer is a name or an address (RFC 5321, section 4.5.3.1). */
const NAME_CHARACTERS_MAX = 320;

/** @param name a username or an e-mail address */
export function signIn(
  deps: Deps,
  live: Live,
  { name, password, ...by }: SigningIn & { readonly name: string; readonly password: string },
): Promise<SignedIn> {
  return orDatabaseFailed<SignedIn>(async () => {
    const typed = sameAddress(name).slice(0, NAME_CHARACTERS_MAX);
    const user = personOf(live, typed);
    const username = user?.username ?? null;
    const guess = await admitGuess(deps, { name: typed, username, from: by.from });
    if (guess.outcome === "slowed") return guess;
    const account = await deps.store.accounts.account(username ?? "");
    const verified = await verifyPassword(account?.passwordHash ?? null, password);
    if (verified.outcome !== "verified") {
      await noGuess(deps, guess);
      return verified;
    }
    if (!verified.isRight || user === undefined || account === undefined)
      return { outcome: "wrong", username };
    const { passwordMs } = account;
    const step = await neededStep(deps, user, passwordMs);
    if (step === undefined) return complete(deps, user, guess, { ...by, way: "password", passwordMs });
    await noGuess(deps, guess);
    return step;
  });
}

/** The user of a username or, where only one has it, of an e-mail address. */
function personOf(live: Live, typed: string): User | undefined {
  const byName = live.table.user(typed);
  const byAddress = addressesOf(live).get(typed);
  return byName ?? byAddress ?? undefined;
}

const addresses = new WeakMap<Live, ReadonlyMap<string, User | null>>();

/** Users by their e-mail addresses; null: several have it. Made once a revision. */
function addressesOf(live: Live): ReadonlyMap<string, User | null> {
  const known = addresses.get(live);
  if (known !== undefined) return known;
  const made = new Map<string, User | null>();
  for (const user of live.office.users) {
    if (user.email === undefined) continue;
    const address = sameAddress(user.email);
    made.set(address, made.has(address) ? null : user);
  }
  addresses.set(live, made);
  return made;
}

/** Undefined: the password is enough. */
async function neededStep(
  { store, clock, ids }: Deps,
  { username, suspended }: User,
  passwordMs: number,
): Promise<StepNeeded | undefined> {
  const factors = await store.secondFactors.of(username);
  if (!needsSecondStep(factors) || suspended === true) return undefined;
  const passkeys = await store.passkeys.of(username);
  const [step, nowMs] = [freshSecret(ids), clock.nowMs()];
  const endsMs = nowMs + STEP_MS;
  await store.signInSteps.add(
    { secretHash: secretHash(step), username, passwordMs, expiresMs: endsMs },
    nowMs,
  );
  const ways: StepWay[] = [
    ...(factors.hasTotp ? (["totp"] as const) : []),
    ...(passkeys.length > 0 ? (["passkey"] as const) : []),
    ...(factors.recoveryCodes > 0 ? (["recovery_code"] as const) : []),
  ];
  return { outcome: "second_step", username, step, ways, endsMs };
}

/** The account whose second step is missing; undefined: its time is over. Rejects with `SqlError`. */
export async function stepOwner(
  { store, clock }: Pick<Deps, "store" | "clock">,
  step: string,
): Promise<string | undefined> {
  return (await store.signInSteps.read(secretHash(step), clock.nowMs(), STEP_TRIES_MAX))?.username;
}

/** What a person shows in the second step. */
export type StepShown =
  | { readonly way: "totp" | "recovery_code"; readonly code: string }
  | { readonly way: "passkey"; readonly response: AuthenticationResponseJSON; readonly site: Site };

/** The time for the second step is over, or it was tried too often: sign in anew. */
export interface StepEnded {
  readonly outcome: "step_ended";
}

/** @param live the live office @param step as {@link StepNeeded} has it */
export function secondStep(
  deps: Deps,
  live: Live,
  { step, shown, ...by }: SigningIn & { readonly step: string; readonly shown: StepShown },
): Promise<SignedIn | StepEnded> {
  return orDatabaseFailed<SignedIn | StepEnded>(async () => {
    const [{ store, clock }, hash] = [deps, secretHash(step)];
    const waiting = await store.signInSteps.read(hash, clock.nowMs(), STEP_TRIES_MAX);
    const user = waiting === undefined ? undefined : live.table.user(waiting.username);
    if (waiting === undefined || user === undefined) return { outcome: "step_ended" };
    const { username, passwordMs } = waiting;
    const guess = await admitGuess(deps, { name: username, username, from: by.from });
    if (guess.outcome === "slowed") return guess;
    if ((await store.signInSteps.tried(hash, clock.nowMs(), STEP_TRIES_MAX)) === undefined)
      return { outcome: "step_ended" };
    if (!(await isRight(deps, username, shown))) return { outcome: "wrong", username };
    if (!(await store.signInSteps.end(hash))) return { outcome: "step_ended" };
    const way: SignInWay = WAYS[shown.way];
    return complete(deps, user, guess, { ...by, way, passwordMs });
  });
}

const WAYS = {
  totp: "password_totp",
  recovery_code: "password_recovery",
  passkey: "password_passkey",
} as const satisfies Readonly<Record<StepWay, SignInWay>>;

async function isRight(deps: Deps, username: string, shown: StepShown): Promise<boolean> {
  switch (shown.way) {
    case "totp":
      return takeTotp(deps, username, shown.code);
    case "recovery_code":
      return takeRecoveryCode(deps, username, shown.code);
    case "passkey": {
      const asked = { purpose: "second_step", username } as const;
      return (await takePasskey(deps, asked, shown.response, shown.site)) === username;
    }
  }
}

/** A passkey alone. It cannot be guessed, so nobody is slowed. */
export function signInByPasskey(
  deps: Deps,
  live: Live,
  {
    response,
    site,
    ...by
  }: SigningIn & { readonly response: AuthenticationResponseJSON; readonly site: Site },
): Promise<SignedIn> {
  return orDatabaseFailed<SignedIn>(async () => {
    const asked = { purpose: "sign_in", username: null } as const;
    const username = await takePasskey(deps, asked, response, site);
    const user = username === undefined ? undefined : live.table.user(username);
    if (user === undefined) return { outcome: "wrong", username: username ?? null };
    return complete(deps, user, undefined, { ...by, way: "passkey" });
  });
}

/** All is right: the session begins, unless the user is suspended. */
async function complete(
  deps: Deps,
  { username, suspended }: User,
  guess: Guess | undefined,
  {
    from,
    limits,
    sendsMail,
    way,
    passwordMs,
  }: SigningIn & { readonly way: SignInWay; readonly passwordMs?: number },
): Promise<SignedIn> {
  if (suspended === true) {
    if (guess !== undefined) await noGuess(deps, guess);
    return { outcome: "suspended", username };
  }
  const made = await beginSession(deps, { username, way, from, limits, ...given({ passwordMs }) });
  if (made.outcome === "database_failed") return made;
  if (made.outcome === "account_changed") return { outcome: "wrong", username };
  if (guess !== undefined) await guessedRight(deps, guess);
  const isJustChosen = passwordMs !== undefined && deps.clock.nowMs() - passwordMs < JUST_CHOSEN_MS;
  const isNews = made.standing === "new" || (made.standing === "first" && !isJustChosen);
  if (isNews && sendsMail) await tellOfNewBrowser(deps, username, from);
  return { ...made, way };
}

/** The person gets a mail: whoever signed in there may be somebody else. */
async function tellOfNewBrowser(
  { store, clock }: Pick<Deps, "store" | "clock">,
  username: string,
  { address, userAgent }: From,
): Promise<void> {
  const atMs = clock.nowMs();
  const detail = { atMs, device: browserName(userAgent), address };
  await store.accountMails.add({ kind: NEW_DEVICE, username, detail }, atMs);
}

export type Confirmed =
  | { readonly outcome: "confirmed" }
  | { readonly outcome: "wrong" }
  | Slowed
  | HashingBusy
  | DatabaseFailed;

/** A person who is signed in shows again that it is them, by the password or by a passkey. */
export function confirm(
  deps: Deps,
  {
    sessionId,
    username,
    from,
  }: { readonly sessionId: string; readonly username: string; readonly from: From },
  shown:
    | { readonly password: string }
    | { readonly response: AuthenticationResponseJSON; readonly site: Site },
): Promise<Confirmed> {
  return orDatabaseFailed<Confirmed>(async () => {
    const guess = await admitGuess(deps, { name: username, username, from });
    if (guess.outcome === "slowed") return guess;
    const right = await isThem(deps, username, shown);
    if (typeof right === "object") {
      await noGuess(deps, guess);
      return right;
    }
    if (!right) return { outcome: "wrong" };
    await guessedRight(deps, guess);
    await deps.store.sessions.confirmed(sessionId, deps.clock.nowMs());
    return { outcome: "confirmed" };
  });
}

async function isThem(
  deps: Deps,
  username: string,
  shown:
    | { readonly password: string }
    | { readonly response: AuthenticationResponseJSON; readonly site: Site },
): Promise<boolean | HashingBusy> {
  if ("response" in shown) {
    const asked = { purpose: "confirm", username } as const;
    return (await takePasskey(deps, asked, shown.response, shown.site)) === username;
  }
  const account = await deps.store.accounts.account(username);
  const verified = await verifyPassword(account?.passwordHash ?? null, shown.password);
  return verified.outcome === "verified" ? verified.isRight : verified;
}
