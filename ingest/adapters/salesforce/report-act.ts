import type { AdapterEvent } from '../adapter.ts'
import { cleanText } from '../clean-text.ts'

/** What a run of a report is, by its origin (ORIGIN of a log file, Operation of an event). */
export function reportAct(origin: unknown): Pick<AdapterEvent, 'action' | 'channel'> {
  const text = cleanText(origin) ?? ''
  if (/^ReportExported/i.test(text)) return { action: 'export', channel: 'report' }
  if (/Api$/i.test(text)) return { action: 'api_read', channel: 'api' }
  if (/Mobile/i.test(text)) return { action: 'view', channel: 'mobile' }
  return { action: 'view', channel: 'report' }
}

const CONTACT_FIELD = /(phone|mobile|fax|e[_-]?mail|address|street|postal|zip|addr[123]?_)/i

/** Whether one of the columns holds a phone number or an address; null when nothing is known of the columns. */
export const hasContactFields = (columns: readonly string[]): boolean | null =>
  columns.length === 0 ? null : columns.some((column) => CONTACT_FIELD.test(column))
