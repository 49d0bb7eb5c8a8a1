/**
 * Reads secrets: the switch's password, and the secret that the switch shows to the directory. They come from a file or
 * the environment, never from an argument, which every user of the machine can read.
 */
import { readFile } from "node:fs/promises";

export const PASSWORD_VARIABLE = "RINGLINE_SWITCH_PASSWORD";
export const DIRECTORY_SECRET_VARIABLE = "RINGLINE_DIRECTORY_SECRET";

export const LIVE_SECRET_VARIABLE = "RINGLINE_LIVE_SECRET";

export type SecretRead =
  | { readonly ok: true; readonly secret: string }
  | { readonly ok: false; readonly why: string };

/** @param file the file whose first line is the password; without a file the environment has it */
export async function readPassword(file: string | undefined, env: NodeJS.ProcessEnv): Promise<SecretRead> {
  if (file !== undefined) return firstLine(file);
  const secret = env[PASSWORD_VARIABLE];
  if (secret === undefined || secret === "")
    return { ok: false, why: `no password: set ${PASSWORD_VARIABLE}, or name a file with --password-file` };
  return { ok: true, secret };
}

/**
 * The directory's secret; null: there is none, so there is no directory. It is pasted into the switch's XML, and an
 * attacker with access to the port could guess it, so it must be plain characters and long.
 */
export async function readDirectorySecret(
  file: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<SecretRead | null> {
  return readLongSecret("the directory", DIRECTORY_SECRET_VARIABLE, file, env);
}

/** The secret that readers of the live feed on a TCP address say; null: there is none. */
export async function readLiveSecret(
  file: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<SecretRead | null> {
  return readLongSecret("the live feed", LIVE_SECRET_VARIABLE, file, env);
}

async function readLongSecret(
  whose: string,
  variable: string,
  file: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<SecretRead | null> {
  const named = env[variable];
  if (file === undefined && (named === undefined || named === "")) return null;
  const read: SecretRead = file === undefined ? { ok: true, secret: named ?? "" } : await firstLine(file);
  if (!read.ok || /^[A-Za-z0-9._~-]{16,256}$/.test(read.secret)) return read;
  return {
    ok: false,
    why: `the secret of ${whose} (${file ?? variable}) must have 16 to 256 letters, digits, or . _ ~ -`,
  };
}

/** The password of a mail server: from a file if there is one, else from this variable; undefined: there is none. */
export async function readSmtpPassword(
  file: string | undefined,
  variable: string | undefined,
): Promise<SecretRead | undefined> {
  if (file !== undefined) return firstLine(file);
  return variable === undefined || variable === "" ? undefined : { ok: true, secret: variable };
}

async function firstLine(file: string): Promise<SecretRead> {
  try {
    const [line = ""] = (await readFile(file, "utf8")).split(/\r?\n/, 1);
    return line === "" ? { ok: false, why: `${file}: the first line is empty` } : { ok: true, secret: line };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : String(error) };
  }
}
