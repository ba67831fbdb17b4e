import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Message } from '../../../alerts/delivery/notifier.ts'
import { parseTimeSpan } from '../../../model/time-span.ts'
import { upsertAlerts } from '../../../store/alerts.ts'
import { deleteDoneDeliveries, outboxCounts } from '../../../store/deliveries.ts'
import { sampleAlert } from '../../store/sample-alert.ts'
import { DOWN, HOUR_MS, NEVER, OK, openOutbox, type Sent, START, slowDown } from './outbox.ts'

const MINUTE_MS = 60_000
const severities = ['low', 'medium', 'high', 'critical'] as const

const uidsOf = (message: Message): string[] =>
  message.kind === 'alerts' ? message.items.map(({ alert }) => alert.alert_uid) : [message.kind]
const brief = (sent: readonly Sent[]) =>
  sent.map(({ at, channel, message }) => [
    (at - START) / MINUTE_MS,
    channel,
    message.kind === 'alerts' ? message.items[0].reason : message.kind,
  ])

describe('a route with times', () => {
  const day = { match: { time: [parseTimeSpan('Mon-Fri 09:00-18:00')!] } }
  const [high, critical] = [{ severity: 'high' }, { severity: 'critical' }] as const
  const channelsAt = (sent: readonly Sent[]) => brief(sent).map(([minute, ...rest]) => [Number(minute) / 60, ...rest])

  it('tells once of an alert that opened outside of them, when it first changes within them, over restarts', async () => {
    await using outbox = await openOutbox({
      routes: [{ ...day, channels: ['soc'], escalateAfterMs: HOUR_MS / 2, escalateTo: ['owner'] }],
    })
    await outbox.advance(13 * HOUR_MS)
    await outbox.open(high)
    await outbox.advance(12 * HOUR_MS)
    expect(outbox.sent).toEqual([])
    await outbox.change(high, high)
    for (const hours of [1, 12, 11]) {
      await outbox.restart()
      await outbox.advance(hours * HOUR_MS)
      await outbox.change(high, high)
    }
    await outbox.change(high, critical)
    await outbox.advance(HOUR_MS)
    expect(channelsAt(outbox.sent)).toEqual([
      [25, 'soc', 'opened'],
      [25.5, 'owner', 'escalated'],
      [49, 'soc', 'updated'],
    ])
  })

  it('tells its own channels, and calls on others, whatever another route told outside of them', async () => {
    const own = { ...day, channels: ['soc', 'desk'], escalateAfterMs: HOUR_MS / 2, escalateTo: ['owner'] }
    await using outbox = await openOutbox({ routes: [{ channels: ['soc'] }, own], channels: ['soc', 'desk', 'owner'] })
    await outbox.advance(13 * HOUR_MS)
    await outbox.open(high)
    await outbox.advance(12 * HOUR_MS)
    for (let n = 0; n < 3; n++) {
      await outbox.change(high, high)
      await outbox.advance(HOUR_MS)
    }
    expect(channelsAt(outbox.sent)).toEqual([
      [13, 'soc', 'opened'],
      [25, 'desk', 'opened'],
      [25.5, 'owner', 'escalated'],
    ])
  })
})

