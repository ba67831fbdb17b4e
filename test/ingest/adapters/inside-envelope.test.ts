import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Adapter, NativeRow } from '../../../ingest/adapters/adapter.ts'
import { readRecords } from '../../../ingest/adapters/files/read-records.ts'
import { hubspot } from '../../../ingest/adapters/hubspot.ts'
import type { SourceOutcome } from '../../../ingest/adapters/read-source-row.ts'
import { ADAPTERS } from '../../../ingest/adapters/registry.ts'
import { salesforceEventLogFile } from '../../../ingest/adapters/salesforce-event-log-file.ts'
import { salesforceRealTimeEvents } from '../../../ingest/adapters/salesforce-real-time-events.ts'
import { ROOT } from '../../architecture/source-files.ts'
import { bound, outcomeOf, readText } from './read-rows.ts'

const LOGS = join(ROOT, 'fixtures', 'logs')
const text = (row: NativeRow): string => JSON.stringify(row)

/** How collectors hand a row on. */
const ENVELOPES: Readonly<Record<string, (row: NativeRow) => NativeRow>> = {
  'Splunk, found by a search': (row) => ({
    preview: false,
    offset: 3,
    result: { _time: '2026-03-12T10:00:00.000+00:00', _raw: text(row), host: 'h', source: 's', sourcetype: 'crm' },
  }),
  'Splunk, HTTP event': (row) => ({ time: 1773309600.123, host: 'h', source: 's', sourcetype: 'crm', event: row }),
  Filebeat: (row) => ({
    '@timestamp': '2026-03-12T10:00:00.000Z',
    '@metadata': { beat: 'filebeat', type: '_doc' },
    host: { name: 'h' },
    agent: { type: 'filebeat', id: 'f' },
    log: { offset: 1, file: { path: '/l' } },
    input: { type: 'log' },
    tags: ['forwarded'],
    message: text(row),
  }),
  'Elastic, with the original': (row) => ({
    _index: 'logs',
    _id: 'x',
    _source: {
      '@timestamp': '2026-03-12T10:00:00.000Z',
      ecs: { version: '8.11.0' },
      data_stream: { type: 'logs' },
      event: { original: text(row), dataset: 'crm' },
    },
  }),
  'Fluent Bit': (row) => ({
    date: 1773309600.5,
    log: `${text(row)}\n`,
    stream: 'stdout',
    kubernetes: { pod_name: 'p' },
  }),
  'Kafka Connect': (row) => ({ schema: { type: 'struct', name: 'row', fields: [{ type: 'string' }] }, payload: row }),
  Debezium: (row) => ({
    schema: { type: 'struct' },
    payload: { before: null, after: row, source: { db: 'crm', table: 't', ts_ms: 1 }, op: 'c', ts_ms: 1 },
  }),
  EventBridge: (row) => ({
    version: '0',
    id: 'i',
    'detail-type': 'row',
    source: 'aws.partner/crm',
    time: '2026-03-12T10:00:00Z',
    region: 'eu-central-1',
    resources: [],
    detail: row,
  }),
  'Log Analytics, raw': (row) => ({
    TenantId: 't',
    TimeGenerated: '2026-03-12T10:00:00Z',
    Type: 'Crm_CL',
    RawData: text(row),
  }),
  Firehose: (row) => ({ recordId: '1', data: Buffer.from(text(row)).toString('base64') }),
  'Google Cloud': (row) => ({ insertId: 'x', textPayload: text(row), resource: { type: 'generic_node', labels: {} } }),
  kcat: (row) => ({ topic: 'crm', partition: 0, offset: 1, key: null, payload: text(row) }),
  'CloudWatch subscription': (row) => ({
    messageType: 'DATA_MESSAGE',
    logGroup: 'g',
    logEvents: [{ id: '1', timestamp: 1773309600000, message: text(row) }],
  }),
}

