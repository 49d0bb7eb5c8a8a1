/**
 * Feature codes: what a phone of the office may dial besides extensions and numbers. They begin with a star and are
 * those of FreeSWITCH's and FusionPBX's own dialplans, which people know.
 */
import { EXTENSION_DIGITS } from "../office/extension.js";

/** The caller's own mailbox; with an extension behind it, the mailbox of that extension. */
const OWN_MAILBOX = "*97";

/** Any mailbox: the caller is asked for the extension and for the PIN. */
const ANY_MAILBOX = "*98";

/** A call that listens to messages. */
export interface ListenCode {
  /** The extension of the mailbox; null: the caller's own, or one that the caller will enter. */
  readonly extension: string | null;
  /** The caller must identify by extension and PIN, even from the caller's own phone. */
  readonly asks: boolean;
}

/** Reads a code; undefined for anything else that may be dialled. */
export function parseListenCode(dialled: string): ListenCode | undefined {
  const code = [OWN_MAILBOX, ANY_MAILBOX].find((each) => dialled.startsWith(each));
  if (code === undefined) return undefined;
  const extension = dialled.slice(code.length);
  // An extension that is too short gets the answer that nobody has it.
  if (!/^[0-9]*$/.test(extension) || extension.length > EXTENSION_DIGITS.max) return undefined;
  return { extension: extension === "" ? null : extension, asks: code === ANY_MAILBOX };
}