describe('a message', () => {
  it('that is taken is sent once, over a restart too', async () => {
    await using outbox = await openOutbox({ routes: [{ channels: ['soc', 'owner'] }] })
    await outbox.open()
    await outbox.restart()
    await outbox.advance(48 * HOUR_MS)
    // Channels do not wait for one another.
    expect(brief(outbox.sent).sort()).toEqual([
      [0, 'owner', 'opened'],
      [0, 'soc', 'opened'],
    ])
    expect(await outbox.rows()).toMatchObject([
      { status: 'sent', attempts: 1, answer_status: 200, finished_at: START },
      { status: 'sent', attempts: 1, answer_status: 200, finished_at: START },
    ])
    expect(await outbox.db.query('SELECT count(*) AS n FROM deliveries WHERE body IS NOT NULL')).toEqual([{ n: 0 }])
  })

  it('is tried with back-off under the same uid, and given up after a day', async () => {
    await using outbox = await openOutbox({ routes: [{}], channels: ['soc'] })
    outbox.answer('soc', () => DOWN)
    await outbox.open()
    await outbox.advance(23 * HOUR_MS)
    expect(await outbox.rows()).toMatchObject([{ status: 'waiting', failure: 'server_error', answer_status: 503 }])
    await outbox.advance(2 * HOUR_MS)
    expect(new Set(outbox.sent.map(({ message }) => message.uid)).size).toBe(1)
    const pauses = outbox.sent.slice(1).map(({ at }, index) => at - outbox.sent[index].at)
    expect(pauses.slice(0, 5)).toEqual([2_000, 4_000, 8_000, 16_000, 32_000])
    expect(Math.max(...pauses)).toBe(900_000)
    expect(outbox.sent.at(-1)?.at).toBe(START + 24 * HOUR_MS)
    expect(await outbox.rows()).toMatchObject([{ status: 'given_up', attempts: outbox.sent.length }])
    expect(outbox.finished).toEqual([expect.objectContaining({ status: 'given_up', deliveries: 1 })])
    expect(outbox.failures.at(-1)).toMatchObject({ givenUp: true, failure: 'server_error', status: 503 })
  })

  it('goes out when the channel comes back', async () => {
    await using outbox = await openOutbox({ routes: [{}] })
    outbox.answer('soc', (_message, soFar) => (soFar < 3 ? DOWN : OK))
    await outbox.open()
    await outbox.restart()
    await outbox.advance(HOUR_MS)
    expect(outbox.sent).toHaveLength(4)
    expect(await outbox.rows()).toMatchObject([{ status: 'sent', attempts: 4, failure: null }])
  })

  it('that cannot be mended is given up at once, and the next goes on', async () => {
    await using outbox = await openOutbox({ routes: [{}], channels: ['soc'] })
    outbox.answer('soc', (message) => (uidsOf(message)[0] === 'alert-1' ? NEVER : OK))
    await outbox.open()
    await outbox.open({ alert_uid: 'alert-2' })
    expect((await outbox.rows()).map(({ alert_uid, status }) => [alert_uid, status]).sort()).toEqual([
      ['alert-1', 'given_up'],
      ['alert-2', 'sent'],
    ])
  })

  it('that is given up is reported by another channel, once an hour at most, without a name', async () => {
    await using outbox = await openOutbox({ routes: [{}] })
    outbox.answer('soc', () => NEVER)
    await outbox.open()
    await outbox.open({ alert_uid: 'alert-2' })
    const told = outbox.sent.filter(({ channel }) => channel === 'owner').map(({ message }) => message)
    expect(told).toMatchObject([
      { kind: 'undelivered', note: { channel: 'soc', failure: 'refused', answer_status: 400, alert_uid: 'alert-1' } },
    ])
    expect(JSON.stringify(told)).not.toContain('u-17')
    await outbox.advance(2 * HOUR_MS)
    await outbox.open({ alert_uid: 'alert-3' })
    expect(outbox.sent.filter(({ channel }) => channel === 'owner')).toHaveLength(2)
  })

  it('that is given up is reported to a channel of another tenant without its alert and severity', async () => {
    const reportTo = (org: string | null) => [{ channel: 'owner', knowsTenant: org !== 'default' }]
    await using outbox = await openOutbox({ routes: [{}], reportTo })
    outbox.answer('soc', () => NEVER)
    await outbox.open()
    const [{ message }] = outbox.sent.filter(({ channel }) => channel === 'owner')
    const note = { channel: 'soc', failure: 'refused', alert_uid: null, severity: null }
    expect(message).toMatchObject({ kind: 'undelivered', note })
    expect(JSON.stringify(message)).not.toMatch(/alert-1|high/)
  })

  it('about a channel that cannot be reached makes no further ones', async () => {
    await using outbox = await openOutbox({ routes: [{ channels: ['soc', 'owner'] }] })
    outbox.answer('soc', () => NEVER)
    outbox.answer('owner', () => NEVER)
    await outbox.open()
    await outbox.advance(72 * HOUR_MS)
    expect((await outbox.rows()).map(({ reason, status }) => [reason, status])).toEqual(
      expect.arrayContaining([
        ['opened', 'given_up'],
        ['opened', 'given_up'],
        ['undelivered', 'given_up'],
        ['undelivered', 'given_up'],
      ]),
    )
    expect(await outbox.rows()).toHaveLength(4)
  })

  it('that a defect keeps from being made does not keep back the others', async () => {
    await using outbox = await openOutbox({ routes: [{}], channels: ['soc'] })
    outbox.answer('soc', (message) => {
      if (uidsOf(message)[0] === 'alert-1') throw new TypeError('a defect')
      return OK
    })
    await outbox.open()
    await outbox.open({ alert_uid: 'alert-2' })
    expect((await outbox.rows()).map(({ alert_uid, status, failure }) => [alert_uid, status, failure]).sort()).toEqual([
      ['alert-1', 'waiting', 'internal_error'],
      ['alert-2', 'sent', null],
    ])
    expect(outbox.broken).toEqual([new TypeError('a defect')])
  })

  it('for a channel that is not configured waits for it as for one that is down', async () => {
    await using outbox = await openOutbox({ routes: [{ channels: ['former'] }] })
    await outbox.open()
    expect(await outbox.rows()).toMatchObject([{ status: 'waiting', failure: 'channel_unknown', attempts: 1 }])
    await outbox.advance(25 * HOUR_MS)
    expect(await outbox.rows()).toMatchObject([{ status: 'given_up', failure: 'channel_unknown' }])
    expect(outbox.sent).toEqual([])
  })
})

