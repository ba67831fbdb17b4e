import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { backoffMs } from '../../../ingest/kafka/backoff.ts'
import { CODECS } from '../../../ingest/kafka/codecs.ts'
import { describeFailure } from '../../../ingest/kafka/failure.ts'
import { type LogEnds, PartitionProgress } from '../../../ingest/kafka/partition-progress.ts'
import { chooseStart } from '../../../ingest/kafka/start-offset.ts'
import { createTopicSelector } from '../../../ingest/kafka/topics.ts'
import { createUnreadableRecords, holdsWholeRecords } from '../../../ingest/kafka/unreadable-batch.ts'
import type { StreamSink } from '../../../ingest/stream-sink.ts'

const MEBIBYTE = 1024 * 1024
const AT = { topic: 'crm.access', partition: 0 }

describe.each(Object.entries(CODECS))('%s', (_name, codec) => {
  test('gives back what it was given', async () => {
    const pieces = fc.array(fc.tuple(fc.uint8Array({ maxLength: 50 }), fc.integer({ min: 1, max: 3_000 })), {
      maxLength: 5,
    })
    await fc.assert(
      fc.asyncProperty(pieces, async (parts) => {
        const data = Buffer.concat(parts.flatMap(([bytes, times]) => new Array<Uint8Array>(times).fill(bytes)))
        expect((await codec.decompress(codec.compress(data), 16 * MEBIBYTE)).equals(data)).toBe(true)
      }),
      { numRuns: 50 },
    )
  })

  test('refuses to unpack more than the limit', async () => {
    const packed = codec.compress(Buffer.alloc(3 * MEBIBYTE))
    await expect(codec.decompress(packed, 4 * MEBIBYTE)).resolves.toHaveLength(3 * MEBIBYTE)
    await expect(codec.decompress(packed, 2 * MEBIBYTE)).rejects.toThrow(RangeError)
  })

  test('broken data ends in an error or in fewer bytes, never in a hang or a crash', async () => {
    const packed = codec.compress(Buffer.from('crm'.repeat(1_000)))
    await fc.assert(
      fc.asyncProperty(fc.nat(packed.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const broken = Buffer.from(packed)
        broken[at] ^= flip
        const outcome = await codec.decompress(broken, MEBIBYTE).catch((error: unknown) => error)
        expect(outcome instanceof Error || (Buffer.isBuffer(outcome) && outcome.length <= MEBIBYTE)).toBe(true)
      }),
      { numRuns: 200 },
    )
  })
})

test('records that stand in for an unreadable batch are whole, and anything cut off is not', () => {
  const records = createUnreadableRecords(300)
  expect(holdsWholeRecords(records)).toBe(true)
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), (cut) => {
      expect(holdsWholeRecords(records.subarray(0, records.length - cut))).toBe(false)
    }),
  )
  expect(holdsWholeRecords(Buffer.alloc(0))).toBe(false)
  expect(holdsWholeRecords(Buffer.alloc(100, 0xff))).toBe(false)
})

test.each([
  { next: null, ends: { low: 7n, high: 9n }, latest: null, start: { kind: 'first', offset: 7n } },
  { next: null, ends: null, latest: null, start: { kind: 'first', offset: 0n } },
  { next: null, ends: { low: 7n, high: 9n }, latest: 9n, start: { kind: 'latest', offset: 9n } },
  { next: null, ends: { low: 20n, high: 30n }, latest: 9n, start: { kind: 'first', offset: 20n } },
  { next: 8n, ends: { low: 7n, high: 9n }, latest: 9n, start: { kind: 'resume', offset: 8n } },
  { next: 9n, ends: { low: 7n, high: 9n }, latest: null, start: { kind: 'resume', offset: 9n } },
  { next: 4n, ends: { low: 7n, high: 9n }, latest: null, start: { kind: 'gap', offset: 7n, messages: 3 } },
  { next: 10n, ends: { low: 7n, high: 9n }, latest: null, start: { kind: 'beyond', offset: 7n } },
  { next: 10n, ends: null, latest: null, start: { kind: 'resume', offset: 10n } },
])('starts a partition at $start.kind ($start.offset)', ({ start, ...question }) => {
  expect(chooseStart(question)).toEqual(start)
})

