/** Words of what people have of their own: home, messages, phones, settings, account, in German. */
import type { own as en } from "../en/own.js";

export const own: Record<keyof typeof en, string> = {};
