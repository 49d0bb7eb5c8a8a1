/**
 * Opens the archive that an .xlsx file is, within bounds. A few kilobytes can hold gigabytes of zeros, and what an archive
 * says about its own sizes may be untrue: each entry is unpacked here, and unpacking stops at the bound.
 */
import { constants, inflateRawSync } from "node:zlib";

/** An office's table with 40,000 rows unpacks to some 30 MB. */
const UNPACKED_MAX_BYTES = 160 * 1024 * 1024;
/** A workbook has some ten entries, and one for each sheet, picture and comment. */
const ENTRIES_MAX = 2_000;

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
/** The end of the archive may have a comment behind it. */
const COMMENT_MAX_BYTES = 0xffff;
const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_BYTES = 30;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;
/** What zlib says when it stops at a bound. */
const TOO_MUCH = "ERR_BUFFER_TOO_LARGE";

export type Unzipped =
  | { readonly ok: true; readonly entries: ReadonlyMap<string, Uint8Array> }
  | { readonly ok: false; readonly reason: string };

/** The entries that are wanted, unpacked. */
export function unzip(bytes: Uint8Array, isWanted: (name: string) => boolean): Unzipped {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return entriesOf(view, isWanted);
  } catch (error) {
    // Offsets that lead out of the file, and entries that are not packed as they should be.
    if (!(error instanceof RangeError) && !isZlibError(error)) throw error;
    return tooMuch(error) ? broken(MUCH) : broken("the archive of this file is broken");
  }
}

const MUCH = `the file unpacks to more than ${UNPACKED_MAX_BYTES} bytes`;

function broken(reason: string): Unzipped {
  return { ok: false, reason };
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("Z_");
}

function tooMuch(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === TOO_MUCH;
}

function entriesOf(view: Buffer, isWanted: (name: string) => boolean): Unzipped {
  const end = endOf(view);
  if (end === undefined) return broken("the archive of this file has no end; was it copied whole?");
  const count = view.readUInt16LE(end + 10);
  if (count > ENTRIES_MAX) return broken(`the file has more than ${ENTRIES_MAX} parts`);
  const entries = new Map<string, Uint8Array>();
  let left = UNPACKED_MAX_BYTES;
  let at = view.readUInt32LE(end + 16);
  for (let n = 0; n < count; n += 1) {
    if (view.readUInt32LE(at) !== ENTRY_SIGNATURE) return broken("the archive of this file is broken");
    const nameBytes = view.readUInt16LE(at + 28);
    const name = view.toString("utf8", at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes);
    if (isWanted(name) && !entries.has(name)) {
      const unpacked = unpack(view, at, left);
      if (unpacked === undefined) return broken("the file is packed or encrypted in an unusual way");
      left -= unpacked.length;
      entries.set(name, unpacked);
    }
    at += ENTRY_BYTES + nameBytes + view.readUInt16LE(at + 30) + view.readUInt16LE(at + 32);
  }
  return { ok: true, entries };
}

function endOf(view: Buffer): number | undefined {
  const last = view.length - END_BYTES;
  for (let at = last; at >= Math.max(0, last - COMMENT_MAX_BYTES); at -= 1)
    if (view.readUInt32LE(at) === END_SIGNATURE) return at;
  return undefined;
}

/** @param at of the entry in the directory. @param left how many bytes it may have */
function unpack(view: Buffer, at: number, left: number): Uint8Array | undefined {
  const method = view.readUInt16LE(at + 10);
  const packedBytes = view.readUInt32LE(at + 20);
  const local = view.readUInt32LE(at + 42);
  if ((view.readUInt16LE(at + 8) & ENCRYPTED) !== 0 || view.readUInt32LE(local) !== LOCAL_SIGNATURE) {
    return undefined;
  }
  const from = local + LOCAL_BYTES + view.readUInt16LE(local + 26) + view.readUInt16LE(local + 28);
  const packed = view.subarray(from, from + packedBytes);
  if (method === STORED) {
    if (packed.length > left) throw Object.assign(new RangeError("too much"), { code: TOO_MUCH });
    return packed;
  }
  if (method !== DEFLATED) return undefined;
  return inflateRawSync(packed, { maxOutputLength: Math.max(1, left), finishFlush: constants.Z_FINISH });
}
