/** Every word of the console in English; the other languages have the same keys, or do not compile. */
import { access } from "./en/access.js";
import { frame } from "./en/frame.js";
import { insight } from "./en/insight.js";
import { own } from "./en/own.js";
import { people } from "./en/people.js";
import { routing } from "./en/routing.js";
import { settings } from "./en/settings.js";

export const en = {
  ...frame,
  ...own,
  ...people,
  ...routing,
  ...insight,
  ...settings,
  ...access,
} as const;

export type Word = keyof typeof en;
export type Words = Readonly<Record<Word, string>>;
