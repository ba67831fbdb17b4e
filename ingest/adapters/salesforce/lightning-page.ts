import { cleanText } from '../clean-text.ts'
import { recordId } from './record-id.ts'

/** What a Lightning page shows, by its address. */
export interface LightningPage {
  readonly kind: 'record' | 'list' | 'other'
  /** API name of the object, null when the address names none. */
  readonly object: string | null
  readonly id: string | null
}

const OTHER: LightningPage = { kind: 'other', object: null, id: null }

/** Reads `/lightning/r/Contact/003.../view`, `/lightning/r/003.../view` and `/lightning/o/Contact/list`. */
export function readLightningPage(url: unknown): LightningPage {
  const text = cleanText(url)
  if (text === null) return OTHER
  const path = text.split(/[?#]/, 1)[0]
  const record = /\/lightning\/r\/(?:([A-Za-z]\w*)\/)?([A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?)(?:\/|$)/.exec(path)
  if (record !== null) return { kind: 'record', object: record[1] ?? null, id: recordId(record[2]) }
  const list = /\/lightning\/o\/([A-Za-z]\w*)\/(list|home|recent|pipelineInspection)(?:\/|$)/.exec(path)
  if (list !== null) return { kind: 'list', object: list[1], id: null }
  const other = /\/lightning\/o\/([A-Za-z]\w*)(?:\/|$)/.exec(path)
  return other === null ? OTHER : { kind: 'other', object: other[1], id: null }
}
