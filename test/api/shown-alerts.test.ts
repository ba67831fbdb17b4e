import { expect, test } from 'vitest'
import type { AlertView } from '../../api/schemas.ts'
import { createShownAlerts, pageOfJson } from '../../api/shown-alerts.ts'
import { catalogueOf } from '../../messages/catalogues.ts'
import { sampleAlert } from '../store/sample-alert.ts'

const ENGLISH = catalogueOf('en')
const write = ({ alert_uid, summary }: AlertView) => `{"uid":"${alert_uid}","summary":${JSON.stringify(summary)}}`
const LENGTH = Buffer.from(JSON.stringify({ uid: 'a', summary: sampleAlert().summary })).length

/** A store whose alerts are in the states told, and the ids that were read from it. */
function store(states: Record<string, string>, mostBytes = 1e6) {
  const reads: string[][] = []
  const shown = createShownAlerts(
    {
      async read(uids) {
        reads.push([...uids])
        return uids
          .filter((uid) => uid in states)
          .map((uid) => ({ state: states[uid], alert: sampleAlert({ alert_uid: uid }) }))
          .reverse()
      },
    },
    mostBytes,
  )
  const show = async (uids: readonly string[], words = ENGLISH) => {
    const alerts = uids.map((alert_uid) => ({ alert_uid, state: states[alert_uid] ?? 'gone' }))
    return (await shown.show(alerts, words, write)).map((json) => JSON.parse(json.toString()).uid)
  }
  return { states, reads, show }
}

test('each alert is read once for as long as it stays as it is', async () => {
  const { states, reads, show } = store({ a: '1', b: '1', c: '1' })
  expect(await show(['a', 'b'])).toEqual(['a', 'b'])
  expect(await show(['c', 'b', 'a'])).toEqual(['c', 'b', 'a'])
  states.b = '2'
  expect(await show(['a', 'b', 'c'])).toEqual(['a', 'b', 'c'])
  expect(reads).toEqual([['a', 'b'], ['c'], ['b']])
})

test('each language has its own', async () => {
  const { reads, show } = store({ a: '1' })
  for (const language of ['en', 'nl', 'en', 'nl'] as const) await show(['a'], catalogueOf(language))
  expect(reads).toEqual([['a'], ['a']])
})

test('an alert that went between the list and the reading is left out', async () => {
  const { show } = store({ a: '1', c: '1' })
  expect(await show(['a', 'b', 'c'])).toEqual(['a', 'c'])
})

test('an alert that changed between the list and the reading is read anew next time', async () => {
  const { states, reads, show } = store({ a: '1' })
  const listed = show(['a'])
  states.a = '2'
  await listed
  await show(['a'])
  await show(['a'])
  expect(reads).toHaveLength(2)
})

test('what is kept is bounded, and what was asked for longest ago goes first', async () => {
  const { reads, show } = store({ a: '1', b: '1', c: '1' }, 2 * LENGTH)
  await show(['a', 'b'])
  await show(['a'])
  await show(['c'])
  expect(await show(['a', 'c'])).toEqual(['a', 'c'])
  await show(['b'])
  expect(reads).toEqual([['a', 'b'], ['c'], ['b']])
})

test('an alert larger than all that may be kept is shown all the same', async () => {
  const { reads, show } = store({ a: '1' }, LENGTH - 1)
  expect([await show(['a']), await show(['a'])]).toEqual([['a'], ['a']])
  expect(reads).toEqual([['a'], ['a']])
})

test('many are read in lots', async () => {
  const uids = Array.from({ length: 45 }, (_, n) => `a${n}`)
  const { reads, show } = store(Object.fromEntries(uids.map((uid) => [uid, '1'])))
  expect(await show(uids)).toEqual(uids)
  expect(reads.map((lot) => lot.length)).toEqual([20, 20, 5])
})

test.each([
  [[], null, '{"items":[],"next_cursor":null}'],
  [['{"a":"é"}'], null, '{"items":[{"a":"é"}],"next_cursor":null}'],
  [['1', '2'], 'next"', '{"items":[1,2],"next_cursor":"next\\""}'],
])('a page of %j', (items, cursor, expected) => {
  expect(
    pageOfJson(
      items.map((item) => Buffer.from(item)),
      cursor,
    ).toString(),
  ).toBe(expected)
})
