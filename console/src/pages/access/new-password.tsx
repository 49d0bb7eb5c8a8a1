/** Choosing a new password by the link of the mail that was asked for. */
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Link } from "wouter";
import { buttonClass } from "../../parts/button.js";
import { useSpeech } from "../../words/words.js";
import { Alone } from "./alone.js";
import { ByLink } from "./by-link.js";

export function NewPasswordPage(): ReactNode {
  const { say } = useSpeech();
  const queries = useQueryClient();
  const [isChosen, setChosen] = useState(false);
  if (isChosen)
    return (
      <Alone title={say("new_password.done")} lead={say("new_password.done_help")}>
        <Link href="/" className={buttonClass({ look: "primary" })}>
          {say("sign_in.submit")}
        </Link>
      </Alone>
    );
  return (
    <ByLink
      kind="password"
      title={say("new_password.title")}
      lead={({ name, username }) => say("new_password.lead", { name, username })}
      onChosen={() => {
        // All sessions have ended, this browser's too.
        queries.clear();
        setChosen(true);
      }}
    />
  );
}
