/** What a file says of earlier ids, as a value. */

/** What a group, a flow or a device was called before. */
export type RenameClaim = { readonly from: readonly string[]; readonly to: string } & (
  | { readonly kind: "group" | "flow" }
  | { readonly kind: "device"; readonly username: string }
);
