/** People as a table says them: what is said of each, and nothing of what is not said. */
import type { Permission } from "../office/permission-names.js";
import type { DeviceFile } from "../office-file/schema.js";

export type AdminKind = "billing" | "system";

/** What can be taken away from a person. */
export type Taken =
  | "email"
  | "extension"
  | "outbound_number"
  | "desk"
  | "cell"
  | "phone"
  | "groups"
  | "admin";

export interface Person {
  readonly username: string;
  readonly name: string;
  readonly email?: string;
  /** Digits. */
  readonly extension?: string;
  readonly outboundNumber?: string;
  readonly suspended?: boolean;
  readonly permissions?: Readonly<Partial<Record<Permission, boolean>>>;
  readonly devices: readonly DeviceFile[];
  /** Ids of the groups that the table names; undefined: it says nothing of groups. */
  readonly groups?: readonly string[];
  /** Undefined: the table says nothing of it; empty: no administrator. */
  readonly admin?: readonly AdminKind[];
  /** What the table says the person does not have. */
  readonly without: ReadonlySet<Taken>;
}

/** A group that a table names, with its name if the office does not have it. */
export interface NamedGroup {
  readonly id: string;
  readonly name: string;
}

/** Everybody in a table. */
export interface People {
  readonly people: readonly Person[];
  /** All groups that are named in it, by the ids that people join. */
  readonly groups: readonly NamedGroup[];
}
