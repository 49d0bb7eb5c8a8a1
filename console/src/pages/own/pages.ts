/** The pages of what people have of their own, in the order of the menu. */
import { type PageOf, page } from "../../frame/page-of.js";

export const OWN_PAGES: readonly PageOf[] = [
  { path: "/", page: page(() => import("./home.js"), "Home"), menu: { word: "nav.home", group: "mine" } },
  {
    path: "/messages/:id?",
    page: page(() => import("./messages.js"), "Messages"),
    needs: "listMessages",
    menu: { word: "nav.messages", group: "mine" },
  },
  {
    path: "/phones/add",
    page: page(() => import("./add-phone-page.js"), "AddPhonePage"),
    needs: "listDevices",
  },
  {
    path: "/phones",
    page: page(() => import("./phones.js"), "Phones"),
    needs: "listDevices",
    menu: { word: "phones.title", group: "mine" },
  },
  {
    path: "/account/:tab?",
    page: page(() => import("./account.js"), "Account"),
    menu: { word: "account.title", group: "mine" },
  },
  {
    path: "/keys",
    page: page(() => import("./keys.js"), "Keys"),
    needs: "listKeys",
    menu: { word: "nav.keys", group: "settings" },
  },
  { path: "/welcome/:step?", page: page(() => import("./welcome.js"), "Welcome") },
];
