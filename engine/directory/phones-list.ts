/**
 * Lists which phones are reachable now: the switch's registrations and channels, combined with the phones' users and
 * with what the engine knows of the contacts.
 */
import type { Device, Office } from "../../policy/office/office.js";
import type { RegistrationRow } from "../switch/registrations.js";

/** A channel of a phone: a leg to it, or a call that it placed. */
export interface PhoneChannel {
  readonly sipName: string;
  /** The contact's address, if the channel shows it; null: a call that the phone placed. */
  readonly address: string | null;
  readonly state: "ringing" | "in a call";
}

/** An engine's facts about a contact; times in ms since the epoch. */
export interface EngineSighting {
  readonly sipName: string;
  readonly url: string;
  readonly sinceMs: number;
  readonly seenMs: number;
}

export interface ListedPhone {
  /** Null: no phone of the office has this name. */
  readonly username: string | null;
  readonly device: string | null;
  readonly sipName: string;
  /** Null: not signed in. */
  readonly contact: string | null;
  /** The source address of its packets: ip:port. */
  readonly address: string | null;
  readonly agent: string | null;
  readonly sinceMs: number | null;
  readonly seenMs: number | null;
  /** Time until it has to register again. */
  readonly expiresInMs: number | null;
  /** The result of the switch's OPTIONS (`Unknown` before the first). */
  readonly ping: "reachable" | "unreachable" | "unknown" | null;
  readonly pingMs: number | null;
  readonly call: "ringing" | "in a call" | null;
  readonly suspended: boolean;
}

export interface PhoneSources {
  readonly office: Office | undefined;
  readonly rows: readonly RegistrationRow[];
  readonly channels: readonly PhoneChannel[];
  readonly sightings: readonly EngineSighting[];
}

/** Signed-in phones by user and device, one row for each contact; then the office's phones that are not signed in. */
export function listPhones(sources: PhoneSources): ListedPhone[] {
  const owners = ownersOf(sources.office);
  const signedIn = sources.rows.map((row) => listed(row, sources, owners.get(row.sipName)));
  const names = new Set(sources.rows.map(({ sipName }) => sipName));
  const absent = [...owners]
    .filter(([name]) => !names.has(name))
    .map(([name, owner]) => notSignedIn(name, owner));
  return [...sorted(signedIn), ...sorted(absent)];
}

interface Owner {
  readonly username: string;
  readonly device: Device;
  readonly suspended: boolean;
}

function ownersOf(office: Office | undefined): Map<string, Owner> {
  const owners = new Map<string, Owner>();
  for (const user of office?.users ?? [])
    for (const device of user.devices)
      if (device.at.kind === "sip")
        owners.set(device.at.name, { username: user.username, device, suspended: user.suspended === true });
  return owners;
}

function listed(row: RegistrationRow, sources: PhoneSources, owner: Owner | undefined): ListedPhone {
  const seen = sources.sightings.find(({ sipName, url }) => sipName === row.sipName && url === row.url);
  return {
    ...ownership(owner),
    sipName: row.sipName,
    contact: row.url,
    address: row.address,
    agent: row.agent,
    sinceMs: seen?.sinceMs ?? null,
    seenMs: seen?.seenMs ?? null,
    expiresInMs: row.expiresInMs,
    ping: row.ping,
    pingMs: row.pingMs,
    call: callOf(row, sources.channels),
  };
}

function notSignedIn(sipName: string, owner: Owner): ListedPhone {
  return {
    ...ownership(owner),
    sipName,
    contact: null,
    address: null,
    agent: null,
    sinceMs: null,
    seenMs: null,
    expiresInMs: null,
    ping: null,
    pingMs: null,
    call: null,
  };
}

function ownership(owner: Owner | undefined) {
  return {
    username: owner?.username ?? null,
    device: owner?.device.id ?? null,
    suspended: owner?.suspended ?? false,
  };
}

/** A leg shows the contact it was dialled to; for a call that the phone placed, only the name is certain. */
function callOf(row: RegistrationRow, channels: readonly PhoneChannel[]): ListedPhone["call"] {
  const own = channels.filter(
    ({ sipName, address }) => sipName === row.sipName && (address === null || row.url.includes(address)),
  );
  if (own.some(({ state }) => state === "in a call")) return "in a call";
  return own.length > 0 ? "ringing" : null;
}

function sorted(phones: readonly ListedPhone[]): ListedPhone[] {
  const key = ({ username, device, sipName, contact }: ListedPhone) =>
    [username ?? "~", device ?? "~", sipName, contact ?? ""].join(" ");
  return [...phones].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
