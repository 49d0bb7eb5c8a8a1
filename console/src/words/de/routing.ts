/** Words of numbers, call flows, schedules and trying them, in German. */
import type { routing as en } from "../en/routing.js";

export const routing: Record<keyof typeof en, string> = {};
