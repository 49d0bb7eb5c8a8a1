/** The pages of numbers, call flows and schedules, in the order of the menu. */
import { type PageOf, page } from "../../frame/page-of.js";

export const ROUTING_PAGES: readonly PageOf[] = [
  {
    path: "/numbers",
    page: page(() => import("./numbers.js"), "Numbers"),
    needs: "listNumbers",
    menu: { word: "nav.numbers", group: "office" },
  },
  { path: "/numbers/:number", page: page(() => import("./number.js"), "NumberPage"), needs: "getNumber" },
];
