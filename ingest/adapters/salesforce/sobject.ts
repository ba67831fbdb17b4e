import { type Static, Type } from 'typebox'
import type { ObjectType } from '../../../model/event.ts'
import { cleanText } from '../clean-text.ts'

const list = (what: string) =>
  Type.String({ default: '', description: `API names of custom objects that hold ${what}, separated by commas.` })

/** Which custom objects are customer records. */
export const ObjectOptions = Type.Object({
  contact_objects: list('contacts'),
  lead_objects: list('leads'),
  account_objects: list('accounts'),
  deal_objects: list('deals'),
})

const STANDARD: Readonly<Record<string, ObjectType>> = {
  contact: 'contact',
  contactpointphone: 'contact',
  contactpointemail: 'contact',
  contactpointaddress: 'contact',
  individual: 'contact',
  lead: 'lead',
  account: 'account',
  personaccount: 'account',
  accountcontactrelation: 'account',
  opportunity: 'deal',
  opportunitylineitem: 'deal',
  opportunitycontactrole: 'deal',
  quote: 'deal',
  order: 'deal',
  contract: 'deal',
  report: 'report',
  dashboard: 'report',
  contentdocument: 'file',
  contentversion: 'file',
  attachment: 'file',
  document: 'file',
}

const BY_PREFIX: Readonly<Record<string, ObjectType>> = {
  '003': 'contact',
  '00Q': 'lead',
  '001': 'account',
  '006': 'deal',
  '00k': 'deal',
  '0Q0': 'deal',
  '801': 'deal',
  '800': 'deal',
  '00O': 'report',
  '01Z': 'report',
  '069': 'file',
  '068': 'file',
  '00P': 'file',
  '015': 'file',
}

/** Key prefixes of set-up and metadata: looking at these is no access to customers' data. */
const SETUP_PREFIXES = new Set(
  '005 00D 00E 00G 00I 00N 00X 00e 00h 00l 012 01I 01N 01Q 01p 01q 01r 01t 02u 035 03d 04m 066 07L 07M 081 0A2 0AT 0DM 0H4 0PA 0PG 0PS 0XB 0XC 300 301 308 710 888 m00'.split(
    ' ',
  ),
)

/** Names of set-up and metadata objects, in lower case; more are told by their endings. */
const SETUP_NAMES = new Set(
  'user organization profile userrole group groupmember queuesobject recordtype apexclass apextrigger apexpage apexcomponent apexlog asyncapexjob crontrigger cronjobdetail entitydefinition fielddefinition customfield customobject layout promptversion promptaction setupnode setupentityaccess staticresource emailtemplate weblink flow flowdefinition traceflag debuglevel eventlogfile loginhistory setupaudittrail authsession userlogin oauthtoken connectedapplication installedsubscriberpackage tabdefinition appdefinition appmenuitem userappmenuitem flexipage businessprocess customtab folder namedcredential datatype picklistvalueinfo currencytype holiday businesshours userpreference userlicense userpackagelicense lightningusagebyapptypemetrics auradefinition auradefinitionbundle lightningcomponentbundle lightningcomponentresource apiusage idpeventlog listview'.split(
    ' ',
  ),
)
const SETUP_NAME_ENDINGS =
  /(__mdt|__e|definition|definitionbundle|permission|permissions|permissionset|permissionsetassignment|permissionsetlicense|permissionsetlicenseassign|permissionsetgroup|metadata|preference|metrics|eventlog|eventstore|setting|settings)$/

export interface Sobject {
  /** The kind of an object by its API name. */
  typeOf(name: unknown): ObjectType
  /** The kind of the most sensitive of the objects named in a list such as `Account, Contact`. */
  typeOfAny(names: unknown): ObjectType
}

const SENSITIVE_FIRST: readonly ObjectType[] = ['contact', 'lead', 'account', 'deal', 'file', 'report']

export function createSobject(options: Static<typeof ObjectOptions>): Sobject {
  const named = new Map<string, ObjectType>(Object.entries(STANDARD))
  const custom: readonly (readonly [ObjectType, string])[] = [
    ['contact', options.contact_objects],
    ['lead', options.lead_objects],
    ['account', options.account_objects],
    ['deal', options.deal_objects],
  ]
  for (const [type, names] of custom)
    for (const name of names.split(',')) if (name.trim() !== '') named.set(name.trim().toLowerCase(), type)

  const typeOf = (name: unknown): ObjectType => {
    const text = cleanText(name)
    return text === null ? 'unknown' : (named.get(text.toLowerCase()) ?? byPrefix(text))
  }
  return {
    typeOf,
    typeOfAny(names) {
      const types = new Set(splitNames(names).map(typeOf))
      return SENSITIVE_FIRST.find((type) => types.has(type)) ?? 'unknown'
    },
  }
}

export const splitNames = (names: unknown): string[] =>
  (cleanText(names) ?? '')
    .replaceAll(/[[\]"']/g, '')
    .split(/[,;\s]+/)
    .filter((name) => name !== '')

/** The kind of a record by the first three characters of its id. */
export const byPrefix = (id: string | null): ObjectType =>
  id === null ? 'unknown' : (BY_PREFIX[id.slice(0, 3)] ?? 'unknown')

/** Whether the record is a part of the CRM's set-up. */
export const isSetupId = (id: string): boolean => SETUP_PREFIXES.has(id.slice(0, 3))

/** Whether the object's name is one of the CRM's set-up. */
export function isSetupName(name: unknown): boolean {
  const text = cleanText(name)?.toLowerCase()
  return text !== undefined && (SETUP_NAMES.has(text) || SETUP_NAME_ENDINGS.test(text))
}
