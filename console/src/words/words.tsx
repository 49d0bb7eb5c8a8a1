/** The language of the page: chosen by the person, else by the browser. Words come from one file a language. */
import { createContext, type ReactNode, use, useEffect, useMemo, useState } from "react";
import { I18nProvider } from "react-aria-components";
import { en, type Word, type Words } from "./en.js";

export type Language = "en" | "de";
export const LANGUAGES: Readonly<Record<Language, string>> = { en: "English", de: "Deutsch" };

const KEPT = "ringline.language";

export interface Speech {
  readonly language: Language;
  choose(language: Language): void;
  /** A word, with its places filled in. */
  say(word: Word, values?: Readonly<Record<string, string | number>>): string;
}

const SpeechContext = createContext<Speech | null>(null);

export function Speaking({ children }: { readonly children: ReactNode }): ReactNode {
  const [language, setLanguage] = useState<Language>(firstLanguage);
  const [words, setWords] = useState<Words>(en);
  useEffect(() => {
    document.documentElement.lang = language;
    let isOld = false;
    void load(language).then((loaded) => {
      if (!isOld) setWords(loaded);
    });
    return () => {
      isOld = true;
    };
  }, [language]);
  const speech = useMemo<Speech>(
    () => ({
      language,
      choose: (next) => {
        localStorage.setItem(KEPT, next);
        setLanguage(next);
      },
      say: (word, values = {}) =>
        words[word].replaceAll(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place)),
    }),
    [language, words],
  );
  return (
    <SpeechContext value={speech}>
      <I18nProvider locale={language}>{children}</I18nProvider>
    </SpeechContext>
  );
}

export function useSpeech(): Speech {
  const speech = use(SpeechContext);
  if (speech === null) throw new Error("nothing speaks here");
  return speech;
}

async function load(language: Language): Promise<Words> {
  return language === "en" ? en : (await import("./de.js")).de;
}

function firstLanguage(): Language {
  const kept = localStorage.getItem(KEPT);
  if (kept !== null && Object.hasOwn(LANGUAGES, kept)) return kept as Language;
  return navigator.language.startsWith("de") ? "de" : "en";
}
