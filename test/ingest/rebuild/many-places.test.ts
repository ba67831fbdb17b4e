import { describe, expect, it } from 'vitest'
import { slotOf } from '../../../model/measure.ts'
import {
  DAY_MS,
  HOUR_MS,
  inFolder,
  MINUTE_MS,
  NOW,
  openTestCore,
  submitAll,
  type TestCore,
  view,
} from '../../support/test-core.ts'

const FROM = NOW - 40 * DAY_MS

/** Somebody on mobile networks: three new addresses a day, so that those of three weeks ago are forgotten. */
const visit = (uid: string, day: number, minute: number, src_ip: string) => ({
  ...view(uid, FROM + day * DAY_MS + minute * MINUTE_MS, uid),
  src_ip,
})
const wandering = (days: number) =>
  Array.from({ length: days * 3 }, (_, n) => {
    const [day, k] = [Math.floor(n / 3), n % 3]
    return visit(`w${n}`, day, (k * HOUR_MS) / MINUTE_MS, `10.0.${day}.${k}`)
  })
const again = (day: number) => Array.from({ length: 8 }, (_, n) => visit(`a${day}-${n}`, day, 300 + n, '10.0.0.0'))
const fromNewPlaces = (core: TestCore) =>
  core.engine
    .slots(core.codes.findActor('default', 'anna'))
    .find(({ slot }) => slot === slotOf('records_new_place', '1d'))?.count

describe('an address that was forgotten among many and is used again', () => {
  it.each([
    ['today', [...wandering(39), ...again(39)], 4],
    ['two days ago and today', [...wandering(37), ...again(37), ...again(39)], 4],
    ['two days ago and today', [...wandering(37), ...again(37), ...again(39)], 8],
    ['three days ago and today', [...wandering(36), ...again(36), ...again(39)], 4],
  ])('is as new after a restart as without one: %s', async (_when, events, last) => {
    const unbroken = await openTestCore(':memory:')
    await submitAll(unbroken, events)
    const wanted = fromNewPlaces(unbroken)
    await unbroken[Symbol.asyncDispose]()
    await inFolder(async (dir) => {
      for (const part of [events.slice(0, -last), events.slice(-last)]) {
        await using core = await openTestCore(dir)
        await submitAll(core, part)
        if (part.length === last) expect(fromNewPlaces(core)).toBe(wanted)
      }
    })
  })
})
