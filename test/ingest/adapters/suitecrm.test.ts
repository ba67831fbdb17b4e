import { describe, expect, it } from 'vitest'
import { suitecrm } from '../../../ingest/adapters/suitecrm.ts'
import { eventOf, outcomeOf } from './read-rows.ts'

const ROW = {
  id: '700',
  monitor_id: 'm1',
  user_id: 'u1',
  module_name: 'Contacts',
  item_id: 'c1',
  item_summary: 'Anna Lemberg',
  date_modified: '2026-11-20 10:00:00',
  action: 'detailview',
  session_id: 's1',
  visible: '1',
  deleted: '0',
}

describe('suitecrm', () => {
  it('reads the opening of a record and drops its name', () => {
    const event = eventOf(suitecrm, ROW)
    expect(event).toMatchObject({
      time: Date.UTC(2026, 10, 20, 10),
      actor_uid: 'u1',
      action: 'view',
      object_type: 'contact',
      object_uids: ['c1'],
      session_uid: 's1',
    })
    expect(JSON.stringify(event)).not.toContain('Lemberg')
  })

  it.each([
    ['editview', 'view'],
    ['DetailView', 'view'],
    ['save', 'update'],
    ['delete', 'delete'],
  ])('takes %s for %s', (action, expected) => {
    expect(eventOf(suitecrm, { ...ROW, action })).toMatchObject({ action: expected, object_uids: ['c1'] })
  })

  it.each(['index', 'listview'])('takes %s for a list of unknown count', (action) => {
    const event = eventOf(suitecrm, { ...ROW, action })
    expect(event).toMatchObject({ action: 'list', object_uids: [] })
    expect(event.record_count ?? null).toBeNull()
  })

  it('counts a row once that was hidden since', () => {
    const [shown, hidden] = [ROW, { ...ROW, visible: '0' }].map((row) => eventOf(suitecrm, row))
    expect(shown.event_uid).toBe(hidden.event_uid)
    expect(eventOf(suitecrm, { ...ROW, id: '701' }).event_uid).not.toBe(shown.event_uid)
  })

  it.each([
    { ...ROW, action: 'dayview' },
    { ...ROW, action: 'index', module_name: 'Home' },
    { ...ROW, action: '' },
  ])('ignores what is no access', (row) => {
    expect(outcomeOf(suitecrm, row).kind).toBe('ignored')
  })

  it.each([
    ['missing_time', { ...ROW, date_modified: '' }],
    ['missing_actor', { ...ROW, user_id: '' }],
    ['unknown_layout', { id: '1' }],
  ])('rejects with %s', (reason, row) => {
    expect(outcomeOf(suitecrm, row)).toMatchObject({ kind: 'rejected', reason })
  })
})
