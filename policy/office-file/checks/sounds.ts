/**
 * Checks the sound files that an office names. What the files are is a fact that the caller of these checks collects: this
 * code reads no file.
 */
import { ANNOUNCE_MAX_MS } from "../../call/bounds.js";
import { given, mapped } from "../../office/optional.js";
import { isBuiltInName } from "../../steps/announce/file.js";
import { type Place, type Problem, show, under } from "../problem.js";
import type { Entries, Steps } from "../read-entries.js";

/** A sound file that the office names, as it names it. */
export interface NamedSound {
  readonly file: string;
  readonly use: "announcement" | "greeting";
  readonly at: Place;
}

/** What is known of a file. `near`: the file beside it that was probably meant. */
export type SoundFact =
  | { readonly kind: "missing"; readonly near?: string }
  | { readonly kind: "no_sound"; readonly why: string }
  | { readonly kind: "sound"; readonly lengthMs: number };

/** Every sound file that flows, greetings and announcements name. */
export function soundsNamed(entries: Entries): NamedSound[] {
  const { users, groups, flows, numbers } = entries;
  return [
    ...[...users, ...groups, ...flows, ...numbers].flatMap(({ steps }) => mapped(steps, announced) ?? []),
    ...[...users, ...groups].flatMap(({ voicemail }) => mapped(voicemail, greetings) ?? []),
  ];
}

function announced({ items }: Steps): NamedSound[] {
  return items.flatMap(({ value, at }): NamedSound[] =>
    "announce" in value && !isBuiltInName(value.announce)
      ? [{ file: value.announce, use: "announcement", at: under(at, "announce", "value") }]
      : [],
  );
}

function greetings({ value, at }: NonNullable<Entries["users"][number]["voicemail"]>): NamedSound[] {
  return (["greeting", "busy_greeting"] as const).flatMap((key): NamedSound[] => {
    const file = value[key];
    return file === undefined ? [] : [{ file, use: "greeting", at: under(at, key, "value") }];
  });
}

/** @param where the folders in which the files were looked for, in words */
export function checkSounds(
  named: readonly NamedSound[],
  facts: ReadonlyMap<string, SoundFact>,
  where: string,
): Problem[] {
  return named.flatMap((sound) => mapped(facts.get(sound.file), (fact) => judge(sound, fact, where)) ?? []);
}

function judge({ file, use, at }: NamedSound, fact: SoundFact, where: string): Problem[] {
  const found = show(file);
  switch (fact.kind) {
    case "missing":
      return [
        {
          severity: "warning",
          code: "missing_sound",
          message: `the sound \`${file}\` is not there: ${HEARD[use]}`,
          at,
          found,
          expected: `a file in ${where}`,
          ...given({ suggestion: fact.near }),
        },
      ];
    case "no_sound":
      return [
        {
          severity: "error",
          code: "no_sound",
          message: `\`${file}\` is no sound that the switch plays: ${fact.why}`,
          at,
          found,
          expected: "a WAV file, mono or stereo, for example 16 bit at 8000 Hz",
        },
      ];
    case "sound":
      return use === "announcement" && fact.lengthMs > ANNOUNCE_MAX_MS
        ? [tooLong(file, fact.lengthMs, at)]
        : [];
  }
}

/** What callers notice. */
const HEARD = {
  announcement: "callers hear nothing, and the flow goes on",
  greeting: "callers hear the built-in words in its place",
} as const;

function tooLong(file: string, lengthMs: number, at: Place): Problem {
  return {
    severity: "warning",
    code: "long_sound",
    message: `\`${file}\` is cut off: an announcement ends after ${ANNOUNCE_MAX_MS / 1000} s`,
    at,
    found: `${Math.round(lengthMs / 1000)} s`,
    expected: `a sound of at most ${ANNOUNCE_MAX_MS / 1000} s, or two steps`,
  };
}
