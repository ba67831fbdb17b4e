import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createConnector } from '../../../../commands/sources/create-connector.ts'
import { openPuller } from '../../../../commands/sources/open-puller.ts'
import type { PullSetting } from '../../../../config.ts'
import type { Puller } from '../../../../ingest/sources/pull/puller.ts'
import { readSourceCursor } from '../../../../store/source-records.ts'
import {
  CRM_APIS,
  type CrmApi,
  type CrmApiName,
  cutOff,
  garbage,
  SECRET,
  silence,
  startCrmApi,
  status,
  tooLarge,
} from '../../../support/crm-api.ts'
import {
  HOUR_MS,
  inFolder,
  MINUTE_MS,
  NOW,
  openTestCore,
  TEST_CORE,
  type TestCore,
} from '../../../support/test-core.ts'
import { counted, rowOptions, sourceOf } from '../source-core.ts'

const NAMES = Object.keys(CRM_APIS) as readonly CrmApiName[]
/** Enough for three pages of every API. */
const MANY = 410
const RETRY_MS = 30_000

interface Pulls {
  readonly puller: Puller
  /** Waits until the pull that is due has ended; resolves with its outcome and the wait for the next one. */
  next(): Promise<{ readonly outcome: string; readonly waitMs: number }>
  readonly logged: string[]
  readonly clock: { now: number }
}

