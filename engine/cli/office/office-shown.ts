/**
 * The live office for commands that show something of it.
 */
import type { Office } from "../../../policy/office/office.js";
import { RoutingTable } from "../../../policy/routing/table.js";
import type { DriftEntry } from "../../../storage/drift.js";
import { failed, withDatabase } from "../shared/database.js";
import type { Terminal } from "../shared/terminal.js";

export interface Shown {
  readonly revision: number;
  readonly office: Office;
  readonly table: RoutingTable;
  /** What commands have changed and the files do not know of. */
  readonly drift: readonly DriftEntry[];
}

/** Runs `show` on the live office; that there is none is said, and leaves exit code 1. */
export async function withOffice(
  terminal: Terminal,
  { db, json = false }: { readonly db: string; readonly json?: boolean },
  show: (shown: Shown) => Promise<void>,
): Promise<void> {
  await withDatabase(terminal, { path: db, mustExist: true, json }, async (store) => {
    const revision = await store.currentRevision();
    const office = await store.loadOffice(revision);
    if (office === undefined) {
      failed(terminal, "there is no office yet; `ringline apply` makes one", json);
      return;
    }
    await show({ revision, office, table: RoutingTable.of(office, revision), drift: await store.drift() });
  });
}
