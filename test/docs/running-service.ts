import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { readProcess } from '../../cli/read-process.ts'
import { startService } from '../../commands/service.ts'
import { loadConfig } from '../../config.ts'

export const ADMIN = 'a-secret-of-the-documents-tests'
const DAY_MS = 86_400_000

export interface RunningService extends AsyncDisposable {
  readonly dir: string
  /** Ends the service; its store stays until disposal. */
  stop(): Promise<void>
  get(path: string): Promise<string>
}

/** The service as `serve` runs it, on a free port, with some of everything in its store. */
export async function startFilledService(now: number): Promise<RunningService> {
  const dir = mkdtempSync(join(tmpdir(), 'crmwatch-docs-'))
  const loaded = loadConfig({
    file: null,
    cwd: dir,
    readFile: () => {
      throw Object.assign(new Error('none'), { code: 'ENOENT' })
    },
    env: {
      CRMWATCH_DATA_DIR: dir,
      CRMWATCH_HTTP_PORT: '0',
      CRMWATCH_LOG_LEVEL: 'silent',
      CRMWATCH_ADMIN_TOKEN: ADMIN,
    },
  })
  if (!loaded.ok) throw new Error('the defaults must be valid')
  const failures: Error[] = []
  const service = await startService({
    config: loaded.config,
    logger: pino({ level: 'silent' }),
    version: '0.0.0',
    now: () => now,
    after: (ms, callback) => {
      const timer = setTimeout(callback, ms)
      return () => clearTimeout(timer)
    },
    breathe: () => Promise.resolve(),
    readProcess,
    onFatal: (error) => failures.push(error),
  })
  const send = async (path: string, contentType: string, body: string) => {
    const response = await fetch(new URL(path, service.address), {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN}`, 'content-type': contentType },
      body,
    })
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
  }
  const staff = { actor_uid: 'u-17', status: 'active', role: 'reception', recorded_at: now - 30 * DAY_MS }
  await send('/v1/staff', 'application/json', JSON.stringify(staff))
  await send('/v1/events', 'application/x-ndjson', eventLines(now).join('\n'))
  const notice = { ...staff, status: 'notice', notice_on: new Date(now).toISOString().slice(0, 10), recorded_at: now }
  await send('/v1/staff', 'application/json', JSON.stringify(notice))
  // What an analyst does stands in the record.
  const response = await fetch(new URL('/v1/alerts?limit=1', service.address), {
    headers: { authorization: `Bearer ${ADMIN}` },
  })
  const [{ alert_uid }] = ((await response.json()) as { items: { alert_uid: string }[] }).items
  await send(`/v1/alerts/${alert_uid}/notes`, 'application/json', JSON.stringify({ text: 'asked' }))
  let running = true
  const stop = async () => {
    if (running) await service[Symbol.asyncDispose]()
    running = false
  }
  return {
    dir,
    stop,
    async get(path) {
      const response = await fetch(new URL(path, service.address), { headers: { authorization: `Bearer ${ADMIN}` } })
      return await response.text()
    },
    async [Symbol.asyncDispose]() {
      await stop()
      rmSync(dir, { recursive: true, force: true })
      if (failures.length > 0) throw failures[0]
    },
  }
}

/** Five quiet days of one person, then 200 contacts copied at once, an export in two chunks, and a line that is broken. */
function eventLines(now: number): string[] {
  const event = (time: number, action: string, object_uids: string[], more: object = {}) =>
    JSON.stringify({ time, actor_uid: 'u-17', action, object_type: 'contact', object_uids, ...more })
  const quiet = [5, 4, 3, 2, 1].flatMap((days) =>
    [0, 1, 2].map((i) => event(now - days * DAY_MS + i * 60_000, 'view', [`c-${i}`], { owner_uids: ['u-3'] })),
  )
  const burst = Array.from({ length: 200 }, (_, i) => event(now - 3_600_000 + i * 1_000, 'copy', [`c-${i}`]))
  const chunks = [1, 2].map((chunk_seq) =>
    event(now - 60_000, 'export', [], { logical_op_uid: 'op-1', chunk_seq, record_count: 500, export_format: 'csv' }),
  )
  return [...quiet, ...burst, ...chunks, '{"time":"yesterday","actor_uid":"u-17","action":"view"}']
}
