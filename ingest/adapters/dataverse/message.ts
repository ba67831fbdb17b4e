import type { Action } from '../../../model/event.ts'

/** What a message of the Dataverse SDK does to records. */
export interface MessageKind {
  readonly action: Action
  /** Whether it reads a set of records, whose ids are in QueryResults, rather than the one in EntityId. */
  readonly many: boolean
  readonly format: string | null
}

const kind = (action: Action, many = false, format: string | null = null): MessageKind => ({ action, many, format })

/** By prefix, the first that fits, in lower case; the reads in the order of Microsoft's own grouping. */
const KINDS: readonly (readonly [prefix: string, kind: MessageKind | null])[] = [
  ['retrievemultiple', kind('list', true)],
  ['exporttoexcel', kind('export', true, 'xlsx')],
  ['exportdynamictoexcel', kind('export', true, 'xlsx')],
  ['exporttemplatetoexcel', kind('export', true, 'xlsx')],
  ['exporttocsv', kind('export', true, 'csv')],
  ['exporttoword', kind('export', true, 'docx')],
  ['exportworddocument', kind('export', true, 'docx')],
  ['exportpdfdocument', kind('export', true, 'pdf')],
  ['exporttopdf', kind('export', true, 'pdf')],
  ['rollup', kind('list', true)],
  ['retrieveentitiesforaggregatequery', kind('list', true)],
  ['retrieverecordwall', kind('list', true)],
  ['retrievepersonalwall', kind('list', true)],
  ['executefetch', kind('list', true)],
  ['executepowerbisql', kind('api_read', true)],
  ['executequery', kind('api_read', true)],
  ['executesql', kind('api_read', true)],
  ['search', kind('search', true)],
  ['fulltextsearch', kind('search', true)],
  ['quickfind', kind('search', true)],
  // Customising, not customers.
  ['exportsolution', null],
  ['exporttranslation', null],
  ['exportfieldtranslation', null],
  ['exportmappings', null],
  ['exportcomponent', null],
  ['exporttheme', null],
  ['retrievetotalrecordcount', null],
  ['export', kind('export', true)],
  ['retrieve', kind('view')],
  ['get', kind('view')],
  ['createmultiple', kind('create', true)],
  ['upsertmultiple', kind('update', true)],
  ['updatemultiple', kind('update', true)],
  ['deletemultiple', kind('delete', true)],
  ['bulkdelete', kind('delete', true)],
  ['grantaccess', kind('share')],
  ['modifyaccess', kind('share')],
  ['initializefileblocksdownload', kind('download')],
]

/** Messages known by their whole name. */
const WHOLE: Readonly<Record<string, MessageKind>> = {
  create: kind('create'),
  upsert: kind('update'),
  compoundcreate: kind('create'),
  compoundupdate: kind('update'),
  update: kind('update'),
  assign: kind('update'),
  setstate: kind('update'),
  setstatedynamicentity: kind('update'),
  merge: kind('update'),
  associate: kind('update'),
  disassociate: kind('update'),
  revokeaccess: kind('update'),
  qualifylead: kind('update'),
  winopportunity: kind('update'),
  loseopportunity: kind('update'),
  win: kind('update'),
  lose: kind('update'),
  delete: kind('delete'),
  login: kind('login'),
  signin: kind('login'),
  userlogin: kind('login'),
  userloggedin: kind('login'),
  userauthenticated: kind('login'),
}

/** Reads of the system's own description and settings, told by what follows Retrieve or Get. */
const DESCRIPTION =
  /^(?:retrieve|get)(?:all)?(?:entity|entities|attribute|relationship|managedproperty|optionset|metadata|timestamp|version|organization|currentorganization|licens|provisioned|available|deployment|installed|dependen|missing|required|privilege|user(?:privileges?|settings|licens)|roleprivileges|principal|form|filteredforms|app(?:component|$)|solution|localized|locid|sitemap|ribbon|theme|timezone|alltimezones|setting|feature|client|model|preferred|decryption|dataencryption|environment|unpublished|currency|exchangerate|quantitydecimal|defaultpricelevel|reporthistory|trackingtoken|validstatus|nextautonumber|autonumber|tenant|businessunit|subgroups|membersbulkoperation|processinstances|steps|usage|nps|copilot|aad)/

/** Null for a message that neither reads nor changes records. */
export function messageKind(message: string): MessageKind | null {
  const name = message.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  const whole = Object.hasOwn(WHOLE, name) ? WHOLE[name] : undefined
  if (whole !== undefined) return whole
  const found = KINDS.find(([prefix]) => name.startsWith(prefix))
  if (found === undefined || found[1] === null) return null
  return found[1].action === 'view' && DESCRIPTION.test(name) ? null : found[1]
}