describe('a channel', () => {
  it('that asks to be left alone is, with all its messages, while others go on', async () => {
    await using outbox = await openOutbox({ routes: [{ channels: ['soc', 'owner'] }] })
    outbox.answer('soc', (message, soFar) =>
      uidsOf(message)[0] === 'alert-1' && soFar === 0 ? slowDown(10 * MINUTE_MS) : OK,
    )
    await outbox.open()
    await outbox.open({ alert_uid: 'alert-2' })
    expect(outbox.sent.map(({ channel }) => channel).sort()).toEqual(['owner', 'owner', 'soc'])
    await outbox.advance(HOUR_MS)
    const soc = outbox.sent.filter(({ channel }) => channel === 'soc')
    expect(soc.slice(1).map(({ at }) => at - START)).toEqual([10 * MINUTE_MS, 10 * MINUTE_MS])
  })

  it('that asks to be left alone for longer than a message is tried gets a last try', async () => {
    await using outbox = await openOutbox({ routes: [{}], channels: ['soc'], backoffMs: () => 6 * HOUR_MS })
    outbox.answer('soc', () => slowDown(5 * HOUR_MS))
    await outbox.open()
    await outbox.advance(100 * HOUR_MS)
    expect(outbox.sent.map(({ at }) => (at - START) / HOUR_MS)).toEqual([0, 6, 12, 18, 24])
  })

  it('in its quiet hours waits, until something critical opens the way for what was told before it', async () => {
    const quietHours = [parseTimeSpan('Mon 08:00-12:00')!]
    const setup = { routes: [{}], policies: { soc: { quietHours, quietExcept: ['critical' as const] } } }
    await using outbox = await openOutbox(setup)
    await outbox.open()
    await outbox.open({ alert_uid: 'alert-2' })
    await outbox.advance(HOUR_MS)
    expect(outbox.sent).toEqual([])
    await outbox.change({}, { severity: 'critical' })
    await outbox.advance(0)
    const told = outbox.sent.map(({ message }) => (message.kind === 'alerts' ? message.items[0].alert.severity : ''))
    expect(told).toEqual(['high', 'critical'])
    await outbox.advance(3 * HOUR_MS)
    expect(uidsOf(outbox.sent[2].message)).toEqual(['alert-2'])
    expect(outbox.sent[2].at).toBe(Date.UTC(2026, 2, 2, 12))
  })

  it('that gathers gets one message for all that came, and the same one again when it has to be repeated', async () => {
    await using outbox = await openOutbox({ routes: [{}], policies: { soc: { groupWaitMs: 5 * MINUTE_MS } } })
    outbox.answer('soc', (_message, soFar) => (soFar === 0 ? DOWN : OK))
    await outbox.open()
    await outbox.advance(2 * MINUTE_MS)
    await outbox.open({ alert_uid: 'alert-2' })
    await outbox.change({ severity: 'medium' }, { severity: 'high' })
    await outbox.advance(3 * MINUTE_MS)
    expect(outbox.sent.map(({ message }) => uidsOf(message))).toEqual([['alert-1', 'alert-2']])
    // What comes while it is tried again is another message.
    await outbox.open({ alert_uid: 'alert-3' })
    await outbox.restart()
    await outbox.advance(20 * MINUTE_MS)
    const [first, again, next] = outbox.sent.map(({ message }) => message)
    expect(again).toEqual(first)
    expect(uidsOf(next)).toEqual(['alert-3'])
    expect(next.uid).not.toBe(first.uid)
    expect((await outbox.rows()).map(({ status }) => status)).toEqual(['sent', 'sent', 'sent', 'sent'])
  })

  it('that gathers many gets them twenty at a time', async () => {
    await using outbox = await openOutbox({ routes: [{}], policies: { soc: { groupWaitMs: MINUTE_MS } } })
    for (let n = 0; n < 45; n++) await outbox.open({ alert_uid: `alert-${n}` })
    await outbox.advance(2 * MINUTE_MS)
    expect(outbox.sent.map(({ message }) => uidsOf(message).length)).toEqual([20, 20, 5])
  })
})

