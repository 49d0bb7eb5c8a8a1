/**
 * The sections of an office file whose entries are all handled alike: read, checked, stored, compared, edited, exported
 * and written back by code that knows no section by name. Some belong to kinds of steps, such as `schedules`; others are
 * named by other entries, such as `plans` by numbers, or by nothing, such as `webhooks`.
 */
import { STEP_SECTIONS } from "../steps/registry.js";
import type { SectionDefinition } from "../steps/section.js";
import { plans } from "../usage/section.js";
import { webhooks } from "../webhooks/section.js";

export const ENTRY_SECTIONS: readonly SectionDefinition[] = [...STEP_SECTIONS, plans, webhooks];

/** A section by its key in the file. */
export function sectionOf(key: string): SectionDefinition | undefined {
  return ENTRY_SECTIONS.find((section) => section.key === key);
}
