/**
 * Passkeys (WebAuthn, level 2): keys in a person's device that sign what we ask, for our address only, so that no other site can
 * ask for it. One that makes sure that its owner holds it, by a finger or a PIN, is enough by itself.
 */
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
import { addressOwner } from "../../policy/accounts/slowing.js";
import type { User } from "../../policy/office/office.js";
import type { ChallengePurpose, Passkey } from "../../storage/accounts/passkeys.js";
import { type DatabaseFailed, type Deps, orDatabaseFailed } from "../use-case.js";
import { freshRecoveryCodes, needsSecondStep, withoutUselessCodes } from "./second-factors.js";
import { freshSecret, secretHash } from "./secrets.js";

/** For whom passkeys are made: our address as browsers see it. */
export interface Site {
  /** `https://phones.example.com`. */
  readonly origin: string;
  /** Its host. */
  readonly rpId: string;
  /** The office's name. */
  readonly name: string;
}

/** A person looks for the device, and unlocks it. */
const CHALLENGE_MS = 5 * 60_000;

/** ES256, EdDSA and RS256: what devices have (WebAuthn, section 5.4). */
const ALGORITHMS = [-7, -8, -257];

/** Asks for a new passkey. Rejects with `SqlError`. */
export async function askForNewPasskey(
  deps: Deps,
  user: Pick<User, "username" | "name">,
  site: Site,
  address: string,
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { username } = user;
  const challenge = await freshChallenge(deps, { purpose: "add", username, address });
  const known = await deps.store.passkeys.of(username);
  return generateRegistrationOptions({
    rpName: site.name,
    rpID: site.rpId,
    userName: username,
    userDisplayName: user.name,
    // The device replaces a passkey of the same user by the new one, so it has to be the same each time.
    userID: Uint8Array.from(Buffer.from(secretHash(`user ${username}`), "hex")),
    challenge: Uint8Array.from(Buffer.from(challenge, "base64url")),
    timeout: CHALLENGE_MS,
    attestationType: "none",
    excludeCredentials: known.map(({ id, transports }) => ({ id, transports: [...transports] })),
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
    supportedAlgorithmIDs: ALGORITHMS,
  });
}

export interface PasskeyAdded {
  readonly outcome: "passkey_added";
  readonly id: string;
  /** Fresh ones, if it is the first thing that is asked besides the password; null: those of before still work. */
  readonly recoveryCodes: readonly string[] | null;
}

/** Keeps the passkey that a device has made. */
export function addPasskey(
  deps: Deps,
  username: string,
  wanted: {
    readonly name: string;
    readonly isSecondStep: boolean;
    readonly response: RegistrationResponseJSON;
    readonly site: Site;
  },
): Promise<PasskeyAdded | { readonly outcome: "wrong" | "exists" } | DatabaseFailed> {
  return orDatabaseFailed<PasskeyAdded | { readonly outcome: "wrong" | "exists" }>(async () => {
    const { store, clock } = deps;
    const { name, isSecondStep, response, site } = wanted;
    const challenge = await takenChallenge(deps, response, { purpose: "add", username });
    const made = challenge === undefined ? undefined : await verifiedNew(response, challenge, site);
    if (made === undefined) return { outcome: "wrong" };
    const { credential, credentialBackedUp } = made;
    const before = await store.secondFactors.of(username);
    const isAdded = await store.passkeys.add({
      id: credential.id,
      username,
      publicKey: Buffer.from(credential.publicKey).toString("base64url"),
      counter: credential.counter,
      transports: credential.transports ?? [],
      rpId: site.rpId,
      name,
      isSecondStep,
      isSynced: credentialBackedUp,
      madeMs: clock.nowMs(),
    });
    if (!isAdded) return { outcome: "exists" };
    const isFirst = isSecondStep && !needsSecondStep(before);
    const recoveryCodes = isFirst ? await freshRecoveryCodes(deps, username) : null;
    return { outcome: "passkey_added", id: credential.id, recoveryCodes };
  });
}

async function verifiedNew(response: RegistrationResponseJSON, challenge: string, site: Site) {
  try {
    const verified = await verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: site.origin,
      expectedRPID: site.rpId,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    });
    return verified.verified ? verified.registrationInfo : undefined;
  } catch {
    // The library throws for whatever is wrong with the response, which the client sent.
    return undefined;
  }
}

