import type { Core } from '../ingest/core.ts'

const TOPIC = 'history'
const AT_ONCE = 2_000

/** Has `count` events of `next` taken as those of one partition are, as fast as they are; resolves when all are stored. */
export async function pushEvents(
  { pipeline }: Pick<Core, 'pipeline'>,
  count: number,
  next: () => string,
): Promise<void> {
  for (let made = 0; made < count; ) {
    const messages = Array.from({ length: Math.min(AT_ONCE, count - made) }, () => ({
      offset: String(made++),
      value: Buffer.from(next(), 'latin1'),
      timestamp: '0',
    }))
    await pipeline.push(TOPIC, 0, messages)
    // Nothing else hands control back to the loop while there is room, and the writer needs it.
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
  await pipeline.drain()
}
