/**
 * The SIP phones of the live office, and which of them have a password to sign in with.
 */
import type { Office } from "../../../policy/office/office.js";
import type { Store } from "../../../storage/store.js";
import {
  type DatabaseFailed,
  type Deps,
  NO_OFFICE,
  type NoOffice,
  orDatabaseFailed,
} from "../../use-case.js";

export interface ListedDevice {
  readonly username: string;
  /** The device's id. */
  readonly device: string;
  readonly sipName: string;
  /** Whether its user is suspended. */
  readonly suspended: boolean;
  /** Null: the phone has no password and cannot sign in. */
  readonly passwordMadeMs: number | null;
  readonly passwordMadeBy: string | null;
}

export interface DeviceList {
  readonly outcome: "listed";
  readonly devices: readonly ListedDevice[];
}

/** Lists the SIP phones of one user or of all. */
export function listDevices(
  { store }: Pick<Deps, "store">,
  username?: string,
): Promise<DeviceList | NoOffice | DatabaseFailed> {
  return orDatabaseFailed<DeviceList | NoOffice>(async () => {
    const office = await store.loadOffice();
    if (office === undefined) return NO_OFFICE;
    return { outcome: "listed", devices: await devicesOf(office, username, store) };
  });
}

async function devicesOf(
  office: Office,
  username: string | undefined,
  store: Pick<Store, "credentialOf">,
): Promise<ListedDevice[]> {
  const devices: ListedDevice[] = [];
  for (const user of office.users) {
    if (username !== undefined && user.username !== username) continue;
    for (const { id, at } of user.devices) {
      if (at.kind !== "sip") continue;
      const held = await store.credentialOf(at.name);
      // The SIP name may have belonged to another user before; that user's password is not valid for this phone.
      const password = held?.username === user.username ? held : undefined;
      devices.push({
        username: user.username,
        device: id,
        sipName: at.name,
        suspended: user.suspended === true,
        passwordMadeMs: password?.madeMs ?? null,
        passwordMadeBy: password?.madeBy ?? null,
      });
    }
  }
  return devices;
}
