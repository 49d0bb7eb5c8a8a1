/** Reads the live office together with its drift, for the views that show parts of it. */
import type { Office } from "../../../policy/office/office.js";
import { RoutingTable } from "../../../policy/routing/table.js";
import type { DriftEntry } from "../../../storage/drift.js";
import {
  type DatabaseFailed,
  type Deps,
  NO_OFFICE,
  type NoOffice,
  orDatabaseFailed,
} from "../../use-case.js";

export interface Live {
  readonly revision: number;
  readonly office: Office;
  readonly table: RoutingTable;
  /** What commands have changed and the files do not say. */
  readonly drift: readonly DriftEntry[];
}

/** A view of the live office, or why there is none. */
export type Viewed<View> = View | NoOffice | DatabaseFailed;

/** Makes a view of the live office. */
export function viewLive<View>(
  { store }: Pick<Deps, "store">,
  view: (live: Live) => View | Promise<View>,
): Promise<Viewed<View>> {
  return orDatabaseFailed<View | NoOffice>(async () => {
    const revision = await store.currentRevision();
    const office = await store.loadOffice(revision);
    if (office === undefined) return NO_OFFICE;
    return view({ revision, office, table: RoutingTable.of(office, revision), drift: await store.drift() });
  });
}
