/**
 * The PINs of users without a call: set, taken away, and unlocked after too many wrong ones.
 */
import { numbersOf, type WeakPin, weakPin } from "../../../policy/mailbox/pin.js";
import type { RoutingTable } from "../../../policy/routing/table.js";
import type { IdSource } from "../../ids.js";
import { type DatabaseFailed, type Deps, orDatabaseFailed } from "../../use-case.js";
import { hashPin } from "../pin-hash.js";

/** The office has no such user. */
export interface NoUser {
  readonly outcome: "no_user";
}

/** Where a new PIN comes from; a person is asked for it only when there is a user to set it for. */
export type PinSource =
  | { readonly kind: "generated" }
  /** Resolves to undefined when the person did not say which PIN it is to be. */
  | { readonly kind: "asked"; ask(): Promise<string | undefined> };

/** `pin`: the one that was generated, which cannot be read again; null: the person knows it. */
export type PinSet =
  | { readonly outcome: "set"; readonly pin: string | null }
  | { readonly outcome: "not_said" }
  | { readonly outcome: "weak"; readonly why: WeakPin };

/** Sets a user's PIN; one that others would try first is refused. */
export function setPin(
  deps: Deps,
  username: string,
  source: PinSource,
): Promise<PinSet | NoUser | DatabaseFailed> {
  const { store, clock, ids } = deps;
  return forUser<PinSet>(deps, username, async (table) => {
    const known = numbersOf(username, table);
    const pin = source.kind === "generated" ? generatePin(known, ids) : await source.ask();
    if (pin === undefined) return { outcome: "not_said" };
    const why = weakPin(pin, known);
    if (why !== undefined) return { outcome: "weak", why };
    await store.mailboxAccess.setPin(username, await hashPin(pin, ids.uuid()), clock.nowMs());
    return { outcome: "set", pin: source.kind === "generated" ? pin : null };
  });
}

const GENERATED_DIGITS = 6;

function generatePin(known: readonly string[], ids: IdSource): string {
  for (;;) {
    const pin = Array.from({ length: GENERATED_DIGITS }, () => ids.below(10)).join("");
    if (weakPin(pin, known) === undefined) return pin;
  }
}

export interface PinCleared {
  readonly outcome: "cleared" | "no_pin";
}

/** Takes a user's PIN away: the user's mailbox cannot be listened to by PIN any more. */
export function clearPin(deps: Deps, username: string): Promise<PinCleared | NoUser | DatabaseFailed> {
  return forUser<PinCleared>(deps, username, async () => {
    const cleared = await deps.store.mailboxAccess.clearPin(username);
    return { outcome: cleared ? "cleared" : "no_pin" };
  });
}

export interface PinUnlocked {
  readonly outcome: "unlocked" | "was_not_locked" | "no_pin";
}

/** Takes a lock off a PIN, and forgets the wrong ones before it. */
export function unlockPin(deps: Deps, username: string): Promise<PinUnlocked | NoUser | DatabaseFailed> {
  const { store, clock } = deps;
  return forUser<PinUnlocked>(deps, username, async () => {
    const { isSet, lockedUntilMs } = await store.mailboxAccess.pinOf(username);
    if (!isSet) return { outcome: "no_pin" };
    await store.mailboxAccess.pinRight(username);
    return { outcome: lockedUntilMs > clock.nowMs() ? "unlocked" : "was_not_locked" };
  });
}

function forUser<Ended>(
  { store }: Deps,
  username: string,
  work: (table: RoutingTable) => Promise<Ended>,
): Promise<Ended | NoUser | DatabaseFailed> {
  return orDatabaseFailed<Ended | NoUser>(async () => {
    const table = await store.loadTable();
    return table.user(username) === undefined ? { outcome: "no_user" } : work(table);
  });
}
