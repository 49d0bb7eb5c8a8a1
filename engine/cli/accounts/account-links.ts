/** What commands that make links for accounts share: where the links lead to, how they are shown, and who made them. */
import { Option } from "commander";
import type { AuditAction } from "../../../storage/audit.js";
import type { Deps } from "../../use-case.js";
import type { Terminal } from "../shared/terminal.js";
import { urlFromEnv, WEB_URL, webUrl } from "../shared/web-url.js";

/** Where `ringline web` listens unless told otherwise. */
const BASE_DEFAULT = "http://127.0.0.1:8080";

export function urlOption(): Option {
  return new Option("--public-url <web-url>", `where people reach \`ringline web\` (${WEB_URL})`).argParser(
    webUrl,
  );
}

/** @returns an address, or what is wrong with the variable */
export function linkBase(
  terminal: Terminal,
  url: URL | undefined,
): { readonly base: string } | { readonly why: string } {
  const named = url ?? urlFromEnv(terminal.env, WEB_URL, webUrl);
  if (typeof named === "string") return { why: named };
  return { base: named?.href ?? BASE_DEFAULT };
}

export function untilText(expiresMs: number): string {
  return `works once, until ${new Date(expiresMs).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** Writes down what a command has done with an account. */
export function noteAccount(
  { store, clock }: Pick<Deps, "store" | "clock">,
  terminal: Terminal,
  action: AuditAction,
  username: string,
  detail: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  return store.audit.add({
    atMs: clock.nowMs(),
    // The system's name of a person is no username.
    actor: null,
    key: null,
    address: null,
    action,
    subject: `user:${username}`,
    detail: { by: terminal.author, ...detail },
  });
}
