/** A line of text to fill in, with its label, its help and what is wrong with it, in the server's words. */
import type { ReactNode } from "react";
import {
  FieldError,
  Input,
  type InputProps,
  Label,
  Text,
  TextField,
  type TextFieldProps,
} from "react-aria-components";

export interface FieldProps extends Omit<TextFieldProps, "className" | "children" | "inputMode"> {
  readonly label: string;
  readonly help?: string;
  /** What the server said of this field. */
  readonly fault?: string | undefined;
  /** An example of what is typed. */
  readonly placeholder?: string;
  readonly inputMode?: NonNullable<InputProps["inputMode"]>;
  /** Names and codes are not sentences: `none`. */
  readonly autoCapitalize?: "none";
}

export function Field({
  label,
  help,
  fault,
  inputMode,
  placeholder,
  autoCapitalize,
  ...rest
}: FieldProps): ReactNode {
  return (
    <TextField {...rest} className="field" isInvalid={fault !== undefined || rest.isInvalid === true}>
      <Label>{label}</Label>
      <Input
        className="input"
        {...(inputMode === undefined ? {} : { inputMode })}
        placeholder={placeholder ?? ""}
        {...(autoCapitalize === undefined ? {} : { autoCapitalize })}
      />
      {help !== undefined && (
        <Text slot="description" className="help">
          {help}
        </Text>
      )}
      <FieldError className="fault">{fault}</FieldError>
    </TextField>
  );
}
