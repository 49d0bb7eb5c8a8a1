/** What is said of a path that the API does not have, or does not have with this method. */
import type { FastifyRequest } from "fastify";
import { API_PREFIX } from "./prefix.js";
import { type ProblemBody, problem } from "./problem.js";
import type { AnyRoute } from "./route.js";

export function noRoute(routes: readonly AnyRoute[], request: FastifyRequest): ProblemBody {
  const [path = ""] = request.url.split("?");
  const methods = routes.filter((route) => patternOf(route).test(path)).map(({ method }) => method);
  if (methods.length === 0) return problem("not_found", { detail: "the API has no such path" }).body;
  const allowed = [...new Set(methods)].sort().join(", ");
  return problem("wrong_method", { detail: `this path knows ${allowed}` }).body;
}

function patternOf({ path }: AnyRoute): RegExp {
  const escaped = path.replaceAll(/[.*+?^$()|[\]\\]/g, "\\$&");
  return new RegExp(`^${API_PREFIX}${escaped.replaceAll(/\{\w+\}/g, "[^/]+")}$`);
}
