/** The pages of calls, the live board, reports, usage and plans, in the order of the menu. */
import type { PageOf } from "../../frame/page-of.js";

export const INSIGHT_PAGES: readonly PageOf[] = [];