/** Other spellings of the same row. */
const SPELLINGS: Readonly<Record<string, (row: NativeRow) => NativeRow>> = {
  'numbers as texts': (row) => mapped(row, (value) => (typeof value === 'number' ? String(value) : value)),
  'texts in lists': (row) =>
    mapped(row, (value) => (typeof value === 'string' && value !== '' ? [value, value] : value)),
  'nothing as a word': (row) => mapped(row, (value) => (value === null || value === '' ? 'null' : value)),
  'nothing as a dash': (row) => mapped(row, (value) => (value === null || value === '' ? '-' : value)),
  'keys in lower case': (row) =>
    Object.fromEntries(Object.entries(row).map(([key, value]) => [key.toLowerCase(), value])),
  'keys in upper case': (row) =>
    Object.fromEntries(Object.entries(row).map(([key, value]) => [key.toUpperCase(), value])),
  'further keys': (row) => ({
    ...{
      '@timestamp': '2026-03-12T10:00:00.000Z',
      _raw: '-',
      tags: ['a'],
      index: 'crm',
      host: 'h',
      'event.type': 'info',
    },
    ...row,
    ...{ _time: '1', sourcetype: 'crm', _indextime: '1773309600', linecount: '1', splunk_server: 'i' },
    // Where a collector puts its own in the place of a CloudEvent's, nothing tells which producer it came from.
    source: row.specversion === undefined ? 's' : row.source,
  }),
  'columns of Log Analytics': (row) => ({
    TenantId: 't',
    TimeGenerated: '2026-03-12T11:00:00Z',
    Type: 'Crm_CL',
    ...row,
    SourceSystem: 'RestAPI',
  }),
}

const mapped = (row: NativeRow, to: (value: unknown) => unknown): NativeRow =>
  Object.fromEntries(Object.entries(row).map(([key, value]) => [key, to(value)]))

/** Rows of the adapter's sample files under their native names. */
async function sampleRows(adapter: Adapter): Promise<{ rows: NativeRow[]; options: Record<string, unknown> }> {
  const folder = join(LOGS, adapter.name)
  const given = join(folder, 'options.json')
  const options: Record<string, unknown> = existsSync(given) ? JSON.parse(readFileSync(given, 'utf8')) : {}
  const rows: NativeRow[] = []
  for (const file of readdirSync(folder)) {
    if (file === 'options.json' || file.endsWith('.md')) continue
    const layout = { lists: adapter.lists }
    for await (const records of readRecords(
      createReadStream(join(folder, file)),
      layout,
      bound(adapter, options).source,
    ))
      for (const { row } of records) if (row !== null) rows.push(row)
  }
  return { rows, options }
}

it('reads rows of pairs, as add-ons of Splunk write them', () => {
  const _raw =
    'EVENT_TYPE="Report", TIMESTAMP="20260312100000.049", USER_ID="005000000000001", ROW_COUNT="1204", ORIGIN="ReportExported"'
  expect(outcomeOf(salesforceEventLogFile, { preview: false, result: { _raw, _time: '1773309600' } })).toMatchObject({
    events: [{ actor_uid: '005000000000001AAA', action: 'export', record_count: 1204 }],
  })
})

it('names the type of an event by the connector that wrote it', () => {
  const row = { EventDate: '2026-03-12T10:00:00Z', UserId: '005000000000001', RowsProcessed: '7' }
  const event = { events: [{ source_event_type: 'BulkApiResultEvent', action: 'bulk_read', record_count: 7 }] }
  for (const wrapped of [
    { ...row, _ObjectType: 'BulkApiResultEvent' },
    {
      'detail-type': 'BulkApiResultEvent',
      source: 'aws.partner/salesforce.com',
      detail: { payload: row, schemaId: 's' },
    },
    { channel: '/event/BulkApiResultEvent', data: JSON.stringify({ payload: JSON.stringify(row) }) },
  ])
    expect(outcomeOf(salesforceRealTimeEvents, wrapped)).toMatchObject(event)
})

it('keeps a faulty row refused, whatever stands inside it', () => {
  const row = {
    category: 'CRM_OBJECT',
    subCategory: 'CONTACT',
    action: 'CREATE',
    actingUser: { type: 'USER', userId: '' },
  }
  expect(outcomeOf(hubspot, row)).toMatchObject({ kind: 'rejected', reason: 'missing_time' })
})

