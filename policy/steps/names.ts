/** What people call the users, groups and outside numbers that steps name, for steps in sentences. */
import type { Target } from "../office/target.js";

/** Where the names come from; a routing table has them. */
export interface NameSource {
  user(username: string): { readonly name: string } | undefined;
  group(id: string): { readonly name: string } | undefined;
  lookupExtension(
    extension: string,
  ):
    | { readonly kind: "user"; readonly user: { readonly name: string } }
    | { readonly kind: "group"; readonly group: { readonly name: string } }
    | undefined;
}

/** Somebody who is called, in a sentence: `Alice Wong`, `the group Sales`, `extension 101 (Alice Wong)`. */
export function whoText(target: Target, names: NameSource): string {
  switch (target.kind) {
    case "user":
      return names.user(target.username)?.name ?? target.username;
    case "group":
      return `the group ${names.group(target.id)?.name ?? target.id}`;
    case "flow":
      return `the call flow ${target.id}`;
    case "extension": {
      const owner = names.lookupExtension(target.extension);
      const of = owner?.kind === "user" ? owner.user.name : owner?.group.name;
      return of === undefined ? `extension ${target.extension}` : `extension ${target.extension} (${of})`;
    }
    case "number":
      return target.number;
  }
}

/** The same with its kind, as people choose it from a list: `a user: Alice Wong`, `a group: Sales`. */
export function chosenText(target: Target, names: NameSource): string {
  switch (target.kind) {
    case "user":
      return `a user: ${whoText(target, names)}`;
    case "group":
      return `a group: ${names.group(target.id)?.name ?? target.id}`;
    case "flow":
      return `a call flow: ${target.id}`;
    case "extension":
      return `an ${whoText(target, names)}`;
    case "number":
      return `an outside number: ${target.number}`;
  }
}
