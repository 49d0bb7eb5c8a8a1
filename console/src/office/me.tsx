/** Who is signed in, and what they may do: no page offers what would be refused. */
import { createContext, type ReactNode, use } from "react";
import type { AnswerOf, OperationId } from "./client.js";

export type Me = AnswerOf<"showMe">;

const MeContext = createContext<Me | null>(null);

export function MeProvider({ me, children }: { readonly me: Me; readonly children: ReactNode }): ReactNode {
  return <MeContext value={me}>{children}</MeContext>;
}

export function useMe(): Me {
  const me = use(MeContext);
  if (me === null) throw new Error("nobody is signed in here");
  return me;
}

/** How far an operation reaches for the person: `own`, `groups`, `all`; undefined: it is not open to them. */
export function useReach(): (id: OperationId) => "own" | "groups" | "all" | undefined {
  const { operations } = useMe();
  return (id) => operations[id];
}
