import { expect, it } from 'vitest'
import { createWays } from '../../../detectors/signs/ways.ts'
import type { Kind } from '../../../model/event-batch.ts'

const PLAIN: Kind = {
  source: 'test',
  source_product: null,
  source_event_type: null,
  actor_type: 'user',
  action: 'view',
  object_type: 'contact',
  object_uids_complete: true,
  record_count_basis: 'reported',
  has_contact_fields: null,
  channel: 'ui',
  client_app: null,
  export_format: null,
  outcome: 'success',
  excluded: false,
}
const SYNC: Kind = { ...PLAIN, actor_type: 'integration', action: 'api_read', channel: 'api', client_app: 'sync/2.1' }

it.each<[string, Kind, Kind, boolean]>([
  ['another export format', { ...PLAIN, action: 'export', export_format: 'csv' }, { ...PLAIN, action: 'export' }, true],
  ['another action', PLAIN, { ...PLAIN, action: 'export' }, false],
  ['another kind of object', PLAIN, { ...PLAIN, object_type: 'lead' }, false],
  ['another channel', PLAIN, { ...PLAIN, channel: 'api' }, false],
  ['a person’s other program', PLAIN, { ...PLAIN, client_app: 'Firefox' }, true],
  ['an integration’s other program', SYNC, { ...SYNC, client_app: 'curl/8.9' }, false],
  ['the same program’s other version', SYNC, { ...SYNC, client_app: 'sync/3.0.1' }, true],
])('%s', (_, one, other, same) => {
  const ways = createWays((code) => [one, other][code])
  expect(ways.of(0, 7) === ways.of(1, 7)).toBe(same)
})

it('is none of events that are left out', () => {
  expect(createWays(() => ({ ...PLAIN, excluded: true })).of(0, 7)).toBe(-1)
})

it('is none where no record is reached', () => {
  const kinds: Kind[] = (['list', 'search', 'login', 'create', 'update', 'delete'] as const).map((action) => ({
    ...PLAIN,
    action,
  }))
  const ways = createWays((code) => kinds[code])
  expect(kinds.map((_, code) => ways.of(code, 7))).toEqual(kinds.map(() => -1))
})

it('is another for each program, whoever uses it, and for one that is not told', () => {
  for (const kind of [PLAIN, SYNC]) {
    const ways = createWays(() => kind)
    const codes = [7, 8, -1, 7].map((program) => ways.of(0, program))
    expect(new Set(codes).size).toBe(3)
    expect(codes[3]).toBe(codes[0])
  }
})
