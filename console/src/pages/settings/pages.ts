/** The pages of carriers, the office, history, audit, keys and webhooks, in the order of the menu. */
import { type PageOf, page } from "../../frame/page-of.js";

export const SETTINGS_PAGES: readonly PageOf[] = [
  {
    path: "/office/:tab?",
    page: page(() => import("./office.js"), "OfficeSettings"),
    needs: "changeOffice",
    menu: { word: "nav.general", group: "settings" },
  },
  {
    path: "/carriers",
    page: page(() => import("./carriers.js"), "Carriers"),
    needs: "listCarriers",
    menu: { word: "nav.carriers", group: "settings" },
  },
  { path: "/carriers/:id", page: page(() => import("./carrier.js"), "Carrier"), needs: "getCarrier" },
  {
    path: "/webhooks",
    page: page(() => import("./webhooks.js"), "Webhooks"),
    needs: "listWebhooks",
    menu: { word: "nav.webhooks", group: "settings" },
  },
  { path: "/webhooks/:id", page: page(() => import("./webhook.js"), "Webhook"), needs: "getWebhook" },
  {
    path: "/history",
    page: page(() => import("./history.js"), "History"),
    needs: "listRevisions",
    menu: { word: "nav.history", group: "settings" },
  },
  {
    path: "/history/:revision",
    page: page(() => import("./revision.js"), "Revision"),
    needs: "getRevision",
  },
  {
    path: "/audit",
    page: page(() => import("./audit.js"), "Audit"),
    needs: "listAudit",
    menu: { word: "nav.audit", group: "settings" },
  },
];
