import { expect, it } from 'vitest'
import { cloudEventUid } from '../../../ingest/adapters/cloud-event-uid.ts'
import { EVENT_LIMITS } from '../../../model/event.ts'

it('takes source and id, which are unique together alone', () => {
  expect(cloudEventUid('/crm/eu', '1')).toBe('/crm/eu 1')
  expect(cloudEventUid('/crm/eu', '1')).not.toBe(cloudEventUid('/crm/us', '1'))
})

it.each([undefined, null, '', 7])('takes the id alone where the source is %s', (source) => {
  expect(cloudEventUid(source, 'ce-1')).toBe('ce-1')
})

it.each([undefined, null, '', 7, {}])('leaves the id %s to the check of the field', (id) => {
  expect(cloudEventUid('/crm', id)).toBe(id)
})

it('takes a hash where both do not fit, or a space could stand for another', () => {
  const long = cloudEventUid(`/${'x'.repeat(EVENT_LIMITS.uidLength)}`, '1')
  expect(long).toMatch(/^ce\.[\w-]{22}$/)
  expect(long).not.toBe(cloudEventUid(`/${'x'.repeat(EVENT_LIMITS.uidLength)}`, '2'))
  expect(cloudEventUid('/a b', 'c')).toMatch(/^ce\./)
  expect(cloudEventUid('/a b', 'c')).not.toBe(cloudEventUid('/a', 'b c'))
})
