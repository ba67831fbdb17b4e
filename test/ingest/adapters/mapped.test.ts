import { describe, expect, it } from 'vitest'
import { parseMapping } from '../../../ingest/adapters/mapped/parse-mapping.ts'
import { PRESET_NAMES, PRESETS } from '../../../ingest/adapters/mapped/presets.ts'
import { mapped } from '../../../ingest/adapters/mapped.ts'
import { eventOf, outcomeOf } from './read-rows.ts'

const MAPPING = `
product: shop
time: {from: [at, meta.at], zone: Europe/Riga}
actor: [user.id, User]
action:
  from: event
  words: {opened: view, "*_export": export, ping: ignore, broken: reject}
object:
  from: entity
  words: {custom_17: contact, task: ignore}
objects: {from: ids, split: ";"}
count: rows
ip: client.ip
`
const row = (more: object = {}) => ({
  at: '2026-03-02 10:00:00',
  user: { id: 7 },
  event: 'opened',
  entity: 'custom_17',
  ...more,
})
const options = { mapping: MAPPING }

describe('a mapping', () => {
  it('gives fields, words, zones and lists of ids', () => {
    expect(eventOf(mapped, row({ ids: 'c1;c2', client: { ip: '10.0.0.1:443' } }), options)).toMatchObject({
      time: Date.UTC(2026, 2, 2, 8),
      actor_uid: '7',
      action: 'view',
      object_type: 'contact',
      object_uids: ['c1', 'c2'],
      source_product: 'shop',
      source_event_type: 'opened',
      src_ip: '10.0.0.1',
    })
  })

  it.each([
    ['', undefined],
    ['0', 0],
    ['20680.0', 20680],
    [null, undefined],
    ['3 000', 3000],
    ['1,200', 1200],
    ['many', undefined],
  ])('reads %j as a count: an empty one is unknown, a 0 is 0', (rows, count) => {
    expect(eventOf(mapped, row({ event: 'contact_export', rows }), options).record_count).toBe(count)
  })

  it('does not count a report as a record', () => {
    const event = eventOf(mapped, row({ event: 'x_export', entity: 'report', ids: 'r1' }), options)
    expect([event.object_uids, event.object_uids_complete]).toEqual([['r1'], false])
  })

  it.each([
    [row({ event: 'ping' }), { kind: 'ignored', type: 'ping' }],
    [row({ entity: 'task' }), { kind: 'ignored', type: 'opened' }],
    [row({ event: 'field_664713_blinked' }), { kind: 'ignored', type: 'field_#_blinked' }],
    [row({ event: 'Jana <novak@a.example>' }), { kind: 'ignored', type: '(other)' }],
  ])('ignores %j', (given, outcome) => expect(outcomeOf(mapped, given, options)).toEqual(outcome))

  it.each([
    [row({ event: 'broken' }), 'invalid_event'],
    [row({ at: 'noon' }), 'missing_time'],
    [row({ user: {} }), 'missing_actor'],
    [{ other: 1 }, 'unknown_layout'],
  ])('refuses %j', (given, reason) =>
    expect(outcomeOf(mapped, given, options)).toMatchObject({ kind: 'rejected', reason }),
  )

  it('finds headings without case, spaces and signs', () => {
    const mapping = 'time: "Event Time"\nactor: user_id\naction: export\n'
    const given = { 'EVENT  TIME': '2026-03-02T08:00:00Z', 'User ID': '7' }
    expect(eventOf(mapped, given, { mapping })).toMatchObject({ actor_uid: '7', action: 'export' })
  })

  it('takes rows of some values only', () => {
    const mapping = 'time: at\nactor: who\naction: view\nonly: {app: [crm*]}\n'
    const given = { at: '2026-03-02T08:00:00Z', who: 'a' }
    expect(outcomeOf(mapped, { ...given, app: 'CRM-2' }, { mapping }).kind).toBe('events')
    expect(outcomeOf(mapped, { ...given, app: 'shop' }, { mapping }).kind).toBe('ignored')
  })

  it.each([
    ['M/D/YYYY h:mm A', '3/2/2026 4:05 PM', '2026-03-02T16:05:00.000Z'],
    ['M/D/YYYY h:mm A', '3/2/2026 12:05 AM', '2026-03-02T00:05:00.000Z'],
    ['D MMM YYYY HH:mm:ss', '2 March 2026 16:05:06', '2026-03-02T16:05:06.000Z'],
    ['DD-MM-YY', '02-03-26', '2026-03-02T00:00:00.000Z'],
  ])('reads times by %s', (format, at, iso) => {
    const mapping = `time: {from: at, format: "${format}"}\nactor: who\naction: view\n`
    expect(new Date(eventOf(mapped, { at, who: 'a' }, { mapping }).time).toISOString()).toBe(iso)
    expect(outcomeOf(mapped, { at: '31/31/2026 99:99 PM', who: 'a' }, { mapping })).toMatchObject({ kind: 'rejected' })
  })
})

