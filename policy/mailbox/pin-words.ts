/** Why a PIN is refused, in words for whoever sets one. */
import { PIN_DIGITS, type WeakPin } from "./pin.js";

export const WEAK_PIN_WORDS: Readonly<Record<WeakPin, string>> = {
  not_digits: "it must be digits",
  length: `it must have ${PIN_DIGITS.min} to ${PIN_DIGITS.max} digits`,
  repeated: "it repeats itself",
  sequence: "its digits follow each other",
  known: "it is part of the user's extension or number",
  common: "it is one of those that are tried first",
};