/** A puller as the service opens it, whose pulls come when they are asked for. */
async function open(core: TestCore, setting: PullSetting, timeoutMs = 5_000, random = 0.5): Promise<Pulls> {
  const due: { readonly ms: number; readonly run: () => void }[] = []
  const logged: string[] = []
  const clock = { now: NOW }
  let ended: (outcome: string) => void = () => undefined
  const log = (fields: object, message: string) => logged.push(JSON.stringify([fields, message]))
  const puller = await openPuller(sourceOf({ adapter: setting.adapter, org: 'acme' }), setting, {
    db: core.db,
    takeRows: core.pipeline.takeRows,
    rowOptions,
    now: () => clock.now,
    // Waits for answers are real, those for the next pull are not.
    after(ms, run) {
      if (ms === timeoutMs) return TEST_CORE.after(ms, run)
      due.push({ ms, run })
      return () => undefined
    },
    logger: { info: log, warn: log },
    random: () => random,
    lookUp: async () => [],
    version: '0.0.0',
    timeoutMs,
    firstRetryMs: RETRY_MS,
    onPull: (outcome) => ended(outcome),
  })
  puller.start()
  return {
    puller,
    logged,
    clock,
    async next() {
      const outcome = new Promise<string>((resolve) => {
        ended = resolve
      })
      due.shift()?.run()
      const how = await outcome
      await turn()
      return { outcome: how, waitMs: due[0].ms }
    },
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

const idsOf = async (core: TestCore): Promise<number> => {
  const [{ n, uids }] = await core.db.query<{ n: number; uids: number }>(
    'SELECT count(*) AS n, count(DISTINCT event_uid) AS uids FROM event_log',
  )
  expect(uids).toBe(n)
  return n
}

describe.each(NAMES)('%s', (name) => {
  let api: CrmApi
  beforeEach(async () => {
    api = await startCrmApi(name)
  })
  afterEach(() => api[Symbol.asyncDispose]())

  /** Rows in five files, which are three pages of a list; two hours to an hour ago. */
  const addMany = () => {
    for (let file = 0; file < 5; file++) api.add(MANY / 5, NOW - (110 - file * 10) * MINUTE_MS)
  }

  it('takes all that there is, page by page, and nothing twice', async () => {
    await using core = await openTestCore(':memory:')
    addMany()
    const { puller, next } = await open(core, api.setting)
    await using _ = puller
    expect(await next()).toEqual({ outcome: 'ok', waitMs: 15 * MINUTE_MS })
    expect(await idsOf(core)).toBe(MANY)
    expect(await next()).toMatchObject({ outcome: 'ok' })
    expect(await counted(core)).toEqual({ accepted: MANY })
    expect(puller.health()).toMatchObject({ pulling: false, last_success: NOW, last_failure: null, failures: 0 })
  })

  it('takes what appears late, between what was taken', async () => {
    await using core = await openTestCore(':memory:')
    api.add(3, NOW - 30 * MINUTE_MS)
    api.add(3, NOW - 10 * MINUTE_MS)
    const { puller, next } = await open(core, { ...api.setting, overlap_minutes: 60 })
    await using _ = puller
    await next()
    expect(await idsOf(core)).toBe(6)
    api.add(4, NOW - 20 * MINUTE_MS)
    await next()
    expect(await idsOf(core)).toBe(10)
    expect(await counted(core)).toEqual({ accepted: 10 })
  })

  it('leaves the API alone for as long as it asks, and then goes on', async () => {
    await using core = await openTestCore(':memory:')
    addMany()
    const { puller, next } = await open(core, api.setting)
    await using _ = puller
    api.meet(null, null, status(429, { 'retry-after': '600' }))
    const { outcome, waitMs } = await next()
    expect(outcome).toBe('rate_limited')
    expect(waitMs).toBeGreaterThanOrEqual(600_000)
    expect(waitMs).toBeLessThanOrEqual(660_000)
    expect(puller.health()).toMatchObject({ failures: 1, last_failure: { failure: 'rate_limited', at: NOW } })
    expect(await next()).toMatchObject({ outcome: 'ok' })
    expect(await counted(core)).toEqual({ accepted: MANY })
    expect(puller.health().failures).toBe(0)
  })

  it('waits longer after each failure of the server, with half of it left to chance', async () => {
    await using core = await openTestCore(':memory:')
    addMany()
    const { puller, next } = await open(core, api.setting)
    await using _ = puller
    const waits: number[] = []
    for (const code of [500, 502, 503, 504]) {
      api.meet(status(code))
      const { outcome, waitMs } = await next()
      expect(outcome).toBe('server_error')
      waits.push(waitMs)
    }
    expect(waits).toEqual([1, 2, 4, 8].map((times) => RETRY_MS * times * 0.75))
    expect(await next()).toMatchObject({ outcome: 'ok', waitMs: 15 * MINUTE_MS })
    expect(await counted(core)).toEqual({ accepted: MANY })
  })

  it.each([
    ['an answer that does not come', silence, 'timeout'],
    ['an answer that is too large', tooLarge, 'too_large'],
    ['an answer of another form', garbage, 'unexpected_answer'],
    ['an answer that breaks off', cutOff, 'unreachable'],
    ['a redirect', status(302, { location: 'http://169.254.169.254/latest/meta-data' }), 'redirected'],
    ['a refusal', status(403), 'forbidden'],
  ])('gets over %s', async (_what, trouble, failure) => {
    await using core = await openTestCore(':memory:')
    addMany()
    const { puller, next, logged } = await open(core, api.setting, 200)
    await using _ = puller
    api.meet(trouble)
    expect(await next()).toMatchObject({ outcome: failure })
    // The second request, of another kind in some APIs.
    api.meet(null, trouble)
    expect(await next()).toMatchObject({ outcome: failure })
    expect(await next()).toMatchObject({ outcome: 'ok' })
    expect(await idsOf(core)).toBe(MANY)
    expect(await counted(core)).toMatchObject({ accepted: MANY })
    expect(await counted(core)).not.toHaveProperty(['rejected unknown_layout'])
    expect(logged.join()).not.toContain(SECRET)
    expect(logged.join()).not.toContain('127.0.0.1')
  })

  it('takes a page that comes again once', async () => {
    await using core = await openTestCore(':memory:')
    addMany()
    const { puller, next } = await open(core, api.setting)
    await using _ = puller
    // The answer is lost on its way at its very end: everything was there but for the last bytes.
    api.meet(null, cutOff, null)
    await next()
    await next()
    expect(await idsOf(core)).toBe(MANY)
  })

  it('goes on after a restart where the store says, without loss or doubles', async () => {
    await inFolder(async (dir) => {
      addMany()
      {
        await using core = await openTestCore(dir)
        const { puller, next } = await open(core, api.setting)
        await using _ = puller
        api.meet(null, null, cutOff)
        await next()
        expect(await idsOf(core)).toBeLessThan(MANY)
      }
      await using core = await openTestCore(dir)
      const { puller, next } = await open(core, api.setting)
      await using _ = puller
      await next()
      await next()
      expect(await idsOf(core)).toBe(MANY)
      expect(await counted(core)).toMatchObject({ accepted: MANY })
    })
  })

  it('stores where to go on with the rows that it brought', async () => {
    await using core = await openTestCore(':memory:')
    api.add(2, NOW - HOUR_MS)
    const { puller, next } = await open(core, api.setting)
    await using _ = puller
    expect(await readSourceCursor(core.db, 'crm')).toBeNull()
    const before = core.commits.length
    await next()
    expect(core.commits.slice(before).filter(({ events }) => events > 0)).toHaveLength(1)
    expect(await readSourceCursor(core.db, 'crm')).toMatchObject({ source: 'crm', updated_at: NOW })
  })

  it('begins anew where what is stored is of another connector', async () => {
    api.add(2, NOW - HOUR_MS)
    const connector = createConnector(api.setting, {
      version: '0.0.0',
      lookUp: async () => [],
      now: () => NOW,
      after: TEST_CORE.after,
      timeoutMs: 5_000,
      ended: new AbortController().signal,
    })
    const given: boolean[] = []
    for await (const { chunks } of connector.pull({ cursor: { since: 'yesterday' }, now: NOW }))
      given.push(chunks !== null)
    expect(given).toContain(true)
  })
})

describe.each(['salesforce', 'office365'] as const)('a token of %s', (name) => {
  it('that has expired is fetched anew, once', async () => {
    await using api = await startCrmApi(name)
    await using core = await openTestCore(':memory:')
    api.add(3, NOW - HOUR_MS)
    const { puller, next } = await open(core, api.setting)
    await using _ = puller
    await next()
    expect(api.tokens()).toBe(1)
    api.expireTokens()
    expect(await next()).toMatchObject({ outcome: 'ok' })
    expect(api.tokens()).toBe(3)
    api.meet(status(401), status(401), status(401))
    const asked = api.asked.length
    expect(await next()).toMatchObject({ outcome: 'credentials_refused' })
    expect(api.asked.length - asked).toBe(2)
  })

  it('is not given for a wrong secret, which nobody is told', async () => {
    await using api = await startCrmApi(name)
    await using core = await openTestCore(':memory:')
    const wrong = { ...api.setting, client_secret: 'another-secret' }
    const { puller, next, logged } = await open(core, wrong)
    await using _ = puller
    expect(await next()).toMatchObject({ outcome: 'credentials_refused' })
    expect(logged.join()).not.toContain('another-secret')
    expect(api.asked).toEqual([])
  })
})

it('goes on after a fault of its own', async () => {
  await using api = await startCrmApi('espocrm')
  await using core = await openTestCore(':memory:')
  api.add(3, NOW - HOUR_MS)
  const broken = { ...core, pipeline: { ...core.pipeline } }
  let isBroken = true
  broken.pipeline.takeRows = async (hand) => {
    if (isBroken) throw new TypeError('secret-row')
    return core.pipeline.takeRows(hand)
  }
  const { puller, next, logged } = await open(broken, api.setting)
  await using _ = puller
  expect(await next()).toMatchObject({ outcome: 'internal_error' })
  expect(logged.join()).toContain('TypeError was thrown')
  expect(logged.join()).not.toContain('secret-row')
  isBroken = false
  expect(await next()).toMatchObject({ outcome: 'ok' })
  expect(await counted(core)).toEqual({ accepted: 3 })
})
