/** How one signs in: the password, a second step, passkeys, and where one is signed in now. */
import type { ReactNode } from "react";
import { useRead } from "../../office/read.js";
import { Shown } from "../../parts/states.js";
import { OwnPassword } from "./own-password.js";
import { Passkeys } from "./passkeys.js";
import { SecondStepSettings } from "./second-step-settings.js";
import { Sessions } from "./sessions.js";

export function SignInSettings(): ReactNode {
  const factors = useRead("readSecondFactors");
  return (
    <>
      <OwnPassword />
      <Shown of={factors}>
        {({ value }) => (
          <>
            <SecondStepSettings factors={value} />
            <Passkeys factors={value} />
          </>
        )}
      </Shown>
      <Sessions />
    </>
  );
}
