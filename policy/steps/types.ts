/**
 * What a step is, and what the phase of a call is in which a step waits, without a list of either: each kind of step
 * adds its own types to these interfaces, in its folder. So the office's entities and the state of a call can
 * name them, and import no kind of step. `index.ts` beside this file is the list of the kinds; the compiler holds
 * it to what is added here.
 */

/** The type of each kind of step, by the kind's name. Filled by the folders of the kinds. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging
export interface StepKinds {}

/** What a call keeps while a step waits, by the phase's name. Filled by the folders of the kinds that wait. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging
export interface StepPhases {}

/** The timers that belong to one kind of step alone, by their ids. Filled by the folders of the kinds that wait. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging
export interface StepTimers {}

/** What an entry of each section is, by the section's key in the file. Filled by the kinds that have a section. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging
export interface StepSections {}

export type StepKindName = keyof StepKinds;

/** One step of a flow, as the core runs it. */
export type Step = StepKinds[StepKindName];

/** A call that is at a step which waits for something. */
export type StepPhase = { [K in keyof StepPhases]: { readonly kind: K } & StepPhases[K] }[keyof StepPhases];
