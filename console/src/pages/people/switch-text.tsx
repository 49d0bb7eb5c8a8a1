/** What stands beside a switch: its name, and below it what it does. */
import type { ReactNode } from "react";

export function SwitchText({ title, help }: { readonly title: string; readonly help: ReactNode }): ReactNode {
  return (
    <span>
      {title}
      <span className="line muted small">{help}</span>
    </span>
  );
}
