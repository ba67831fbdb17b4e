import { parseJsonText } from '../../../model/json-text.ts'
import { isFields } from '../native-fields.ts'

type Fields = Readonly<Record<string, unknown>>

/** Under which names collectors put a row into an envelope of theirs, as an object or as JSON text; in lower case. */
const ENVELOPES = new Set(
  '_source result json salesforce data event payload record attributes fields log message _raw content body'.split(' '),
)

/** What may be the row itself, inside an envelope that a collector has put it into. */
export function* insideEnvelope(row: Fields): Generator<Fields> {
  for (const [key, value] of Object.entries(row)) {
    if (!ENVELOPES.has(key.toLowerCase())) continue
    const inner = typeof value === 'string' ? parsed(value) : value
    if (isFields(inner)) yield inner
  }
}

function parsed(text: string): unknown {
  if (!text.startsWith('{')) return null
  try {
    return parseJsonText(text)
  } catch {
    return null
  }
}
