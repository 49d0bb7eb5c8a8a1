/**
 * What a phone of the office may dial that is neither an extension nor a number: codes that begin with a star.
 * They are those of FreeSWITCH's own and FusionPBX's dialplans, which people know.
 */

/** The mailbox of whoever dials; with an extension behind it, the mailbox of that extension. */
const OWN_MAILBOX = "*97";

/** Any mailbox: the extension is asked for, and the PIN of whoever listens. */
const ANY_MAILBOX = "*98";

/** A call to listen to messages. */
export interface ListenCode {
  /** Of the mailbox that is meant; null: their own, or one they will name. */
  readonly extension: string | null;
  /** Whoever calls says who they are, even from their own phone. */
  readonly asks: boolean;
}

/** Reads a code; undefined for everything else that may be dialled. */
export function parseListenCode(dialled: string): ListenCode | undefined {
  const code = [OWN_MAILBOX, ANY_MAILBOX].find((each) => dialled.startsWith(each));
  if (code === undefined) return undefined;
  const extension = dialled.slice(code.length);
  if (!/^[0-9]{0,4}$/.test(extension)) return undefined;
  return { extension: extension === "" ? null : extension, asks: code === ANY_MAILBOX };
}
