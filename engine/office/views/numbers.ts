/** Numbers as people and programs are shown them: a list of all, or everything about one number. */
import { Reach, type Stage } from "../../../policy/change/reach.js";
import { isRefusal, readDestination } from "../../../policy/change/routes/destination.js";
import { numberTitle, usesOfFlows } from "../../../policy/change/routes/flow-uses.js";
import { leadsThere, placeOf } from "../../../policy/change/routes/leads-to.js";
import { findNumber } from "../../../policy/change/routes/number-edits.js";
import type { NumberEntry, Office } from "../../../policy/office/office.js";
import { exportNumber, type NumberFile } from "../../../policy/office-file/export.js";
import { parseNumberKey } from "../../../policy/routing/block-text.js";
import { digitsOf } from "../../../policy/routing/written.js";
import type { Step } from "../../../policy/steps/types.js";
import { stepsText } from "../../../policy/steps/words.js";
import type { Deps } from "../../use-case.js";
import { partAboutNumber } from "../changes/part.js";
import { driftOf, type EntityDrift, type Live, type Viewed, viewLive } from "./live.js";
import type { NotFound } from "./users.js";

export interface ListedNumber {
  readonly number: string;
  readonly label: string | null;
  /** The named flow; null: the number has steps of its own, or leads nowhere. */
  readonly flow: string | null;
  /** What a call to it does, in words; null: it leads nowhere yet. */
  readonly does: string | null;
}

export interface NumberList {
  readonly outcome: "listed";
  readonly numbers: readonly ListedNumber[];
}

/** Which numbers to list; what is left out does not matter. */
export interface NumberFilter {
  /** Those that lead to this target, also by way of other flows. */
  readonly to?: string | undefined;
  /** Those that lead nowhere. */
  readonly unused: boolean;
  /** A part of the number, of its label or of what it does, in any case. */
  readonly text?: string | undefined;
}

export interface AboutNumber {
  readonly outcome: "shown";
  readonly number: NumberFile;
  /** The steps of a call to it; null: it leads nowhere yet. */
  readonly steps: readonly Step[] | null;
  /** What else leads to the named flow of the number, in words. */
  readonly flowSharedWith: readonly string[];
  /** The phones that ring when nobody answers, step by step. */
  readonly rings: readonly Stage[];
  /** Users whose calls outside show the number. */
  readonly shownFor: readonly string[];
  /** Null: the files have the number as it is live. */
  readonly drift: EntityDrift | null;
}

export function listNumbers(
  deps: Pick<Deps, "store">,
  filter: NumberFilter,
): Promise<Viewed<NumberList | NotFound>> {
  return viewLive<NumberList | NotFound>(deps, (live) => {
    const entries = numberEntriesIn(live, filter);
    if ("outcome" in entries) return entries;
    return { outcome: "listed", numbers: entries.map((entry) => listed(entry, live.office)) };
  });
}

/** What is looked for a text, in lower case. @param at the entry's place among the office's numbers */
type NumberTextOf = (entry: NumberEntry, at: number) => string;

/** The entries that are wanted, of an office that is in memory. @param textOf what is looked for a text, in lower case */
function numberEntriesIn(
  live: Pick<Live, "office" | "table">,
  filter: NumberFilter,
  textOf?: NumberTextOf,
): readonly NumberEntry[] | NotFound {
  const isWanted = wantedNumbers(live, filter, textOf);
  return typeof isWanted === "function" ? live.office.numbers.filter(isWanted) : isWanted;
}

/** Whether the entry at this place of the office's numbers is wanted. */
export function wantedNumbers(
  { office, table }: Pick<Live, "office" | "table">,
  filter: NumberFilter,
  textOf: NumberTextOf = (entry) => numberText(entry, office),
): ((entry: NumberEntry, at: number) => boolean) | NotFound {
  const to = filter.to === undefined ? undefined : readDestination(filter.to, office);
  if (to !== undefined && isRefusal(to)) return { outcome: "not_found", reason: to.reason };
  const place = to && placeOf(to.target, office, table);
  if (place !== undefined && !place.ok) return { outcome: "not_found", reason: place.reason };
  const hasText = isWantedBy(filter.text);
  return (entry, at) =>
    (!filter.unused || entry.leadsTo === null) &&
    (place === undefined || leadsThere(entry, place.place, table)) &&
    (hasText === undefined || hasText(entry, at, textOf));
}

/** All of a number in which a text is looked for, one a line, in lower case. */
export function numberText(entry: NumberEntry, office: Pick<Office, "flows">): string {
  const { number, label, flow, does } = listed(entry, office);
  return [number, label ?? "", flow ?? "", does ?? ""].join("\n").toLowerCase();
}

/** Digits are found however they are written: `(212) 555` in +12125550100. */
function isWantedBy(
  text: string | undefined,
): ((entry: NumberEntry, at: number, textOf: NumberTextOf) => boolean) | undefined {
  if (text === undefined || text === "") return undefined;
  const wanted = text.toLowerCase();
  const digits = digitsOf(text)?.replace(/^\+/, "");
  return (entry, at, textOf) =>
    (digits !== undefined && entry.number.includes(digits)) || textOf(entry, at).includes(wanted);
}

/** Everything the live office says of one number. */
export function showNumber(
  deps: Pick<Deps, "store">,
  written: string,
): Promise<Viewed<AboutNumber | NotFound>> {
  return viewLive(
    deps,
    (live) => numberIn(live, written, usesOfFlows(live.office)),
    (revision) => partAboutNumber(deps.store, revision, written),
  );
}

/** The same of an office that is in memory. @param uses of its flows */
export function numberIn(
  live: Live,
  written: string,
  uses: ReturnType<typeof usesOfFlows>,
): AboutNumber | NotFound {
  const { office, table } = live;
  const key = parseNumberKey(written, office.country);
  // A number of a block has the block's entry.
  const entry = table.numberEntry(key ?? "") ?? table.number(key ?? "") ?? findNumber(office, written);
  return "number" in entry ? aboutNumber(entry, live, uses) : { outcome: "not_found", reason: entry.reason };
}

/** The steps of a call to a number; null: it leads nowhere yet. */
export function stepsOf({ leadsTo }: NumberEntry, office: Pick<Office, "flows">): readonly Step[] | null {
  if (leadsTo === null) return null;
  return leadsTo.kind === "steps" ? leadsTo.steps : (office.flows[leadsTo.flow] ?? []);
}

function listed(entry: NumberEntry, office: Pick<Office, "flows">): ListedNumber {
  const steps = stepsOf(entry, office);
  return {
    number: entry.number,
    label: entry.label ?? null,
    flow: entry.leadsTo?.kind === "flow" ? entry.leadsTo.flow : null,
    does: steps === null ? null : stepsText(steps),
  };
}

function aboutNumber(entry: NumberEntry, live: Live, allUses: ReturnType<typeof usesOfFlows>): AboutNumber {
  const { office, table } = live;
  const { number, leadsTo } = entry;
  const uses = leadsTo?.kind === "flow" ? (allUses.get(leadsTo.flow) ?? []) : [];
  return {
    outcome: "shown",
    number: exportNumber(entry),
    steps: stepsOf(entry, office),
    flowSharedWith: uses.filter((place) => place !== numberTitle(number)),
    rings: new Reach(table, undefined).of(number),
    shownFor: office.users.filter((user) => user.outboundNumber === number).map(({ username }) => username),
    drift: driftOf(live, "numbers", number),
  };
}