describe('faults of a mapping', () => {
  it.each([
    [
      'time: at\nactor: who\naction:\n  from: act\n  words:\n    opened: look\n',
      'm.yaml:6: action.words.opened: must be one of view',
    ],
    ['time: {from: at, zone: Mars/Base}\nactor: a\naction: view\n', 'm.yaml:1: time.zone: must be an IANA time zone'],
    ['time: {from: at, format: "never"}\nactor: a\naction: view\n', 'm.yaml:1: time.format: must be made of'],
    ['time: at\nactor: a\naction: view\nextra: 1\n', 'm.yaml:4: extra: no such setting'],
    ['time: at\naction: view\n', 'm.yaml:1: mapping: actor is missing'],
    ['time: at\nactor: [\n', 'm.yaml:3:'],
    ['- a\n', 'm.yaml:1: mapping: must be a list of settings'],
  ])('%j names file, line and path', (text, fault) => {
    const result = parseMapping(text, 'm.yaml')
    expect(result.ok ? [] : result.faults).toEqual([expect.stringContaining(fault)])
  })

  it('are told when the options are bound', () => {
    expect(mapped.bind({ mapping: 'time: at\naction: view\n' })).toMatchObject({ ok: false })
    expect(mapped.bind({})).toEqual({
      ok: false,
      faults: ['mapping: must be given, or a preset: yclients, amocrm, zoho, pipedrive'],
    })
    expect(mapped.bind({ mapping: 'no-such-file.yaml' })).toEqual({
      ok: false,
      faults: ['mapping: no-such-file.yaml: the file cannot be read: there is no such file or folder'],
    })
  })
})

it.each(PRESET_NAMES)('the preset %s is a mapping', (name) => {
  expect(parseMapping(PRESETS[name], name)).toMatchObject({ ok: true })
})

const amo = (type: string, entity_type: string, created_by = 512340) => ({
  ...{ id: 'e', type, entity_id: 77, entity_type, created_by, created_at: 1_772_438_400, account_id: 5 },
})
const hook = { action: 'change', entity: 'person', entity_id: '12', user_id: '9', timestamp: '2026-03-02T08:00:00Z' }

describe('presets', () => {
  it.each([
    [
      'amocrm',
      amo('lead_added', 'lead'),
      { actor_uid: '512340', action: 'create', object_type: 'deal', object_uids: ['77'] },
    ],
    ['amocrm', amo('contact_deleted', 'contact'), { action: 'delete', object_type: 'contact' }],
    [
      'amocrm',
      amo('custom_field_17_value_changed', 'company', 0),
      { action: 'update', object_type: 'account', actor_type: 'system' },
    ],
    ['amocrm', amo('entity_responsible_changed', 'customer'), { action: 'update', object_type: 'contact' }],
    [
      'yclients',
      { Когда: '02.03.2026 11:00', Кто: 'Анна', 'Какие данные': 'Клиентская база', Количество: '3 000' },
      { time: Date.UTC(2026, 2, 2, 8), actor_uid: 'Анна', action: 'export', object_type: 'contact' },
    ],
    [
      'zoho',
      {
        'Done By': 'jana@a.example',
        Action: 'Exported',
        Module: 'Contacts',
        'Audited Time': '2026-03-02T08:00:00+00:00',
      },
      { actor_uid: 'jana@a.example', action: 'export', object_type: 'contact' },
    ],
    [
      'zoho',
      {
        done_by: { id: '4', name: 'J' },
        action: 'updated',
        module: { api_name: 'Deals' },
        record: { id: '88' },
        audited_time: '2026-03-02T08:00:00Z',
      },
      { actor_uid: '4', action: 'update', object_type: 'deal', object_uids: ['88'] },
    ],
    [
      'pipedrive',
      { meta: hook, data: {} },
      { actor_uid: '9', action: 'update', object_type: 'contact', object_uids: ['12'] },
    ],
    [
      'pipedrive',
      { meta: { action: 'deleted', object: 'organization', id: 3, user_id: 9, timestamp: 1_772_438_400 } },
      { actor_uid: '9', action: 'delete', object_type: 'account', object_uids: ['3'] },
    ],
  ])('%s reads %j', (preset, given, event) => expect(eventOf(mapped, given, { preset })).toMatchObject(event))

  it.each([
    ['amocrm', amo('incoming_call', 'contact')],
    ['amocrm', amo('task_added', 'lead')],
    ['amocrm', amo('lead_note_added', 'lead')],
    ['pipedrive', { meta: { ...hook, entity: 'activity' } }],
    ['zoho', { 'Done By': 'a', Action: 'Updated', Module: 'Users', Date: '2026-03-02' }],
  ])('%s ignores %j', (preset, given) => expect(outcomeOf(mapped, given, { preset }).kind).toBe('ignored'))
})
