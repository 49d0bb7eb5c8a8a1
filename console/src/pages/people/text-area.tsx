/** Many lines of text to fill in. */
import type { ReactNode } from "react";
import { TextArea as AriaTextArea, Label, Text, TextField } from "react-aria-components";

export function TextArea({
  label,
  help,
  value,
  onChange,
  rows,
  isMono = false,
}: {
  readonly label: string;
  readonly help: string;
  readonly value: string;
  onChange(text: string): void;
  readonly rows: number;
  /** Columns stand below each other. */
  readonly isMono?: boolean;
}): ReactNode {
  return (
    <TextField className="field" value={value} onChange={onChange}>
      <Label>{label}</Label>
      <AriaTextArea className={`input ${isMono ? "mono" : ""}`} rows={rows} spellCheck="false" />
      <Text slot="description" className="help">
        {help}
      </Text>
    </TextField>
  );
}
