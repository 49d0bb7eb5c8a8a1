/** Options that name permissions: `user add` and `user set` take them alike. */
import { InvalidArgumentError } from "commander";
import { PERMISSION_NAMES, type Permission } from "../../../policy/office/permission-names.js";

/** Reads a permission and adds it to those before it. */
export function permission(text: string, before: readonly Permission[]): readonly Permission[] {
  const known = PERMISSION_NAMES.find((name) => name === text);
  if (known === undefined) throw new InvalidArgumentError(`Not one of ${PERMISSION_NAMES.join(", ")}.`);
  return [...before, known];
}
