/**
 * Choosing a password: its rules stand below it and are ticked off as one types. They are the server's own, so that nothing
 * is refused afterwards that looked right before.
 */
import { type ReactNode, useEffect, useState } from "react";
import { useSpeech } from "../words/words.js";
import { Button } from "./button.js";
import { Field } from "./field.js";
import "./new-password.css";

type Faults = typeof import("../../../policy/accounts/password.js").passwordFaults;
export type Rule = "too_short" | "no_digit" | "common" | "username";
const RULES: readonly Rule[] = ["too_short", "no_digit", "common", "username"];

export function NewPassword({
  label,
  username,
  value,
  onChange,
  fault,
}: {
  readonly label: string;
  readonly username: string;
  readonly value: string;
  onChange(password: string): void;
  readonly fault: string | undefined;
}): ReactNode {
  const { say } = useSpeech();
  const [isShown, setShown] = useState(false);
  const broken = useBrokenRules(value, username);
  return (
    <div className="stack tight">
      {/* A password manager keeps it under the right name. */}
      <input
        className="visually-hidden"
        type="text"
        autoComplete="username"
        value={username}
        readOnly
        tabIndex={-1}
        aria-hidden="true"
      />
      <Field
        label={label}
        type={isShown ? "text" : "password"}
        value={value}
        onChange={onChange}
        autoComplete="new-password"
        fault={fault}
      />
      <ul className="rules" aria-label={say("password.rules")}>
        {RULES.map((rule) => {
          const isKept = broken !== null && value !== "" && !broken.includes(rule);
          return (
            <li key={rule} className={isKept ? "kept" : ""}>
              <span className="tick" aria-hidden="true">
                {isKept ? "✓" : ""}
              </span>
              {say(`password.rule.${rule}`)}
              <span className="visually-hidden">
                {value === "" ? "" : say(isKept ? "password.kept" : "password.not_kept")}
              </span>
            </li>
          );
        })}
      </ul>
      <div>
        <Button look="quiet" size="small" onPress={() => setShown(!isShown)}>
          {say(isShown ? "password.hide" : "password.show")}
        </Button>
      </div>
    </div>
  );
}

/** Null: the rules are not loaded yet. */
function useBrokenRules(password: string, username: string): readonly string[] | null {
  const [faults, setFaults] = useState<Faults | null>(null);
  useEffect(() => {
    void import("../../../policy/accounts/password.js").then(({ passwordFaults }) =>
      setFaults(() => passwordFaults),
    );
  }, []);
  return faults === null ? null : faults(password, username);
}
