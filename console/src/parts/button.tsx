/** A button: one primary on a page, the others plain; `danger` for what cannot be undone. */
import type { ReactNode } from "react";
import { Button as AriaButton, type ButtonProps } from "react-aria-components";

export interface Look {
  readonly look?: "primary" | "plain" | "danger" | "quiet";
  readonly size?: "usual" | "small";
}

export function Button({
  look = "plain",
  size = "usual",
  ...rest
}: Omit<ButtonProps, "className"> & Look): ReactNode {
  return <AriaButton {...rest} className={buttonClass({ look, size })} />;
}

export function buttonClass({ look = "plain", size = "usual" }: Look): string {
  return `button ${look} ${size === "small" ? "small" : ""}`;
}
