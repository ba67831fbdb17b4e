import { EVENT_LIMITS } from '../../model/event.ts'
import { readDocument } from '../adapters/files/read-document.ts'
import type { StreamMessage } from '../stream-sink.ts'
import { createRowCollector, type NativeRows, type NativeRowsOptions } from './native-rows.ts'
import type { Source } from './source.ts'

/** Reads messages of a stream, each of which is a document of its own with one record or several. */
export function readMessages(
  source: Source,
  messages: readonly StreamMessage[],
  options: NativeRowsOptions,
): NativeRows {
  const rows = createRowCollector(source, options)
  const { adapter, source: layout } = source.bound
  for (const { offset, value } of messages) {
    const bytes = value?.length ?? 0
    if (value === null || bytes === 0) {
      rows.refuse({ line: 0, offset, reason: 'empty', detail: 'the message is empty', bytes })
    } else if (bytes > EVENT_LIMITS.bytes) {
      const detail = `the message has ${bytes} bytes; at most ${EVENT_LIMITS.bytes} are allowed`
      rows.refuse({ line: 0, offset, reason: 'too_large', detail, bytes })
    } else {
      const { cutting, records } = readDocument(value, adapter, layout)
      if (records.length === 0) {
        rows.refuse({ line: 0, offset, reason: 'empty', detail: 'the message holds no record', bytes })
      }
      rows.add(records, { cutting, offset })
    }
  }
  return rows.take()
}
