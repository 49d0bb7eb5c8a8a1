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
  {
    path: "/numbers/:number/steps",
    page: page(() => import("./number-steps.js"), "NumberStepsPage"),
    needs: "getNumber",
  },
  {
    path: "/flows",
    page: page(() => import("./flows.js"), "Flows"),
    needs: "listFlows",
    menu: { word: "nav.flows", group: "office" },
  },
  { path: "/flows/:id", page: page(() => import("./flow.js"), "FlowPage"), needs: "getFlow" },
  {
    path: "/schedules",
    page: page(() => import("./schedules.js"), "Schedules"),
    needs: "listSchedules",
    menu: { word: "nav.schedules", group: "office" },
  },
  { path: "/schedules/:id", page: page(() => import("./schedule.js"), "SchedulePage"), needs: "getSchedule" },
  {
    path: "/try",
    page: page(() => import("./try.js"), "TryPage"),
    needs: "explain",
    menu: { word: "try.title", group: "office" },
  },
  { path: "/tests", page: page(() => import("./tests.js"), "TestsPage"), needs: "runTests" },
];
