/**
 * A target: the user, group, flow, extension or outside number that a step, or another part of an office, names. This
 * file is the only grammar for it: `user:NAME`, `group:ID`, `flow:ID`, `extension:101`, `number:+12125550100`.
 */

/** An extension is a user's or a group's; a number is an outside one, in E.164. */
export type Target =
  | { readonly kind: "user"; readonly username: string }
  | { readonly kind: "group"; readonly id: string }
  | { readonly kind: "flow"; readonly id: string }
  | { readonly kind: "extension"; readonly extension: string }
  | { readonly kind: "number"; readonly number: string };

export const TARGET_KINDS = ["user", "group", "flow", "extension", "number"] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];

/** A target as text in its two parts; not checked for existence. */
export interface TargetText {
  readonly kind: TargetKind;
  readonly name: string;
}

export const TARGET_PATTERN = /^(user|group|flow|extension|number):[^\s].*$/;
export const RING_TARGET_PATTERN = /^(user|group|extension|number):[^\s].*$/;

/** Splits a target; undefined when it is not of that form. */
export function parseTarget(text: string): TargetText | undefined {
  const colon = text.indexOf(":");
  const kind = TARGET_KINDS.find((known) => known === text.slice(0, colon));
  const name = text.slice(colon + 1);
  return kind === undefined || colon < 0 || name === "" ? undefined : { kind, name };
}

/** The one way a target is written. */
export function formatTarget(target: Target): string {
  switch (target.kind) {
    case "user":
      return `user:${target.username}`;
    case "group":
      return `group:${target.id}`;
    case "flow":
      return `flow:${target.id}`;
    case "extension":
      return `extension:${target.extension}`;
    case "number":
      return `number:${target.number}`;
  }
}
