/**
 * Adds SIP phones to the live office with the password they sign in with, and removes both. Uses the same road as
 * changes of users and groups. The password is written after the revision, so that a phone that could not be added
 * never gets one.
 */
import * as edits from "../../../policy/change/devices.js";
import type { Office } from "../../../policy/office/office.js";
import type { Written } from "../../../storage/apply.js";
import { type Deps, orDatabaseFailed } from "../../use-case.js";
import type { Plan } from "../views/plan.js";
import {
  type ChangeFailed,
  type ChangeRequest,
  isMade,
  type MadeChange,
  makeChange,
  type Refused,
  refusal,
} from "./change.js";
import { makeSignIn, type SignIn } from "./phone-passwords.js";

export interface DeviceAdded {
  readonly outcome: "added";
  readonly written: Written;
  /** Contains the password, which cannot be read again. */
  readonly signIn: SignIn;
}

export interface DeviceRemoved {
  readonly outcome: "removed";
  readonly written: Written;
  readonly phone: edits.Phone;
}

/** Adds a SIP phone to a user and makes its password, for the switch's SIP domain. */
export async function addDevice(
  deps: Deps,
  request: ChangeRequest,
  wanted: edits.NewDevice,
  domain: string,
): Promise<DeviceAdded | Plan | ChangeFailed> {
  const message = `add device ${wanted.id} of ${wanted.username}`;
  const made = await makeDeviceChange(deps, request, message, (live) => edits.addDevice(live, wanted));
  if (!isMade(made)) return made;
  const phone = phoneIn(made.after, wanted.username, wanted.id);
  return orDatabaseFailed(async (): Promise<DeviceAdded> => {
    const signIn = await makeSignIn(deps, request.author, phone, domain);
    return { outcome: "added", written: writtenOf(made), signIn };
  });
}

/** Removes a SIP phone from a user, and its password. */
export async function removeDevice(
  deps: Deps,
  request: ChangeRequest,
  username: string,
  id: string,
): Promise<DeviceRemoved | Plan | ChangeFailed> {
  const message = `remove device ${id} of ${username}`;
  const made = await makeDeviceChange(deps, request, message, (live) =>
    edits.removeDevice(live, username, id),
  );
  if (!isMade(made)) return made;
  const phone = phoneIn(made.before, username, id);
  return orDatabaseFailed(async (): Promise<DeviceRemoved> => {
    await deps.store.removeCredential(phone.sipName, {
      author: request.author,
      nowMs: deps.clock.nowMs(),
    });
    return { outcome: "removed", written: writtenOf(made), phone };
  });
}

function makeDeviceChange(
  deps: Deps,
  request: ChangeRequest,
  message: string,
  edit: (live: Office) => edits.DeviceEdited,
): Promise<MadeChange | Plan | ChangeFailed> {
  return makeChange<Refused>(deps, request, message, (live) => {
    const edited = edit(live);
    return edited.ok ? edited : { ok: false, failure: refusal(edited) };
  });
}

function phoneIn(office: Office, username: string, id: string): edits.Phone {
  const found = edits.findPhone(office, username, id);
  if (!found.ok) throw new Error(`a device that was changed is not in the office: ${found.reason}`);
  return found.phone;
}

function writtenOf({ outcome, revision, summary }: MadeChange): Written {
  return { outcome, revision, summary };
}
