import { salesforceSuffix } from '../../../model/salesforce-suffix.ts'
import { cleanText } from '../clean-text.ts'

const ID = /^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/

/**
 * A Salesforce id in its 18-character form; null for anything else. The last three characters follow from the case of
 * the first 15, so that both forms of an id come out as one.
 */
export function recordId(value: unknown): string | null {
  const text = cleanText(value)
  if (text === null || !ID.test(text) || /^0+$/.test(text)) return null
  return text.length === 18 ? text : text + salesforceSuffix(text)
}

/** As recordId, but an id of another form is kept as it is: what stands in a column for ids is one. */
export function idOf(value: unknown): string | null {
  const text = cleanText(value)
  return (
    recordId(text) ?? (text !== null && /^(?=.*\d)[A-Za-z0-9_-]{12,64}$/.test(text) && !/^0+$/.test(text) ? text : null)
  )
}
