import { salesforceSuffix } from '../model/salesforce-suffix.ts'

const GUID = /^\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?$/i
const SALESFORCE_ID = /^([A-Za-z0-9]{15})([A-Za-z0-9]{3})?$/

/**
 * The names under which contacts planted by the configuration may come in events: as written, and in the other spellings
 * of the same id, for adapters and senders have theirs. A tenant before the id stays where it is.
 */
export const plantedNames = (contacts: readonly string[]): ReadonlySet<string> =>
  new Set(
    contacts.flatMap((name) => {
      const at = name.lastIndexOf('/') + 1
      return spellingsOf(name.slice(at)).map((id) => name.slice(0, at) + id)
    }),
  )

function spellingsOf(id: string): string[] {
  const [, guid] = GUID.exec(id) ?? []
  if (guid !== undefined) return [id, guid.toLowerCase(), guid.toUpperCase()]
  const [, short, end] = SALESFORCE_ID.exec(id) ?? []
  if (short === undefined) return [id]
  const suffix = salesforceSuffix(short)
  return end === undefined || end === suffix ? [id, short, short + suffix] : [id]
}
