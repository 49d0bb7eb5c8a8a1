/** Words of calls, the live board, reports, usage and plans, in German. */
import type { insight as en } from "../en/insight.js";

export const insight: Record<keyof typeof en, string> = {};
