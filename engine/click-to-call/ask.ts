/**
 * The web server's side of click to call: a person asks for a call, sees how far it is, and stops it while it rings. The
 * engine does the rest, and checks everything again.
 */
import { type ClickRefused, clickLeads } from "../../policy/call/click-to-call.js";
import type { User } from "../../policy/office/office.js";
import type { RoutingTable } from "../../policy/routing/table.js";
import type { ClickCall, ClickLimits } from "../../storage/click-calls.js";
import { type DatabaseFailed, type Deps, NO_OFFICE, type NoOffice, orDatabaseFailed } from "../use-case.js";
import { CLICK_LATE_MS } from "./click-calls.js";

const MINUTE_MS = 60_000;
/** Calls asked for within a minute, by one user and by all together: nobody's phones ring without end. */
export const CLICKS_A_MINUTE = { own: 10, all: 300 } as const;

export interface ClickWish {
  readonly username: string;
  /** As people write it. */
  readonly to: string;
  /** The id of the device that is to ring; null: all that can be reached. */
  readonly device: string | null;
}

export type ClickAsked =
  | { readonly outcome: "asked"; readonly call: ClickShown }
  | { readonly outcome: "refused"; readonly why: ClickRefused }
  /** The user has no phone of this id; `outside`: it is an outside phone, on which nobody can dial. */
  | { readonly outcome: "no_phone"; readonly why: "unknown" | "outside" | "none" }
  /** Another call waits for the user to answer. */
  | { readonly outcome: "busy" }
  | { readonly outcome: "too_many"; readonly againMs: number }
  | NoOffice
  | DatabaseFailed;

/** A call as its user sees it. */
export type ClickShown = Pick<
  ClickCall,
  "id" | "dialled" | "device" | "state" | "reason" | "why" | "call" | "askedMs"
>;

export function askClick(deps: Deps, office: RoutingTable, wish: ClickWish): Promise<ClickAsked> {
  return orDatabaseFailed<ClickAsked>(async () => {
    const { username, to, device } = wish;
    const user = office.user(username);
    if (user === undefined) return NO_OFFICE;
    const leads = clickLeads(to, username, { office });
    if (leads.kind === "refused") return { outcome: "refused", why: leads.why };
    const why = whyNoPhone(user, device);
    if (why !== null) return { outcome: "no_phone", why };
    const askedMs = deps.clock.nowMs();
    const call = { id: deps.ids.uuid(), username, dialled: leads.dialled, device, askedMs };
    const limits: ClickLimits = { sinceMs: askedMs - MINUTE_MS, ...CLICKS_A_MINUTE };
    const added = await deps.store.clickCalls.add(call, limits);
    if (added === "busy") return { outcome: "busy" };
    if (added === "too_many") return { outcome: "too_many", againMs: MINUTE_MS };
    return {
      outcome: "asked",
      call: { ...call, state: "asked", reason: null, why: null, call: null },
    };
  });
}

function whyNoPhone({ devices }: User, id: string | null): "unknown" | "outside" | "none" | null {
  if (id === null) return devices.some(({ at }) => at.kind === "sip") ? null : "none";
  const device = devices.find((each) => each.id === id);
  if (device === undefined) return "unknown";
  return device.at.kind === "sip" ? null : "outside";
}

/** There is none of that id, or it is another user's. */
export interface NoClick {
  readonly outcome: "not_found";
}

export type ClickRead = { readonly outcome: "shown"; readonly call: ClickShown } | NoClick | DatabaseFailed;

export function readClick(
  deps: Pick<Deps, "store" | "clock">,
  username: string,
  id: string,
): Promise<ClickRead> {
  return orDatabaseFailed<ClickRead>(() => readNow(deps, username, id));
}

async function readNow(
  { store, clock }: Pick<Deps, "store" | "clock">,
  username: string,
  id: string,
): Promise<ClickRead> {
  const call = await store.clickCalls.one(id);
  if (call === undefined || call.username !== username) return { outcome: "not_found" };
  // No engine has taken it, and none will.
  if (call.state === "asked" && clock.nowMs() - call.askedMs > CLICK_LATE_MS)
    return { outcome: "shown", call: { ...call, state: "ended", reason: "too_late" } };
  return { outcome: "shown", call };
}

export type ClickStopped =
  | { readonly outcome: "stopped" }
  /** People talk: it is the phone that ends that. */
  | { readonly outcome: "connected" }
  | NoClick
  | DatabaseFailed;

export function stopClick(
  deps: Pick<Deps, "store" | "clock">,
  username: string,
  id: string,
): Promise<ClickStopped> {
  return orDatabaseFailed<ClickStopped>(async () => {
    const read = await readNow(deps, username, id);
    if (read.outcome !== "shown") return read;
    if (read.call.state === "connected") return { outcome: "connected" };
    await deps.store.clickCalls.stop(id);
    return { outcome: "stopped" };
  });
}
