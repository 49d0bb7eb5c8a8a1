/**
 * People prove that an outside number is theirs before it rings for the office: the engine calls it and says a code, and they
 * type the code in. Each call costs the office money, and may disturb somebody, so they are few.
 */
import type { Edit } from "../../policy/change/edits/types.js";
import type { Office } from "../../policy/office/office.js";
import { type PlaceRefusal, placeRefusal } from "../../policy/outside/places.js";
import { parseNumber } from "../../policy/routing/number.js";
import type { NumberProof, ProofState } from "../../storage/accounts/number-proofs.js";
import { type DatabaseFailed, type Deps, NO_OFFICE, type NoOffice, orDatabaseFailed } from "../use-case.js";
import { secretHash } from "./secrets.js";

const CODE_DIGITS = 6;
const HOUR_MS = 3_600_000;
/** Calls within an hour, for one user and for all together. */
export const PROOFS_AN_HOUR = { own: 4, all: 60 } as const;
/** How long a code is good. */
export const CODE_VALID_MS = 10 * 60_000;
/** So many wrong codes, and another call is needed: who guesses finds one in 200,000. */
export const WRONG_CODES_MAX = 5;

export interface ProofWish {
  readonly username: string;
  /** The id of the device to be. */
  readonly device: string;
  /** As people write it. */
  readonly number: string;
}

export type ProofAsked =
  | { readonly outcome: "asked"; readonly proof: ProofShown }
  | { readonly outcome: "no_number" }
  | { readonly outcome: "place_refused"; readonly why: PlaceRefusal; readonly number: string }
  /** The user has a device of that id, or that number. */
  | { readonly outcome: "exists"; readonly what: "id" | "number" }
  | { readonly outcome: "too_many"; readonly againMs: number }
  | { readonly outcome: "no_carrier" }
  | NoOffice
  | DatabaseFailed;

/** A proof as people see it. */
export interface ProofShown {
  readonly id: string;
  readonly device: string;
  readonly number: string;
  readonly state: ProofState;
  readonly why: string | null;
  readonly validUntilMs: number;
}

/** Asks the engine to call the number and say a code. */
export function askProof(deps: Deps, office: Office | undefined, wish: ProofWish): Promise<ProofAsked> {
  return orDatabaseFailed<ProofAsked>(async () => {
    if (office === undefined) return NO_OFFICE;
    const user = office.users.find(({ username }) => username === wish.username);
    if (user === undefined) return NO_OFFICE;
    const number = parseNumber(wish.number, office.country);
    if (number === undefined) return { outcome: "no_number" };
    const why = placeRefusal(number, office.country, [office.outsideCalls, user.outsideCalls]);
    if (why !== null) return { outcome: "place_refused", why, number };
    if (user.devices.some(({ id }) => id === wish.device)) return { outcome: "exists", what: "id" };
    if (user.devices.some(({ at }) => at.kind === "phone" && at.number === number))
      return { outcome: "exists", what: "number" };
    if (office.carriers.length === 0) return { outcome: "no_carrier" };
    const { store, clock, ids } = deps;
    const nowMs = clock.nowMs();
    const { own, all } = await store.numberProofs.askedSince(wish.username, nowMs - HOUR_MS);
    if (own >= PROOFS_AN_HOUR.own || all >= PROOFS_AN_HOUR.all)
      return { outcome: "too_many", againMs: HOUR_MS };
    const code = Array.from({ length: CODE_DIGITS }, () => ids.below(10)).join("");
    const id = ids.uuid();
    const proof = { id, username: wish.username, device: wish.device, number, askedMs: nowMs };
    await store.numberProofs.add({ ...proof, code, codeHash: hashOf(id, code) });
    return {
      outcome: "asked",
      proof: shown({ ...proof, codeHash: "", state: "asked", why: null, tries: 0 }),
    };
  });
}

/** A short code alone could be found from its hash; with the id at least no two are alike, and it lives for minutes. */
function hashOf(id: string, code: string): string {
  return secretHash(`${id} ${code}`);
}

function shown({ id, device, number, state, why, askedMs }: NumberProof): ProofShown {
  return { id, device, number, state, why, validUntilMs: askedMs + CODE_VALID_MS };
}

export type ProofRead = { readonly outcome: "shown"; readonly proof: ProofShown } | NoProof | DatabaseFailed;

/** There is none of that id, or it is another user's. */
export interface NoProof {
  readonly outcome: "not_found";
}

export function readProof({ store }: Pick<Deps, "store">, username: string, id: string): Promise<ProofRead> {
  return orDatabaseFailed<ProofRead>(async () => {
    const proof = await store.numberProofs.one(id);
    return proof?.username === username
      ? { outcome: "shown", proof: shown(proof) }
      : { outcome: "not_found" };
  });
}

export type CodeUsed =
  /** The edit that adds the device. */
  | { readonly outcome: "right"; readonly edit: Edit; readonly number: string }
  | { readonly outcome: "wrong"; readonly left: number }
  /** Too late, too many wrong codes, used before, or the call failed: another call is needed. */
  | { readonly outcome: "over" }
  | NoProof
  | DatabaseFailed;

/** Somebody types the code in. It counts once. */
export function useCode(
  { store, clock }: Pick<Deps, "store" | "clock">,
  username: string,
  { id, code }: { readonly id: string; readonly code: string },
): Promise<CodeUsed> {
  return orDatabaseFailed<CodeUsed>(async () => {
    const proof = await store.numberProofs.one(id);
    if (proof === undefined || proof.username !== username) return { outcome: "not_found" };
    const isOpen = proof.state === "calling" || proof.state === "said";
    const isLate = clock.nowMs() - proof.askedMs > CODE_VALID_MS;
    if (!isOpen || isLate || proof.tries >= WRONG_CODES_MAX) return { outcome: "over" };
    if (hashOf(id, code.replace(/\s/g, "")) !== proof.codeHash) {
      const left = WRONG_CODES_MAX - (await store.numberProofs.wrongCode(id));
      return left > 0 ? { outcome: "wrong", left } : { outcome: "over" };
    }
    if (!(await store.numberProofs.proved(id))) return { outcome: "over" };
    const { device, number } = proof;
    const edit: Edit = {
      verb: "add",
      kind: "device",
      id: `${username}/${device}`,
      fields: { phone: number },
    };
    return { outcome: "right", edit, number };
  });
}
