/** The pages of what people have of their own, in the order of the menu. */
import { type PageOf, page } from "../../frame/page-of.js";

export const OWN_PAGES: readonly PageOf[] = [
  { path: "/", page: page(() => import("./home.js"), "Home"), menu: { word: "nav.home", group: "mine" } },
];
