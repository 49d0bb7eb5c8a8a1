/** Words of carriers, the office, history, audit, keys and webhooks, in German. */
import type { settings as en } from "../en/settings.js";

export const settings: Record<keyof typeof en, string> = {};
