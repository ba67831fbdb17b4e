import { hash } from 'node:crypto'
import { Type } from 'typebox'
import type { Action, ObjectType } from '../../model/event.ts'
import { defineAdapter, ENVELOPE_LISTS, ignored, type NativeRow, oneEvent, rejected } from './adapter.ts'
import { cleanId, cleanText } from './clean-text.ts'
import { cleanTime } from './clean-time.ts'
import { createObjectTypeOf, ObjectNameOptions } from './object-names.ts'
import { rowType } from './row-type.ts'

const MODULES: Readonly<Record<string, ObjectType>> = {
  contacts: 'contact',
  leads: 'lead',
  prospects: 'lead',
  accounts: 'account',
  opportunities: 'deal',
  quotes: 'deal',
  contracts: 'deal',
  aos_quotes: 'deal',
  aos_invoices: 'deal',
  aos_contracts: 'deal',
  reports: 'report',
  aor_reports: 'report',
  documents: 'file',
  notes: 'file',
}

/** Views and acts of the tracker; their names come in any letter case. */
const ACTS: Readonly<Record<string, Action>> = {
  detailview: 'view',
  detail: 'view',
  record: 'view',
  editview: 'view',
  edit: 'view',
  quickedit: 'view',
  wirelessdetail: 'view',
  wirelessedit: 'view',
  convertlead: 'view',
  index: 'list',
  list: 'list',
  listview: 'list',
  records: 'list',
  popup: 'list',
  wirelesslist: 'list',
  wirelessmodule: 'list',
  unifiedsearch: 'search',
  globalsearch: 'search',
  save: 'update',
  massupdate: 'update',
  create: 'create',
  delete: 'delete',
  export: 'export',
  printpdf: 'print',
  sugarpdf: 'print',
  login: 'login',
  authenticate: 'login',
}

/** Modules of the home page and of the set-up, whose lists hold no customers. */
const SETUP_MODULES = new Set(
  'home administration configurator modulebuilder studio connectors roles aclroles securitygroups schedulers schedulersjobs upgradewizard currencies releases emailman import trackers users employees help sync dashboard'.split(
    ' ',
  ),
)

export const suitecrm = defineAdapter({
  name: 'suitecrm',
  title: 'SuiteCRM and SugarCRM tracker',
  product: 'suitecrm',
  options: Type.Object({ ...ObjectNameOptions.properties }),
  lists: [...ENVELOPE_LISTS, 'Records'],
  keyOf: (native) =>
    native
      .trim()
      .replace(/^.*\.(?=\w)/, '')
      .toLowerCase(),
  create(options) {
    const typeOf = createObjectTypeOf(MODULES, options)
    return (row) => {
      if (row.action === undefined || row.user_id === undefined)
        return rejected('unknown_layout', 'the tracker columns user_id and action are missing')
      const view = rowType(row.action, '(no action)')
      const action = actOf(row)
      if (action === null) return ignored(view)
      const module = cleanText(row.module_name)
      const isMany = action === 'list' || action === 'search' || action === 'export'
      if (isMany && module !== null && SETUP_MODULES.has(module.toLowerCase())) return ignored(`${module} ${view}`)
      // date_modified is UTC.
      const time = cleanTime(row.date_modified)
      if (Number.isNaN(time)) return rejected('missing_time', 'date_modified is missing or not a time')
      const actor_uid = cleanId(row.user_id)
      if (actor_uid === null) return rejected('missing_actor', 'user_id is empty')
      const id = isMany || action === 'login' ? null : cleanId(row.item_id)
      const session = cleanText(row.session_id)
      return oneEvent({
        event_uid: uidOf(row),
        time,
        actor_uid,
        action,
        object_type: typeOf(module),
        object_uids: id === null ? [] : [id],
        session_uid: session,
        source_event_type: `${rowType(module)} ${view}`,
        channel: /^wireless/i.test(view) ? 'mobile' : 'ui',
      })
    }
  },
})

function actOf(row: NativeRow): Action | null {
  const name = (cleanText(row.action) ?? '').toLowerCase()
  return Object.hasOwn(ACTS, name) ? ACTS[name] : null
}

/** Not from the whole row: the tracker hides older rows later on (`visible`), which makes them no other access. */
function uidOf(row: NativeRow): string {
  const parts = ['id', 'monitor_id', 'user_id', 'module_name', 'item_id', 'date_modified', 'action', 'session_id']
  return `suitecrm-${hash('sha256', JSON.stringify(parts.map((name) => cleanText(row[name]))), 'hex').slice(0, 32)}`
}
