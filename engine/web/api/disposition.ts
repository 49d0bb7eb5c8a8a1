/** The name under which a browser saves an answer (RFC 6266), whatever characters it has. */

/** For old browsers: what is not plain becomes `_`. */
const NOT_PLAIN = /[^A-Za-z0-9 ._()-]/g;

export function disposition(fileName: string): string {
  const plain = fileName.replace(NOT_PLAIN, "_");
  const encoded = encodeURIComponent(Buffer.from(fileName).toString("utf8")).replace(
    /['()*]/g,
    (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
