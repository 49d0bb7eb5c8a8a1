/** Finds files that ship beside the compiled code: sample offices, sounds. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The absolute path of a file, given relative to the package's root (the folder of package.json). */
export function packageFile(path: string): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, path)) || !existsSync(join(folder, "package.json"))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`${path} is missing from this installation`);
    folder = parent;
  }
  return join(folder, path);
}