describe('a partition', () => {
  const sink: StreamSink = {
    nextOffset: () => null,
    committedOffset: () => stored,
    push: async () => {},
    drain: async () => {},
  }
  let stored: bigint | null = null
  let now = 0
  const ends = (high: bigint, low = 0n): LogEnds[] => [{ ...AT, low, high }]
  function createProgress(start: bigint, high: bigint): PartitionProgress {
    stored = null
    now = 0
    const progress = new PartitionProgress(sink, () => now)
    progress.observe(ends(high))
    progress.assign([{ at: AT, offset: start }])
    return progress
  }

  test('is stalled when its log grew and it stood still for longer than the limit', () => {
    const progress = createProgress(0n, 10n)
    progress.handOver(AT, 10n)
    now = 100
    expect(progress.stalled(60)).toEqual([])
    progress.observe(ends(11n))
    expect(progress.stalled(60)).toMatchObject([AT])
    expect(progress.stalled(100)).toEqual([])
    progress.handOver(AT, 11n)
    now = 1_000
    expect(progress.stalled(60)).toEqual([])
  })

  test('is not stalled by records that hold no message at the end of its log', () => {
    const progress = createProgress(0n, 10n)
    progress.handOver(AT, 9n)
    now = 1_000
    expect(progress.stalled(60)).toEqual([])
  })

  test('is committed as far as it is durable, past records without messages once all before them is', () => {
    const progress = createProgress(5n, 20n)
    expect(progress.toCommit()).toEqual([])
    progress.handOver(AT, 9n)
    progress.pass(AT, 10n)
    stored = 7n
    expect(progress.toCommit()).toEqual([{ ...AT, offset: '7' }])
    stored = 9n
    const commits = progress.toCommit()
    expect(commits).toEqual([{ ...AT, offset: '10' }])
    progress.noteCommitted(commits)
    expect(progress.toCommit()).toEqual([])
    expect(progress.lags()).toEqual([{ ...AT, lag: 10, durableLag: 10 }])
  })

  test('tells once of messages that left its log while they waited', () => {
    const progress = createProgress(5n, 20n)
    progress.observe(ends(20n, 12n))
    expect(progress.takeGaps()).toEqual([{ at: AT, messages: 7 }])
    expect(progress.takeGaps()).toEqual([])
  })
})

test('topics are picked by name and by whole-name pattern', () => {
  const select = createTopicSelector({
    topics: ['crm.access', 'crm.gone'],
    topicPattern: 'crm\\..*|__.*',
    extraTopics: ['crm.staff', 'crm.access'],
    excludedTopics: ['crm.access.dead'],
  })
  expect(select(['crm.access', 'crm.access.dead', 'crm.other', 'xcrm.a', '__consumer_offsets', 'crm.staff'])).toEqual({
    present: ['crm.access', 'crm.other', 'crm.staff'],
    missing: ['crm.gone'],
  })
  expect(() => createTopicSelector({ topics: [], topicPattern: '(' })).toThrow(SyntaxError)
})

test('back-off doubles up to its limit, with its upper half left to chance', () => {
  const limits = { firstMs: 100, longestMs: 1_000 }
  const least = [1, 2, 3, 4, 5, 1_000].map((attempt) => backoffMs(attempt, limits, () => 0))
  const most = [1, 2, 3, 4, 5, 1_000].map((attempt) => backoffMs(attempt, limits, () => 1))
  expect(least).toEqual([50, 100, 200, 400, 500, 500])
  expect(most).toEqual([100, 200, 400, 800, 1_000, 1_000])
})

test('failures get a code from a bounded set and a bounded detail, through the wrappers they come in', () => {
  const inner = Object.assign(new Error('no'), { name: 'KafkaJSConnectionError' })
  const wrapped = new Error(`gave up\n${'x'.repeat(500)}`, { cause: inner })
  const failure = describeFailure(wrapped)
  expect(failure.code).toBe('broker_unreachable')
  expect(failure.detail.length).toBe(200)
  expect(failure.detail).not.toContain('\n')
  expect(describeFailure(Object.assign(new Error('x'), { type: 'TOPIC_AUTHORIZATION_FAILED' })).code).toBe(
    'authorization_failed',
  )
  expect(describeFailure('nonsense').code).toBe('consumer_crashed')
})
