import type { NativeRow } from '../adapter.ts'
import { cleanId, cleanText } from '../clean-text.ts'
import { fieldAt, firstAt } from '../field-at.ts'
import type { Class } from './activity.ts'

export interface Actor {
  readonly uid: string
  readonly name: string | null
  readonly type: 'user' | 'integration' | 'system'
}

/** Who acted; an application where no user is named; null for nobody. */
export function actorOf(row: NativeRow, kind: Class): Actor | null {
  const at = (field: string) => {
    const own = fieldAt(row, `actor.user.${field}`)
    // In Authentication the person who logs in is `user`; `actor` may be the directory.
    if (kind === 'login') return firstAt(row, `user.${field}`) ?? own
    return own ?? undefined
  }
  const name = cleanText(at('email_addr')) ?? cleanText(at('name')) ?? cleanText(at('full_name'))
  const user = cleanId(at('uid')) ?? cleanId(at('uid_alt')) ?? cleanId(name)
  const type = at('type_id')
  if (user !== null) return { uid: user, name, type: type === 3 ? 'system' : type === 4 ? 'integration' : 'user' }
  const app = cleanId(firstAt(row, 'actor.app_uid', 'actor.app_name', 'actor.application.uid', 'actor.invoked_by'))
  return app === null ? null : { uid: app, name: null, type: 'integration' }
}
