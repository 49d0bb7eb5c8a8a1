/**
 * The headings that people write above the columns of a table, in English and German and a few other languages, and the field
 * that each means. A heading is compared without case, spaces, marks and what is in brackets: `E-Mail Address` is
 * `emailaddress`.
 */
import { PERMISSION_NAMES, type Permission } from "../../../policy/office/permission-names.js";
import { plainLetters } from "../../../policy/office/plain-letters.js";

export type TableKind = "users" | "numbers";

/** Stands for the field of a column that is left out. */
export const IGNORED = "-";

/** The fields of a table of users, each with its headings. */
const USER_HEADINGS = {
  username: `user login loginname loginid userid account accountname samaccountname uid benutzer benutzername benutzerid
    benutzerkennung kennung anmeldename nutzername loginnamen utilisateur usuario gebruikersnaam nomeutente`,
  name: `fullname displayname person employee employeename staff staffname staffmember colleague contact contactname
    mitarbeiter mitarbeitername mitarbeiterin mitarbeitende mitarbeiterinnen vollername vollstaendigername vornameundname
    namevorname vornamename vornamenachname nachnamevorname anzeigename kollege kollegin personname nomcomplet
    nombrecompleto naam namen namesurname nameofemployee`,
  first_name: `first firstnames givenname givennames forename forenames fname vorname vornamen rufname prenom voornaam
    nombre nome imie fornavn fornamn`,
  last_name: `last surname surnames familyname lname secondname nachname nachnamen familienname zuname nomdefamille
    achternaam apellido apellidos cognome nazwisko etternavn efternamn efternavn`,
  email: `mail emails emailaddress emailaddresses emailadress mailaddress workemail workemailaddress businessemail
    businessemailaddress companyemail officeemail emailwork emailbusiness emailid primaryemail primarysmtpaddress
    smtpaddress email1value emailadresse emailadressen mailadresse epost epostadresse dienstemail dienstlicheemail
    dienstlicheemailadresse geschaeftlicheemail emailgeschaeftlich emaildienstlich firmenemail courriel adresseemail
    adressemail correo correoelectronico posta postaelettronica emailadres`,
  extension: `ext extn exts extno extnr extnumber extensionno extensionnumber extensionnr phoneextension phoneext
    telephoneextension telext internal internalno internalnumber internalextension internalphone shortnumber shortdial
    durchwahl durchwahlen durchwahlnummer durchwahlnr dw dwnr nebenstelle nebenstellen nebenstellennummer nebenstellennr nst
    nstnr intern interne internenummer interndurchwahl internerufnummer internnummer kurzwahl apparat hausapparat klappe
    poste anexo interno toestel doorkiesnummer`,
  outbound_number: `outbound outboundcallerid callerid calleridnumber callernumber cli did ddi directline directdial
    directdialin directnumber directphone directinwarddial presentationnumber shownnumber direktwahl direktnummer
    direktdurchwahl amtsrufnummer amtsnummer ausgehendenummer ausgehenderufnummer absendernummer absenderrufnummer
    angezeigtenummer angezeigterufnummer anzeigenummer rufnummernanzeige`,
  sip: `sipname sipuser sipusername sipaccount sipid desk deskphone deskphonename tischtelefon siptelefon sipkennung
    sipbenutzer voipaccount voipuser`,
  mobile: `cell cellular mobiles mobilephone mobilephones cellphone cellphones mobileno mobilenr mobilenumber
    mobiletelephone mobilephonenumber cellno cellnumber cellphonenumber gsm smartphone workmobile businessmobile
    companymobile mobilework mobilebusiness mobil mobilnr mobilnummer mobilfunk mobilfunknummer mobiltelefon
    mobiltelefonnummer mobilrufnummer mobilgeschaeftlich mobildienstlich handy handynr handynummer handies diensthandy
    firmenhandy natel portable telephoneportable movil telefonomovil celular cellulare mobiel mobielnummer`,
  phone: `phonenumber phoneno phonenr phones telephone telephoneno telephonenumber tel telno telnr telefon telefonnr
    telefonnummer telefonnummern rufnummer rufnr fon fonnummer festnetz festnetznr festnetznummer landline landlinenumber
    businessphone businessphonenumber workphone workphonenumber officephone officephonenumber phonework phonebusiness
    phoneoffice telephonework bueronummer buerotelefon telefonbuero telefongeschaeftlich telefondienstlich
    geschaeftstelefon diensttelefon outsidephone telefono telefoon telefone`,
  groups: `group groupname team teams teamname department departments departmentname dept depts deptname division
    businessunit unit orgunit organizationalunit organisationalunit workgroup organizationdepartment abteilung abteilungen abteilungsname abt abtlg
    gruppe gruppen ressort bereich fachbereich organisationseinheit orgeinheit arbeitsgruppe departement servicegroup
    afdeling afdelingen departamento reparto dipartimento avdeling avdelning`,
  admin: `admins administrator administrators isadmin isadministrator adminrole adminrights adminright adminrechte
    administratorrechte administratorrolle userrole systemadmin`,
  permissions: `permission rights right privileges berechtigung berechtigungen rechte zugriffsrechte`,
  suspended: `suspend disabled isdisabled blocked blockcredential signinblocked inactive locked deactivated gesperrt
    deaktiviert inaktiv stillgelegt ausgesetzt`,
  active: `enabled isactive isenabled accountenabled accountstatus userstatus signinstatus status state aktiv aktiviert
    zustand freigeschaltet`,
  devices: `device devicelist geraet geraete endgeraet endgeraete siptelefone`,
} as const;

