/**
 * The passwords of carriers. They stand in the environment or in files, are read when they are needed, and are kept in
 * memory only: never in the database, the log or an error.
 */
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { passwordOf } from "../../policy/office/gateways.js";
import type { Carrier, Secret } from "../../policy/office/office.js";

export type SecretValue =
  | { readonly kind: "known"; readonly text: string }
  /** Nobody has set it for this process, or the switch could not use it. That the carrier has none is not said by it. */
  | { readonly kind: "missing"; readonly why: string }
  /** It could not be read this time, which says nothing about what it is. */
  | { readonly kind: "unknown"; readonly why: string };

export type ReadSecret = (secret: Secret) => Promise<SecretValue>;

/** A carrier whose password nobody can use. */
export interface MissingSecret {
  readonly carrier: string;
  /** `the environment variable NAME` or `the file PATH`. */
  readonly where: string;
  readonly why: string;
}

/** More than any carrier gives out; a larger file is something else. */
const BYTES_MAX = 4_096;

/**
 * The longest password that the switch can use beside a name: it writes scheme, realm, name and password into 255
 * characters, and cuts off the rest (sofia_reg_handle_sip_r_challenge in sofia_reg.c). Realms have up to 64 characters or so.
 */
const NAME_AND_PASSWORD_BYTES_MAX = 180;

/**
 * Reads from the environment and from files. The last line breaks of a file are not part of the secret.
 * @param use what the secret is for: the switch cannot use every password
 */
export function secretReader(
  environment: Readonly<Record<string, string | undefined>>,
  use: "switch" | "signature" = "switch",
): ReadSecret {
  return async (secret) => {
    const usable = use === "switch" ? usableBySwitch : readable;
    if ("env" in secret) return usable(environment[secret.env] ?? "", "it is not set");
    try {
      // A named pipe would be waited for, until somebody writes into it.
      const file = await open(secret.file, constants.O_RDONLY | constants.O_NONBLOCK);
      try {
        return await contentOf(file, usable);
      } finally {
        await file.close();
      }
    } catch (error) {
      return failed(error);
    }
  };
}

/** A device such as /dev/zero has no end, so only files are read, and no more of them than counts. */
async function contentOf(file: FileHandle, usable: typeof readable): Promise<SecretValue> {
  if (!(await file.stat()).isFile()) return { kind: "unknown", why: "it is not a regular file" };
  const { buffer, bytesRead } = await file.read(Buffer.alloc(BYTES_MAX + 1), 0, BYTES_MAX + 1, 0);
  if (bytesRead > BYTES_MAX) return { kind: "missing", why: `it has more than ${BYTES_MAX} bytes` };
  const text = buffer.subarray(0, bytesRead).toString("utf8");
  return usable(text.replace(/[\r\n]+$/, ""), "it is empty");
}

function failed(error: unknown): SecretValue {
  const code = error instanceof Error && "code" in error ? String(error.code) : "EIO";
  if (code === "ENOENT" || code === "ENOTDIR") return { kind: "missing", why: "there is no such file" };
  return {
    kind: "unknown",
    why: code === "EACCES" ? "the engine may not read it" : `it cannot be read: ${code}`,
  };
}

function readable(text: string, whenEmpty: string): SecretValue {
  if (text === "") return { kind: "missing", why: whenEmpty };
  if (/[\p{Cc}\u2028\u2029\ufffd-\uffff]/u.test(text))
    return { kind: "missing", why: "it has control characters or is not UTF-8" };
  return { kind: "known", text };
}

function usableBySwitch(text: string, whenEmpty: string): SecretValue {
  // The switch gives the SIP stack `Digest:"realm":name:password`, which is split at every colon (auc_credentials).
  if (text.includes(":")) return { kind: "missing", why: "the switch cannot use a password with a colon" };
  return readable(text, whenEmpty);
}

/** What a password is for one carrier: beside a long name there is less room for it. */
export function passwordFor(
  { username = "", authUsername }: Pick<Carrier, "username" | "authUsername">,
  value: SecretValue,
): SecretValue {
  if (value.kind !== "known") return value;
  const bytes = Buffer.byteLength((authUsername ?? username) + value.text);
  if (bytes <= NAME_AND_PASSWORD_BYTES_MAX) return value;
  return {
    kind: "missing",
    why: `name and password have ${bytes} bytes together, and the switch can use ${NAME_AND_PASSWORD_BYTES_MAX}`,
  };
}

/**
 * The carriers whose password cannot be used right now.
 * For commands that say so without an engine; the engine itself says it in its log (`carriers.ts`).
 */
export async function missingSecrets(
  { carriers }: { readonly carriers: readonly Carrier[] },
  readSecret: ReadSecret,
): Promise<MissingSecret[]> {
  const missing: MissingSecret[] = [];
  for (const carrier of carriers) {
    const secret = passwordOf(carrier);
    if (secret === undefined) continue;
    const value = passwordFor(carrier, await readSecret(secret));
    if (value.kind !== "known") missing.push({ carrier: carrier.id, where: whereIs(secret), why: value.why });
  }
  return missing;
}

/** `carrier main has no password: the environment variable NAME: it is not set`. */
export function missingSecretText({ carrier, where, why }: MissingSecret): string {
  return `carrier ${carrier} has no password: ${where}: ${why}`;
}

/** Where a secret is kept, in words. */
export function whereIs(secret: Secret): string {
  return "env" in secret ? `the environment variable ${secret.env}` : `the file ${secret.file}`;
}
