/** The pages of numbers, call flows and schedules, in the order of the menu. */
import type { PageOf } from "../../frame/page-of.js";

export const ROUTING_PAGES: readonly PageOf[] = [];
