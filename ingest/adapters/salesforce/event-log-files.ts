import { ignored, oneEvent } from '../adapter.ts'
import { cleanCount } from '../clean-count.ts'
import { cleanText } from '../clean-text.ts'
import { type ReadEventLogRow, startOf } from './event-log-row.ts'
import { idOf } from './record-id.ts'

/** ContentTransfer: saveVersion is an upload, a rendition is a preview, the others are downloads. */
export const readContentTransfer: ReadEventLogRow = (log) => {
  const { row } = log
  const type = cleanText(row.TRANSACTION_TYPE) ?? cleanText(row.OPERATION_TYPE) ?? ''
  const start = startOf(log)
  if ('kind' in start) return start
  const isUpload = /^(save|upload|create|insert)/i.test(type)
  const isPreview = /rendition|preview/i.test(type)
  const isDownload = /download/i.test(type)
  if (!isUpload && !isPreview && !isDownload) return ignored(log.type)
  const id =
    idOf(row.DOCUMENT_ID_DERIVED) ?? idOf(row.DOCUMENT_ID) ?? idOf(row.VERSION_ID_DERIVED) ?? idOf(row.VERSION_ID)
  return oneEvent({
    ...start,
    action: isUpload ? 'create' : isPreview ? 'view' : 'download',
    channel: /api$/i.test(type) ? 'api' : 'ui',
    ...file(id),
    bytes: cleanCount(row.SIZE_BYTES),
  })
}

/** DocumentAttachmentDownloads. */
export const readAttachmentDownload: ReadEventLogRow = (log) => {
  const start = startOf(log)
  if ('kind' in start) return start
  return oneEvent({ ...start, action: 'download', ...file(idOf(log.row.ENTITY_ID)) })
}

/** ContentDocumentLink: a file shared with somebody; the link that an upload makes with its own author is none. */
export const readDocumentLink: ReadEventLogRow = (log) => {
  const { row } = log
  const start = startOf(log)
  if ('kind' in start) return start
  const recipient = idOf(row.SHARED_WITH_ENTITY_ID)
  // A row that does not name the operation is one of sharing.
  const isNew = /^(insert|create)?$/i.test(cleanText(row.SHARING_OPERATION) ?? '')
  if (!isNew || recipient === null || recipient.slice(0, 15) === start.actor_uid.slice(0, 15)) return ignored(log.type)
  return oneEvent({ ...start, action: 'share', ...file(idOf(row.DOCUMENT_ID)), recipient_uids: [recipient] })
}

/** ContentDistribution: a link to a file, made for or used by people outside. */
export const readContentDistribution: ReadEventLogRow = (log) => {
  const { row } = log
  const start = startOf(log)
  if ('kind' in start) return start
  const act = (cleanText(row.ACTION) ?? '').toUpperCase()
  const action =
    act === 'VIEW' ? 'view' : act.startsWith('DOWNLOAD') ? 'download' : /^(INSERT|CREATE)/.test(act) ? 'share' : null
  if (action === null) return ignored(log.type)
  return oneEvent({ ...start, action, ...file(idOf(row.VERSION_ID) ?? idOf(row.DELIVERY_ID)) })
}

const file = (id: string | null) => ({ object_type: 'file', object_uids: id === null ? [] : [id] }) as const
