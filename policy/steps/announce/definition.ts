/** The `announce` step's definition: plays a sound, and goes on. */

import { given } from "../../office/optional.js";
import { show, under } from "../../office-file/problem.js";
import type { StepDefinition } from "../definition.js";
import type { PartReader } from "../reader.js";
import {
  ANNOUNCEMENTS,
  type AnnounceFile,
  announceFile,
  announceSchema,
  announceStep,
  isBuiltInName,
} from "./file.js";
import type { AnnounceStep } from "./step.js";

export const announceDefinition: StepDefinition<"announce", typeof announceSchema> = {
  name: "announce",
  order: 20,
  schema: announceSchema,
  example: "- { announce: sounds/summer.wav }",
  read,
  write: announceFile,
  words: ({ sound }) => `announce ${sound}`,
  sentence: ({ sound }) => `Play the announcement ${sound}`,
  verb: "announce",
  what: ({ sound }) => sound,
  expectation: {
    verb: "announces",
    noun: "SOUND",
    pattern: String.raw`\S+`,
    meaning: "the announcement begins",
    isSomebody: false,
  },
  goesOn: true,
  leads: () => [{ to: "next" }],
  generator: (fc) =>
    fc
      .constantFrom("closed", "please-hold", "sounds/summer.wav")
      .map((sound): AnnounceStep => ({ kind: "announce", sound })),
};

function read(file: AnnounceFile, reader: PartReader): AnnounceStep | undefined {
  const known: readonly string[] = ANNOUNCEMENTS;
  if (!isBuiltInName(file.announce) || known.includes(file.announce)) return announceStep(file);
  const meant = reader.suggest(file.announce, known);
  reader.report({
    severity: "error",
    code: "dangling",
    message: `there is no announcement \`${file.announce}\``,
    at: under(reader.at, "announce", "value"),
    found: show(file.announce),
    expected: `one of ${known.join(", ")}, or a .wav file`,
    ...given({ suggestion: meant }),
  });
  return undefined;
}