/** For what a passkey is asked for. */
export interface PasskeyAsked {
  readonly purpose: Exclude<ChallengePurpose, "add">;
  /** Null: whoever has a passkey signs in. */
  readonly username: string | null;
}

/** Asks for a passkey. Rejects with `SqlError`. */
export async function askForPasskey(
  deps: Deps,
  { purpose, username }: PasskeyAsked,
  site: Site,
  address: string,
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const challenge = await freshChallenge(deps, { purpose, username, address });
  const known = username === null ? [] : await deps.store.passkeys.of(username);
  return generateAuthenticationOptions({
    rpID: site.rpId,
    challenge: Uint8Array.from(Buffer.from(challenge, "base64url")),
    timeout: CHALLENGE_MS,
    allowCredentials: known
      .filter(({ rpId }) => rpId === site.rpId)
      .map(({ id, transports }) => ({ id, transports: [...transports] })),
    userVerification: "required",
  });
}

/**
 * Takes what a passkey has signed, and says whose it is; undefined: it is wrong. Rejects with `SqlError`.
 */
export async function takePasskey(
  deps: Pick<Deps, "store" | "clock">,
  { purpose, username }: PasskeyAsked,
  response: AuthenticationResponseJSON,
  site: Site,
): Promise<string | undefined> {
  const { store, clock } = deps;
  const challenge = await takenChallenge(deps, response, { purpose, username });
  const passkey = await store.passkeys.byId(response.id);
  if (challenge === undefined || passkey === undefined) return undefined;
  if (username !== null && passkey.username !== username) return undefined;
  const counter = await verifiedCounter(response, challenge, passkey, site);
  if (counter === undefined) return undefined;
  const isFirstUse = await store.passkeys.used(
    passkey.id,
    { before: passkey.counter, now: counter },
    clock.nowMs(),
  );
  return isFirstUse ? passkey.username : undefined;
}

async function verifiedCounter(
  response: AuthenticationResponseJSON,
  challenge: string,
  passkey: Passkey,
  site: Site,
): Promise<number | undefined> {
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: site.origin,
      expectedRPID: passkey.rpId,
      credential: {
        id: passkey.id,
        publicKey: Uint8Array.from(Buffer.from(passkey.publicKey, "base64url")),
        counter: passkey.counter,
        transports: [...passkey.transports],
      },
      requireUserVerification: true,
    });
    return verified ? authenticationInfo.newCounter : undefined;
  } catch {
    // As above: what is wrong was sent by the client.
    return undefined;
  }
}

async function freshChallenge(
  { store, clock, ids }: Deps,
  wanted: { readonly purpose: ChallengePurpose; readonly username: string | null; readonly address: string },
): Promise<string> {
  const [challenge, nowMs] = [freshSecret(ids), clock.nowMs()];
  const address = addressOwner(wanted.address);
  await store.passkeys.addChallenge(
    { ...wanted, address, challenge, expiresMs: nowMs + CHALLENGE_MS },
    nowMs,
  );
  return challenge;
}

/** The challenge that a response says it has signed, if it was asked for this; it does not work again. */
async function takenChallenge(
  { store, clock }: Pick<Deps, "store" | "clock">,
  response: RegistrationResponseJSON | AuthenticationResponseJSON,
  wanted: { readonly purpose: ChallengePurpose; readonly username: string | null },
): Promise<string | undefined> {
  const challenge = challengeIn(response.response.clientDataJSON);
  if (challenge === undefined) return undefined;
  return (await store.passkeys.takeChallenge({ ...wanted, challenge }, clock.nowMs()))
    ? challenge
    : undefined;
}

function challengeIn(clientDataJson: string): string | undefined {
  try {
    const data: unknown = JSON.parse(Buffer.from(clientDataJson, "base64url").toString("utf8"));
    const isThere = typeof data === "object" && data !== null && "challenge" in data;
    return isThere && typeof data.challenge === "string" ? data.challenge : undefined;
  } catch {
    return undefined;
  }
}

/** False: the account has none with this id. */
export function removePasskey(
  { store }: Pick<Deps, "store">,
  username: string,
  id: string,
): Promise<boolean | DatabaseFailed> {
  return orDatabaseFailed(async () => {
    const isRemoved = await store.passkeys.remove(username, id);
    await withoutUselessCodes({ store }, username);
    return isRemoved;
  });
}
