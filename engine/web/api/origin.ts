/**
 * Keeps other sites from using a person's sign-in. A browser sends our cookies with requests that another site makes, so
 * a request that changes something must come from a page of our own: `Sec-Fetch-Site` says it, in older browsers `Origin`.
 */

export interface Sender {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Where the client has reached us: `https://phones.example.com`. */
  readonly origin: string;
}

/** @returns true: another site's page has made this request */
export function isFromOtherSite({ method, headers, origin }: Sender): boolean {
  if (method === "GET" || method === "HEAD") return false;
  const site = headers["sec-fetch-site"];
  if (site !== undefined) return site !== "same-origin";
  if (headers["origin"] !== undefined) return headers["origin"] !== origin;
  // No browser that could be misled sends a cookie without either.
  return headers["cookie"] !== undefined;
}
