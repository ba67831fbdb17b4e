import { expect, it } from 'vitest'
import { eachPast, type PastPart } from '../../../ingest/refold/refold.ts'
import { line, NOW, openTestCore, view } from '../../support/test-core.ts'

it('a past is read as it was stored up to a point, whatever is being stored meanwhile', async () => {
  await using core = await openTestCore(':memory:')
  const { pipeline, db, codes } = core
  const submit = (n: number) => pipeline.submitEvents([line(view(`v${n}`, NOW + n, `c${n}`))], 'http', null)
  await submit(0)
  const anna = codes.findActor('default', 'anna')
  for (let stored = 1; stored <= 200; stored++) {
    let rows = 0
    const count = (part: PastPart) => {
      rows += part.rows.length
    }
    await Promise.all([eachPast(db, `e.actor = ${anna} AND e.seq < ${stored}`, true, count), submit(stored)])
    expect(rows).toBe(stored)
  }
})

it('pasts come in parts, each person’s in the order of time', async () => {
  await using core = await openTestCore(':memory:')
  const { pipeline, db, codes } = core
  const people = ['anna', 'bert', 'cleo']
  const events = Array.from({ length: 30 }, (_, n) =>
    view(`v${n}`, NOW + ((n * 7) % 30), `c${n}`, people[n % 5] ?? 'anna'),
  )
  await pipeline.submitEvents(events.map(line), 'http', null)
  await pipeline.drain()
  const parts: { actor: string; times: number[]; isLast: boolean }[] = []
  const take = ({ actor, rows, isLast }: PastPart) =>
    parts.push({ actor: codes.uidOfActor(actor), times: rows.map(({ batch, index }) => batch.time[index]), isLast })
  await eachPast(db, 'TRUE', false, take, 4)
  for (const person of people) {
    const own = parts.filter(({ actor }) => actor === person)
    const wanted = events.filter(({ actor_uid }) => actor_uid === person).map(({ time }) => time)
    expect(own.flatMap(({ times }) => times)).toEqual(wanted.toSorted((a, b) => a - b))
    expect(own.map(({ isLast }) => isLast)).toEqual(own.map((_, i) => i === own.length - 1))
    for (const { times } of own.slice(0, -1)) expect(times).toHaveLength(4)
  }
})
