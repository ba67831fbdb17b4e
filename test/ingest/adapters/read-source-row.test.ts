import { expect, it } from 'vitest'
import { mapped } from '../../../ingest/adapters/mapped.ts'
import { EVENT_LIMITS } from '../../../model/event.ts'
import { readText } from './read-rows.ts'

const MAPPING = `
time: at
actor: who
action: {from: act, words: {shared: share}}
objects: ids
owners: of
recipients: to
columns: columns
user_agent: agent
`
const row = { at: '2026-03-02T10:00:00Z', who: 'anna', act: 'shared', ids: ['c1'] }
const ids = (count: number) => Array.from({ length: count }, (_, n) => `u${n}`)
const { listItems, objects, textLength } = EVENT_LIMITS

it.each([
  ['recipients', { to: ids(listItems + 1) }, { recipient_uids: ids(listItems) }],
  ['owners', { of: ids(listItems + 1) }, { owner_uids: ids(listItems) }],
  ['columns', { columns: ids(listItems + 1) }, { columns: ids(listItems) }],
  ['records', { ids: ids(objects + 1) }, { object_uids: ids(objects), object_uids_complete: false }],
  ['a text', { agent: 'x'.repeat(textLength + 1) }, { user_agent: 'x'.repeat(textLength) }],
])('more than an event may hold costs no event: %s', async (_what, more, held) => {
  const [outcome] = await readText(mapped, JSON.stringify({ ...row, ...more }), { mapping: MAPPING })
  expect(outcome).toMatchObject({ kind: 'events', events: [{ action: 'share', actor_uid: 'anna', ...held }] })
})
