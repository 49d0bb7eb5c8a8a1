/**
 * Changes of an office that concern one device: what the new office is, or why there is none. The rest of the
 * office stays as it is, so nothing can come to dangle: nothing refers to a device.
 */

import type { AcceptRule, Device, Office, User } from "../../../policy/office/office.js";
import { deviceSchema } from "../../../policy/office-file/schema.js";
import { suggest } from "../../../policy/office-file/suggest.js";

export type DeviceChange =
  | { readonly ok: true; readonly office: Office; readonly device: Device; readonly sipName: string }
  | { readonly ok: false; readonly why: string };

export interface NewDevice {
  readonly username: string;
  readonly id: string;
  /** Left out: made of the username and the id. */
  readonly sipName?: string;
  /** Seconds, as in the office file. */
  readonly delay?: number;
  readonly ring?: number;
  readonly accept?: AcceptRule;
}

/** Adds a SIP phone to a user. */
export function addDevice(office: Office, wanted: NewDevice): DeviceChange {
  const user = findUser(office, wanted.username);
  if (typeof user === "string") return refused(user);
  const { id, delay, ring, accept } = wanted;
  const sip = wanted.sipName ?? `${user.username}-${id}`;
  const read = deviceSchema.safeParse({ id, sip, delay, ring, accept });
  if (!read.success) {
    const [issue] = read.error.issues;
    return refused(
      `${String(issue?.path[0] ?? "the device")}: expected ${issue?.message ?? "something else"}`,
    );
  }
  if (user.devices.some((device) => device.id === id))
    return refused(
      `${user.username} has a device ${id} already; \`ringline device rotate\` gives it another password`,
    );
  const taken = ownerOf(office, sip);
  if (taken !== undefined)
    return refused(`the SIP name ${sip} is taken by ${taken}; name another one with --sip`);
  const device: Device = {
    id,
    at: { kind: "sip", name: sip },
    delayMs: (delay ?? 0) * 1000,
    ringMs: ring === undefined ? null : ring * 1000,
    accept: accept ?? "auto",
  };
  return changed(office, user, [...user.devices, device], device, sip);
}

/** Takes a SIP phone away from a user. */
export function removeDevice(office: Office, username: string, id: string): DeviceChange {
  const found = findDevice(office, username, id);
  if (!found.ok) return found;
  const user = office.users.find((each) => each.username === username);
  if (user === undefined) return refused(`there is no user ${username}`);
  return changed(
    office,
    user,
    user.devices.filter((device) => device.id !== id),
    found.device,
    found.sipName,
  );
}

/** A user's SIP phone; the office is handed back as it is. */
export function findDevice(office: Office, username: string, id: string): DeviceChange {
  const user = findUser(office, username);
  if (typeof user === "string") return refused(user);
  const device = user.devices.find((each) => each.id === id);
  if (device === undefined) {
    const ids = user.devices.map((each) => each.id);
    const has = ids.length === 0 ? "has no devices" : `has ${ids.join(", ")}`;
    return refused(`${username} has no device ${id}; ${username} ${has}`);
  }
  if (device.at.kind === "phone")
    return refused(`${id} of ${username} is the outside phone ${device.at.number}: it does not sign in`);
  return { ok: true, office, device, sipName: device.at.name };
}

function findUser(office: Office, username: string): User | string {
  const user = office.users.find((each) => each.username === username);
  if (user !== undefined) return user;
  const meant = suggest(
    username,
    office.users.map((each) => each.username),
  );
  return `there is no user ${username}${meant === undefined ? "" : `; did you mean ${meant}?`}`;
}

function ownerOf(office: Office, sip: string): string | undefined {
  return office.users.find(({ devices }) => devices.some(({ at }) => at.kind === "sip" && at.name === sip))
    ?.username;
}

function changed(
  office: Office,
  user: User,
  devices: readonly Device[],
  device: Device,
  sipName: string,
): DeviceChange {
  const users = office.users.map((each) => (each === user ? { ...user, devices } : each));
  return { ok: true, office: { ...office, users }, device, sipName };
}

function refused(why: string): DeviceChange {
  return { ok: false, why };
}
