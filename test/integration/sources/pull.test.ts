import { expect, test } from 'vitest'
import { startCrmApi, type Trouble } from '../../support/crm-api.ts'
import { startService } from '../../support/service-process.ts'
import { until, withStore } from '../service/harness.ts'
import { detailsOf, withSources } from './harness.ts'

const ROWS = 2_000
const HOUR_MS = 3_600_000

/** Lets an answer pass, but late, so that there is time to be killed in between. */
const slow: Trouble = (response, _request, body) => {
  setTimeout(() => response.end(body), 100)
}

test('killed between two pages, a source is pulled on from where the store says, without loss or doubles', async () => {
  await using api = await startCrmApi('espocrm')
  const { adapter, ...given } = api.setting
  const pull = { ...given, api_key: `\${API_KEY}` }
  await withSources({ crm: { adapter, org: 'acme', pull } }, async (_dir, folders, config) => {
    // Only the newest rows are of the last day, wherever the clock stands.
    api.add(ROWS, Date.now() - 3 * HOUR_MS)
    api.meet(...Array.from({ length: ROWS / 200 + 1 }, () => slow))
    const settings = { ...folders, API_KEY: 'the-secret-that-nobody-may-see' }
    {
      await using service = await startService(settings, ['--config', config])
      await until('some of it is stored', async () => (await detailsOf(service, 'crm')).accepted >= 400)
      await service.kill()
    }
    api.meet()
    await using service = await startService(settings, ['--config', config])
    await until('all of it is stored', async () => (await detailsOf(service, 'crm')).accepted >= ROWS)
    await until('the pull has ended', async () => (await detailsOf(service, 'crm')).pull?.next_pull != null)
    const { pull: health, accepted, rejected, ignored, way_in } = await detailsOf(service, 'crm')
    expect({ accepted, rejected, ignored, way_in }).toEqual({
      accepted: ROWS,
      rejected: {},
      ignored: {},
      way_in: 'pull',
    })
    expect(health).toMatchObject({ pulling: false, last_failure: null, failures: 0 })
    const metrics = await (await service.request('/metrics')).text()
    expect(metrics).toMatch(/crmwatch_source_pulls_total\{source="crm",outcome="ok"\} [1-9]/)
    expect(metrics).toMatch(/crmwatch_source_pull_age_seconds\{source="crm"\} \d/)
    expect(service.log.join('\n')).not.toContain('the-secret-that-nobody-may-see')
    await service.stop()
    await withStore(folders.CRMWATCH_DATA_DIR, async (db) => {
      const [row] = await db.query('SELECT count(*) AS n, count(DISTINCT object_uids[1]) AS contacts FROM events')
      expect(row).toEqual({ n: ROWS, contacts: ROWS })
    })
  })
})
