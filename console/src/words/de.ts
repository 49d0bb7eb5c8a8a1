/** Every word of the console in German. */
import { access } from "./de/access.js";
import { frame } from "./de/frame.js";
import { insight } from "./de/insight.js";
import { own } from "./de/own.js";
import { people } from "./de/people.js";
import { routing } from "./de/routing.js";
import { settings } from "./de/settings.js";
import type { Words } from "./en.js";

export const de: Words = {
  ...frame,
  ...own,
  ...people,
  ...routing,
  ...insight,
  ...settings,
  ...access,
};
