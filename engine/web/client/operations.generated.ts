/**
 * Where each operation of the API is, and what it answers. Made by `npm run expected` from the routes, so that a client has
 * nothing of the server in it.
 */

export interface OperationShape {
  readonly method: string;
  /** Below /api/v1. */
  readonly path: string;
  readonly answer: "json" | "nothing" | "sound" | "download" | "events";
}

const TABLE = {
  addGroup: ["POST", "/groups", "json"],
  addMember: ["POST", "/groups/{id}/members", "json"],
  addNumber: ["POST", "/numbers", "json"],
  addUser: ["POST", "/users", "json"],
  changeGroup: ["PATCH", "/groups/{id}", "json"],
  changeMember: ["PATCH", "/groups/{id}/members/{username}", "json"],
  changeNumber: ["PATCH", "/numbers/{number}", "json"],
  changeUser: ["PATCH", "/users/{username}", "json"],
  drawCall: ["GET", "/calls/{id}/drawing", "download"],
  drawNumber: ["GET", "/numbers/{number}/graph", "json"],
  exportCalls: ["GET", "/calls/export", "download"],
  exportStatistics: ["GET", "/statistics/export", "download"],
  exportUsage: ["GET", "/usage/export", "download"],
  getCall: ["GET", "/calls/{id}", "json"],
  getGroup: ["GET", "/groups/{id}", "json"],
  getNumber: ["GET", "/numbers/{number}", "json"],
  getStatistics: ["GET", "/statistics", "json"],
  getUsage: ["GET", "/usage", "json"],
  getUser: ["GET", "/users/{username}", "json"],
  listCalls: ["GET", "/calls", "json"],
  listGroups: ["GET", "/groups", "json"],
  listMembers: ["GET", "/groups/{id}/members", "json"],
  listNumbers: ["GET", "/numbers", "json"],
  listPermissions: ["GET", "/me/permissions", "json"],
  listUserPermissions: ["GET", "/users/{username}/permissions", "json"],
  listUsers: ["GET", "/users", "json"],
  removeGroup: ["DELETE", "/groups/{id}", "json"],
  removeMember: ["DELETE", "/groups/{id}/members/{username}", "json"],
  removeNumber: ["DELETE", "/numbers/{number}", "json"],
  removeUser: ["DELETE", "/users/{username}", "json"],
  renameGroup: ["POST", "/groups/{id}/rename", "json"],
  showMe: ["GET", "/me", "json"],
} as const;

type Ids = keyof typeof TABLE;

export const OPERATIONS = Object.fromEntries(
  Object.entries(TABLE).map(([id, [method, path, answer]]) => [id, { method, path, answer }]),
) as unknown as Readonly<Record<Ids, OperationShape>>;
