import { describe, expect, it } from 'vitest'
import { bitrix24 } from '../../../ingest/adapters/bitrix24.ts'
import { eventOf, outcomeOf } from './read-rows.ts'

const ROW = {
  ID: '9001',
  CREATED_BY_ID: '14',
  EVENT_TYPE: '3',
  EVENT_NAME: 'Просмотр',
  DATE_CREATE: '2026-11-20 18:00:00',
  ENTITY_TYPE: 'CONTACT',
  ENTITY_ID: '401',
  EVENT_TEXT_1: '+7 900 000-00-00',
}
const LOGIN = {
  id: '1',
  timestampX: '2026-11-20T18:00:00+03:00',
  auditTypeId: 'USER_AUTHORIZE',
  itemId: '14',
  userId: '14',
  remoteAddr: '203.0.113.4',
  description: '{"method":"rest"}',
}

describe('bitrix24', () => {
  it.each([
    ['3', 'view'],
    ['4', 'export'],
    ['1', 'update'],
    ['6', 'update'],
    ['5', 'delete'],
  ])('takes EVENT_TYPE %s for %s of one record', (EVENT_TYPE, action) => {
    const event = eventOf(bitrix24, { ...ROW, EVENT_TYPE: Number(EVENT_TYPE) })
    expect(event).toMatchObject({ actor_uid: '14', action, object_type: 'contact', object_uids: ['401'] })
    expect(JSON.stringify(event)).not.toContain('900')
  })

  it.each(['0', '2', '7', '8', '99'])('ignores EVENT_TYPE %s', (EVENT_TYPE) => {
    expect(outcomeOf(bitrix24, { ...ROW, EVENT_TYPE }).kind).toBe('ignored')
  })

  it("ignores what the portal's robots do", () => {
    expect(outcomeOf(bitrix24, { ...ROW, EVENT_TYPE: '1', CREATED_BY_ID: '0' }).kind).toBe('ignored')
  })

  it('reads local times by the configured zone', () => {
    const event = eventOf(bitrix24, ROW, { time_zone: 'Europe/Moscow' })
    expect(event.time).toBe(Date.UTC(2026, 10, 20, 15))
    expect(eventOf(bitrix24, { ...ROW, DATE_CREATE: '20.11.2026 18:00:00' }).time).toBe(Date.UTC(2026, 10, 20, 18))
  })

  it('maps the event types through configuration', () => {
    expect(eventOf(bitrix24, { ...ROW, EVENT_TYPE: '44' }, { export_types: '4, 44' }).action).toBe('export')
  })

  it('does not know the record of a row that was not joined', () => {
    const { ENTITY_TYPE, ENTITY_ID, ...row } = ROW
    expect(eventOf(bitrix24, row)).toMatchObject({ object_type: 'unknown', object_uids: [] })
  })

  it('knows that a row of an export is one record, whether it says which or not', () => {
    const unjoined = { ...ROW, EVENT_TYPE: '4', ENTITY_ID: '' }
    expect(eventOf(bitrix24, unjoined).record_count).toBe(1)
    expect(eventOf(bitrix24, { ...ROW, EVENT_TYPE: '4' }).record_count).toBe(1)
    expect(eventOf(bitrix24, { ...unjoined, EVENT_TYPE: '3' }).record_count).toBeUndefined()
  })

  it.each([
    ['LEAD', 'lead'],
    ['DEAL', 'deal'],
    ['COMPANY', 'account'],
    ['DYNAMIC_128', 'unknown'],
  ])('takes ENTITY_TYPE %s for %s', (ENTITY_TYPE, object_type) => {
    expect(eventOf(bitrix24, { ...ROW, ENTITY_TYPE }).object_type).toBe(object_type)
  })

  it('reads logins of the event log', () => {
    expect(eventOf(bitrix24, LOGIN)).toMatchObject({
      time: Date.UTC(2026, 10, 20, 15),
      actor_uid: '14',
      action: 'login',
      src_ip: '203.0.113.4',
      channel: 'api',
      outcome: 'success',
    })
    expect(eventOf(bitrix24, { ...LOGIN, userId: null, itemId: 22 }).actor_uid).toBe('22')
    expect(eventOf(bitrix24, { result: { item: LOGIN } })).toEqual(eventOf(bitrix24, LOGIN))
  })

  it('ignores the rest of the event log, by type', () => {
    expect(outcomeOf(bitrix24, { ...LOGIN, auditTypeId: 'USER_LOGOUT' })).toEqual({
      kind: 'ignored',
      type: 'USER_LOGOUT',
    })
  })

  it.each([
    ['missing_time', { ...ROW, DATE_CREATE: '' }],
    ['missing_actor', { ...ROW, CREATED_BY_ID: '' }],
    ['missing_time', { ...LOGIN, timestampX: null }],
    ['missing_actor', { ...LOGIN, userId: null, itemId: null }],
    ['unknown_layout', { id: '1', timestampX: LOGIN.timestampX }],
  ])('rejects with %s', (reason, row) => {
    expect(outcomeOf(bitrix24, row)).toMatchObject({ kind: 'rejected', reason })
  })
})
