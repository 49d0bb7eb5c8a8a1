/** Whether the page is dark now, for what cannot read the tokens of the style: drawings and charts. */
import { useSyncExternalStore } from "react";

export function useDark(): boolean {
  return useSyncExternalStore(watch, isDark);
}

/** The colour of a token as the page has it now, such as `--accent`. */
export function tokenColour(token: string): string {
  const place = document.createElement("span");
  place.style.color = `var(${token})`;
  document.body.append(place);
  const { color } = getComputedStyle(place);
  place.remove();
  return color;
}

const system = matchMedia("(prefers-color-scheme: dark)");

function isDark(): boolean {
  const chosen = document.documentElement.dataset["theme"];
  return chosen === undefined ? system.matches : chosen === "dark";
}

function watch(changed: () => void): () => void {
  const theme = new MutationObserver(changed);
  theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  system.addEventListener("change", changed);
  return () => {
    theme.disconnect();
    system.removeEventListener("change", changed);
  };
}
