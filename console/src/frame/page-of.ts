/** What the frame knows of a page. A page is loaded when somebody opens it. */
import { type ComponentType, lazy } from "react";
import type { OperationId } from "../office/client.js";
import type { Word } from "../words/en.js";

export interface PageOf {
  /** As wouter reads it: `/users/:username/:tab?`. */
  readonly path: string;
  readonly page: ComponentType;
  /** Open to those who may do this; left out: to everybody who is signed in. */
  readonly needs?: OperationId;
  /** Needed for everybody's records, not for one's own alone. */
  readonly reach?: "all";
  /** Left out: it is reached from another page. */
  readonly menu?: { readonly word: Word; readonly group: MenuGroup };
}

export type MenuGroup = "mine" | "office" | "insight" | "settings";
type Loaded = Promise<Readonly<Record<string, ComponentType>>>;
/** @param name of the component in the file that is loaded */
export const page = (load: () => Loaded, name: string): ComponentType =>
  lazy(async () => {
    const found = (await load())[name];
    if (found === undefined) throw new Error(`there is no page ${name}`);
    return { default: found };
  });
