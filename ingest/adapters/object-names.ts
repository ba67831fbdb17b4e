import { type Static, Type } from 'typebox'
import type { ObjectType } from '../../model/event.ts'
import { cleanText } from './clean-text.ts'

const names = (what: string) =>
  Type.String({
    default: '',
    description: `Names of further tables or modules that hold ${what}, separated by commas.`,
  })

/** Which tables of the customer's own making are customer records; an option of every CRM that lets one add tables. */
export const ObjectNameOptions = Type.Object({
  contact_objects: names('contacts'),
  lead_objects: names('leads'),
  account_objects: names('accounts'),
  deal_objects: names('deals'),
})

/** The kind of a record by the name that the CRM gives its table, whatever the letter case; unknown for all others. */
export type ObjectTypeOf = (name: unknown) => ObjectType

/** `standard` holds the CRM's own names in lower case. */
export function createObjectTypeOf(
  standard: Readonly<Record<string, ObjectType>>,
  options: Static<typeof ObjectNameOptions>,
): ObjectTypeOf {
  const types = new Map(Object.entries(standard))
  const own: readonly (readonly [ObjectType, string])[] = [
    ['contact', options.contact_objects],
    ['lead', options.lead_objects],
    ['account', options.account_objects],
    ['deal', options.deal_objects],
  ]
  for (const [type, list] of own)
    for (const name of list.split(',')) if (name.trim() !== '') types.set(name.trim().toLowerCase(), type)
  return (name) => types.get(cleanText(name)?.toLowerCase() ?? '') ?? 'unknown'
}
