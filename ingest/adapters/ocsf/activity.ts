import { ACTIONS, type Action } from '../../../model/event.ts'
import { actOf, wordsOf } from '../act-words.ts'

/** The classes that tell of access to records; all others are no access. */
export type Class = 'web' | 'api' | 'datastore' | 'file' | 'login'

const CLASSES: Readonly<Record<string, Class>> = {
  6001: 'web',
  6003: 'api',
  6005: 'datastore',
  6006: 'file',
  3002: 'login',
}
const CLASS_NAMES: Readonly<Record<string, Class>> = {
  'web resources activity': 'web',
  'api activity': 'api',
  'datastore activity': 'datastore',
  'file hosting activity': 'file',
  authentication: 'login',
}

/** What each activity of a class is; the ones that are not here are no access. */
const ACTIVITIES: Readonly<Record<Class, Readonly<Record<number, Action>>>> = {
  web: { 1: 'create', 2: 'view', 3: 'update', 4: 'delete', 5: 'search', 6: 'create', 7: 'export', 8: 'share' },
  api: { 1: 'create', 2: 'api_read', 3: 'update', 4: 'delete' },
  datastore: { 1: 'api_read', 2: 'update', 4: 'api_read', 5: 'update', 6: 'create', 7: 'delete', 8: 'list' },
  file: {
    1: 'create',
    2: 'download',
    3: 'update',
    4: 'delete',
    5: 'update',
    6: 'copy',
    7: 'update',
    8: 'update',
    9: 'view',
    12: 'share',
    14: 'view',
    15: 'download',
  },
  login: { 1: 'login' },
}

/** What an API's operation tells better than its activity, which knows four only. */
const TELLING: readonly Action[] = ['export', 'download', 'print', 'share', 'copy', 'bulk_read']

/** The class by its number, or by its name where there is none. */
export function classOf(uid: number | null, name: string | null): Class | null {
  const byName = name === null ? undefined : CLASS_NAMES[wordsOf(name)]
  // In 1.0.0-rc.2 API Activity was class 3005, which is User Access Management today.
  if (uid === 3005) return byName === 'api' ? 'api' : null
  if (uid !== null && Object.hasOwn(CLASSES, String(uid))) return CLASSES[String(uid)]
  return uid === null ? (byName ?? null) : null
}

/** `API Activity: Read` without the class. */
export const namedAfter = (typeName: string | null): string | null => {
  const name = typeName?.split(':').slice(1).join(':').trim()
  return name === undefined || name === '' ? null : name
}

/**
 * The act; null for one that is no access. `untold` when the event leaves it to a name, and the name is missing.
 */
export function actionOf(
  kind: Class,
  id: number | null,
  activity: string | null,
  operation: string | null,
): Action | 'untold' | null {
  const known = id === null ? undefined : ACTIVITIES[kind][id]
  const byOperation = actOf(operation)
  if (known !== undefined) {
    // An activity of reading says little of an operation such as ExportContacts.
    const reads = kind === 'api' && known === 'api_read'
    return reads && byOperation !== null && TELLING.includes(byOperation) ? byOperation : known
  }
  if (kind === 'login' || (id !== null && id !== 99 && id !== 0))
    return kind === 'login' ? byLoginName(id, activity) : null
  if (id !== 0 && isEmptyName(activity) && operation === null) return 'untold'
  const action = exactly(activity) ?? (isEmptyName(activity) ? null : actOf(activity)) ?? byOperation
  if (action === null || action === 'login') return null
  const viaApi = kind === 'api' && (action === 'view' || action === 'list' || action === 'search')
  return viaApi ? 'api_read' : action
}

const byLoginName = (id: number | null, activity: string | null): Action | null =>
  (id === null || id === 99) && activity !== null && actOf(activity) === 'login' ? 'login' : null

/** `Other` and `Unknown` repeat the number. */
const isEmptyName = (activity: string | null): boolean => activity === null || /^(other|unknown)$/i.test(activity)

/** An activity named by one of our own words, such as `copy` or `bulk_read`. */
const exactly = (activity: string | null): Action | null =>
  ACTIONS.find((action) => action === activity?.toLowerCase().replaceAll(/[ -]/g, '_')) ?? null
