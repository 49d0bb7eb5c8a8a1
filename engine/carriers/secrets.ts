/**
 * Which carriers' secrets cannot be read. The office says where a secret is, and never what it is; whoever needs one reads
 * it then, so that a new one counts at once.
 */
import { readFile } from "node:fs/promises";
import type { Carrier, Secret } from "../../policy/office/office.js";

export interface MissingSecret {
  readonly carrier: string;
  /** The variable or the file, in words: `the variable CARRIER_PASSWORD`. */
  readonly where: string;
  /** What is wrong with it: `is not set`. */
  readonly why: string;
}

/** The secrets that this process cannot read, in the order of the carriers. */
export async function missingSecrets(
  carriers: Iterable<Pick<Carrier, "id" | "password">>,
  env: NodeJS.ProcessEnv,
): Promise<readonly MissingSecret[]> {
  const found: MissingSecret[] = [];
  for (const { id, password } of carriers) {
    const why = password === undefined ? null : await trouble(password, env);
    if (password !== undefined && why !== null) found.push({ carrier: id, where: whereIs(password), why });
  }
  return found;
}

/** `carrier main has no password: the variable CARRIER_PASSWORD is not set`. */
export function missingSecretText({ carrier, where, why }: MissingSecret): string {
  return `carrier ${carrier} has no password: ${where} ${why}`;
}

function whereIs(secret: Secret): string {
  return "env" in secret ? `the variable ${secret.env}` : `the file ${secret.file}`;
}

/** Null: the secret can be read. */
async function trouble(secret: Secret, env: NodeJS.ProcessEnv): Promise<string | null> {
  if ("env" in secret) {
    const value = env[secret.env];
    return value === undefined ? "is not set" : value.trim() === "" ? "is empty" : null;
  }
  try {
    const [line = ""] = (await readFile(secret.file, "utf8")).split(/\r?\n/, 1);
    return line.trim() === "" ? "has an empty first line" : null;
  } catch (error) {
    return reasonOf(error);
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return "does not exist";
  if (code === "EACCES" || code === "EPERM") return "may not be read by this user";
  if (code === "EISDIR") return "is a folder";
  return `cannot be read (${typeof code === "string" ? code : "unknown"})`;
}
