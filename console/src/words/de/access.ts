/** Words of signing in, activation and forgotten passwords, in German. */
import type { access as en } from "../en/access.js";

export const access: Record<keyof typeof en, string> = {
  "sign_in.title": "Anmelden",
  "sign_in.username": "Benutzername oder E-Mail-Adresse",
  "sign_in.password": "Passwort",
  "sign_in.submit": "Anmelden",
  "sign_in.passkey": "Mit einem Passkey anmelden",
  "sign_in.forgotten": "Passwort vergessen?",
  "sign_in.code": "Code aus Ihrer Authenticator-App",
  "sign_in.code_help": "6 Ziffern, oder einer Ihrer Wiederherstellungscodes.",
  "sign_in.code_submit": "Weiter",
  "sign_in.back": "Zurück zur Anmeldung",
  "forgotten.title": "Passwort vergessen",
  "forgotten.lead":
    "Nennen Sie Ihre E-Mail-Adresse. Gehört sie zu einem Konto, kommt ein Link, mit dem Sie ein neues Passwort wählen.",
  "forgotten.email": "E-Mail-Adresse",
  "forgotten.submit": "Link senden",
  "forgotten.sent": "Gehört die Adresse zu einem Konto, ist ein Link unterwegs. Er gilt eine Stunde.",
};
