/** Works out what writing back would change in an office's files, so that they say what commands have changed. */
import type { Office } from "../../../policy/office/office.js";
import type { RenameClaim } from "../../../policy/office-file/rename-claim.js";
import {
  type DatabaseFailed,
  type Deps,
  NO_OFFICE,
  type NoOffice,
  orDatabaseFailed,
} from "../../use-case.js";
import type { OfficeText } from "../files/texts.js";
import { type WrittenBack, writeBack } from "../writeback/write-back.js";
import { type FilesDoNotFit, reconcile } from "./reconcile.js";

/** Files that were read without an error. */
export interface ReadFiles {
  readonly texts: readonly OfficeText[];
  readonly office: Office;
  /** What the files say of earlier ids. */
  readonly renames?: readonly RenameClaim[];
  /** The folder in which a new file may be made; undefined: the files were named one by one. */
  readonly folder: string | undefined;
}

export type WriteBackPlanned = { readonly outcome: "planned" } & WrittenBack;

/** Nothing is changed, neither in the files nor in the database. */
export function planWriteBack(
  { store }: Pick<Deps, "store">,
  { texts, office, renames = [], folder }: ReadFiles,
): Promise<WriteBackPlanned | FilesDoNotFit | NoOffice | DatabaseFailed> {
  return orDatabaseFailed<WriteBackPlanned | FilesDoNotFit | NoOffice>(async () => {
    if ((await store.currentRevision()) === 0) return NO_OFFICE;
    const cause = { revision: null, author: "", message: "", appliedMs: 0 };
    const wanted = await reconcile(store, { office, renames }, { overwrite: false }, cause);
    if (wanted.outcome === "unknown_name") throw new Error("no name was given");
    if (wanted.outcome === "files_do_not_fit") return wanted;
    const { kept, renamedByCommand } = wanted;
    const written = writeBack(texts, office, wanted.office, kept, folder, renamedByCommand);
    return { outcome: "planned", ...written };
  });
}
