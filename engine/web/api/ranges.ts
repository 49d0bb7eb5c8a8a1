/** Which part of a file a request asks for (RFC 9110, section 14). */

/** Both ends are part of it, as in `Content-Range`. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * - undefined: the whole file is to be sent: there is no `Range`, it is not understood, or asks for several parts.
 * - `wrong`: the file does not have that part.
 */
export function readRange(header: string | undefined, size: number): ByteRange | undefined | "wrong" {
  const [, from = "", to = ""] =
    /^bytes\s*=\s*(\d{0,15})\s*-\s*(\d{0,15})$/i.exec(header?.trim() ?? "") ?? [];
  if (from === "" && to === "") return undefined;
  if (from === "") {
    const length = Math.min(Number(to), size);
    return length === 0 ? "wrong" : { first: size - length, last: size - 1 };
  }
  const first = Number(from);
  const last = to === "" ? size - 1 : Math.min(Number(to), size - 1);
  if (to !== "" && Number(to) < first) return undefined;
  return first >= size ? "wrong" : { first, last };
}
