/** Goal: every language has each word, with the same places to fill in. */
import { expect, it } from "vitest";
import { de } from "./de.js";
import { en, type Words } from "./en.js";

const placesOf = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();

const others: Readonly<Record<string, Words>> = { de };

it.each(Object.entries(others))("%s has the words of English, and their places", (_language, words) => {
  expect(Object.keys(words).sort()).toEqual(Object.keys(en).sort());
  for (const [key, text] of Object.entries(words)) {
    expect(text.trim(), key).not.toBe("");
    expect(placesOf(text), key).toEqual(placesOf(en[key as keyof typeof en]));
  }
});