describe('an alert that nobody looks at', () => {
  const routes = [{ repeatAfterMs: 4 * HOUR_MS, escalateAfterMs: HOUR_MS, escalateTo: ['owner'] }]

  it('is repeated and escalated', async () => {
    await using outbox = await openOutbox({ routes })
    await outbox.open()
    await outbox.advance(9 * HOUR_MS)
    expect(brief(outbox.sent)).toEqual([
      [0, 'soc', 'opened'],
      [60, 'owner', 'escalated'],
      [240, 'soc', 'repeated'],
      [480, 'soc', 'repeated'],
    ])
  })

  it('is told as it stands by then', async () => {
    await using outbox = await openOutbox({ routes })
    await outbox.open()
    await outbox.change({}, { score: 99, summary: 'grown' })
    await outbox.advance(HOUR_MS)
    expect(outbox.sent.at(-1)?.message).toMatchObject({
      items: [{ reason: 'escalated', alert: { score: 99, summary: 'grown' } }],
    })
  })

  it('is left alone once somebody has', async () => {
    await using outbox = await openOutbox({ routes })
    await outbox.open()
    await upsertAlerts(outbox.db.writer, [sampleAlert({ status: 'in_progress' })])
    await outbox.advance(24 * HOUR_MS)
    expect(outbox.sent).toHaveLength(1)
    expect((await outbox.rows()).map(({ status }) => status).sort()).toEqual(['cancelled', 'cancelled', 'sent'])
  })

  it('is repeated a hundred times at most', async () => {
    await using outbox = await openOutbox({ routes: [{ repeatAfterMs: HOUR_MS }] })
    await outbox.open()
    await outbox.advance(200 * HOUR_MS)
    expect(outbox.sent).toHaveLength(101)
  })

  it('is repeated even when one repetition could not be told', async () => {
    await using outbox = await openOutbox({ routes: [{ repeatAfterMs: HOUR_MS }], channels: ['soc'] })
    await outbox.open()
    outbox.answer('soc', () => (outbox.now() < START + 1.5 * HOUR_MS ? NEVER : OK))
    await outbox.advance(2.5 * HOUR_MS)
    expect(outbox.sent.map(({ attempt }) => attempt.outcome)).toEqual(['delivered', 'failed', 'delivered'])
  })
})

it('whatever the channels answer, each alert is told in order, each message is done, and no uid means two things', async () => {
  const answers = fc.constantFrom(OK, OK, DOWN, NEVER, slowDown(30_000))
  const steps = fc.array(
    fc.record({ alert: fc.nat(3), level: fc.nat(3), wait: fc.constantFrom(0, 0, 1_000, 60_000) }),
    {
      minLength: 1,
      maxLength: 12,
    },
  )
  await fc.assert(
    fc.asyncProperty(
      steps,
      fc.array(answers, { minLength: 1, maxLength: 20 }),
      fc.nat(11),
      async (changes, script, restartAt) => {
        await using outbox = await openOutbox({
          routes: [{ updates: 'all' }],
          channels: ['soc'],
          backoffMs: (attempt) => attempt * HOUR_MS,
        })
        let asked = 0
        outbox.answer('soc', () => script[asked++ % script.length])
        for (const [step, { alert, level, wait }] of changes.entries()) {
          const fields = { alert_uid: `alert-${alert}`, severity: severities[level], score: step }
          const known = changes.slice(0, step).some((earlier) => earlier.alert === alert)
          await (known ? outbox.change({ ...fields, score: -1 }, fields) : outbox.open(fields))
          if (step === restartAt) await outbox.restart()
          await outbox.advance(wait + 1)
        }
        await outbox.advance(50 * HOUR_MS)

        const rows = await outbox.rows()
        expect(rows).toHaveLength(changes.length)
        expect(rows.filter(({ status }) => status !== 'sent' && status !== 'given_up')).toEqual([])
        const contents = new Map<string, string>()
        const lastByAlert = new Map<string, number>()
        for (const { message } of outbox.sent) {
          const content = JSON.stringify(message)
          expect(contents.get(message.uid) ?? content).toBe(content)
          contents.set(message.uid, content)
          if (message.kind !== 'alerts') continue
          const [{ alert }] = message.items
          expect(alert.score).toBeGreaterThanOrEqual(lastByAlert.get(alert.alert_uid) ?? -1)
          lastByAlert.set(alert.alert_uid, alert.score)
        }
        expect(contents.size).toBe(changes.length)
      },
    ),
    { numRuns: 12 },
  )
}, 180_000)

it('what is done is deleted with its age, and what waits is counted and stays', async () => {
  await using outbox = await openOutbox({ routes: [{ repeatAfterMs: HOUR_MS }] })
  await outbox.open()
  expect(await outboxCounts(outbox.db, START)).toEqual([{ channel: 'soc', waiting: 1, oldest_due_at: null }])
  expect(await outboxCounts(outbox.db, START + HOUR_MS)).toMatchObject([{ oldest_due_at: START + HOUR_MS }])
  await deleteDoneDeliveries(outbox.db.writer, START + 1)
  expect((await outbox.rows()).map(({ status }) => status)).toEqual(['waiting'])
})
