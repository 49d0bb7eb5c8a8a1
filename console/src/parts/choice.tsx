/** Choosing: from a list, from a long list by typing, one of a few, yes or no. */
import type { ReactNode } from "react";
import {
  Checkbox as AriaCheckbox,
  Switch as AriaSwitch,
  Button,
  ComboBox,
  FieldError,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Radio,
  RadioGroup,
  Select,
  SelectValue,
  Text,
} from "react-aria-components";
import { useSpeech } from "../words/words.js";

export interface Option {
  readonly id: string;
  readonly text: string;
  /** A second line. */
  readonly more?: string;
}

interface ChoiceProps {
  readonly label: string;
  readonly help?: string;
  readonly fault?: string | undefined;
  readonly isDisabled?: boolean;
}

/** One of up to some twenty. */
export function Choice({
  label,
  help,
  fault,
  isDisabled,
  options,
  value,
  onChange,
}: ChoiceProps & {
  readonly options: readonly Option[];
  readonly value: string | null;
  onChange(id: string): void;
}): ReactNode {
  const { say } = useSpeech();
  return (
    <Select
      className="field"
      value={value}
      onChange={(key) => key !== null && onChange(String(key))}
      isInvalid={fault !== undefined}
      isDisabled={isDisabled ?? false}
      placeholder={say("app.choose")}
    >
      <Label>{label}</Label>
      <Button className="input select">
        <SelectValue />
        <span aria-hidden="true">▾</span>
      </Button>
      <Help help={help} fault={fault} />
      <Popover className="popover">
        <Options options={options} />
      </Popover>
    </Select>
  );
}

/** One of many, found by typing a part of it. `onSearch` asks the server; without it the options given are searched. */
export function Search({
  label,
  help,
  fault,
  isDisabled,
  options,
  value,
  onChange,
  onSearch,
  placeholder,
}: ChoiceProps & {
  readonly options: readonly Option[];
  readonly value: string | null;
  onChange(id: string | null): void;
  onSearch?: (text: string) => void;
  readonly placeholder?: string;
}): ReactNode {
  const { say } = useSpeech();
  return (
    <ComboBox
      className="field"
      value={value}
      onChange={(key) => onChange(key === null ? null : String(key))}
      isInvalid={fault !== undefined}
      isDisabled={isDisabled ?? false}
      menuTrigger="focus"
      allowsEmptyCollection
      {...(onSearch === undefined ? { defaultItems: options } : { items: options, onInputChange: onSearch })}
    >
      <Label>{label}</Label>
      <span className="input combo">
        <Input placeholder={placeholder ?? say("app.search")} />
        <Button aria-label={say("app.choose")}>▾</Button>
      </span>
      <Help help={help} fault={fault} />
      <Popover className="popover">
        <Options options={options} isEmptyText={say("app.nothing_found")} />
      </Popover>
    </ComboBox>
  );
}

function Options({
  options,
  isEmptyText,
}: {
  readonly options: readonly Option[];
  readonly isEmptyText?: string;
}): ReactNode {
  return (
    <ListBox
      className="options"
      items={options}
      renderEmptyState={() => <p className="help">{isEmptyText}</p>}
    >
      {(option: Option) => (
        <ListBoxItem id={option.id} textValue={option.text} className="option">
          <Text slot="label">{option.text}</Text>
          {option.more !== undefined && (
            <Text slot="description" className="help">
              {option.more}
            </Text>
          )}
        </ListBoxItem>
      )}
    </ListBox>
  );
}

/** One of a few, all seen at once. */
export function Choices({
  label,
  help,
  fault,
  isDisabled,
  options,
  value,
  onChange,
}: ChoiceProps & {
  readonly options: readonly Option[];
  readonly value: string | null;
  onChange(id: string): void;
}): ReactNode {
  return (
    <RadioGroup
      className="field choices"
      value={value}
      onChange={onChange}
      isInvalid={fault !== undefined}
      isDisabled={isDisabled ?? false}
    >
      <Label>{label}</Label>
      {options.map(({ id, text, more }) => (
        <Radio key={id} value={id} className="radio">
          <span className="dot" aria-hidden="true" />
          <span>
            {text}
            {more !== undefined && <span className="help block">{more}</span>}
          </span>
        </Radio>
      ))}
      <Help help={help} fault={fault} />
    </RadioGroup>
  );
}

/** On or off at once. */
export function Switch({
  children,
  isOn,
  onChange,
  isDisabled = false,
  label,
}: {
  readonly children?: ReactNode;
  readonly isOn: boolean;
  onChange(isOn: boolean): void;
  readonly isDisabled?: boolean;
  /** Said by a screen reader where no text stands beside it. */
  readonly label?: string;
}): ReactNode {
  return (
    <AriaSwitch
      className="switch"
      isSelected={isOn}
      onChange={onChange}
      isDisabled={isDisabled}
      {...(label === undefined ? {} : { "aria-label": label })}
    >
      <span className="track" aria-hidden="true">
        <span className="thumb" />
      </span>
      {children}
    </AriaSwitch>
  );
}

export function Checkbox({
  children,
  isOn,
  onChange,
  isDisabled = false,
  label,
}: {
  readonly children?: ReactNode;
  readonly isOn: boolean;
  onChange(isOn: boolean): void;
  readonly isDisabled?: boolean;
  readonly label?: string;
}): ReactNode {
  return (
    <AriaCheckbox
      className="checkbox"
      isSelected={isOn}
      onChange={onChange}
      isDisabled={isDisabled}
      {...(label === undefined ? {} : { "aria-label": label })}
    >
      <span className="box" aria-hidden="true">
        ✓
      </span>
      {children}
    </AriaCheckbox>
  );
}

function Help({
  help,
  fault,
}: {
  readonly help: string | undefined;
  readonly fault: string | undefined;
}): ReactNode {
  return (
    <>
      {help !== undefined && (
        <Text slot="description" className="help">
          {help}
        </Text>
      )}
      <FieldError className="fault">{fault}</FieldError>
    </>
  );
}
