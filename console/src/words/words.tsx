/** The language of the page: chosen by the person, else by the browser. Words come from one file a language. */
import { createContext, type ReactNode, use, useEffect, useMemo, useState } from "react";
import { I18nProvider } from "react-aria-components";
import { en, type Word, type Words } from "./en.js";

export type Language = "en" | "de";
export const LANGUAGES: Readonly<Record<Language, string>> = { en: "English", de: "Deutsch" };

const KEPT = "ringline.language";

type Values = Readonly<Record<string, string | number>>;
/** The word before `.one` and `.other`. */
type CountedWord = Word extends infer W ? (W extends `${infer Stem}.one` ? Stem : never) : never;

export interface Speech {
  readonly language: Language;
  choose(language: Language): void;
  /** A word, with its places filled in. */
  say(word: Word, values?: Values): string;
  /** A word that has a form for one and one for others: `messages.new.one`, `messages.new.other`; `{count}` is filled in. */
  count(word: CountedWord, count: number, values?: Values): string;
}

const SpeechContext = createContext<Speech | null>(null);

export function Speaking({ children }: { readonly children: ReactNode }): ReactNode {
  const [language, setLanguage] = useState<Language>(firstLanguage);
  const [words, setWords] = useState<Words>(en);
  useEffect(() => {
    let isOld = false;
    void load(language).then((loaded) => {
      if (isOld) return;
      document.documentElement.lang = language;
      setWords(loaded);
    });
    return () => {
      isOld = true;
    };
  }, [language]);
  const speech = useMemo<Speech>(() => {
    const plural = new Intl.PluralRules(language);
    const numbers = new Intl.NumberFormat(language);
    const filled = (word: Word, values: Values) =>
      words[word].replaceAll(/\{(\w+)\}/g, (place, name: string) => {
        const value = values[name];
        return value === undefined ? place : String(value);
      });
    return {
      language,
      choose: (next) => {
        localStorage.setItem(KEPT, next);
        setLanguage(next);
      },
      say: (word, values = {}) => filled(word, values),
      count: (word, count, values = {}) => {
        const form = plural.select(count) === "one" ? "one" : "other";
        return filled(`${word}.${form}` as Word, { ...values, count: numbers.format(count) });
      },
    };
  }, [language, words]);
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

/** Whether a text that comes from the server, as a kind or a state, has a word of ours. */
export function isWord(text: string): text is Word {
  return Object.hasOwn(en, text);
}

async function load(language: Language): Promise<Words> {
  return language === "en" ? en : (await import("./de.js")).de;
}

function firstLanguage(): Language {
  const kept = localStorage.getItem(KEPT);
  if (kept !== null && Object.hasOwn(LANGUAGES, kept)) return kept as Language;
  return navigator.language.startsWith("de") ? "de" : "en";
}
