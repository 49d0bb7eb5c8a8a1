/** Light, dark, or as the system has it; what a person has chosen is kept in this browser. */
import { useState } from "react";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];
const KEPT = "ringline.theme";

function kept(): Theme {
  const found = localStorage.getItem(KEPT);
  return THEMES.find((theme) => theme === found) ?? "system";
}

function show(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}

/** Before the first paint. */
export function showKeptTheme(): void {
  show(kept());
}

export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(kept);
  return [
    theme,
    (next) => {
      localStorage.setItem(KEPT, next);
      show(next);
      setTheme(next);
    },
  ];
}
