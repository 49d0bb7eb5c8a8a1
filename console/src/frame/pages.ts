/** All pages, and which of them somebody sees: those whose operation is open to them. */
import { INSIGHT_PAGES } from "../pages/insight/pages.js";
import { OWN_PAGES } from "../pages/own/pages.js";
import { PEOPLE_PAGES } from "../pages/people/pages.js";
import { ROUTING_PAGES } from "../pages/routing/pages.js";
import { SETTINGS_PAGES } from "../pages/settings/pages.js";
import type { Word } from "../words/en.js";
import type { MenuGroup, PageOf } from "./page-of.js";

export const MENU_GROUPS: readonly (readonly [MenuGroup, Word | null])[] = [
  ["mine", null],
  ["office", "nav.office"],
  ["insight", "nav.insight"],
  ["settings", "nav.settings"],
];

export const PAGES: readonly PageOf[] = [
  ...OWN_PAGES,
  ...PEOPLE_PAGES,
  ...ROUTING_PAGES,
  ...INSIGHT_PAGES,
  ...SETTINGS_PAGES,
];

/** The pages that somebody sees, in the order of the menu. */
export function pagesFor(operations: Readonly<Record<string, string>>): readonly PageOf[] {
  return PAGES.filter(
    ({ needs, reach }) =>
      needs === undefined ||
      (reach === "all" ? operations[needs] === "all" : operations[needs] !== undefined),
  );
}
