/**
 * How a file names whom a step reaches: `user:NAME`, `group:ID`, `flow:ID`, `extension:101`,
 * `number:+12125550100`. One grammar for every step.
 */
import type { Target } from "../steps/step.js";

export const TARGET_KINDS = ["user", "group", "flow", "extension", "number"] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];

/** A target as it is written; whether it exists is another question. */
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
