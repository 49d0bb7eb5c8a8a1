/**
 * Emergency numbers: every phone of the office may always dial them, and they go to the carrier as they were dialled.
 * They are no public numbers (E.164 has no place for them), so no other code knows them.
 * The defaults, where the office does not say: the numbers of police, fire brigade and ambulance in libphonenumber's
 * ShortNumberMetadata.xml (category "emergency", as of its release 9.0; `google-libphonenumber` 3.2.47), without those
 * of single services beside a common number that is in general use. 112 is the European Union's by Directive (EU)
 * 2018/1972, article 109; 911 is North America's by 47 CFR 9.3. ITU-T E.161.1 asks countries to choose 112 or 911, so
 * both are valid for countries that are not in the table. 933 reads back, in the United States and Canada, what a 911
 * centre would be told of the caller (NENA): a way to test without calling for help.
 */
import type { OfficeSettings } from "../office/entities.js";

/** Numbers, and the countries in which they are dialled. */
const DEFAULTS: ReadonlyArray<readonly [numbers: string, countries: string]> = [
  ["911 933", "US CA"],
  ["911", "AI AS BM CR GU KY MP MX PA PH PR VI"],
  ["911 919", "BS"],
  ["911 999", "AG LC TC VC VG"],
  ["911 100 101 107", "AR"],
  ["112 911", "DO EC"],
  ["110 112 119 911", "JM"],
  ["990 999", "TT"],
  ["190 192 193", "BR"],
  ["131 132 133", "CL"],
  ["112 123", "CO"],
  ["105 116 117", "PE"],
  ["911 128", "PY UY"],
  // 112 alone is right in the whole European Union; where people still dial other numbers, those work too.
  ["112", "AX BG CY DK EE ES FI HR IS LT LU LV MT NL PT RO SE SI"],
  ["112 122 133 144", "AT"],
  ["112 100 101", "BE"],
  ["112 150 155 158", "CZ SK"],
  ["112 110", "DE"],
  ["112 15 17 18", "FR GF GP MQ RE"],
  ["112 100 166 199", "GR"],
  ["112 104 105 107", "HU"],
  ["112 113 115 118", "IT SM VA"],
  ["112 997 998 999", "PL"],
  ["112 117 118 144", "CH LI"],
  ["112 15 17 18", "MC"],
  ["112 110 113", "NO SJ"],
  ["112 999", "GB GG IE IM JE"],
  ["112 190 199", "GI"],
  ["112 192 193 194", "MK"],
  ["112 92 93 94", "RS"],
  ["112 122 123 124", "ME"],
  ["112 101 102 103", "AZ BY RU UA"],
  ["112", "GE MD TR"],
  ["100 101 102 112", "IL IN"],
  ["911 112 997 998 999", "SA"],
  ["112 997 998 999", "AE"],
  ["999 112", "HK KE MY"],
  ["110 119", "JP"],
  ["112 119", "KR"],
  ["110 119 120", "CN"],
  ["110 119", "TW"],
  ["995 999", "SG"],
  ["191 199 1669", "TH"],
  ["112 110 118 119", "ID"],
  ["113 114 115", "VN"],
  ["000 106 112", "AU"],
  ["111", "NZ"],
  ["112 10111 10177", "ZA"],
  ["112 199", "NG"],
  ["122 123 180", "EG"],
];

const ELSEWHERE: readonly string[] = ["112", "911"];

const BY_COUNTRY: ReadonlyMap<string, readonly string[]> = new Map(
  DEFAULTS.flatMap(([numbers, countries]) =>
    countries.split(" ").map((country) => [country, numbers.split(" ")] as const),
  ),
);

/** The numbers dialled for help in a country, ISO 3166 alpha-2. */
export function emergencyNumbersOf(country: string): readonly string[] {
  return BY_COUNTRY.get(country) ?? ELSEWHERE;
}

/** The number with which emergency calls are tried in the United States and Canada; elsewhere it is none. */
const TEST_NUMBER = "933";

/** What an office says of its emergency numbers. */
export type EmergencySays = Pick<OfficeSettings, "country" | "emergencyNumbers" | "emergency">;

/**
 * The numbers with which people of an office try emergency calls. They are dialled as emergency numbers are; nobody is to
 * be alarmed by them. Those that the office names, or else 933 where it is one of the emergency numbers.
 */
export function testNumbers(settings: EmergencySays): readonly string[] {
  return settings.emergency?.testNumbers ?? named(settings).filter((number) => number === TEST_NUMBER);
}

/** The emergency numbers of an office: those it names, or else its country's; and those with which they are tried. */
export function emergencyNumbers(settings: EmergencySays): readonly string[] {
  const tests = settings.emergency?.testNumbers;
  if (tests === undefined) return named(settings);
  // An office that names its test numbers has no others: 933 of the country's list is none of them by itself.
  const help = settings.emergencyNumbers ?? helpNumbersOf(settings.country);
  return [...new Set([...help, ...tests])];
}

function named({ country, emergencyNumbers: own }: EmergencySays): readonly string[] {
  return own ?? emergencyNumbersOf(country);
}

/** Whether an emergency number is one with which calls are only tried. */
export function isTestNumber(number: string, settings: EmergencySays): boolean {
  return testNumbers(settings).includes(number);
}

/** The numbers of a country that bring help, and can be no test numbers. */
export function helpNumbersOf(country: string): readonly string[] {
  return emergencyNumbersOf(country).filter((number) => number !== TEST_NUMBER);
}

/** Characters with which people and phones group digits; with a plus sign it is another number. */
const SEPARATORS = /[-(). /]/g;
/** A longer text is no emergency number, however its digits are grouped. */
const DIALLED_CHARACTERS_MAX = 16;

/** The emergency number that was dialled, digits only; undefined: it is none. */
export function emergencyDialled(dialled: string, settings: EmergencySays): string | undefined {
  if (dialled.length > DIALLED_CHARACTERS_MAX) return undefined;
  const digits = dialled.replace(SEPARATORS, "");
  return emergencyNumbers(settings).includes(digits) ? digits : undefined;
}
