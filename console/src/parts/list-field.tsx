/** Several short values in one line, such as numbers or countries: typed with commas or spaces between them. */
import { type ReactNode, useState } from "react";
import { Field, type FieldProps } from "./field.js";

export function ListField({
  value,
  onChange,
  ...rest
}: Omit<FieldProps, "value" | "onChange"> & {
  readonly value: readonly string[];
  onChange(value: readonly string[]): void;
}): ReactNode {
  const shown = value.join(", ");
  // What is being typed stands as it is typed: "1, " is not yet another value.
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <Field
      {...rest}
      value={typed ?? shown}
      onChange={(text) => {
        setTyped(text);
        onChange(text.split(/[,;\s]+/).filter((each) => each !== ""));
      }}
      onBlur={() => setTyped(null)}
    />
  );
}
