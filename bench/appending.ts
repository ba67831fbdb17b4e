import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { createEventBatch, type EventBatch } from '../model/event-batch.ts'
import { openDatabase } from '../store/database.ts'
import { appendEvents } from '../store/event-log.ts'

export interface AppendFigures {
  readonly batchRows: number
  /** Rows a second. */
  readonly columns: number
  /** The batch written as JSON lines first. */
  readonly jsonLines: number
  /** The JSON lines at hand already. */
  readonly jsonLinesGiven: number
}

const BATCH_ROWS = [500, 5_000, 20_000, 50_000]

/** Row (f): the twelve columns of the event log by typed arrays, and by JSON lines through `read_json`. */
export async function measureAppending(workDir: string, rows: number, signal: AbortSignal): Promise<AppendFigures[]> {
  const figures: AppendFigures[] = []
  for (const batchRows of BATCH_ROWS) {
    const dir = join(workDir, 'appending')
    await rm(dir, { recursive: true, force: true })
    await mkdir(dir, { recursive: true })
    await using db = await openDatabase({ dir })
    const { writer } = db
    const batch = sampleBatch(batchRows)
    const file = join(dir, 'batch.ndjson')
    const text = linesOf(batch)
    const rate = async (append: () => Promise<void>) => {
      signal.throwIfAborted()
      await append()
      const started = performance.now()
      let appended = 0
      for (; appended < rows; appended += batchRows) {
        await writer.run('BEGIN')
        await append()
        await writer.run('COMMIT')
      }
      return appended / ((performance.now() - started) / 1000)
    }
    figures.push({
      batchRows,
      columns: await rate(() => appendEvents(writer, batch, 0)),
      jsonLines: await rate(async () => insertLines(writer, file, linesOf(batch))),
      jsonLinesGiven: await rate(() => insertLines(writer, file, text)),
    })
  }
  return figures
}

const COLUMNS =
  "{seq: 'BIGINT', time: 'BIGINT', ingested_time: 'BIGINT', actor: 'INTEGER', kind: 'INTEGER', origin: 'INTEGER', object: 'INTEGER', owner: 'INTEGER', record_count: 'INTEGER', event_uid: 'VARCHAR', objects: 'INTEGER[]', extra: 'VARCHAR'}"

async function insertLines(connection: DuckDBConnection, file: string, text: string): Promise<void> {
  await writeFile(file, text)
  await connection.run(
    `INSERT INTO event_log SELECT * FROM read_json('${file.replaceAll("'", "''")}', format = 'newline_delimited', columns = ${COLUMNS})`,
  )
}

function linesOf(batch: EventBatch): string {
  let text = ''
  for (let i = 0; i < batch.length; i++) {
    text += `{"seq":${batch.seqBase + i},"time":${batch.time[i]},"ingested_time":0,"actor":${batch.actor[i]},"kind":${batch.kind[i]},"origin":${batch.origin[i]},"object":${batch.object[i]},"owner":${batch.owner[i]},"record_count":${batch.recordCount[i]},"event_uid":"${batch.eventUid.get(i)}","objects":null,"extra":null}\n`
  }
  return text
}

function sampleBatch(rows: number): EventBatch {
  const batch = createEventBatch(rows)
  batch.length = rows
  for (let i = 0; i < rows; i++) {
    batch.time[i] = 1_767_600_000_000 + i * 130
    batch.actor[i] = (i * 7919) % 5_000
    batch.kind[i] = i % 6
    batch.origin[i] = (i * 7919) % 5_000
    batch.object[i] = (i * 104_729) % 1_000_000
    batch.owner[i] = batch.actor[i]
    batch.recordCount[i] = 1
    batch.eventUid.set(i, `acme-u${String(batch.actor[i]).padStart(5, '0')}-${(i + 60_466_176).toString(36)}`)
  }
  return batch
}
