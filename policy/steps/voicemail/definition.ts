/** The `voicemail` step's definition: takes a message, and ends the flow. */
import { boxName } from "../../office/box.js";
import type { StepDefinition } from "../definition.js";
import { whoText } from "../names.js";
import { voicemailFile, voicemailSchema, voicemailStep } from "./file.js";

export const voicemailDefinition: StepDefinition<"voicemail", typeof voicemailSchema> = {
  name: "voicemail",
  order: 30,
  schema: voicemailSchema,
  example: "- { voicemail: group:sales }",
  read: (file, reader) => {
    const box = reader.box("voicemail", file.voicemail);
    return box === undefined ? undefined : voicemailStep(box);
  },
  write: voicemailFile,
  words: ({ target }) => `voicemail ${boxName(target)}`,
  sentence: ({ target }, names) => `Take a message for ${whoText(target, names)}`,
  verb: "voicemail",
  what: ({ target }) => boxName(target),
  expectation: {
    verb: "voicemail",
    noun: "WHOSE",
    pattern: String.raw`(?:user|group):\S+`,
    meaning: "the caller reaches the mailbox of user:NAME or group:ID",
    isSomebody: true,
  },
  goesOn: false,
  leads: () => [{ to: "end" }],
  generator: (fc, { boxes }) =>
    boxes.length === 0 ? undefined : fc.constantFrom(...boxes).map(voicemailStep),
};
