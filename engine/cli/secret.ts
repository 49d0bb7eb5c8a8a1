/** The switch's password: from a file or the environment, never from an argument, which every user of the machine can read. */
import { readFile } from "node:fs/promises";

export const PASSWORD_VARIABLE = "RINGLINE_SWITCH_PASSWORD";

export type SecretRead =
  | { readonly ok: true; readonly secret: string }
  | { readonly ok: false; readonly why: string };

/** @param file the file whose first line is the password; without one the environment is asked */
export async function readPassword(file: string | undefined, env: NodeJS.ProcessEnv): Promise<SecretRead> {
  if (file !== undefined) {
    try {
      const [line = ""] = (await readFile(file, "utf8")).split(/\r?\n/, 1);
      return line === ""
        ? { ok: false, why: `${file}: the first line is empty` }
        : { ok: true, secret: line };
    } catch (error) {
      return { ok: false, why: error instanceof Error ? error.message : String(error) };
    }
  }
  const secret = env[PASSWORD_VARIABLE];
  if (secret === undefined || secret === "")
    return { ok: false, why: `no password: set ${PASSWORD_VARIABLE}, or name a file with --password-file` };
  return { ok: true, secret };
}
