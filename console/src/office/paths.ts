/** The page of each entry of the office, by its kind and id as the API names them. */
const PATHS: Readonly<Record<string, string>> = {
  user: "/users/",
  group: "/groups/",
  number: "/numbers/",
  flow: "/flows/",
  schedule: "/schedules/",
  plan: "/plans/",
  carrier: "/carriers/",
  webhook: "/webhooks/",
  revision: "/history/",
};

/** Undefined: entries of this kind have no page of their own. */
export function pathOf(kind: string, id: string): string | undefined {
  const path = PATHS[kind];
  return path === undefined || id === "" ? undefined : path + encodeURIComponent(id);
}
