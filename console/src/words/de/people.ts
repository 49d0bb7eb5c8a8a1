/** Words of users and groups, in German. */
import type { people as en } from "../en/people.js";

export const people: Record<keyof typeof en, string> = {};
