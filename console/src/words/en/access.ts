/** Words of signing in, activation and forgotten passwords, in English. `{name}` is filled in. */
export const access = {
  "sign_in.title": "Sign in",
  "sign_in.username": "Username or e-mail address",
  "sign_in.password": "Password",
  "sign_in.submit": "Sign in",
  "sign_in.passkey": "Sign in with a passkey",
  "sign_in.forgotten": "Forgotten your password?",
  "sign_in.code": "Code from your authenticator app",
  "sign_in.code_help": "6 digits, or one of your recovery codes.",
  "sign_in.code_submit": "Go on",
  "sign_in.back": "Back to sign-in",
  "forgotten.title": "Forgotten password",
  "forgotten.lead":
    "Give your e-mail address. If it belongs to an account, a link to choose a new password is on its way.",
  "forgotten.email": "E-mail address",
  "forgotten.submit": "Send the link",
  "forgotten.sent": "If that address belongs to an account, a link is on its way. It works for an hour.",
} as const;
