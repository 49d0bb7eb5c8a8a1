/** What can be done with a thing, behind one button: for rows, where buttons side by side would be a crowd. */
import type { ReactNode } from "react";
import { Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { Button } from "./button.js";

export interface Action {
  readonly id: string;
  readonly text: string;
  readonly isDanger?: boolean;
  run(): void;
}

/** Nothing is shown where nothing can be done. */
export function Actions({
  label,
  actions,
}: {
  /** Of what, for screen readers: "Actions for Alice Wong". */
  readonly label: string;
  readonly actions: readonly Action[];
}): ReactNode {
  if (actions.length === 0) return null;
  return (
    <MenuTrigger>
      <Button look="quiet" size="small" aria-label={label}>
        <span aria-hidden="true">⋯</span>
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu
          className="options"
          aria-label={label}
          onAction={(key) => actions.find(({ id }) => id === key)?.run()}
        >
          {actions.map(({ id, text, isDanger = false }) => (
            <MenuItem key={id} id={id} className={`option ${isDanger ? "danger" : ""}`}>
              {text}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
