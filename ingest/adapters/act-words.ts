import type { Action, ObjectType } from '../../model/event.ts'

/** Words that tell an act, the more telling first: `export_contact_list` is an export, and neither a list nor a view. */
const ACTS: readonly (readonly [Action, RegExp])[] = [
  ['export', /\b(export\w*|dump\w*|extract\w*)\b|geëxporteerd|экспорт|выгру/],
  ['download', /\bdownload\w*|gedownload|herunter|скач/],
  ['print', /\bprint\w*|geprint|afdruk|afgedrukt|gedruckt|\b(aus)?druck|печат/],
  [
    'share',
    /\b(share|shared|sharing|forward(ed|ing)?|email(ed)? (to|out))\b|\bsend\b|gedeeld|geteilt|verzonden|versendet|подели|отправ/,
  ],
  ['copy', /\b(copy|copied|copying|reveal\w*|clipboard|unmask\w*)\b|kopi[eë]|копир/],
  ['delete', /\b(delet\w*|remov\w*|destroy\w*|purg\w*|trash\w*|eras\w*)\b|verwijder|lösch|удал/],
  [
    'create',
    /\b(creat\w*|add|added|adding|insert\w*|import\w*|new|upload\w*)\b|aangemaakt|toegevoegd|erstellt|angelegt|hinzugefügt|созда|добав|импорт|загруз/,
  ],
  [
    'update',
    /\b(updat\w*|edit\w*|chang\w*|modif\w*|merg\w*|assign\w*|restor\w*|mov(e|ed|ing)|renam\w*|put|patch|save|saved|write)\b|wijzig|bijgewerkt|geändert|aktualisier|bearbeite|измен|обнов|редакт/,
  ],
  [
    'login',
    /\b(log ?in|logon|log on|logged in|sign ?in|signed in)\b|ingelogd|aangemeld|angemeldet|anmeldung|\bвход|авториз/,
  ],
  ['search', /\b(search\w*|find|lookup)\b|gezocht|zoeken|gesucht|\bsuche|поиск/],
  ['list', /\b(list|listed|listing|listview|index|browse\w*)\b|lijst|liste\b|список/],
  [
    'view',
    /\b(view\w*|detailview|read\w*|get|open\w*|show\w*|display\w*|access\w*|retriev\w*|fetch\w*|preview\w*|describe\w*|query)\b|bekeken|bekijk|geopend|gelezen|angesehen|ansehen|angezeigt|anzeige|aufgerufen|geöffnet|öffnen|gelesen|просм|откры/,
  ],
]

const OBJECTS: readonly (readonly [ObjectType, RegExp])[] = [
  ['report', /\b(report|reports|dashboard|dashboards)\b|\brapport|отч[её]т/],
  [
    'contact',
    /\b(contact|contacts|client|clients|customer|customers|person|persons|people)\b|\bklant|\bkunde|\bkontakt|контакт|клиент/,
  ],
  ['lead', /\b(lead|leads|prospect|prospects)\b|\bлид/],
  ['deal', /\b(deal|deals|opportunity|opportunities|potential|potentials|quote|quotes)\b|сделк/],
  [
    'account',
    /\b(account|accounts|company|companies|organi[sz]ation|organi[sz]ations)\b|\bbedrijf|\bbedrijven|\bfirma|компани|организац/,
  ],
  [
    'file',
    /\b(file|files|attachment|attachments|document|documents)\b|\bbestand(en)?\b|\bdatei|\bdokument|файл|документ/,
  ],
]

/** `GetContactList`, `contact_view` and `contact.viewed` as words in lower case. */
export const wordsOf = (text: string): string =>
  text
    .slice(0, 300)
    .replaceAll(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .toLowerCase()
    .trim()

/** The act that an operation's name tells of; null when none of its words is known. */
export function actOf(name: string | null): Action | null {
  if (name === null) return null
  const words = wordsOf(name)
  return ACTS.find(([, pattern]) => pattern.test(words))?.[0] ?? null
}

/** The kind of record that a name of a table, resource or module tells of. */
export function objectOf(name: string | null): ObjectType {
  if (name === null) return 'unknown'
  const words = wordsOf(name)
  return OBJECTS.find(([, pattern]) => pattern.test(words))?.[0] ?? 'unknown'
}
