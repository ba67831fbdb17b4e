import { describe, expect, test } from 'vitest'
import { arrivedBlock, valueAt } from '../../ingest/bytes/message-block.ts'
import { createPortSink } from '../../ingest/kafka/thread/port-sink.ts'
import type { FromThread } from '../../ingest/kafka/thread/thread-messages.ts'
import type { StreamMessage, TakenOffset } from '../../ingest/stream-sink.ts'

const messages = (from: number, count: number, value = 'x'): StreamMessage[] =>
  Array.from({ length: count }, (_, i) => ({ offset: String(from + i), value: Buffer.from(value), timestamp: '0' }))

function open(offsets: readonly TakenOffset[] = []) {
  const posted: FromThread[] = []
  const sink = createPortSink({
    offsets,
    reading: { defaultOrg: 'acme', maxFutureMs: 1_000, hashKey: { lo: 1, hi: 2 } },
    now: () => 0,
    post: (message) => posted.push(message),
  })
  const pushes = () => posted.filter((message) => message.kind === 'push')
  return { sink, posted, pushes }
}

/** Whether the promise settles when all that is ready has run. */
async function settles(promise: Promise<unknown>): Promise<boolean> {
  let settled = false
  void promise.then(
    () => (settled = true),
    () => (settled = true),
  )
  for (let turn = 0; turn < 50; turn++) await Promise.resolve()
  return settled
}

describe('the sink of the reading thread', () => {
  test('hands messages over in pieces, with their bytes and offsets', async () => {
    const { sink, pushes } = open()
    await sink.push('t', 3, messages(10, 4_500, 'hello'))
    const blocks = pushes().map(({ block }) => arrivedBlock(structuredClone(block)))
    expect(blocks.map(({ length }) => length)).toEqual([2_000, 2_000, 500])
    expect(blocks.flatMap(({ offsets, length }) => [...offsets.subarray(0, length)].map(Number))).toEqual(
      Array.from({ length: 4_500 }, (_, i) => 10 + i),
    )
    expect(String(valueAt(blocks[2], 499))).toBe('hello')
    expect(sink.nextOffset('t', 3)).toBe(4_510n)
  })

  test('lets a message of unusual size travel alone', async () => {
    const { sink, pushes } = open()
    const big: StreamMessage = { offset: '1', value: Buffer.alloc(6 * 1024 * 1024), timestamp: '0' }
    await sink.push('t', 0, [...messages(0, 1), big, ...messages(2, 1)])
    expect(pushes().map(({ block }) => block.length)).toEqual([1, 1, 1])
  })

  test('waits while enough is on its way, and goes on with the arrays that come back', async () => {
    const { sink, pushes } = open()
    for (let i = 0; i < 8; i++) await sink.push('t', 0, messages(i, 1))
    const ninth = sink.push('t', 0, messages(8, 1))
    expect(await settles(ninth)).toBe(false)
    expect(pushes()).toHaveLength(8)
    const [{ push, block }] = pushes()
    sink.receive({ kind: 'pushed', push, failed: false })
    await ninth
    expect(pushes()).toHaveLength(9)
    // The memory of the one that is back, and of no other.
    expect(pushes()[8].block.bytes.buffer).toBe(block.bytes.buffer)
    expect(new Set(pushes().map(({ block }) => block.bytes.buffer)).size).toBe(8)
  })

  test('knows where each partition stands from the start on, and what is durable when it is told', () => {
    const { sink } = open([{ topic: 't', partition: 1, next: 7n, committed: null }])
    expect([sink.nextOffset('t', 1), sink.committedOffset('t', 1), sink.nextOffset('t', 2)]).toEqual([7n, null, null])
    sink.receive({ kind: 'durable', offsets: [{ topic: 't', partition: 1, next: 7n, committed: 6n }] })
    expect(sink.committedOffset('t', 1)).toBe(6n)
  })

  test('refuses everything once the real sink has refused something', async () => {
    const { sink } = open()
    await sink.push('t', 0, messages(0, 1))
    sink.receive({ kind: 'pushed', push: 0, failed: true })
    await expect(sink.push('t', 0, messages(1, 1))).rejects.toThrow('The sink has failed')
  })

  test('is drained when the other thread says so', async () => {
    const { sink, posted } = open()
    const drained = sink.drain()
    expect(posted).toEqual([{ kind: 'drain' }])
    expect(await settles(drained)).toBe(false)
    sink.receive({ kind: 'drained', failed: false })
    await drained
    expect(sink.receive({ kind: 'stop' })).toBe(false)
  })
})
