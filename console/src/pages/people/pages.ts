/** The pages of users and groups, in the order of the menu. */
import type { PageOf } from "../../frame/page-of.js";

export const PEOPLE_PAGES: readonly PageOf[] = [];
