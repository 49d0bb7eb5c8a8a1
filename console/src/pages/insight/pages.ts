/** The pages of calls, the live board, reports, usage and plans, in the order of the menu. */
import { type PageOf, page } from "../../frame/page-of.js";

export const INSIGHT_PAGES: readonly PageOf[] = [
  {
    path: "/live",
    page: page(() => import("./live.js"), "Live"),
    needs: "watchLive",
    menu: { word: "nav.live", group: "insight" },
  },
  {
    path: "/calls",
    page: page(() => import("./calls.js"), "Calls"),
    needs: "listCalls",
    menu: { word: "nav.calls", group: "insight" },
  },
  { path: "/calls/:id", page: page(() => import("./call.js"), "Call"), needs: "getCall" },
  {
    path: "/reports",
    page: page(() => import("./reports.js"), "Reports"),
    needs: "getStatistics",
    menu: { word: "nav.reports", group: "insight" },
  },
  {
    path: "/usage",
    page: page(() => import("./usage.js"), "Usage"),
    needs: "getUsage",
    menu: { word: "nav.usage", group: "insight" },
  },
  { path: "/plans", page: page(() => import("./plans.js"), "Plans"), needs: "listPlans" },
  { path: "/plans/:id", page: page(() => import("./plan.js"), "Plan"), needs: "getPlan" },
];
