/** The pages of carriers, the office, history, audit, keys and webhooks, in the order of the menu. */
import type { PageOf } from "../../frame/page-of.js";

export const SETTINGS_PAGES: readonly PageOf[] = [];
