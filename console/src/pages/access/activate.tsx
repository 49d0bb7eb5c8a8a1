/** The first step of somebody who was invited: a password. Phones and settings follow, at leisure. */
import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useLocation } from "wouter";
import { useSpeech } from "../../words/words.js";
import { ByLink } from "./by-link.js";

export function Activate(): ReactNode {
  const { say } = useSpeech();
  const queries = useQueryClient();
  const [, go] = useLocation();
  return (
    <ByLink
      kind="invitation"
      title={say("activate.title")}
      lead={({ name, office, username }) => say("activate.lead", { name, office, username })}
      onChosen={() => {
        queries.clear();
        go("/welcome", { replace: true });
      }}
    />
  );
}
