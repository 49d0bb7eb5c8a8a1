/**
 * Adds SIP phones to users, and removes devices. The new office goes through all checks, like every edit; faults that can
 * be described better in terms of the one device are found before.
 */
import type { AcceptRule, Device, Office, User } from "../office/office.js";
import { exportOffice, type UserFile } from "../office-file/export.js";
import { deviceSchema } from "../office-file/schema.js";
import { suggest } from "../office-file/suggest.js";
import { checkContents, checkOffice, type Edited, notFound, type Refusal, refused } from "./edit.js";

/** A SIP phone of a user. */
export interface Phone {
  readonly username: string;
  /** The office with or without the phone, or why the edit is refused. */
  readonly device: string;
  readonly sipName: string;
}

export type PhoneFound = { readonly ok: true; readonly phone: Phone } | Refusal;

/** Left out: made of the username and the device's id. */
export type DeviceEdited = { readonly ok: true; readonly office: Office; readonly phone: Phone } | Refusal;

export interface NewDevice {
  readonly username: string;
  readonly id: string;
  /** Made of the username and the id when left out. */
  readonly sipName?: string | undefined;
  /** In seconds, as in the office file. */
  readonly delay?: number | undefined;
  readonly ring?: number | undefined;
  readonly accept?: AcceptRule | undefined;
}

/** Adds a SIP phone to a user. */
export function addDevice(office: Office, wanted: NewDevice): DeviceEdited {
  const user = findUser(office, wanted.username);
  if (user === undefined) return noUser(office, wanted.username);
  const { username } = user;
  const { id, delay, ring, accept } = wanted;
  const sip = wanted.sipName ?? `${username}-${id}`;
  const read = deviceSchema.safeParse({ id, sip, delay, ring, accept });
  if (!read.success) {
    const [issue] = read.error.issues;
    return refused(
      `${String(issue?.path[0] ?? "the device")}: expected ${issue?.message ?? "something else"}`,
    );
  }
  if (user.devices.some((device) => device.id === id))
    return refused(
      `${username} has a device ${id} already; \`ringline device rotate\` gives it another password`,
    );
  const taken = ownerOf(office, sip);
  if (taken !== undefined)
    return refused(`the SIP name ${sip} is taken by ${taken}; name another one with --sip`);
  const content = exportOffice(office);
  const users = (content.users ?? []).map(
    (each): UserFile =>
      each.username === username ? { ...each, devices: [...(each.devices ?? []), read.data] } : each,
  );
  const edited = checkContents([{ ...content, users }], `${id} of ${username} cannot be added`);
  return edited.ok ? { ...edited, phone: { username, device: id, sipName: sip } } : edited;
}

/** Removes a device from a user. No part of an office refers to a device, so no reference is left dangling. */
export function removeDevice(office: Office, username: string, id: string): Edited {
  const found = findDevice(office, username, id);
  if (!found.ok) return found;
  const users = office.users.map((user) =>
    user.username === username
      ? { ...user, devices: user.devices.filter((device) => device.id !== id) }
      : user,
  );
  return checkOffice({ ...office, users }, `${id} of ${username} cannot be removed`);
}

/** A user's SIP phone. */
export function findPhone(office: Office, username: string, id: string): PhoneFound {
  const found = findDevice(office, username, id);
  if (!found.ok) return found;
  const { at } = found.device;
  if (at.kind === "phone")
    return refused(`${id} of ${username} is the outside phone ${at.number}: it does not sign in`);
  return { ok: true, phone: { username, device: id, sipName: at.name } };
}

/** A user's device of any kind. */
export function findDevice(
  office: Office,
  username: string,
  id: string,
): { readonly ok: true; readonly device: Device } | Refusal {
  const user = findUser(office, username);
  if (user === undefined) return noUser(office, username);
  const device = user.devices.find((each) => each.id === id);
  if (device === undefined) {
    const ids = user.devices.map((each) => each.id);
    const has = ids.length === 0 ? "has no devices" : `has ${ids.join(", ")}`;
    return notFound(`${username} has no device ${id}; ${username} ${has}`);
  }
  return { ok: true, device };
}

export type PhonesFound = { readonly ok: true; readonly phones: readonly Phone[] } | Refusal;

/** The SIP phones of a user, at least one. */
export function findPhones(office: Office, username: string): PhonesFound {
  const user = findUser(office, username);
  if (user === undefined) return noUser(office, username);
  const phones = phonesOf({ users: [user] });
  return phones.length === 0 ? notFound(`${user.username} has no SIP phone`) : { ok: true, phones };
}

/** All SIP phones of an office, in the order of its users. */
export function phonesOf({ users }: Pick<Office, "users">): Phone[] {
  return users.flatMap(({ username, devices }) =>
    devices.flatMap(({ id, at }): Phone[] =>
      at.kind === "sip" ? [{ username, device: id, sipName: at.name }] : [],
    ),
  );
}

function findUser(office: Office, username: string): User | undefined {
  return office.users.find((each) => each.username === username);
}

function noUser(office: Office, username: string): Refusal {
  const meant = suggest(
    username,
    office.users.map((each) => each.username),
  );
  return notFound(`there is no user ${username}${meant === undefined ? "" : `; did you mean ${meant}?`}`);
}

function ownerOf(office: Office, sip: string): string | undefined {
  return office.users.find(({ devices }) => devices.some(({ at }) => at.kind === "sip" && at.name === sip))
    ?.username;
}
