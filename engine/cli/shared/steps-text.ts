/** Reads the steps of one flow from a text: YAML, or JSON, which is YAML too. What they mean is checked with the office. */
import { parseYamlSource } from "../../office/files/yaml-source.js";

export type StepsRead =
  | { readonly ok: true; readonly steps: unknown }
  | { readonly ok: false; readonly why: string };

const EXPECTED = 'a list of steps, such as "- { ring: group:sales, timeout: 30 }"';

/** A list of steps, or a mapping with the one key `steps`. */
export function readStepsText({ name, text }: { readonly name: string; readonly text: string }): StepsRead {
  const { content, problems } = parseYamlSource(text);
  const [first] = problems;
  if (first !== undefined)
    return { ok: false, why: `${name}:${first.position.line}:${first.position.column}: ${first.message}` };
  const steps = isOnlySteps(content) ? content.steps : content;
  return Array.isArray(steps) ? { ok: true, steps } : { ok: false, why: `${name}: expected ${EXPECTED}` };
}

/** One step as an option gives it: `ring: group:sales, timeout: 30`, with braces or without. */
export function readStepText(option: string): StepsRead {
  const text = option.trim().startsWith("{") ? option : `{ ${option} }`;
  const { content, problems } = parseYamlSource(text);
  const [first] = problems;
  return first === undefined
    ? { ok: true, steps: content }
    : { ok: false, why: `\`${option}\`: ${first.message}` };
}

function isOnlySteps(content: unknown): content is { readonly steps: unknown } {
  return (
    typeof content === "object" && content !== null && "steps" in content && Object.keys(content).length === 1
  );
}
