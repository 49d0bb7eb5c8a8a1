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
  preparedEdit,
  type Refused,
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
  readonly username: string;
  readonly device: string;
  /** Null: it was an outside phone, which does not sign in. */
  readonly sipName: string | null;
}

/** Adds a SIP phone to a user and makes its password, for the switch's SIP domain. */
export async function addDevice(
  deps: Deps,
  request: ChangeRequest,
  wanted: edits.NewDevice,
  domain: string,
): Promise<DeviceAdded | Plan | ChangeFailed> {
  const message = `add device ${wanted.id} of ${wanted.username}`;
  const made = await makeChange<Refused>(deps, request, message, (live) =>
    preparedEdit(edits.addDevice(live, wanted)),
  );
  if (!isMade(made)) return made;
  const phone = phoneIn(made.after, wanted.username, wanted.id);
  return orDatabaseFailed(async (): Promise<DeviceAdded> => {
    const signIn = await makeSignIn(deps, request.author, phone, domain);
    return { outcome: "added", written: writtenOf(made), signIn };
  });
}

/** Removes a device from a user, and the password of a SIP phone. */
export async function removeDevice(
  deps: Deps,
  request: ChangeRequest,
  username: string,
  id: string,
): Promise<DeviceRemoved | Plan | ChangeFailed> {
  const message = `remove device ${id} of ${username}`;
  const made = await makeChange<Refused>(deps, request, message, (live) =>
    preparedEdit(edits.removeDevice(live, username, id)),
  );
  if (!isMade(made)) return made;
  const found = edits.findDevice(made.before, username, id);
  if (!found.ok) throw new Error(`a device that was removed was not in the office: ${found.reason}`);
  const { at } = found.device;
  const sipName = at.kind === "sip" ? at.name : null;
  return orDatabaseFailed(async (): Promise<DeviceRemoved> => {
    if (sipName !== null)
      await deps.store.removeCredential(sipName, { author: request.author, nowMs: deps.clock.nowMs() });
    return { outcome: "removed", written: writtenOf(made), username, device: id, sipName };
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