/** Permissions are columns of their own, too; those that are not could as well be other things of a person. */
const PERMISSION_COLUMNS: readonly Permission[] = PERMISSION_NAMES.filter(
  (name) => !["numbers", "users", "sms", "queues", "integrations", "billing"].includes(name),
);

const NUMBER_HEADINGS = {
  number: `numbers did dids ddi didnumber ddinumber phonenumber phonenumbers telephonenumber telephonenumbers phoneno
    inboundnumber inboundnumbers incomingnumber publicnumber servicenumber nummer nummern rufnummer rufnummern
    telefonnummer telefonnummern durchwahlnummer rufnummernblock numberblock block eingehendenummer`,
  label: `name description labels bezeichnung beschreibung beschriftung purpose zweck usage verwendung title titel`,
  caller_id_prefix: `prefix calleridprefix praefix vorsatz`,
  plan: `plans tariff tariffs tarif tarife rate rateplan callplan callingplan callingplans billingplan tarifplan preisplan`,
  flow: `callflow flows ablauf anrufablauf`,
  target: `rings ringsat destination destinations routesto routeto goesto sendto forwardto leadsto assignedto ziel
    klingeltbei klingelt zugewiesen zugewiesenan geht weiterleitung leitetzu`,
  timeout: `seconds ringtime ringseconds ringtimeout klingeldauer klingelzeit sekunden`,
} as const;

/** What people keep beside it, and an office has no place for. */
const OTHER_HEADINGS = new Set(
  words(`location locations standort standorte ort city stadt town office officelocation buero bueronr room roomno
    roomnumber raum raumnr zimmer zimmernr zimmernummer building gebaeude floor etage stock stockwerk site sites branch
    filiale niederlassung jobtitle position positions jobposition funktion stelle stellenbezeichnung beruf role roles rolle
    rollen anrede salutation title titel gender geschlecht manager managername vorgesetzter vorgesetzte supervisor reportsto
    company companyname firma firmenname organization organisation employeeid employeeno employeenumber staffid staffno
    personnelnumber personalnr personalnummer persnr mitarbeiternr mitarbeiternummer id nr no lfdnr laufendenummer nummer
    startdate hiredate hired dateofhire joined entrydate eintritt eintrittsdatum eintrittam enddate leavedate austritt
    austrittsdatum birthday birthdate dateofbirth dob geburtstag geburtsdatum address streetaddress street adresse anschrift
    strasse zip zipcode postalcode postcode plz country countryregion land region state province bundesland note notes
    notiz notizen comment comments kommentar kommentare bemerkung bemerkungen remark remarks anmerkung anmerkungen fax faxno
    faxnr faxnumber faxnummer telefax costcenter costcentre costcenternumber kostenstelle language languages sprache
    sprachen preferredlanguage photo foto picture bild url website webseite homepage linkedin license licenses licence
    licences lizenz lizenzen lastlogin lastsignin letzteanmeldung created createddate whencreated erstellt erstelltam
    changed modified middlename middlenames middleinitial initials initialen kuerzel nickname spitzname privateemail
    personalemail emailprivat privateemailadresse homephone privatephone phonehome telefonprivat privatnummer privattelefon
    mobilprivat handyprivat alternateemailaddress contract vertrag vertragsart fte hours stunden arbeitszeit usagelocation
    objectid guid password passwort kennwort orgunitpath organizationalunitpath employeetitle employeetype
    organizationname organizationtitle businessstreet businesscity businessstate businesspostalcode businesscountry
    businesscountryregion businessfax emailtype emaildisplayname suffix passwordneverexpires alternateemail userprincipalname upn skype teamsid`),
);

/** A second address of the same person, which counts where there is no other. */
const WEAK_HEADINGS: ReadonlyMap<string, string> = new Map([
  ["userprincipalname", "email"],
  ["upn", "email"],
  ["alternateemailaddress", "email"],
]);

const HEADINGS: Readonly<Record<TableKind, ReadonlyMap<string, string>>> = {
  users: fieldsByHeading(USER_HEADINGS, PERMISSION_COLUMNS),
  numbers: fieldsByHeading(NUMBER_HEADINGS, []),
};

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

function fieldsByHeading(
  fields: Readonly<Record<string, string>>,
  others: readonly string[],
): ReadonlyMap<string, string> {
  return new Map([
    ...Object.entries(fields).flatMap(([field, headings]) =>
      words(headings).map((heading) => [heading, field] as const),
    ),
    ...[...Object.keys(fields), ...others].map((field) => [field.replaceAll("_", ""), field] as const),
  ]);
}

/** The names of the fields that a column may hold, as `--map` takes them. */
export function fieldNames(kind: TableKind): readonly string[] {
  return kind === "users"
    ? [...Object.keys(USER_HEADINGS), ...PERMISSION_COLUMNS]
    : Object.keys(NUMBER_HEADINGS);
}

/** A heading as it is compared. */
function foldHeading(heading: string): string {
  const bare = heading.replace(/\([^)]*\)|\[[^\]]*\]/g, " ");
  return plainLetters(bare.trim() === "" ? heading : bare).replace(/[^a-z0-9]+/g, "");
}

/** The field that a heading means in a table of this kind. */
export function fieldOf(kind: TableKind, heading: string): string | undefined {
  return HEADINGS[kind].get(foldHeading(heading));
}

/** A field that a heading means where no other column holds it. */
export function weakFieldOf(kind: TableKind, heading: string): string | undefined {
  return kind === "users" ? WEAK_HEADINGS.get(foldHeading(heading)) : undefined;
}

/** Whether a column with this heading is left out: an office has no place for what it holds. */
export function isOther(heading: string): boolean {
  return OTHER_HEADINGS.has(foldHeading(heading));
}
