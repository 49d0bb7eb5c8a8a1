/** Idempotency-Keys: the same thing sent twice, since an answer was lost, is created once; another thing has another key. */
import { useRef } from "react";

/** @returns the key of a body: the same one as long as the body is the same */
export function useKey(): (body: unknown) => string {
  const last = useRef({ text: "", key: "" });
  return (body) => {
    const text = JSON.stringify(body);
    if (last.current.text !== text) last.current = { text, key: freshKey() };
    return last.current.key;
  };
}

/** Browsers have `crypto.randomUUID` only where the page came by HTTPS or from this machine, and some offices have neither. */
export function freshKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
