/** Where the page is that a link leads to. The secret is behind the `#`, which browsers send to no server. */

/** Below the web server's address. */
const LINK_PAGES = { invitation: "activate", password: "new-password" } as const;

/** @param base the web server's address */
export function linkAddress(base: string, kind: keyof typeof LINK_PAGES, secret: string): string {
  return `${base.replace(/\/+$/, "")}/${LINK_PAGES[kind]}#${secret}`;
}
