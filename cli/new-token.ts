import { TOKEN_ROLES, type TokenRole, whyNotBound } from '../api/services.ts'
import { ONE_LINE } from '../model/readable-text.ts'
import { type Given, UsageMistake } from './given.ts'

const isOnOneLine = new RegExp(ONE_LINE, 'u')

/** The token that `token create` asks for, held to what the API takes. */
export function newToken(given: Given): { name: string; role: TokenRole; org: string | null } {
  const name = given.required('--name NAME', given.text('name'))
  const role = given.required('--role ROLE', given.oneOf('role', TOKEN_ROLES))
  const org = given.text('org')
  if (!isOnOneLine.test(name)) throw new UsageMistake('--name takes text on one line, and not only blanks')
  const why = whyNotBound({ role, org_uid: org })
  if (why !== null) throw new UsageMistake(`--role ${role} goes without --org: ${why}`)
  return { name, role, org }
}
