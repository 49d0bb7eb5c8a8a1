/** Makes the client's table of operations from the routes; `npm run expected` writes it. */
import type { AnyRoute, RawAnswer } from "../api/route.js";

const HEAD = `/**
 * Where each operation of the API is, and what it answers. Made by \`npm run expected\` from the routes, so that a client has
 * nothing of the server in it.
 */

export interface OperationShape {
  readonly method: string;
  /** Below /api/v1. */
  readonly path: string;
  readonly answer: "json" | "nothing" | "sound" | "download" | "events";
}
`;

export function operationsText(routes: Readonly<Record<string, AnyRoute>>): string {
  const lines = Object.entries(routes)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, route]) => `  ${id}: ["${route.method}", "${route.path}", "${answerKind(route)}"],\n`);
  return `${HEAD}
const TABLE = {
${lines.join("")}} as const;

type Ids = keyof typeof TABLE;

export const OPERATIONS = Object.fromEntries(
  Object.entries(TABLE).map(([id, [method, path, answer]]) => [id, { method, path, answer }]),
) as unknown as Readonly<Record<Ids, OperationShape>>;
`;
}

function answerKind({ answer, status }: AnyRoute): string {
  if (status === 204) return "nothing";
  return "raw" in answer ? (answer as RawAnswer).raw : "json";
}