it('gives up on what holds too much', () => {
  const deep = (levels: number): object =>
    levels === 0 ? { action: 'read' } : { a: deep(levels - 1), b: deep(levels - 1) }
  expect(outcomeOf(hubspot, { message: JSON.stringify(deep(12)) })).toMatchObject({ reason: 'unknown_layout' })
})

/** How a file of rows can be written. */
const FILES: Readonly<Record<string, (rows: readonly NativeRow[]) => string>> = {
  'one after the other': (rows) => rows.map(text).join(''),
  'each over several lines': (rows) => rows.map((row) => JSON.stringify(row, null, 2)).join('\n'),
  'a last comma': (rows) => `[\n${rows.map((row) => `${text(row)},\n`).join('')}]`,
  'encoded twice': (rows) => rows.map((row) => JSON.stringify(text(row))).join('\n'),
  syslog: (rows) => rows.map((row) => `<134>Mar 12 10:00:00 host crm[12]: ${text(row)}\n`).join(''),
  Fluentd: (rows) => rows.map((row) => `2026-03-12T10:00:00+00:00\tcrm.log\t${text(row)}\n`).join(''),
  'Fluentd, forwarded': (rows) => rows.map((row) => `["crm.log",1773309600,${text(row)}]\n`).join(''),
  'a list in an object': (rows) => JSON.stringify({ records: rows }),
  'Log Analytics, queried': (rows) => {
    const names = [...new Set(rows.flatMap(Object.keys))]
    const columns = names.map((name) => ({ name, type: 'dynamic' }))
    return JSON.stringify({ tables: [{ columns, rows: rows.map((row) => names.map((name) => row[name])) }] })
  },
}

/** Without what is made of the bytes. */
const seen = (outcome: SourceOutcome) =>
  outcome.kind === 'events'
    ? { ...outcome, events: outcome.events.map((event) => ({ ...event, event_uid: '', raw_ref: '' })) }
    : outcome

describe.each(ADAPTERS.map((adapter) => [adapter.name, adapter] as const))('%s', (_name, adapter) => {
  // Access events in their canonical form are held to it.
  const spellings = Object.entries(SPELLINGS).filter(
    ([form]) => adapter.name !== 'cloud-events' || form !== 'texts in lists',
  )
  it.each([...Object.entries(ENVELOPES), ...spellings])('reads rows of collectors: %s', async (_form, wrap) => {
    const { rows, options } = await sampleRows(adapter)
    expect(rows.length).toBeGreaterThan(2)
    for (const row of rows)
      expect({ row, ...outcomeOf(adapter, wrap(row), options) }).toEqual({ row, ...outcomeOf(adapter, row, options) })
  })

  it.each(Object.entries(FILES))('reads files of rows: %s', async (_form, written) => {
    const { rows, options } = await sampleRows(adapter)
    const expected = (await readText(adapter, rows.map(text).join('\n'), options)).map(seen)
    expect((await readText(adapter, written(rows), options)).map(seen)).toEqual(expected)
  })

  // Data of a CloudEvent may be a list itself.
  const lists = adapter.name === 'cloud-events' ? ['Records'] : ['Records', 'data', 'logs', 'rows', 'entries', 'hits']
  // Events of Salesforce have a field of that name.
  it.each(lists.filter((name) => adapter.name !== 'salesforce-real-time-events' || name !== 'Records'))(
    'counts off the rows of a list called %s, and refuses no good ones for a bad one',
    async (name) => {
      const { rows, options } = await sampleRows(adapter)
      const broken = { no: 'row' }
      const lines = [rows[0], broken, rows[1]].map(text).join('\n')
      const expected = (await readText(adapter, lines, options)).map(seen)
      const list = JSON.stringify({ [name]: [rows[0], broken, rows[1]] })
      expect((await readText(adapter, list, options)).map(seen)).toEqual(expected)
    },
  )

  it('tells no access by a row that was removed from a table', async () => {
    const { options } = await sampleRows(adapter)
    const payload = { before: { a: 1 }, after: null, op: 'd', source: { table: 't' } }
    expect(outcomeOf(adapter, payload, options)).toMatchObject({ kind: 'ignored' })
  })
})
