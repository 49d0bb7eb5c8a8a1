/** Words of signing in, activation and forgotten passwords, in German. */
import type { access as en } from "../en/access.js";

export const access: Record<keyof typeof en, string> = {
  "sign_in.title": "Anmelden",
  "sign_in.username": "Benutzername oder E-Mail-Adresse",
  "sign_in.password": "Passwort",
  "sign_in.submit": "Anmelden",
  "sign_in.or": "oder",
  "sign_in.passkey": "Mit einem Passkey anmelden",
  "sign_in.forgotten": "Passwort vergessen?",
  "sign_in.code_submit": "Weiter",
  "sign_in.back": "Zurück zur Anmeldung",
  "second.title": "Zweiter Schritt",
  "second.lead": "Ihr Passwort stimmt. Noch ein Schritt zeigt, dass Sie es sind.",
  "second.totp": "Code aus Ihrer Authenticator-App",
  "second.totp_help": "6 Ziffern, die sich alle 30 Sekunden ändern.",
  "second.recovery_code": "Wiederherstellungscode",
  "second.recovery_code_help": "Einer der Codes, die Sie sich notiert haben. Jeder gilt einmal.",
  "second.passkey": "Passkey verwenden",
  "second.wrong_help": "Sehen Sie sich den Code noch einmal an. Der Code einer App gilt etwa eine Minute.",
  "second.instead.totp": "Stattdessen den Code der App eingeben",
  "second.instead.passkey": "Stattdessen einen Passkey verwenden",
  "second.instead.recovery_code": "Stattdessen einen Wiederherstellungscode eingeben",
  "second.back": "Von vorn beginnen",
  "access.wrong": "Das stimmt nicht",
  "access.wrong_help":
    "Prüfen Sie Benutzername und Passwort: Groß- und Kleinschreibung zählt. Wenn Sie es vergessen haben, fordern Sie ein neues an.",
  "access.slowed": "Zu viele Versuche",
  "access.slowed_seconds.one":
    "Damit niemand Passwörter erraten kann, müssen Sie warten. Versuchen Sie es in {count} Sekunde noch einmal.",
  "access.slowed_seconds.other":
    "Damit niemand Passwörter erraten kann, müssen Sie warten. Versuchen Sie es in {count} Sekunden noch einmal.",
  "access.slowed_minutes.one":
    "Damit niemand Passwörter erraten kann, müssen Sie warten. Versuchen Sie es in {count} Minute noch einmal.",
  "access.slowed_minutes.other":
    "Damit niemand Passwörter erraten kann, müssen Sie warten. Versuchen Sie es in {count} Minuten noch einmal.",
  "access.suspended": "Sie sind gesperrt",
  "access.suspended_help":
    "Ihr Konto bleibt erhalten, aber Sie können sich zurzeit nicht anmelden. Bitten Sie einen System-Admin Ihres Büros, die Sperre aufzuheben.",
  "access.step_over": "Das hat zu lange gedauert",
  "access.step_over_help": "Beginnen Sie noch einmal mit Ihrem Passwort.",
  "access.needs_https": "Diese Seite ist für Passwörter nicht sicher",
  "access.needs_https_help":
    "Andere könnten mitlesen, was Sie eingeben. Öffnen Sie diese Adresse mit https:// oder fragen Sie, wer diese Telefonanlage betreibt.",
  "confirm.title": "Zeigen Sie, dass Sie es sind",
  "confirm.lead": "Damit ändern Sie, wie Sie sich anmelden. Danach geht es von selbst weiter.",
  "confirm.passkey": "Passkey verwenden",
  "confirm.submit": "Weiter",
  "confirm.wrong_help": "Das ist nicht Ihr Passwort oder Passkey. Versuchen Sie es noch einmal.",
  "forgotten.title": "Passwort vergessen",
  "forgotten.lead":
    "Sagen Sie, wer Sie sind. Sie bekommen eine E-Mail mit einem Link, mit dem Sie ein neues Passwort wählen.",
  "forgotten.submit": "Link senden",
  "forgotten.sent":
    "Gibt es ein Konto mit diesem Namen, ist eine E-Mail mit einem Link unterwegs. Er gilt eine Stunde.",
  "forgotten.sent_help":
    "Es kommt nichts an? Sehen Sie im Spam-Ordner nach. Hat Ihr Büro keine E-Mail-Adresse von Ihnen, bitten Sie einen System-Admin um einen Link.",
  "forgotten.no_mails":
    "Dieses Büro verschickt keine E-Mails. Bitten Sie einen System-Admin um einen Link, mit dem Sie ein neues Passwort wählen.",
  "password.new": "Neues Passwort",
  "password.rules": "Was ein Passwort braucht",
  "password.rule.too_short": "Mindestens 8 Zeichen",
  "password.rule.no_digit": "Eine Ziffer",
  "password.rule.common": "Keines, das viele wählen",
  "password.rule.username": "Nicht Ihr Benutzername",
  "password.kept": "(erfüllt)",
  "password.not_kept": "(noch nicht)",
  "password.show": "Passwort anzeigen",
  "password.hide": "Passwort verbergen",
  "new_password.title": "Neues Passwort wählen",
  "new_password.lead": "Für {name}, Benutzername {username}.",
  "new_password.submit": "Passwort speichern",
  "new_password.done": "Ihr Passwort ist neu",
  "new_password.done_help": "Sie sind überall abgemeldet. Melden Sie sich jetzt mit dem neuen Passwort an.",
  "activate.title": "Willkommen",
  "activate.lead":
    "{name}, Sie sind zur Telefonanlage von {office} eingeladen. Ihr Benutzername ist {username}. Wählen Sie zuerst ein Passwort.",
  "activate.submit": "Speichern und weiter",
  "link.ask_again": "Neuen Link anfordern",
  "link.unknown": "Dieser Link funktioniert nicht",
  "link.unknown_help.invitation":
    "Vielleicht fehlt ein Stück davon: Öffnen Sie ihn noch einmal aus der E-Mail. Sonst bitten Sie einen System-Admin, die Einladung noch einmal zu senden.",
  "link.unknown_help.password":
    "Vielleicht fehlt ein Stück davon: Öffnen Sie ihn noch einmal aus der E-Mail. Sonst fordern Sie einen neuen Link an.",
  "link.used": "Dieser Link wurde schon verwendet",
  "link.used_help.invitation":
    "Ihr Konto ist bereit. Melden Sie sich mit dem Passwort an, das Sie gewählt haben.",
  "link.used_help.password":
    "Melden Sie sich mit dem Passwort an, das Sie gewählt haben. Waren Sie das nicht, fordern Sie jetzt einen neuen Link an.",
  "link.replaced": "Es gibt einen neueren Link",
  "link.replaced_help.invitation": "Suchen Sie die neueste E-Mail: Nur ihr Link gilt.",
  "link.replaced_help.password": "Suchen Sie die neueste E-Mail: Nur ihr Link gilt.",
  "link.withdrawn": "Diese Einladung wurde zurückgezogen",
  "link.withdrawn_help.invitation": "Fragen Sie einen System-Admin Ihres Büros, wenn das ein Versehen ist.",
  "link.withdrawn_help.password": "Fordern Sie einen neuen Link an.",
  "link.expired": "Die Zeit dieses Links ist um",
  "link.expired_help.invitation":
    "Bitten Sie einen System-Admin Ihres Büros, die Einladung noch einmal zu senden.",
  "link.expired_help.password": "Fordern Sie einen neuen Link an: Er gilt eine Stunde.",
  "link.suspended": "Sie sind gesperrt",
  "link.suspended_help.invitation": "Bitten Sie einen System-Admin Ihres Büros, die Sperre aufzuheben.",
  "link.suspended_help.password": "Bitten Sie einen System-Admin Ihres Büros, die Sperre aufzuheben.",
};
