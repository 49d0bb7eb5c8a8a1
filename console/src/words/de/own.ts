/** Words of what people have of their own, in German. */
import type { own as en } from "../en/own.js";

export const own: Record<keyof typeof en, string> = {
  "greetings.heard.temporary": "Anrufer hören Ihre vorübergehende Ansage.",
  "greetings.heard.own": "Anrufer hören Ihre Ansage.",
  "greetings.heard.name": "Anrufer hören die üblichen Worte mit dem aufgenommenen Namen.",
  "greetings.heard.none":
    "Anrufer hören die üblichen Worte. Nehmen Sie eine Ansage auf, dann hören sie diese.",
  "greetings.now": "Das hören Anrufer jetzt",
  "greetings.kind.temporary": "Vorübergehende Ansage",
  "greetings.kind.own": "Ansage",
  "greetings.kind.name": "Name",
  "greetings.busy_kind.temporary": "Vorübergehende Ansage bei Besetzt",
  "greetings.busy_kind.own": "Ansage bei Besetzt",
  "greetings.busy_kind.name": "Name",
  "greetings.help.temporary":
    "Für Urlaub und Krankheit. Solange sie da ist, hören Anrufer sie vor allen anderen.",
  "greetings.help.own": "Was Anrufer hören, bevor sie eine Nachricht hinterlassen.",
  "greetings.help.name": "Nur der Name, gesprochen. Er kommt in die üblichen Worte.",
  "greetings.busy": "Eine andere Ansage, wenn die Telefone besetzt sind",
  "greetings.busy_help":
    "Anrufer hören sie, wenn jedes Telefon, das klingelte, besetzt war. Ohne sie hören sie die Ansage oben.",
  "greetings.set_by": "Von {name}, {time}",
  "greetings.record": "Aufnehmen",
  "greetings.record_title": "Aufnehmen: {title}",
  "greetings.upload": "Datei hochladen",
  "greetings.use": "Diese verwenden",
  "greetings.set": "{title}: gespeichert. Der nächste Anrufer hört sie.",
  "greetings.wrong_kind":
    "Diese Art von Datei wird hier nicht gelesen. Nehmen Sie WAV, Ogg, WebM, MP3, M4A oder FLAC.",
  "greetings.remove_title": "Entfernen: {title}",
  "greetings.remove_help": "Die Aufnahme wird gelöscht. Anrufer hören die nächste Ansage, die es gibt.",
  "greetings.removed": "{title}: entfernt.",
  "recorder.begin": "Aufnahme beginnen",
  "recorder.ready": "Halten Sie Telefon oder Mikrofon wie bei einem Anruf. Höchstens zwei Minuten.",
  "recorder.recording": "Aufnahme läuft",
  "recorder.level": "Wie laut es ist",
  "recorder.stop": "Beenden",
  "recorder.recorded": "Ihre Aufnahme",
  "recorder.again": "Neu aufnehmen",
  "recorder.refused.denied":
    "Der Browser erlaubt dieser Seite das Mikrofon nicht. Erlauben Sie es in den Einstellungen des Browsers für diese Seite und versuchen Sie es noch einmal.",
  "recorder.refused.none":
    "Es wurde kein Mikrofon gefunden. Schließen Sie eines an oder laden Sie eine Datei hoch.",
  "recorder.refused.insecure":
    "Browser nehmen nur auf Seiten mit https:// auf. Öffnen Sie diese Seite so oder laden Sie eine Datei hoch.",
};
