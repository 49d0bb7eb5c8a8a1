/**
 * Which of the renames that files speak of are still to be made in the live office. Files may name earlier ids for ever:
 * what has its new id already is not renamed again.
 */
import type { Office } from "../office/office.js";
import type { RenameClaim } from "../office-file/rename-claim.js";
import { suggest } from "../office-file/suggest.js";
import type { Fault } from "./edit.js";
import { idsOf, isSameScope, type Rename } from "./renaming.js";

export interface ClaimedRenames {
  readonly renames: readonly Rename[];
  /** Why a rename cannot be made in the live office. */
  readonly faults: readonly Fault[];
}

/**
 * @param files the office of the files, which no longer has what is renamed
 * @param made all renames of the past: an id that was given up then, and is there again, is something else
 */
export function renamesToMake(
  claims: readonly RenameClaim[],
  live: Office | undefined,
  files: Office,
  made: readonly Rename[],
): ClaimedRenames {
  const renames: Rename[] = [];
  const faults: Fault[] = [];
  for (const claim of live === undefined ? [] : claims) {
    const all = claim.from.map((from): Rename => ({ ...claim, from }));
    const ids = new Set(all[0] && live && idsOf(live, all[0]));
    const there = all.filter(({ from }) => ids.has(from));
    const isThere = ids.has(claim.to);
    const open = isThere ? there.filter((rename) => !made.some((each) => isAgain(each, rename))) : there;
    const [first, second] = open;
    const meant = isThere || first !== undefined ? undefined : mistyped(all, [...ids], files, made);
    if (meant !== undefined) faults.push(meant);
    if (first === undefined) continue;
    if (isThere) faults.push(fault(claim, `the live office has both \`${first.from}\` and \`${claim.to}\``));
    else if (second !== undefined)
      faults.push(fault(claim, `the live office has both \`${first.from}\` and \`${second.from}\``));
    else renames.push(first);
  }
  return { renames, faults };
}

/**
 * An earlier id that nothing has and nothing ever had, while the files leave out something of nearly that id: to take the
 * word for it would be to remove that, and make something new.
 */
function mistyped(
  claimed: readonly Rename[],
  live: readonly string[],
  files: Office,
  made: readonly Rename[],
): Fault | undefined {
  for (const rename of claimed) {
    const kept = new Set(idsOf(files, rename));
    const meant = suggest(
      rename.from,
      live.filter((id) => !kept.has(id)),
    );
    if (meant === undefined || made.some((each) => isAgain(each, rename))) continue;
    return {
      ...fault({ ...rename, from: [] }, `the live office has no \`${rename.from}\``),
      found: JSON.stringify(rename.from),
      suggestion: meant,
    };
  }
  return undefined;
}

function isAgain(made: Rename, claimed: Rename): boolean {
  return isSameScope(made, claimed) && made.from === claimed.from;
}

function fault(claim: RenameClaim, message: string): Fault {
  const where =
    claim.kind === "device" ? `user ${claim.username}, device ${claim.to}` : `${claim.kind} ${claim.to}`;
  return {
    where,
    code: "wrong_rename",
    message: `cannot be renamed: ${message}`,
    expected: "renamed_from naming one that the new one takes the place of, and no other",
  };
}
