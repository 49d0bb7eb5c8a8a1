/** The pages of users and groups, in the order of the menu. */
import { type PageOf, page } from "../../frame/page-of.js";

export const PEOPLE_PAGES: readonly PageOf[] = [
  {
    path: "/users",
    page: page(() => import("./users/users.js"), "Users"),
    needs: "listUsers",
    menu: { word: "nav.users", group: "office" },
  },
  { path: "/users/new", page: page(() => import("./users/new-user.js"), "NewUser"), needs: "addUser" },
  {
    path: "/users/import",
    page: page(() => import("./users/import-users.js"), "ImportUsers"),
    needs: "importUsers",
  },
  {
    path: "/users/:username/:tab?",
    page: page(() => import("./users/user.js"), "User"),
    needs: "getUser",
  },
  {
    path: "/groups",
    page: page(() => import("./groups/groups.js"), "Groups"),
    needs: "listGroups",
    menu: { word: "nav.groups", group: "office" },
  },
  { path: "/groups/new", page: page(() => import("./groups/new-group.js"), "NewGroup"), needs: "addGroup" },
  {
    path: "/groups/:id/:tab?",
    page: page(() => import("./groups/group.js"), "Group"),
    needs: "getGroup",
  },
];
